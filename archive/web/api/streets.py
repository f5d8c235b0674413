"""To which street office a dossier belongs."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field
from sqlmodel import Session

from archive.dossiers.titles import organisation_view
from archive.people import organisations, streets
from archive.people.models import Worker
from archive.web.api.asked import PROBLEMS, worker_for
from archive.web.audiences import DossierReader, StreetAssigner
from archive.web.deps import Now, ReadingDep, SessionDep
from schemas.contracts import Contract
from schemas.streets import StreetView
from schemas.vocabulary import Permission

router = APIRouter(prefix="/api/v1/workers/{number}/street", tags=["Dossiers"], responses=PROBLEMS)


class StreetAsked(Contract):
    """To which street office a dossier shall belong."""

    organisation: Annotated[str, Field(max_length=40)] | None
    """The office's code; null: to none."""


@router.get("")
def show(number: str, asker: DossierReader, session: ReadingDep) -> StreetView:
    """Return to which street office a dossier belongs."""
    return _view(session, worker_for(session, number, asker))


@router.put("")
def assign(
    number: str, asked: StreetAsked, asker: StreetAssigner, session: SessionDep, now: Now
) -> StreetView:
    """Let a dossier belong to another street office, or to none."""
    worker = worker_for(session, number, asker, Permission.ASSIGN_STREET)
    code = asked.organisation
    office = organisations.coded(session, code) if code is not None else None
    streets.assign(session, worker.worker_id, office, by=asker.actor, now=now)
    return _view(session, worker)


def _view(session: Session, worker: Worker) -> StreetView:
    office = streets.office_of(session, worker.worker_id)
    return StreetView(
        archive_number=worker.archive_number,
        office=organisation_view(office) if office else None,
    )
