"""Dossiers: reading one, and its credit account."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from archive.dossiers import eligibility, reading
from archive.dossiers.occupations import find_occupation
from archive.dossiers.statements import statement_of
from archive.web.api.asked import PROBLEMS, worker_for
from archive.web.audiences import DossierReader
from archive.web.deps import HouseDep, ReadingDep, Today
from schemas.applications import EligibilityView
from schemas.dossiers import DossierView
from schemas.outputs import StatementView
from schemas.vocabulary import Rank

router = APIRouter(prefix="/api/v1/workers/{number}", tags=["Dossiers"], responses=PROBLEMS)


@router.get("/dossier")
def dossier(
    number: str, asker: DossierReader, session: ReadingDep, today: Today, house: HouseDep
) -> DossierView:
    """Return a whole dossier: the bureau any, a street office its own, a worker the own."""
    worker = worker_for(session, number, asker)
    return reading.dossier(session, worker.worker_id, today=today, zone=house.settings.zone)


@router.get("/statement")
def statement(
    number: str,
    asker: DossierReader,
    session: ReadingDep,
    house: HouseDep,
    today: Today,
    as_of: date | None = None,
    known_on: date | None = None,
) -> StatementView:
    """Return the credit account as of a day, as it was known on a day."""
    worker = worker_for(session, number, asker)
    return statement_of(
        session, worker, as_of=as_of, known_on=known_on, today=today, zone=house.settings.zone
    )


@router.get("/eligibility")
def levels(  # Whose, for what, when.
    number: str,
    occupation: Annotated[str, Query(min_length=1, max_length=80)],
    asker: DossierReader,
    session: ReadingDep,
    today: Today,
    rank: Annotated[int | None, Query(ge=1, le=7)] = None,
    on: date | None = None,
    employer: Annotated[str | None, Query(max_length=40)] = None,
) -> EligibilityView:
    """Return which levels of an occupation can be applied for, and what is missing.

    By every generation of conditions; the one that binds on the day is marked.
    """
    worker = worker_for(session, number, asker)
    return eligibility.eligibility_of(
        session,
        worker,
        occupation=find_occupation(occupation).code,
        ranks=eligibility.USUAL if rank is None else (Rank(rank),),
        on=on or today,
        employer=employer,
    )
