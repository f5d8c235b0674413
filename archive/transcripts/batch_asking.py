"""Documents for many as programs and commands ask for them: in one form, and known again.

With an Idempotency-Key the same request brings the same list, whoever was interrupted meanwhile.
"""

from datetime import datetime

from sqlmodel import Session, col, select

from archive.dossiers.intake.enrolling import take_turns
from archive.dossiers.programs.batch_refusals import (
    IdempotencyKeyUnfitError,
    IdempotencyKeyUsedError,
)
from archive.dossiers.programs.batches import LONGEST_KEY
from archive.people.access import refuse
from archive.people.actors import Actor
from archive.people.privacy import vault_of
from archive.transcripts.batch_models import DocumentBatch
from archive.transcripts.batch_orders import (
    begin_for_class,
    begin_for_consents,
    begin_for_numbers,
)
from archive.transcripts.batch_refusals import BatchUnclearError
from archive.transcripts.batches import MAY
from archive.transcripts.intents import issuer_of_all
from schemas.documents import BatchAsked
from schemas.vocabulary import DocumentScope

_KEY, _BODY = "document_batch.key", "document_batch.asked"


def begin(
    session: Session, asked: BatchAsked, *, key: str | None, by: Actor, now: datetime
) -> tuple[DocumentBatch, bool]:
    """Begin documents for many; return them, and whether they were asked for before.

    Raises NotAllowedError, BatchUnclearError, IdempotencyKeyUnfitError, IdempotencyKeyUsedError,
    and what ``batch_orders`` raises.
    """
    refuse(by, MAY)
    if key is None:
        return _begun(session, asked, by, now), False
    if not (1 <= len(key) <= LONGEST_KEY and key.isascii()):
        raise IdempotencyKeyUnfitError(longest=LONGEST_KEY)
    whose = by.organisation_id or issuer_of_all(session).id
    take_turns(session, whose)
    vault = vault_of(session)
    own = vault.digest(_KEY, f"{whose}\0{key}")
    told = vault.digest(_BODY, asked.model_dump_json())
    query = select(DocumentBatch).where(col(DocumentBatch.key_digest) == own)
    known = session.exec(query).first()
    if known is not None:
        if known.asked_digest != told:
            raise IdempotencyKeyUsedError
        return known, True
    made = _begun(session, asked, by, now)
    if made.key_digest is None:  # Not a list of a class that somebody else has under way.
        made.key_digest, made.asked_digest = own, told
        session.add(made)
        session.flush()
    return made, False


def _begun(session: Session, asked: BatchAsked, by: Actor, now: datetime) -> DocumentBatch:
    if [asked.class_id is not None, bool(asked.numbers), asked.by_consent].count(True) != 1:
        raise BatchUnclearError
    if not asked.by_consent and (asked.organisation or asked.references):
        raise BatchUnclearError
    if asked.class_id is not None:
        return begin_for_class(session, asked.class_id, asked.language, by=by, now=now)
    if asked.by_consent:
        references = "\n".join(asked.references)
        return begin_for_consents(
            session, asked.organisation, references, asked.language, by=by, now=now
        )
    numbers, scope = "\n".join(asked.numbers), DocumentScope(asked.scope)
    return begin_for_numbers(session, numbers, scope, asked.language, by=by, now=now)
