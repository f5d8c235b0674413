"""What is to be issued, registered before anything is signed; or what states the same already."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from archive.audit.acts import current
from archive.dossiers import reading
from archive.dossiers.occupations import find_occupation
from archive.dossiers.personal import own_document
from archive.people.actors import Actor
from archive.people.at_counter import mark
from archive.people.closing import closed
from archive.people.look_ups import index_of, note
from archive.people.models import Organisation
from archive.people.privacy import PersonKey, vault_of
from archive.transcripts import makings
from archive.transcripts.choosing import OccupationOf, part_of, refuse_unclear
from archive.transcripts.composing import Circumstances, compose
from archive.transcripts.kept import kept_documents
from archive.transcripts.models import DocumentMaking, Transcript, TranscriptFile
from archive.transcripts.ordering import order_meant
from archive.transcripts.payload import expires_at, payload_bytes, payload_digest, read_payload
from archive.transcripts.presses import Press
from archive.transcripts.refusals import IssuerMissingError, WholeNumberRefusedError
from archive.transcripts.register import SEALED, code_sought
from credit_bank import bank
from credit_bank.crosswalk import counts_as
from credit_bank.models import ChainHead
from credit_bank.publishing import rule_book
from schemas.contracts import Bilingual
from schemas.documents import DocumentAsked
from schemas.dossiers import RecordView
from schemas.transcripts import TranscriptV1
from schemas.vocabulary import DocumentScope, DocumentState, OrganisationKind, Permission, Role

WHOLE_NUMBER = "whole_document_number"
"""What the audit tells of a document with the whole number of the holder's identity document."""


@dataclass(frozen=True)
class Intent:
    """A document that is to be issued, or that was asked for before."""

    transcript: TranscriptV1
    state: DocumentState
    is_new: bool
    """Whether whoever asked is to make it."""
    key: PersonKey
    """Under which its file is kept."""


def intend(
    session: Session,
    worker_id: UUID,
    asked: DocumentAsked,
    *,
    by: Actor,
    now: datetime,
    using: Press,
) -> Intent:
    """Register what is to be issued; a document that states the same and stands is found instead.

    Raises UnknownWorkerError, ErasedError, IssuerMissingError, OccupationError,
    UnknownRecordError, DocumentRefusedError.
    """
    refuse_unclear(asked)
    issuer = issuer_of_all(session)
    lock_dossier(session, worker_id)
    number = _whole_number(session, worker_id, by) if asked.whole_number else None
    transcript = composed(session, worker_id, asked, number, issuer=issuer, now=now, using=using)
    key = key_of(session, worker_id)
    whom = {"issuer_id": issuer.id, "by": by.id}
    intent = registered_or_found(session, worker_id, transcript, key=key, now=now, **whom)
    issued = Permission.ISSUE_TRANSCRIPT
    mark(session, issued, intent.transcript.id, worker_id=worker_id, by=by, now=now)
    return intent


def registered_or_found(  # Whose, what, in whose name, by whom, when.
    session: Session,
    worker_id: UUID,
    transcript: TranscriptV1,
    *,
    key: PersonKey,
    issuer_id: UUID,
    by: UUID,
    now: datetime,
    under: UUID | None = None,
) -> Intent:
    """Register a document, or return the one that states the same under the same consent.

    ``under`` is the consent by which it is made; None for what was asked for without one. The
    caller holds the lock of the dossier.
    """
    content = makings.content_of(key, transcript, under=under)
    found = _standing(session, key, worker_id, content, now)
    if found is not None:
        return found
    whom = {"issuer_id": issuer_id, "by": by}
    register(session, worker_id, transcript, key=key, content=content, now=now, **whom)
    return Intent(transcript, DocumentState.MAKING, is_new=True, key=key)


def composed(  # Whose, what, by whom, when, for which press.
    session: Session,
    worker_id: UUID,
    asked: DocumentAsked,
    document_number: str | None,
    *,
    issuer: Organisation,
    now: datetime,
    using: Press,
) -> TranscriptV1:
    """Return what a document states today; nothing is registered."""
    today = now.astimezone(ZoneInfo(using.timezone)).date()
    if asked.scope is DocumentScope.OCCUPATION and asked.occupation is not None:
        asked = asked.model_copy(update={"occupation": find_occupation(asked.occupation).code})
    dossier = reading.dossier(session, worker_id, today=today)
    lines = bank.statement(session, worker_id).lines
    given = Circumstances(
        now=now,
        today=today,
        timezone=using.timezone,
        language=asked.language,
        base_url=using.base_url,
        issuer_code=issuer.code,
        issuer_name=Bilingual(zh=issuer.name, en=issuer.name_en),
        order=order_meant(session, issuer.id, using.keys),
        purpose=asked.purpose,
        document_number=document_number,
    )
    booked = {line.outcome_id for line in lines}
    part = part_of(dossier, asked, booked, _occupations(session, today))
    return compose(dossier, part, lines, given)


