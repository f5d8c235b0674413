"""Where the law asks to keep a dossier for now: a dated list of grounds, and which apply.

Grounds that the archive can see are checked here; those that stand in other files are put
to the bureau's staff, who tick them.
"""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlmodel import Session

from archive.dossiers.appealed import case_of, filings
from archive.dossiers.redeemed import of_worker
from credit_bank import bank
from schemas.contracts import Bilingual, Contract
from schemas.vocabulary import Account

_FILE = Path(__file__).with_name("keeping.toml")
_NOT_SETTLED = (Account.HELD, Account.PENDING, Account.OWED)
DESK = "desk"


class Ground(Contract):
    """Why a dossier is kept for now."""

    id: str
    check: str
    """What the archive finds out by itself; ``desk`` for what staff find out."""
    name: Bilingual
    in_force_from: date
    in_force_until: date | None = None
    source: str


class Answering(Contract):
    """How long a request of a person may wait for its answer."""

    days: int
    in_force_from: date
    source: str


class Freezing(Contract):
    """On what it rests that a dossier is frozen instead of erased."""

    source: str


class Keeping(Contract):
    """The whole list, as its file tells it."""

    answer: Answering
    freeze: Freezing
    ground: tuple[Ground, ...]

    def on(self, day: date) -> tuple[Ground, ...]:
        """Return the grounds that are in force on a day."""
        return tuple(
            one
            for one in self.ground
            if one.in_force_from <= day and (one.in_force_until is None or day < one.in_force_until)
        )


@cache
def keeping() -> Keeping:
    """Return the list that this version ships."""
    return Keeping.model_validate(tomllib.loads(_FILE.read_text(encoding="utf-8")))


def grounds_of(session: Session, worker_id: UUID, *, today: date) -> tuple[Ground, ...]:
    """Return why a worker's dossier must be kept, as far as the archive can see."""
    found = _found(session, worker_id)
    return tuple(one for one in keeping().on(today) if one.check in found)


def desk_grounds(today: date) -> tuple[Ground, ...]:
    """Return the grounds that only staff can find out."""
    return tuple(one for one in keeping().on(today) if one.check == DESK)


def _found(session: Session, worker_id: UUID) -> set[str]:
    found = set()
    if any(told.case.is_open for told in of_worker(session, worker_id)):
        found.add("redemption")
    if any(case_of(session, one).is_open for one in filings(session, worker_id)):
        found.add("appeal")
    accounts = bank.statement(session, worker_id).accounts
    if any(accounts.get(one) for one in _NOT_SETTLED):
        found.add("held")
    return found
