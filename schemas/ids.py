"""Identifiers: UUIDv7 for rows, archive numbers for people.

An archive number is random, tells nothing of its holder, follows no sequence and ends in
a check character (ISO/IEC 7064 hybrid system, MOD 33,32) that finds every single wrong
character and nearly every swap of neighbours.
"""

import re
import secrets
from uuid import UUID

from uuid_utils.compat import uuid7

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U to misread.
RANDOM_CHARACTERS = 11  # 55 bits: a district of 500,000 fills one part in 70 thousand million.
_BASE = len(ALPHABET)  # A power of two: each is drawn as often by a byte.
_PLACE = {character: place for place, character in enumerate(ALPHABET)}
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0"})


def new_id() -> UUID:
    """Return a new time-ordered identifier (UUIDv7), whose time is never ahead of the clock.

    Logs of accesses are searched by the time in their identifiers, so a generator that borrows
    from the next milliseconds while many are drawn would hide what was written just now.
    """
    return uuid7()


def new_archive_number() -> str:
    """Return a new archive number such as ``7K3M-9QXT-4D2P``."""
    drawn = secrets.token_bytes(RANDOM_CHARACTERS)
    return archive_number_from("".join([ALPHABET[one % _BASE] for one in drawn]))


def archive_number_from(characters: str) -> str:
    """Return the archive number of eleven drawn characters: with check, in groups of four."""
    whole = characters + check_character(characters)
    return "-".join(whole[at : at + 4] for at in range(0, len(whole), 4))


def check_character(characters: str) -> str:
    """Return the ISO/IEC 7064 MOD 33,32 check character of ``characters``."""
    remainder = _remainder(characters)
    return ALPHABET[(_BASE + 1 - remainder) % _BASE]


def read_archive_number(text: str) -> str | None:
    """Return the archive number as it is printed, or None when ``text`` is none.

    Lower case, missing or extra dashes and spaces, and the letters that people misread
    (I, L, O) are forgiven.
    """
    plain = re.sub(r"[\s\-‐-―]", "", text).upper().translate(_MISREAD)
    if len(plain) != RANDOM_CHARACTERS + 1 or any(found not in ALPHABET for found in plain):
        return None
    number = archive_number_from(plain[:-1])
    return number if number.replace("-", "") == plain else None


def _remainder(characters: str) -> int:
    product = _BASE
    for character in characters:
        total = (product + _PLACE[character]) % _BASE or _BASE
        product = total * 2 % (_BASE + 1)
    return product
