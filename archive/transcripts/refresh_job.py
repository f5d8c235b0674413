"""Refreshing as a part of the nightly run: in steps, a seventh of all documents a night.

Each week every kept file is looked at; that is often enough for stamps that are renewed a year
ahead. Files are read and stamped between two steps, for no transaction may wait for an authority
elsewhere; each is kept in a transaction of its own. After a kill a handful is looked at again,
and what was stamped in it is not due any more.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import cast
from uuid import UUID

from sqlmodel import Session

from archive.db import Database
from archive.errors import StorageFullError
from archive.jobs.desk import Steps, Told
from archive.transcripts.refresh_run import (
    Refreshed,
    Whose,
    next_candidates,
    refresh_one,
    report_of,
)
from archive.transcripts.refreshing import Refresher
from archive.transcripts.signing_refusals import SigningUnavailableError
from schemas.documents import RefreshReport

NIGHTS = 7
"""In so many nights every document is looked at once."""
_REFRESHER = "refresher"
_CODE = "code"


@dataclass(frozen=True)
class Renewal:
    """With what files are refreshed, and how long before their stamps end."""

    using: Refresher
    ahead: timedelta


Source = Callable[[datetime], Renewal]


def lend(archive: Database, source: Source) -> None:
    """Let the nightly run of this process refresh files; keys are opened when it does."""
    archive.info[_REFRESHER] = source


def refresh(steps: Steps, day: date) -> tuple[RefreshReport, str | None]:
    """Refresh what is due among this night's documents; return what was done, and what stopped it.

    The rest waits for the next time when no stamp or no room is to be had. Where nothing was
    lent (a command without keys) nothing is done.
    """
    counted: Counter[Refreshed] = Counter()
    last: Told = None
    while told := cast("list[str]", steps.take(partial(_next, last))):
        last = told[-1]
        whose = [one for one in map(_read, told) if one[1].int % NIGHTS == day.toordinal() % NIGHTS]
        done = steps.aside(partial(_refreshed, whose)) if whose else {}
        kept = cast("dict[str, int | str]", steps.take(partial(_told, done)))
        code = kept.pop(_CODE, None)
        counted.update({Refreshed(one): int(number) for one, number in kept.items()})
        if code is not None:
            return report_of(counted), str(code)
    return report_of(counted), None


def _next(last: Told, session: Session, now: datetime) -> Told:
    if _REFRESHER not in session.info:
        return []
    after = None if last is None else _read(str(last))
    return [f"{one}/{own}" for one, own in next_candidates(session, after, now)]


def _refreshed(whose: Sequence[Whose], archive: Database, now: datetime) -> dict[str, int | str]:
    """Refresh some documents; return how often what came of it, and the code of what stopped it."""
    renewal = cast("Source", archive.info[_REFRESHER])(now)
    counted: Counter[str] = Counter()
    for one in whose:
        try:
            told = refresh_one(archive, one, using=renewal.using, ahead=renewal.ahead, now=now)
        except (SigningUnavailableError, StorageFullError) as fault:
            return {**counted, _CODE: fault.code}
        counted[told] += 1
    return dict(counted)


def _told(done: dict[str, int | str], _session: Session, _now: datetime) -> Told:
    return {str(name): number for name, number in done.items()}


def _read(told: str) -> Whose:
    worker_id, own = told.split("/")
    return UUID(worker_id), UUID(own)
