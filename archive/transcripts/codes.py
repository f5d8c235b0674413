"""Verification codes: random, printed in groups, with a check character.

A code is what stands beside the QR code. It tells nothing of the holder, and the database
keeps only its keyed digest.
"""

import re
import secrets
import unicodedata

from schemas.ids import ALPHABET, check_character

RANDOM_CHARACTERS = 15  # 75 bits: nobody finds a document by trying codes.
_GROUP = 4
_ADDRESS = re.compile(r"https?://\S+/verify/", re.IGNORECASE)
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0"})


def new_code() -> str:
    """Return a new code such as ``4TQ9-0XKM-7C2W-PD5H``."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_CHARACTERS))
    return _printed(drawn + check_character(drawn))


def read_code(text: str) -> str | None:
    """Return the code as it is printed, or None when ``text`` is none.

    Lower case, full-width letters, missing dashes, spaces, and the letters that people
    misread (I, L, O) are forgiven; so is the whole address of the QR code, as a telephone
    copies it. A wrong character is found by the check character.
    """
    written = unicodedata.normalize("NFKC", text).strip()
    own = _ADDRESS.sub("", written)
    plain = re.sub(r"[\s\-‐-―−]", "", own).upper().translate(_MISREAD)
    if len(plain) != RANDOM_CHARACTERS + 1 or any(found not in ALPHABET for found in plain):
        return None
    return _printed(plain) if check_character(plain[:-1]) == plain[-1] else None


def _printed(plain: str) -> str:
    return "-".join(plain[at : at + _GROUP] for at in range(0, len(plain), _GROUP))
