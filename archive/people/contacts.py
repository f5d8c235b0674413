"""How a person can be reached: told by the person or the bureau, sealed, shown masked.

Rows are only added; the newest of a kind counts, and an empty one takes it back. What was
told before stays sealed under the person's key, and goes with it.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from archive.people import finding
from archive.people.actors import Actor
from archive.people.closing import closed
from archive.people.contact_forms import masked_contact, read_contact
from archive.people.look_ups import Purpose
from archive.people.personal_models import Contact
from archive.people.privacy import PersonKey, vault_of
from schemas.vocabulary import ContactKind

PURPOSES = {ContactKind.PHONE: Purpose.PHONE, ContactKind.EMAIL: Purpose.EMAIL}
"""By what a person is found; nobody is found by an address."""


def tell(
    session: Session,
    worker_id: UUID,
    told: Mapping[ContactKind, str],
    *,
    by: Actor,
    now: datetime,
) -> tuple[ContactKind, ...]:
    """Keep what was told and return which kinds changed; empty text takes a kind back.

    Who may tell it is decided by the door's audience. Raises a ContactError, FrozenError,
    ErasedError; then nothing is kept.
    """
    key = _key(session, worker_id)
    values = {kind: read_contact(kind, text) for kind, text in told.items() if text.strip()}
    known = reached_of(session, worker_id, key)
    changed = tuple(kind for kind in told if values.get(kind) != known.get(kind))
    for kind in changed:
        value = values.get(kind)
        sealed = None if value is None else key.seal(sealed_in(kind), value.encode())
        row = Contact(
            worker_id=worker_id, kind=kind, sealed=sealed, recorded_at=now, recorded_by=by.id
        )
        session.add(row)
        _let_find(session, worker_id, kind, value)
    session.flush()
    return changed


def contacts_of(session: Session, worker_id: UUID) -> dict[ContactKind, str]:
    """Return in full how a person can be reached; raises FrozenError, ErasedError."""
    return reached_of(session, worker_id, _key(session, worker_id))


def masked_contacts_of(session: Session, worker_id: UUID) -> dict[ContactKind, str]:
    """Return how a person can be reached, masked; raises FrozenError, ErasedError."""
    known = contacts_of(session, worker_id)
    return {kind: masked_contact(kind, value) for kind, value in known.items()}


def _key(session: Session, worker_id: UUID) -> PersonKey:
    key = vault_of(session).keys_of([worker_id]).get(worker_id)
    if key is None:
        raise closed(session, worker_id)
    return key


def reached_of(session: Session, worker_id: UUID, key: PersonKey) -> dict[ContactKind, str]:
    """Return in full how a person whose key is given can be reached."""
    query = (
        select(Contact)
        .where(col(Contact.worker_id) == worker_id)
        .order_by(col(Contact.recorded_at), col(Contact.id))
    )
    newest = {row.kind: row.sealed for row in session.exec(query)}
    return {
        kind: key.open(sealed_in(kind), newest_sealed).decode()
        for kind in ContactKind
        if (newest_sealed := newest.get(kind)) is not None
    }


def _let_find(session: Session, worker_id: UUID, kind: ContactKind, value: str | None) -> None:
    purpose = PURPOSES.get(kind)
    if purpose is not None:
        finding.keep(session, purpose, {worker_id: [] if value is None else [value]})


def sealed_in(kind: ContactKind) -> str:
    """Return the column to which what was told of a kind is bound."""
    return f"contact.sealed.{kind}"
