"""What was seen of a record: the original, or the national certificate site's answer."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import Field
from sqlmodel import Session

from archive.dossiers import sightings
from archive.dossiers.records import newest_version
from archive.web.api.asked import PROBLEMS, worker_for
from archive.web.audiences import DossierReader, SightingNoter
from archive.web.deps import Now, ReadingDep, SessionDep, Today
from schemas.contracts import Contract
from schemas.counter import SightingList
from schemas.vocabulary import Permission, SightingKind

router = APIRouter(
    prefix="/api/v1/workers/{number}/records/{record_id}/sightings",
    tags=["Records"],
    responses=PROBLEMS,
)


class SightingAsked(Contract):
    """What was seen, and when."""

    kind: SightingKind
    seen_on: date
    text: Annotated[str, Field(max_length=200)] = ""


@router.get("")
def listed(number: str, record_id: UUID, asker: DossierReader, session: ReadingDep) -> SightingList:
    """Return what was seen of a record, the newest first."""
    return _of(session, worker_for(session, number, asker).worker_id, record_id)


@router.post("", status_code=status.HTTP_201_CREATED)
def note(
    number: str,
    record_id: UUID,
    asked: SightingAsked,
    asker: SightingNoter,
    session: SessionDep,
    now: Now,
    today: Today,
) -> SightingList:
    """Note what was seen of a record; a note is never changed."""
    worker_id = worker_for(session, number, asker, Permission.NOTE_SIGHTING).worker_id
    sightings.note(
        session,
        worker_id,
        record_id,
        asked.kind,
        seen_on=asked.seen_on,
        text=asked.text,
        by=asker.actor,
        now=now,
        today=today,
    )
    return _of(session, worker_id, record_id)


def _of(session: Session, worker_id: UUID, record_id: UUID) -> SightingList:
    whole = newest_version(session, worker_id, record_id).original_id
    return SightingList(sightings=sightings.of_record(session, worker_id, whole))
