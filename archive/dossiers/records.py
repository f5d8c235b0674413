"""Adding, correcting and withdrawing single records."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from archive.dossiers import carried
from archive.dossiers.certificate_numbers import plain_certificate_number, rank_told
from archive.dossiers.errors import (
    DayInFutureError,
    ReasonMissingError,
    RecordExistsError,
    RecordWithdrawnError,
)
from archive.dossiers.models import Record
from archive.dossiers.occupation_refusals import OccupationCodeUnknownError
from archive.dossiers.occupations import name_of
from archive.dossiers.sealing import Source, identity_digest, unseal
from archive.dossiers.writing import Added, Posting, writing
from archive.errors import UnknownRecordError
from archive.people.access import (
    refuse_changing,
    refuse_posting,
    refuse_proposing,
)
from archive.people.actors import Actor
from archive.people.closing import closed
from archive.people.mergers import goes_on_in
from archive.people.privacy import vault_of
from schemas.records import Certificate
from schemas.records import Record as AnyRecord
from schemas.vocabulary import Act, Instrument, RowState


def add(  # Who, what, for whom, when.
    session: Session,
    worker_id: UUID,
    record: AnyRecord,
    *,
    organisation_id: UUID,
    by: Actor,
    now: datetime,
    today: date,
    source: Source | None = None,
) -> Added:
    """Append a record to a dossier and deposit it; the same record again changes nothing.

    Raises NotAllowedError, DayInFutureError, RecordExistsError, CertificateTakenError,
    OuterIdTakenError, ErasedError, and what ``as_kept`` raises.
    """
    refuse_posting(by, organisation_id, record.kind)
    _refuse_scheme(record, by)
    refuse_future(record, today)
    record = as_kept(record)
    posting = Posting(organisation_id, by.id, now, source)
    with writing(session, [worker_id]) as writer:
        identity = identity_digest(vault_of(session), worker_id, organisation_id, record)
        known = writer.shelves[worker_id].find(identity)
        added = writer.add(worker_id, record, posting)
        if known and known.act is not Act.WITHDRAW and added.state is not RowState.SAME:
            raise RecordExistsError(record=known.original_id)
        return added


def correct(  # noqa: PLR0913  # Whose, which, what, why, who, when, whence.
    session: Session,
    worker_id: UUID,
    record_id: UUID,
    record: AnyRecord,
    *,
    reason: str,
    by: Actor,
    now: datetime,
    today: date,
    source: Source | None = None,
) -> Added:
    """Supersede a record by a corrected one; both stay in the dossier.

    Raises UnknownRecordError, ReasonMissingError, DayInFutureError, RecordWithdrawnError,
    RecordKindChangedError, CertificateTakenError, ErasedError, and what
    ``as_kept`` raises.
    """
    newest = newest_version(session, worker_id, record_id)
    refuse_changing(by, newest.organisation_id, newest.kind)
    _refuse_scheme(record, by)
    refuse_future(record, today)
    _refuse_without(reason)
    record = as_kept(record)
    posting = Posting(newest.organisation_id, by.id, now, source)
    with writing(session, [worker_id]) as writer:
        return writer.correct(worker_id, newest.original_id, record, posting, reason)


def withdraw(
    session: Session,
    worker_id: UUID,
    record_id: UUID,
    *,
    reason: str,
    by: Actor,
    now: datetime,
    source: Source | None = None,
) -> Added:
    """Declare that a record never was; it stays in the dossier with the reason.

    Raises UnknownRecordError, ReasonMissingError, RecordWithdrawnError, ErasedError.
    """
    newest = newest_version(session, worker_id, record_id)
    refuse_changing(by, newest.organisation_id, newest.kind)
    _refuse_without(reason)
    if newest.act is Act.WITHDRAW:
        raise RecordWithdrawnError
    content = content_of(session, newest)
    posting = Posting(newest.organisation_id, by.id, now, source)
    with writing(session, [worker_id]) as writer:
        return writer.withdraw(worker_id, newest.original_id, content, posting, reason)


def newest_version(session: Session, worker_id: UUID, record_id: UUID) -> Record:
    """Return the newest row of a record, named by any of its rows; UnknownRecordError.

    A record of a dossier that was merged into this one may be named as it was called there.
    """
    named = aliased(Record)
    is_its_record = and_(
        col(Record.worker_id) == col(named.worker_id),
        col(Record.original_id) == col(named.original_id),
    )
    query = select(Record).join(named, is_its_record).where(col(named.worker_id) == worker_id)
    rows = list(session.exec(query.where(col(named.id) == record_id)))
    if not rows and (heir := carried.heir_of(session, worker_id, record_id)):
        rows = list(session.exec(query.where(col(named.id) == heir)))
    if not rows:
        raise UnknownRecordError
    targets = {row.target_id for row in rows}
    return next(row for row in rows if row.id not in targets)


def holder_of(session: Session, record_id: UUID) -> UUID:
    """Return the worker whose dossier holds a record; raises UnknownRecordError.

    Of a dossier that was merged, the worker whose dossier goes on.
    """
    worker_id = session.exec(select(Record.worker_id).where(col(Record.id) == record_id)).first()
    if worker_id is None:
        raise UnknownRecordError
    return goes_on_in(session, worker_id)


def content_of(session: Session, row: Record) -> AnyRecord:
    """Return what a row says, opened; raises ErasedError when the key is destroyed."""
    key = vault_of(session).keys_of([row.worker_id]).get(row.worker_id)
    if key is None:
        raise closed(session, row.worker_id)
    return unseal(key, row.sealed).content


def as_kept(record: AnyRecord) -> AnyRecord:
    """Return a record with its certificate's number as it is compared, and the level it tells.

    The same as the intake of files does. Raises OccupationCodeUnknownError,
    CertificateNumberRoundedError, CertificateNumberFormError,
    CertificateLevelNotAllowedError, CertificateLevelDiffersError.
    """
    if record.occupation is not None and name_of(record.occupation) is None:
        raise OccupationCodeUnknownError
    written = getattr(record, "certificate_number", None)
    if written is None:
        return record
    number = plain_certificate_number(written)
    kept: dict[str, object] = {"certificate_number": number}
    if isinstance(record, Certificate) and record.instrument is Instrument.SKILL_LEVEL:
        kept["rank"] = rank_told(number, record.rank)
    return record.model_copy(update=kept)


def refuse_future(record: AnyRecord, today: date) -> None:
    """Raise DayInFutureError when a record tells of what has not happened yet."""
    days = [
        record.effective_on,
        getattr(record, "started_on", None),
        getattr(record, "ended_on", None),
    ]
    for day in days:
        if day and day > today:
            raise DayInFutureError(day=day)


def _refuse_scheme(record: AnyRecord, by: Actor) -> None:
    """Raise NotAllowedError when another than the bureau tells what other banks credited."""
    if getattr(record, "scheme", None) is not None:
        refuse_proposing(by)


def _refuse_without(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissingError
