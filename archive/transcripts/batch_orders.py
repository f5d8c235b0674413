"""Asking for documents for many: a closed class, a list of archive numbers, a company's people.

An organisation proves what it posted itself, and nothing besides: of each member of its class
the one record of that completion. The bureau may have any document made of any dossier. A
company, or whoever else may ask for access, has documents of those who consented to them, and
of no more than they consented to (ADR 0043). How a batch is worked off stands in batch_job.py.
"""

import re
import shutil
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import exists
from sqlmodel import Session, col, func, select

from archive.dossiers.classes.models import ClassPosting, TrainingClass
from archive.dossiers.classes.refusals import UnknownClassError
from archive.dossiers.models import Record
from archive.errors import NotAllowedError
from archive.jobs import desk
from archive.people import consents, look_ups, organisations
from archive.people.access import may_all, reaches_organisation
from archive.people.actors import Actor
from archive.people.consents import Asked
from archive.people.look_ups import Purpose
from archive.transcripts.batch_models import DocumentBatch, DocumentBatchItem
from archive.transcripts.batch_refusals import (
    BatchConsentsMissingError,
    BatchEmptyError,
    BatchNumbersUnknownError,
    BatchQuotaError,
    BatchReferencesUnknownError,
    BatchRoomError,
    BatchTooManyError,
    BatchUnclearError,
)
from archive.transcripts.batches import KEPT, KIND, MAY, OPEN
from archive.transcripts.intents import issuer_of_all
from schemas.documents import MOST_LISTED
from schemas.ids import read_archive_number
from schemas.vocabulary import (
    DocumentLanguage,
    DocumentScope,
    DocumentState,
    RequestState,
    RunState,
)

MOST = MOST_LISTED
"""Documents of one batch: about a gigabyte together, made in an hour by two processors."""
MOST_KEPT = 20_000
"""Documents in all batches of one organisation that are kept together."""
EACH_BYTES = 200 * 1024
"""What a document takes on the disk; most take less."""
RESERVE_BYTES = 128 * 1024**2
"""What stays free for everybody else."""
_TOLD_PLACES = 20
_SEPARATORS = re.compile(r"[\s,;，；、]+")


class Line(NamedTuple):
    """One document that is wanted: whose, of which record or by which consent."""

    worker_id: UUID
    record_id: UUID | None = None
    request_id: UUID | None = None


def begin_for_class(
    session: Session, class_id: UUID, language: DocumentLanguage, *, by: Actor, now: datetime
) -> DocumentBatch:
    """Begin the documents about the completions of a class; one under way is returned.

    Raises UnknownClassError, BatchEmptyError, BatchTooManyError, BatchQuotaError, BatchRoomError.
    """
    held = session.exec(
        select(TrainingClass).where(col(TrainingClass.id) == class_id).with_for_update()
    ).first()
    if held is None or not reaches_organisation(by, MAY, held.organisation_id):
        raise UnknownClassError
    mine = col(DocumentBatch.class_id) == class_id, col(DocumentBatch.state).in_(OPEN)
    under_way = session.exec(select(DocumentBatch).where(*mine)).first()
    if under_way is not None:
        return under_way
    query = (
        select(ClassPosting.worker_id, ClassPosting.record_id)
        .where(
            col(ClassPosting.class_id) == class_id,
            exists().where(  # Theirs, whatever the class found on file.
                col(Record.worker_id) == col(ClassPosting.worker_id),
                col(Record.id) == col(ClassPosting.record_id),
                col(Record.organisation_id) == held.organisation_id,
            ),
        )
        .order_by(col(ClassPosting.member_id))
    )
    lines = [Line(worker, record) for worker, record in session.exec(query) if worker and record]
    batch = _batch(held.organisation_id, DocumentScope.RECORDS, language, by, now)
    batch.class_id = class_id
    return _begin(session, batch, lines, now)


def begin_for_numbers(  # For whom, of what, in which language.
    session: Session,
    numbers: str,
    scope: DocumentScope,
    language: DocumentLanguage,
    *,
    by: Actor,
    now: datetime,
) -> DocumentBatch:
    """Begin documents about the dossiers of a list of archive numbers: the bureau's only.

    Raises NotAllowedError, BatchEmptyError, BatchTooManyError, BatchNumbersUnknownError,
    BatchQuotaError, BatchRoomError.
    """
    if not may_all(by, MAY):
        raise NotAllowedError
    whom = by.organisation_id or issuer_of_all(session).id  # The command line is of no body.
    told = told_in(numbers)
    if len(told) > MOST:
        raise BatchTooManyError(most=MOST)
    read = {one: read_archive_number(one) for one in told}
    numbered = {one for one in read.values() if one is not None}
    whose = look_ups.holders_of(session, Purpose.ARCHIVE_NUMBER, list(numbered))
    unknown = [place for place, one in enumerate(told, 1) if read[one] not in whose]
    if unknown:
        raise BatchNumbersUnknownError(places=_places(unknown))
    lines = [Line(one) for one in dict.fromkeys(whose[read[one] or ""] for one in told)]
    batch = _batch(whom, scope, language, by, now)
    return _begin(session, batch, lines, now)


