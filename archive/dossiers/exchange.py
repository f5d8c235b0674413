"""Exporting what a worker learnt, or what an organisation posted, to another credit bank.

Only what was granted here by a rule goes out: what came by an agreement does not go on (one
hop), nor does what another bank told.
"""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers import reading
from archive.dossiers.certificate_numbers import is_qualification, is_skill_level
from archive.dossiers.models import Record
from archive.errors import ClosedError
from archive.texts import term
from schemas.dossiers import RecordView
from schemas.exchange import (
    ExchangeCertificate,
    ExchangeCredit,
    ExchangeFile,
    ExchangeHolder,
    ExchangeTraining,
)
from schemas.records import Certificate, Training
from schemas.vocabulary import Decision, Language


def of_worker(session: Session, worker_id: UUID, *, today: date) -> ExchangeFile:
    """Return one worker's three lists; raises UnknownWorkerError, ErasedError."""
    return ExchangeFile(holders=(_holder(session, worker_id, None, today),))


def of_organisation(session: Session, organisation_id: UUID, *, today: date) -> ExchangeFile:
    """Return what an organisation posted, by worker; whose data were erased is left out."""
    query = (
        select(Record.worker_id).where(col(Record.organisation_id) == organisation_id).distinct()
    )
    workers = sorted(session.exec(query))
    return ExchangeFile(holders=tuple(_holders(session, workers, organisation_id, today)))


Sent = ExchangeCredit | ExchangeTraining | ExchangeCertificate


def sent_of(session: Session, worker_id: UUID, *, today: date) -> dict[Sent, UUID]:
    """Return every item that an export of a worker holds now, with its record.

    So what comes back from another bank unchanged is known. Raises UnknownWorkerError,
    ErasedError.
    """
    found: dict[Sent, UUID] = {}
    for view in reading.dossier(session, worker_id, today=today).records:
        if view.is_withdrawn:
            continue
        if isinstance(view.record, Training) and view.record.scheme is None:
            found[_training(view, view.record)] = view.id
            if credit := _credit(view, view.record):
                found[credit] = view.id
        if isinstance(view.record, Certificate):
            found[_certificate(view, view.record)] = view.id
    return found


def _holders(
    session: Session, workers: list[UUID], organisation_id: UUID, today: date
) -> Iterator[ExchangeHolder]:
    for worker_id in workers:
        try:
            holder = _holder(session, worker_id, organisation_id, today)
        except ClosedError:
            continue
        if holder.credits or holder.trainings or holder.certificates:
            yield holder


def _holder(
    session: Session, worker_id: UUID, organisation_id: UUID | None, today: date
) -> ExchangeHolder:
    dossier = reading.dossier(session, worker_id, today=today)
    records = [
        one
        for one in dossier.records
        if not one.is_withdrawn and organisation_id in (None, one.organisation.id)
    ]
    trainings = [
        (view, view.record)
        for view in records
        if isinstance(view.record, Training) and view.record.scheme is None
    ]
    return ExchangeHolder(
        archive_number=dossier.archive_number,
        credits=tuple(found for one in trainings if (found := _credit(*one))),
        trainings=tuple(_training(*one) for one in trainings),
        certificates=tuple(
            _certificate(view, view.record)
            for view in records
            if isinstance(view.record, Certificate)
        ),
    )


def _credit(view: RecordView, record: Training) -> ExchangeCredit | None:
    if view.credit is None or view.credit.decision is not Decision.GRANTED:
        return None
    return ExchangeCredit(
        course_name=record.course_name,
        result_code=record.grade,
        score=record.score,
        subject=view.occupation_name.zh if view.occupation_name else None,
        year=str(record.completed_on.year),
        credit=view.credit.credits,
        credit_hours=record.hours,
        outer_id=_key(view),
        time=record.completed_on,
        institution=view.organisation.name.zh,
    )


def _training(view: RecordView, record: Training) -> ExchangeTraining:
    return ExchangeTraining(
        outer_id=_key(view),
        project=record.course_name,
        institution=view.organisation.name.zh,
        has_certificate=record.certificate_number is not None,
        time=record.completed_on,
    )


def _certificate(view: RecordView, record: Certificate) -> ExchangeCertificate:
    number = record.certificate_number
    tells = is_skill_level(number) or is_qualification(number)
    level = term(f"rank.{int(record.rank)}", Language.CHINESE) if record.rank is not None else None
    name = view.occupation_name.zh if view.occupation_name else None
    return ExchangeCertificate(
        outer_id=number if tells else _key(view),
        name=name or record.title or view.title,
        level=level,
        institution=view.organisation.name.zh,
        time=record.issued_on,
    )


def _key(view: RecordView) -> str:
    """Return the issuer's own key; the record's where the issuer told none."""
    return view.record.outer_id or str(view.id)
