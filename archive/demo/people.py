"""Who lives in the demo district: people whose documents pass every check and belong to nobody.

Resident numbers have the area code 990000; passports begin with ``DEMO`` and permanent
residents come from ``UTO``, the country of specimen documents.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from math import gcd
from random import Random

from archive.demo.names import chinese_name, given_name, latin_name
from archive.people.synthetic import old_resident_number, resident_number
from schemas.identities import Identity
from schemas.vocabulary import DocumentType

_FIRST_BIRTH = date(1960, 1, 1)
_LAST_BIRTH = date(2008, 12, 31)
_YOUNGEST = timedelta(days=17 * 365 + 200)  # So that more than a year of working life lies behind.
_OLD_CARDS_END = date(1980, 1, 1)
_STRIDE = 7919  # A prime: neighbours in the district are born years apart.

_SHARE_OF_MEN = 0.55
_SHARE_OF_PASSPORTS = 0.006
_SHARE_OF_PERMANENT_RESIDENTS = 0.003
_SHARE_OF_OLD_CARDS = 0.01
_SHARE_OF_RENAMED = 0.02


@dataclass(frozen=True, slots=True)
class Person:
    """Someone of the demo district."""

    name: str
    born_on: date
    document_type: DocumentType
    document_number: str
    is_male: bool = True
    new_name: str | None = None
    """The name after a change, for those who changed it."""

    @property
    def identity(self) -> Identity:
        """The first record of the dossier."""
        return Identity(
            name=self.name,
            document_type=self.document_type,
            document_number=self.document_number,
            born_on=self.born_on,
        )


def person(seed: int, index: int, *, today: date) -> Person:
    """Return the person at a place of the district; the same for a seed and a day."""
    chance = Random(f"person/{seed}/{index}")
    is_male = chance.random() < _SHARE_OF_MEN
    born_on, serial = _birth(seed, index, today)
    serial += is_male
    drawn = chance.random()
    if drawn < _SHARE_OF_PASSPORTS:
        number = f"DEMO{index:07d}"
        return Person(latin_name(chance), born_on, DocumentType.PASSPORT, number, is_male)
    if drawn < _SHARE_OF_PASSPORTS + _SHARE_OF_PERMANENT_RESIDENTS:
        kind, number = DocumentType.FOREIGN_PERMANENT_RESIDENT, f"UTO{index:012d}"
        return Person(latin_name(chance), born_on, kind, number, is_male)
    name, new_name = chinese_name(chance, is_male=is_male), None
    if chance.random() < _SHARE_OF_RENAMED and "·" not in name:
        renamed = name[0] + given_name(chance, is_male=is_male)
        new_name = renamed if renamed != name else None
    if chance.random() < _SHARE_OF_OLD_CARDS and born_on < _OLD_CARDS_END:
        number = old_resident_number(born_on, serial)
        return Person(name, born_on, DocumentType.RESIDENT_ID_15, number, is_male, new_name)
    number = resident_number(born_on, serial)
    return Person(name, born_on, DocumentType.RESIDENT_ID, number, is_male, new_name)


def _birth(seed: int, index: int, today: date) -> tuple[date, int]:
    """Return a day of birth and an even serial that no other place of the district has.

    Serials stay below 900 (the rest is left to example files): room for 7 million people.
    """
    last = min(_LAST_BIRTH, today - _YOUNGEST)
    days = (last - _FIRST_BIRTH).days + 1
    stride = next(step for step in range(_STRIDE, _STRIDE + days) if gcd(step, days) == 1)
    offset = Random(f"births/{seed}").randrange(days)
    return _FIRST_BIRTH + timedelta(days=(offset + index * stride) % days), 2 + 2 * (index // days)