def register(  # Whose, what, in whose name, by whom, when.
    session: Session,
    worker_id: UUID,
    transcript: TranscriptV1,
    *,
    key: PersonKey,
    content: bytes,
    issuer_id: UUID,
    by: UUID,
    now: datetime,
) -> DocumentMaking:
    """Write the register line of a document that is to be signed; ``content`` is its digest."""
    payload = payload_bytes(transcript)
    session.add(
        Transcript(
            worker_id=worker_id,
            id=transcript.id,
            scope=transcript.scope,
            template=transcript.template,
            language=transcript.language,
            issuer_id=issuer_id,
            signer=transcript.signer,
            payload_digest=payload_digest(payload),
            sealed=key.seal(SEALED, payload),
            valid_until=transcript.valid_until,
            expires_at=expires_at(transcript),
            requested_by=by,
            intended_at=transcript.issued_at,
        )
    )
    session.flush()
    code = index_of(session).claim(code_sought(transcript.code))
    note(session, code, worker_id, transcript.id)
    return makings.begin(session, worker_id, transcript.id, content, now=now)


def key_of(session: Session, worker_id: UUID) -> PersonKey:
    """Return a person's key; raises FrozenError, ErasedError."""
    key = vault_of(session).keys_of([worker_id]).get(worker_id)
    if key is None:
        raise closed(session, worker_id)
    return key


def opened(key: PersonKey, row: Transcript) -> TranscriptV1:
    """Return what a document was to state; raises DocumentFailedError when it is not that."""
    transcript = read_payload(key.open(SEALED, row.sealed))
    if transcript is None:
        raise makings.DocumentFailedError
    return transcript


def file_of(session: Session, worker_id: UUID, transcript_id: UUID) -> TranscriptFile | None:
    """Return the newest signed file of a document; None while there is none."""
    query = (
        select(TranscriptFile)
        .where(
            col(TranscriptFile.worker_id) == worker_id,
            col(TranscriptFile.transcript_id) == transcript_id,
        )
        .order_by(col(TranscriptFile.registered_at).desc())
        .limit(1)
    )
    return session.exec(query).first()


def _standing(
    session: Session, key: PersonKey, worker_id: UUID, content: bytes, now: datetime
) -> Intent | None:
    """Return the document that states the same; one whose file is gone is none."""
    making = makings.same(session, worker_id, content, now=now)
    if making is None:
        return None
    if making.state is DocumentState.READY:
        file = file_of(session, worker_id, making.transcript_id)
        if file is None or not kept_documents(session).has(file.transcript_id, file.sha256):
            return None
    row = session.get_one(Transcript, (worker_id, making.transcript_id))
    return Intent(opened(key, row), making.state, is_new=False, key=key)


def _whole_number(session: Session, worker_id: UUID, by: Actor) -> str:
    """Return the number of the holder's document, and have it told that it was asked for.

    Raises WholeNumberRefusedError unless the holder asks, alone or at the counter.
    """
    if by.role is not Role.WORKER or by.worker_id != worker_id:
        raise WholeNumberRefusedError
    act = current()
    if act is not None:
        act.purpose = WHOLE_NUMBER
    return own_document(session, worker_id).document_number


def _occupations(session: Session, today: date) -> OccupationOf:
    """Return what tells for which occupation a record counts today."""
    rules = rule_book(session)

    def occupation_of(view: RecordView) -> str | None:
        code, day = view.record.occupation, view.effective_on
        return counts_as(rules, code, day, read_on=today) if code and day else code

    return occupation_of


def lock_dossier(session: Session, worker_id: UUID) -> None:
    """Wait for whoever writes into this dossier, so that the document is of one piece."""
    head = select(ChainHead.sequence).where(col(ChainHead.worker_id) == worker_id)
    session.exec(head.with_for_update()).one_or_none()


def issuer_of_all(session: Session) -> Organisation:
    """Return the bureau in whose name documents are issued; raises IssuerMissingError."""
    query = (
        select(Organisation)
        .where(col(Organisation.kind) == OrganisationKind.BUREAU)
        .order_by(col(Organisation.created_at), col(Organisation.code))
        .limit(1)
    )
    issuer = session.exec(query).one_or_none()
    if issuer is None:
        raise IssuerMissingError
    return issuer
