"""Single records: adding, showing, correcting, withdrawing."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response, status

from archive.dossiers import provenance, reading, records
from archive.dossiers.sealing import Source, source_of, told_by
from archive.dossiers.writing import Added
from archive.errors import UnknownRecordError
from archive.people import look_ups
from archive.people.models import Worker
from archive.web.api.asked import (
    PROBLEMS,
    CorrectionAsked,
    RecordAsked,
    WithdrawalAsked,
    organisation_for,
    worker_of_record,
)
from archive.web.audiences import RecordPoster, RecordReader
from archive.web.deps import Now, ReadingDep, SessionDep, Today
from schemas.outputs import RecordReceipt, RecordShown
from schemas.provenance import ProvenanceView
from schemas.records import Record as AnyRecord
from schemas.vocabulary import RowState, Way

router = APIRouter(prefix="/api/v1/workers/{number}/records", tags=["Records"], responses=PROBLEMS)

_SAME: dict[int | str, dict[str, Any]] = {
    200: {"model": RecordReceipt, "description": "On file just like this: nothing changed."}
}


@router.post("", status_code=status.HTTP_201_CREATED, responses=_SAME)
def add(
    number: str,
    asked: RecordAsked,
    asker: RecordPoster,
    session: SessionDep,
    now: Now,
    today: Today,
    response: Response,
) -> RecordReceipt:
    """Add one record to a worker's dossier and deposit it in the credit bank."""
    organisation = organisation_for(session, asked.organisation, asker)
    worker = look_ups.worker_numbered(session, number)
    added = records.add(
        session,
        worker.worker_id,
        asked.record,
        organisation_id=organisation.id,
        by=asker.actor,
        now=now,
        today=today,
        source=_source(asked.record),
    )
    return _receipt(worker, added, response)


@router.get("/{record_id}")
def show(
    number: str, record_id: UUID, asker: RecordReader, session: ReadingDep, today: Today
) -> RecordShown:
    """Return one record with its history: the bureau any, others their own."""
    worker_id = worker_of_record(session, number, record_id, asker)
    dossier = reading.dossier(session, worker_id, today=today)
    view = dossier.record(record_id)
    if view is None:
        raise UnknownRecordError
    return RecordShown(archive_number=dossier.archive_number, record=view)


@router.get("/{record_id}/provenance")
def came_from(
    number: str, record_id: UUID, asker: RecordReader, session: ReadingDep
) -> ProvenanceView:
    """Return where a record came from; of an erased person what names nobody."""
    worker_id = worker_of_record(session, number, record_id, asker)
    return provenance.provenance(session, worker_id, record_id, by=asker.actor)


@router.post("/{record_id}/correction", status_code=status.HTTP_201_CREATED, responses=_SAME)
def correct(
    number: str,
    record_id: UUID,
    asked: CorrectionAsked,
    asker: RecordPoster,
    session: SessionDep,
    now: Now,
    today: Today,
    response: Response,
) -> RecordReceipt:
    """Supersede a record by a corrected one; both stay in the dossier."""
    worker_id = worker_of_record(session, number, record_id, asker)
    added = records.correct(
        session,
        worker_id,
        record_id,
        asked.record,
        reason=asked.reason,
        by=asker.actor,
        now=now,
        today=today,
        source=_source(asked.record),
    )
    return _receipt(look_ups.worker_known_as(session, worker_id), added, response)


@router.post("/{record_id}/withdrawal", status_code=status.HTTP_201_CREATED)
def withdraw(
    number: str,
    record_id: UUID,
    asked: WithdrawalAsked,
    asker: RecordPoster,
    session: SessionDep,
    now: Now,
    response: Response,
) -> RecordReceipt:
    """Declare that a record never was; it stays in the dossier with the reason."""
    worker_id = worker_of_record(session, number, record_id, asker)
    added = records.withdraw(
        session,
        worker_id,
        record_id,
        reason=asked.reason,
        by=asker.actor,
        now=now,
        source=source_of(Way.API, {"reason": asked.reason}),
    )
    return _receipt(look_ups.worker_known_as(session, worker_id), added, response)


def _source(record: AnyRecord) -> Source:
    return source_of(Way.API, told_by(record))


def _receipt(worker: Worker, added: Added, response: Response) -> RecordReceipt:
    if added.state is RowState.SAME:
        response.status_code = status.HTTP_200_OK
    return RecordReceipt(
        archive_number=worker.archive_number,
        record_id=added.record_id,
        version_id=added.version_id,
        state=added.state,
    )
