"""What a page about levels asks for, read from its address; nothing personal stands there."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Depends, Query
from sqlmodel import Session

from archive.dossiers import eligibility, reading
from archive.dossiers.occupation_refusals import OccupationError
from archive.dossiers.occupations import find_occupation, name_of
from archive.people.models import Worker
from archive.web.deps import Today
from credit_bank.publishing import rule_book
from schemas.applications import EligibilityView, LevelAsked
from schemas.vocabulary import Rank

LAST_DAY = date(2100, 12, 31)


@dataclass(frozen=True)
class LevelsAsked:
    """Which occupation, level, day and employer are meant, as they were typed."""

    occupation: str
    rank: Rank | None
    on: date
    employer: str | None


def levels_asked(
    today: Today,
    occupation: Annotated[str, Query(max_length=80)] = "",
    rank: Annotated[str, Query(max_length=2)] = "",
    on: Annotated[str, Query(max_length=10)] = "",
    employer: Annotated[str, Query(max_length=40)] = "",
) -> LevelsAsked:
    """Return what is asked for; what cannot be read is as if it were not there."""
    found = next((one for one in eligibility.USUAL if str(int(one)) == rank), None)
    return LevelsAsked(occupation.strip(), found, _day(on) or today, employer.strip() or None)


LevelsDep = Annotated[LevelsAsked, Depends(levels_asked)]


@dataclass(frozen=True)
class Shown:
    """What the page shows: the form's choices, and the answer if there is one."""

    asked: LevelsAsked
    written: str
    """The occupation as the form shows it."""
    choices: tuple[tuple[str, str], ...]
    """Code and name of the occupations that the dossier tells of."""
    employers: tuple[str, ...]
    view: EligibilityView | None
    level: LevelAsked | None
    refusal: OccupationError | None = None


def shown(session: Session, worker: Worker, asked: LevelsAsked) -> Shown:
    """Return the page of a worker: the occupation that is asked for, else the foremost."""
    learner = reading.learner(session, worker.worker_id)
    codes = eligibility.occupations_of(learner)
    choices = tuple((code, name_of(code) or code) for code in codes)
    employers = tuple(eligibility.employers_with_filings(rule_book(session), asked.on))
    if not asked.occupation and not codes:
        return Shown(asked, "", choices, employers, None, None)
    try:
        code = find_occupation(asked.occupation).code if asked.occupation else codes[0]
    except OccupationError as refusal:
        return Shown(asked, asked.occupation, choices, employers, None, None, refusal)
    view = eligibility.eligibility_of(
        session, worker, occupation=code, on=asked.on, employer=asked.employer
    )
    level = view.level(asked.rank or eligibility.next_rank(view))
    written = f"{code} {name_of(code) or ''}".strip()
    return Shown(asked, written, choices, employers, view, level)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found <= LAST_DAY else None
