"""Documents that an organisation has made by a worker's consent: never of more than that says.

The consent bounds what stands in the document, what for, for whom and until when. It is looked
at when a document is begun and again before it is registered; who takes it back has said so to
everyone who verifies the document from then on. Why so: ADR 0043.
"""

from datetime import datetime
from typing import ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from archive.dossiers import reading
from archive.dossiers.document_purposes import purpose_told
from archive.dossiers.shares import is_within
from archive.errors import ArchiveError
from archive.people import consents, organisations
from archive.people.consents import Asked, Granted
from archive.people.privacy import PersonKey
from archive.transcripts.consent_models import DocumentConsent
from archive.transcripts.intents import (
    Intent,
    composed,
    issuer_of_all,
    key_of,
    lock_dossier,
    registered_or_found,
)
from archive.transcripts.presses import Press
from schemas.documents import MOST_RECORDS, DocumentAsked
from schemas.transcripts import TranscriptConsent, TranscriptV1
from schemas.vocabulary import DocumentLanguage, DocumentScope


class ConsentWithoutDocumentsError(ArchiveError):
    """The consent lets staff read on a page, and nothing be taken away."""

    code: ClassVar[str] = "consent_without_documents"
    template: ClassVar[str] = (
        "The person consented to reading, not to signed documents. "
        "Ask anew, and say that documents are wanted."
    )


class ConsentNameInPartError(ArchiveError):
    """The consent keeps the name to itself, and a document has to name its holder."""

    code: ClassVar[str] = "consent_name_in_part"
    template: ClassVar[str] = (
        "The person lets the name be told in part only, and a document names its holder. "
        "Ask anew for the name in full, or read the page."
    )


class ConsentNothingInScopeError(ArchiveError):
    """No record lies in what the worker consented to."""

    code: ClassVar[str] = "consent_nothing_in_scope"
    template: ClassVar[str] = (
        "No record of the dossier lies in what the person consented to, so there is nothing to "
        "state. Ask for another part if the purpose needs one."
    )


class ConsentScopeTooWideError(ArchiveError):
    """More records lie in what the worker consented to than a document holds."""

    code: ClassVar[str] = "consent_scope_too_wide"
    template: ClassVar[str] = (
        "More records lie in what the person consented to than one document holds. "
        "Ask anew for a shorter period or one occupation."
    )


def intend(  # Whose, by which consent, in which language.
    session: Session,
    worker_id: UUID,
    request_id: UUID,
    language: DocumentLanguage,
    *,
    by: UUID,
    now: datetime,
    using: Press,
) -> Intent:
    """Register a document of what a consent names, or find the one that says the same.

    Raises UnknownAccessError, AccessEndedError, AccessNotGrantedError, FrozenError, ErasedError,
    and the refusals of this module.
    """
    lock_dossier(session, worker_id)
    asked, granted, key = standing(session, worker_id, request_id, now=now)
    issuer = issuer_of_all(session)
    body = organisations.by_id(session, [asked.row.organisation_id])[asked.row.organisation_id]
    wanted = DocumentAsked(
        scope=DocumentScope.RECORDS,
        language=language,
        records=_records(session, worker_id, granted, using, now),
        purpose=purpose_told(body, consents.wanted_in(key, asked.row).purpose),
    )
    whole = composed(session, worker_id, wanted, None, issuer=issuer, now=now, using=using)
    told = narrowed(whole, granted, asked, body.code)
    whom = {"issuer_id": issuer.id, "by": by}
    intent = registered_or_found(
        session, worker_id, told, key=key, now=now, under=request_id, **whom
    )
    if intent.is_new:
        session.add(
            DocumentConsent(
                worker_id=worker_id,
                transcript_id=intent.transcript.id,
                request_id=request_id,
                organisation_id=body.id,
                made_at=now,
            )
        )
        session.flush()
    return intent


def standing(
    session: Session, worker_id: UUID, request_id: UUID, *, now: datetime
) -> tuple[Asked, Granted, PersonKey]:
    """Return a consent by which documents may be made at this moment, with the person's key.

    Raises what ``intend`` raises of consents.
    """
    asked = consents.with_request(session, worker_id, request_id)
    consents.refuse_ended(asked, now=now)
    key = key_of(session, worker_id)
    granted = consents.granted_in(key, asked)
    if granted is None or not granted.with_documents:
        raise ConsentWithoutDocumentsError
    if granted.scope.is_name_masked:
        raise ConsentNameInPartError
    return asked, granted, key


def narrowed(whole: TranscriptV1, granted: Granted, asked: Asked, code: str) -> TranscriptV1:
    """Return a document without all that the consent does not name. Pure.

    The treatment stands and falls with the level that it is attached to: a level without it would
    say that no rule grants any. Its place in the chain is that of its last record: how much more
    there is it does not tell.
    """
    last = max(whole.records, key=lambda one: one.sequence)
    told: dict[str, object] = {
        "holder": whole.holder.model_copy(update={"former_names": ()}),
        "consent": TranscriptConsent(
            organisation_code=code, with_credits=granted.scope.with_credits
        ),
        "entries": (),
        "chain_sequence": last.sequence,
        "chain_hash": last.link_hash,
        "valid_until": min(
            whole.valid_until, asked.ends_at().astimezone(ZoneInfo(whole.timezone)).date()
        ),
    }
    if not granted.scope.with_levels:
        told |= {"levels": (), "entitlement": None}
    if not granted.scope.with_credits:
        unsaid = {"credits": None, "decision": None, "reason": None, "rule": None}
        told["records"] = tuple(one.model_copy(update=unsaid) for one in whole.records)
    return whole.model_copy(update=told)


def _records(
    session: Session, worker_id: UUID, granted: Granted, using: Press, now: datetime
) -> tuple[UUID, ...]:
    today = now.astimezone(ZoneInfo(using.timezone)).date()
    dossier = reading.dossier(session, worker_id, today=today)
    found = tuple(view.id for view in dossier.records if is_within(view, granted.scope))
    if not found:
        raise ConsentNothingInScopeError
    if len(found) > MOST_RECORDS:
        raise ConsentScopeTooWideError
    return found
