"""Confirming a contact that a person has told: by a code that is sent to that very contact."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from archive.notices.messages import Notice
from archive.people import contacts, sent_codes
from archive.people.actors import Actor
from archive.people.arrival_models import CodePurpose
from archive.people.closures import in_turn
from archive.people.personal_models import ContactProof
from archive.people.sent_codes import SentCodeWrongError
from schemas.vocabulary import ContactKind

_COLUMN = "one_time_code.sealed"


def ask(
    session: Session, worker_id: UUID, kind: ContactKind, *, by: Actor, now: datetime
) -> str | None:
    """Have a code sent to the contact that waits; return the browser's token.

    None when nothing of this kind waits. Raises FrozenError, ErasedError.
    """
    key = contacts.key_of(session, worker_id)
    waits = contacts.reached(session, worker_id, key).waiting.get(kind)
    if waits is None:
        return None
    concerns = by.id, key.seal(_COLUMN, waits.id.bytes)
    row, token = sent_codes.asked(
        session, CodePurpose.CONTACT, waits.value, now=now, concerns=concerns
    )
    sent_codes.send(session, row, (worker_id, key), waits.value, Notice.CONTACT_CODE, now=now)
    return token


def confirm(
    session: Session, worker_id: UUID, token: str, code: str, *, by: Actor, now: datetime
) -> ContactKind:
    """Use a contact from now on, when the code that was sent to it is right; return its kind.

    The try is counted before (``sent_codes.try_once``). A code that was sent to what has been
    replaced meanwhile is worth nothing. Raises SentCodeWrongError, FrozenError, ErasedError,
    DossierClosedError.
    """
    in_turn(session, worker_id)
    key = contacts.key_of(session, worker_id)
    used = sent_codes.prove(session, token, CodePurpose.CONTACT, code)
    kind = ContactKind(used.reached_by)
    reached = contacts.reached(session, worker_id, key)
    waits, former = reached.waiting.get(kind), reached.known.get(kind)
    if waits is None or used.account_id != by.id or used.sealed is None:
        raise SentCodeWrongError
    if key.open(_COLUMN, used.sealed) != waits.id.bytes:
        raise SentCodeWrongError
    owner, proof = (worker_id, key), ContactProof.CODE
    contacts.keep(session, owner, kind, waits.value, former, proof=proof, by=by.id, now=now)
    return kind