def begin_for_consents(  # Of whose people, of which of them, in which language.
    session: Session,
    organisation: str | None,
    references: str,
    language: DocumentLanguage,
    *,
    by: Actor,
    now: datetime,
) -> DocumentBatch:
    """Begin documents about those who consented to them, for the organisation they consented to.

    ``references`` are the organisation's own; without any everybody is meant whose consent
    stands. The bureau names the organisation by its code. A consent is looked at when its
    document is made: a line whose consent has ended is told so, and stops no other. Raises
    NotAllowedError, BatchUnclearError, UnknownOrganisationError, BatchConsentsMissingError,
    BatchReferencesUnknownError, BatchTooManyError, BatchQuotaError, BatchRoomError.
    """
    whose = _asking(session, organisation, by)
    made = consents.asked_by(session, whose)
    told = told_in(references)
    chosen = _referred(made, told, now) if told else _standing(made, now)
    if not chosen:
        raise BatchConsentsMissingError
    batch = _batch(whose, DocumentScope.RECORDS, language, by, now)
    batch.is_by_consent = True
    lines = [Line(one.row.worker_id, request_id=one.row.id) for one in chosen]
    return _begin(session, batch, lines, now)


def consents_for(session: Session, *, by: Actor, now: datetime) -> int | None:
    """Return how many people's consents to documents stand for an organisation; None of none."""
    if by.organisation_id is None or may_all(by, MAY):
        return None
    return len(_standing(consents.asked_by(session, by.organisation_id), now))


def told_in(text: str) -> list[str]:
    """Return the words of a list, each once; lines, spaces and commas separate them."""
    return list(dict.fromkeys(one for one in _SEPARATORS.split(text.strip()) if one))


def free_bytes(session: Session) -> int:
    """Return how much of the archive's disk may still be taken by documents."""
    home = session.info.get("home")
    if not isinstance(home, Path):
        message = "the archive was opened without its home folder"
        raise TypeError(message)
    return shutil.disk_usage(home).free - RESERVE_BYTES


def _asking(session: Session, organisation: str | None, by: Actor) -> UUID:
    """Return for which organisation documents are wanted; others' are refused."""
    if organisation is None or not organisation.strip():
        if by.organisation_id is None or may_all(by, MAY):
            raise BatchUnclearError
        return by.organisation_id
    found = organisations.coded(session, organisation).id
    if not reaches_organisation(by, MAY, found):
        raise NotAllowedError
    return found


def _standing(made: Sequence[Asked], now: datetime) -> list[Asked]:
    """Return the consents to documents that stand, of each person the newest."""
    found: dict[UUID, Asked] = {}
    for one in made:
        if one.is_for_documents() and one.state(now) is RequestState.GRANTED:
            found.setdefault(one.row.worker_id, one)
    return list(found.values())[::-1]  # In the order in which they were asked.


def _referred(made: Sequence[Asked], told: list[str], now: datetime) -> list[Asked]:
    """Return for each reference the request that stands, else the newest of them."""
    found: dict[str, Asked] = {}
    for one in made:
        known = found.setdefault(one.row.reference, one)
        if one.state(now) is RequestState.GRANTED is not known.state(now):
            found[one.row.reference] = one
    unknown = [place for place, one in enumerate(told, 1) if one not in found]
    if unknown:
        raise BatchReferencesUnknownError(places=_places(unknown))
    return [found[one] for one in told]


def _places(unknown: list[int]) -> str:
    told = [str(place) for place in unknown[:_TOLD_PLACES]]
    return ", ".join([*told, "…"] if len(unknown) > len(told) else told)


def _batch(
    organisation_id: UUID,
    scope: DocumentScope,
    language: DocumentLanguage,
    by: Actor,
    now: datetime,
) -> DocumentBatch:
    return DocumentBatch(
        organisation_id=organisation_id,
        scope=scope,
        language=language,
        state=RunState.WAITING,
        total=0,
        asked_by=by.id,
        asked_at=now,
        moved_at=now,
        kept_until=now + KEPT,
    )


def _begin(
    session: Session, batch: DocumentBatch, lines: Iterable[Line], now: datetime
) -> DocumentBatch:
    told = list(lines)
    batch.total = len(told)
    if not told:
        raise BatchEmptyError
    if len(told) > MOST:
        raise BatchTooManyError(most=MOST)
    _refuse_beyond(session, batch.organisation_id, len(told), now)
    session.add(batch)
    session.flush()
    session.add_all(
        DocumentBatchItem(
            batch_id=batch.id,
            position=position,
            worker_id=one.worker_id,
            record_id=one.record_id,
            request_id=one.request_id,
            state=DocumentState.AWAITED,
        )
        for position, one in enumerate(told, 1)
    )
    desk.ask(session, KIND, str(batch.id), now=now)
    session.flush()
    return batch


def _refuse_beyond(session: Session, organisation_id: UUID, more: int, now: datetime) -> None:
    """Raise BatchQuotaError or BatchRoomError when so many more documents are too many."""
    query = select(func.coalesce(func.sum(DocumentBatch.total), 0)).where(
        col(DocumentBatch.organisation_id) == organisation_id,
        col(DocumentBatch.kept_until) > now,
    )
    held = int(session.exec(query).one())
    if held + more > MOST_KEPT:
        raise BatchQuotaError(held=held, most=MOST_KEPT, days=KEPT.days)
    free, needed = free_bytes(session), more * EACH_BYTES
    if needed > free:
        megabyte = 1024**2
        raise BatchRoomError(needed=needed // megabyte, free=max(free, 0) // megabyte)
