"""Where everything of a ledger stands: series, lots, accounts, cases. Two of them compare. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar
from uuid import UUID

from credit_bank.book import Book
from credit_bank.booking import Row
from credit_bank.checking import Rows
from credit_bank.lots import GRANTING
from schemas.vocabulary import Account, Family

DIFFERS = {
    "series_differs": "What the record earned is booked otherwise.",
    "lot_differs": "The credits of the record are elsewhere.",
    "account_differs": "The account of the worker holds another sum.",
    "case_differs": "The case holds or has used another number of credits.",
    "cannot_follow": "The ledger cannot be computed anew: a step of a case cannot follow.",
    "rows_changed": "The rows are not as they were hashed: see “ledger audit”, “chain verify”.",
    "outcome_differs": "The outcome at the bank is not what the dossier's record says.",
    "outcome_missing": "The record was never deposited at the bank.",
    "outcome_unfounded": "No record of the dossier says what was deposited.",
}
"""Every difference and its sentence, so that a test can see that each is translated."""


class Difference(NamedTuple):
    """Something that is stored otherwise than it was computed."""

    code: str
    subject_id: UUID | None
    part: str
    stored: str
    rebuilt: str


Key = TypeVar("Key")
LotKey = tuple[UUID, Family]
"""A lot by its outcome and the family that granted it: identifiers differ when it is made anew."""


@dataclass(slots=True)
class Standing:
    """Where everything of one ledger stands."""

    series: dict[LotKey, str] = field(default_factory=dict)
    lots: dict[tuple[LotKey, Account], int] = field(default_factory=lambda: defaultdict(int))
    accounts: dict[Account, int] = field(default_factory=lambda: defaultdict(int))
    cases: dict[tuple[UUID, Account], int] = field(default_factory=lambda: defaultdict(int))


def stored_standing(rows: Rows) -> Standing:
    """Return where everything stands by the rows of a ledger."""
    entries = [row.model_dump() for row in rows.entries]
    postings = [row.model_dump() for row in rows.postings]
    return _standing(entries, postings)


def standing_of(book: Book) -> Standing:
    """Return where everything stands in a book that was written from its beginning."""
    return _standing(book.appended.entries, book.appended.postings)


def lots_in(rows: Rows) -> dict[UUID, LotKey]:
    """Return which outcome and family each stored lot belongs to."""
    entries = {row.id: (row.outcome_id, row.family) for row in rows.entries}
    return {row.lot_id: entries[row.entry_id] for row in rows.postings if row.id == row.lot_id}


def differences(stored: Standing, rebuilt: Standing) -> Iterator[Difference]:
    """Yield everything that stands otherwise in two ledgers."""
    for key in _either(stored.series, rebuilt.series):
        told = stored.series.get(key, "–"), rebuilt.series.get(key, "–")
        if told[0] != told[1]:
            yield Difference("series_differs", key[0], key[1].value, *told)
    for (lot, account), *units in _both(stored.lots, rebuilt.lots):
        yield _units("lot_differs", lot[0], f"{lot[1].value}/{account.value}", units)
    for account, *units in _both(stored.accounts, rebuilt.accounts):
        yield _units("account_differs", None, account.value, units)
    for (case_id, account), *units in _both(stored.cases, rebuilt.cases):
        yield _units("case_differs", case_id, account.value, units)


def _standing(entries: list[Row], postings: list[Row]) -> Standing:
    standing, newest, by_id = Standing(), dict[LotKey, Row](), dict[UUID, Row]()
    for entry in entries:
        key = (entry["outcome_id"], entry["family"])
        by_id[entry["id"]] = entry
        if key not in newest or newest[key]["revision"] < entry["revision"]:
            newest[key] = entry
    standing.series = {key: _told(entry) for key, entry in newest.items()}
    lots = {
        posting["id"]: (by_id[posting["entry_id"]]["outcome_id"], family)
        for posting in postings
        if posting["id"] == posting["lot_id"]
        for family in [by_id[posting["entry_id"]]["family"]]
    }
    for posting in postings:
        account, units = posting["account"], posting["units"]
        standing.lots[lots[posting["lot_id"]], account] += units
        standing.accounts[account] += units
        case_id = by_id[posting["entry_id"]]["case_id"]
        if case_id is not None and account is not Account.AVAILABLE:
            standing.cases[case_id, account] += units
    return standing


def _told(entry: Row) -> str:
    """Return what the newest revision of a series says.

    How units came to stand where they are depends on the way; of those series only the
    units are told. One that gives nothing any more tells no rule.
    """
    units = str(entry["evaluated_units"])
    if entry["family"] not in GRANTING:
        return units
    version = (entry["rule_version"] or "–")[:12]
    return f"{units} {entry['reason']} {entry['effective_on']} {version}"


def _either(one: Mapping[LotKey, str], other: Mapping[LotKey, str]) -> list[LotKey]:
    return list(dict.fromkeys([*one, *other]))


def _both(one: Mapping[Key, int], other: Mapping[Key, int]) -> Iterator[tuple[Key, int, int]]:
    for key in dict.fromkeys([*one, *other]):
        if one.get(key, 0) != other.get(key, 0):
            yield key, one.get(key, 0), other.get(key, 0)


def _units(code: str, subject: UUID | None, part: str, units: list[int]) -> Difference:
    return Difference(code, subject, part, str(units[0]), str(units[1]))
