"""Issuing: a document is registered, made and signed, and its file registered, in this order.

No signature without a register line: the intent is committed before anything is signed,
and the file's digest before a byte leaves. A crash in between leaves an intent without a
file, which nobody can have. Making a document takes a second or so, so that no transaction
is open meanwhile: other writers would wait.
"""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from archive.audit.acts import current
from archive.db import Database
from archive.dossiers import reading
from archive.dossiers.occupations import find_occupation
from archive.dossiers.personal import own_document
from archive.people.actors import Actor
from archive.people.at_counter import mark
from archive.people.closing import closed
from archive.people.look_ups import index_of, note
from archive.people.models import Organisation
from archive.people.privacy import vault_of
from archive.transcripts.choosing import OccupationOf, part_of, refuse_unclear
from archive.transcripts.composing import Circumstances, compose
from archive.transcripts.keys import KeyProvider
from archive.transcripts.models import Transcript, TranscriptFile
from archive.transcripts.payload import expires_at, payload_bytes, payload_digest
from archive.transcripts.pdf import Renderer, WeasyRenderer
from archive.transcripts.refusals import IssuerMissingError, WholeNumberRefusedError
from archive.transcripts.register import SEALED, code_sought, file_sought
from archive.transcripts.signing import PadesSigner, Signer
from credit_bank import bank
from credit_bank.crosswalk import counts_as
from credit_bank.models import ChainHead
from credit_bank.publishing import rule_book
from schemas.contracts import Bilingual
from schemas.documents import DocumentAsked
from schemas.dossiers import RecordView
from schemas.keys import SigningProfile
from schemas.transcripts import TranscriptV1
from schemas.vocabulary import DocumentScope, OrganisationKind, Permission, Role

WHOLE_NUMBER = "whole_document_number"
"""What the audit tells of a document with the whole number of the holder's identity document."""


@dataclass(frozen=True)
class Press:
    """What makes documents here: the keys, what lays out and what signs, and our address."""

    keys: KeyProvider
    renderer: Renderer
    signer: Signer
    base_url: str
    timezone: str


@dataclass(frozen=True)
class Issued:
    """A document that was issued."""

    pdf: bytes
    transcript: TranscriptV1
    sha256: str
    """Hex SHA-256 of the file."""


def press(
    keys: KeyProvider,
    *,
    base_url: str,
    timezone: str,
    profile: SigningProfile = SigningProfile.B_LTA,
) -> Press:
    """Return the press of this process; keep it."""
    signer = PadesSigner(keys, profile=profile)
    return Press(keys, WeasyRenderer(), signer, base_url, timezone)


def issue(
    archive: Database,
    worker_id: UUID,
    asked: DocumentAsked,
    *,
    by: Actor,
    now: datetime,
    using: Press,
) -> Issued:
    """Issue a document about a worker's dossier, or a part of it, in transactions of its own.

    At the counter it is marked as issued there. The caller must hold no writing session. Raises
    UnknownWorkerError, ErasedError, IssuerMissingError, GlyphMissingError, OccupationError,
    UnknownRecordError, DocumentRefusedError.
    """
    with archive.transaction() as session:
        transcript = intend(session, worker_id, asked, by=by, now=now, using=using)
    pdf = using.signer.sign(using.renderer.render(transcript, seal=None), at=now).pdf
    with archive.transaction() as session:
        complete(session, worker_id, transcript, pdf, now=now)
    return Issued(pdf, transcript, sha256(pdf).hexdigest())


def intend(
    session: Session,
    worker_id: UUID,
    asked: DocumentAsked,
    *,
    by: Actor,
    now: datetime,
    using: Press,
) -> TranscriptV1:
    """Register what is to be issued, and return it."""
    refuse_unclear(asked)
    issuer = _issuer(session)
    _lock(session, worker_id)
    today = now.astimezone(ZoneInfo(using.timezone)).date()
    number = _whole_number(session, worker_id, by) if asked.whole_number else None
    if asked.scope is DocumentScope.OCCUPATION and asked.occupation is not None:
        asked = asked.model_copy(update={"occupation": find_occupation(asked.occupation).code})
    dossier = reading.dossier(session, worker_id, today=today)
    lines = bank.statement(session, worker_id).lines
    booked = {line.outcome_id for line in lines}
    given = Circumstances(
        now=now,
        today=today,
        timezone=using.timezone,
        language=asked.language,
        base_url=using.base_url,
        issuer_code=issuer.code,
        issuer_name=Bilingual(zh=issuer.name, en=issuer.name_en),
        keys=using.keys,
        purpose=asked.purpose,
        document_number=number,
    )
    part = part_of(dossier, asked, booked, _occupations(session, today))
    transcript = compose(dossier, part, lines, given)
    _register(session, worker_id, transcript, issuer_id=issuer.id, by=by.id)
    issued = Permission.ISSUE_TRANSCRIPT
    mark(session, issued, transcript.id, worker_id=worker_id, by=by, now=now)
    return transcript


def complete(
    session: Session, worker_id: UUID, transcript: TranscriptV1, pdf: bytes, *, now: datetime
) -> None:
    """Register the signed file of a document; only then may its bytes leave."""
    digest = sha256(pdf).digest()
    session.add(
        TranscriptFile(
            worker_id=worker_id,
            transcript_id=transcript.id,
            sha256=digest,
            size_bytes=len(pdf),
            registered_at=now,
        )
    )
    note(session, index_of(session).claim(file_sought(digest)), worker_id, transcript.id)
    session.flush()


def _register(
    session: Session, worker_id: UUID, transcript: TranscriptV1, *, issuer_id: UUID, by: UUID
) -> None:
    vault = vault_of(session)
    key = vault.keys_of([worker_id]).get(worker_id)
    if key is None:
        raise closed(session, worker_id)
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
    code = index_of(session).claim(code_sought(transcript.code))
    note(session, code, worker_id, transcript.id)
    session.flush()


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


def _lock(session: Session, worker_id: UUID) -> None:
    """Wait for whoever writes into this dossier, so that the document is of one piece."""
    head = select(ChainHead.sequence).where(col(ChainHead.worker_id) == worker_id)
    session.exec(head.with_for_update()).one_or_none()


def _issuer(session: Session) -> Organisation:
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
