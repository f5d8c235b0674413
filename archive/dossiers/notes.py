"""Free text of a case: sealed under the person's key, and only committed to by the chain."""

import hashlib
import json
import os
from uuid import UUID

from sqlmodel import Session

from archive.dossiers.appeal_refusals import WhyMissingError
from archive.errors import SealBrokenError
from archive.people.closing import closed
from archive.people.privacy import PersonKey, vault_of
from credit_bank.booking import SealedNote
from credit_bank.chain import canonical_bytes
from credit_bank.models import CaseEvent

COLUMN = "case_event.sealed"
_SALT_BYTES = 16


def seal_note(key: PersonKey, text: str) -> SealedNote:
    """Seal what someone wrote about a person's case, with a fresh salt."""
    plain = canonical_bytes({"salt": os.urandom(_SALT_BYTES).hex(), "text": text})
    return SealedNote(key.seal(COLUMN, plain), hashlib.sha256(plain).digest())


def reason_sealed(session: Session, worker_id: UUID, text: str) -> SealedNote:
    """Seal the reason of a step in a worker's case; raises WhyMissingError, ErasedError."""
    if not text.strip():
        raise WhyMissingError
    key = vault_of(session).keys_of([worker_id]).get(worker_id)
    if key is None:
        raise closed(session, worker_id)
    return seal_note(key, text.strip())


def note_in(key: PersonKey | None, event: CaseEvent) -> str | None:
    """Return what was written with an event; None when nothing was, or the key is destroyed.

    Raises SealBrokenError.
    """
    if key is None or event.sealed is None:
        return None
    return text_in(key.open(COLUMN, event.sealed))


def text_in(opened: bytes) -> str:
    """Return the text of a note that was opened."""
    return str(json.loads(opened)["text"])


def note_holds(key: PersonKey | None, event: CaseEvent) -> bool:
    """Whether the sealed text is what was committed to.

    An erased person's cannot be told, and where nothing is sealed nothing is committed to.
    """
    if event.sealed is None or key is None:
        return (event.sealed is None) == (event.commitment is None)
    try:
        return hashlib.sha256(key.open(COLUMN, event.sealed)).digest() == event.commitment
    except SealBrokenError:
        return False
