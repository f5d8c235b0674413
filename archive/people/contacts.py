"""How a person can be reached: told by the person or the bureau, sealed, shown masked.

Rows are only added; the newest of a kind that was proved counts, and an empty one takes it
back. What a person types is used for nothing before a code sent there came back (``confirming``);
what staff write down, who saw the person, counts at once. Nothing is sent to a postal address,
so that none waits. What was told before stays sealed under the person's key, and goes with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from archive.notices.messages import Channel, Notice
from archive.people import finding, outbox
from archive.people.access import refuse, refuse_reading
from archive.people.actors import Actor
from archive.people.closing import closed
from archive.people.closures import in_turn
from archive.people.contact_forms import masked_contact, read_contact
from archive.people.look_ups import Purpose
from archive.people.outbox import Told
from archive.people.personal_models import Contact, ContactProof
from archive.people.privacy import PersonKey, vault_of
from schemas.ids import new_id
from schemas.vocabulary import ContactKind, Permission, Role

PURPOSES = {ContactKind.PHONE: Purpose.PHONE, ContactKind.EMAIL: Purpose.EMAIL}
"""By what a person is found; nobody is found by an address."""
CHANNELS = {ContactKind.PHONE: Channel.SMS, ContactKind.EMAIL: Channel.EMAIL}
"""By which way something is sent to a contact."""
_WORTH = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A contact that was told and is not confirmed."""

    id: UUID
    value: str


@dataclass(slots=True)
class Reached:
    """How a person can be reached, and what waits for its code."""

    known: dict[ContactKind, str] = field(default_factory=dict)
    waiting: dict[ContactKind, Waiting] = field(default_factory=dict)

    def masked(self) -> dict[ContactKind, str]:
        """Return how the person can be reached, masked."""
        return {kind: masked_contact(kind, value) for kind, value in self.known.items()}

    def masked_waiting(self) -> dict[ContactKind, str]:
        """Return what waits, masked."""
        return {kind: masked_contact(kind, one.value) for kind, one in self.waiting.items()}


def tell(
    session: Session,
    worker_id: UUID,
    told: Mapping[ContactKind, str],
    *,
    by: Actor,
    now: datetime,
) -> tuple[ContactKind, ...]:
    """Keep what was told and return which kinds changed; empty text takes a kind back.

    Raises NotAllowedError, UnknownWorkerError, a ContactError, FrozenError, ErasedError,
    DossierClosedError; then nothing is kept.
    """
    refuse(by, Permission.TELL_CONTACT)
    refuse_reading(session, by, worker_id, Permission.TELL_CONTACT)
    in_turn(session, worker_id)
    key = key_of(session, worker_id)
    values = {kind: read_contact(kind, text) for kind, text in told.items() if text.strip()}
    before = reached(session, worker_id, key)
    has_told_it = by.role is Role.WORKER and by.visit_id is None
    proof = ContactProof.TOLD if has_told_it else ContactProof.OFFICE
    changed = []
    for kind in told:
        value, waits = values.get(kind), before.waiting.get(kind)
        if value == before.known.get(kind) and waits is None:
            continue
        if has_told_it and waits is not None and value == waits.value:
            continue
        former = before.known.get(kind)
        keep(session, (worker_id, key), kind, value, former, proof=proof, by=by.id, now=now)
        changed.append(kind)
    return tuple(changed)


def keep(
    session: Session,
    owner: tuple[UUID, PersonKey],
    kind: ContactKind,
    value: str | None,
    former: str | None,
    *,
    proof: ContactProof,
    by: UUID,
    now: datetime,
) -> None:
    """Keep one contact, and tell the ``former``, which it replaces; None takes the kind back."""
    row = _append(session, owner, kind, value, proof=proof, by=by, now=now)
    if value == former or _waits(row):
        return
    _let_find(session, owner[0], kind, value)
    if former is not None and kind in CHANNELS:
        changed = Told(CHANNELS[kind], former, Notice.CONTACT_CHANGED, {})
        outbox.put(
            session, owner, f"contact/{row.id.hex}", changed, now=now, useless_at=now + _WORTH
        )


def take_all_back(session: Session, worker_id: UUID, *, by: UUID, now: datetime) -> None:
    """Reach a person nowhere any more, who has died: whoever holds the telephone is told nothing.

    Nobody signs in or registers by a code that is sent there.
    """
    key = key_of(session, worker_id)
    for kind in reached(session, worker_id, key).known:
        proof = ContactProof.OFFICE
        _append(session, (worker_id, key), kind, None, proof=proof, by=by, now=now)
        _let_find(session, worker_id, kind, None)


def _append(
    session: Session,
    owner: tuple[UUID, PersonKey],
    kind: ContactKind,
    value: str | None,
    *,
    proof: ContactProof,
    by: UUID,
    now: datetime,
) -> Contact:
    worker_id, key = owner
    row = Contact(
        worker_id=worker_id,
        id=new_id(),
        kind=kind,
        sealed=None if value is None else key.seal(sealed_in(kind), value.encode()),
        proof=proof,
        recorded_at=now,
        recorded_by=by,
    )
    session.add(row)
    session.flush()
    return row


def _let_find(session: Session, worker_id: UUID, kind: ContactKind, value: str | None) -> None:
    if kind in PURPOSES:
        finding.keep(session, PURPOSES[kind], {worker_id: [] if value is None else [value]})


def carry(session: Session, closing_id: UUID, into_id: UUID, *, by: UUID, now: datetime) -> None:
    """Keep what one dossier of a person knows and the other does not, sealed anew.

    Two persons of the bureau have decided that both are one person's: it counts at once. What
    waits for a code is not carried.
    """
    known, key = reached(session, into_id).known, key_of(session, into_id)
    for kind, value in reached(session, closing_id).known.items():
        if kind not in known:
            proof = ContactProof.OFFICE
            keep(session, (into_id, key), kind, value, None, proof=proof, by=by, now=now)


def contacts_of(session: Session, worker_id: UUID) -> dict[ContactKind, str]:
    """Return in full how a person can be reached; raises FrozenError, ErasedError."""
    return reached(session, worker_id, key_of(session, worker_id)).known


def masked_contacts_of(session: Session, worker_id: UUID) -> dict[ContactKind, str]:
    """Return how a person can be reached, masked; raises FrozenError, ErasedError."""
    return reached(session, worker_id, key_of(session, worker_id)).masked()


def key_of(session: Session, worker_id: UUID) -> PersonKey:
    """Return a person's key; raises FrozenError, ErasedError."""
    key = vault_of(session).keys_of([worker_id]).get(worker_id)
    if key is None:
        raise closed(session, worker_id)
    return key


def reached(session: Session, worker_id: UUID, key: PersonKey | None = None) -> Reached:
    """Return in full how a person can be reached, and what waits; raises FrozenError, ErasedError.

    ``key`` is the person's, for one who has it already.
    """
    opening = key or key_of(session, worker_id)
    query = (
        select(Contact)
        .where(col(Contact.worker_id) == worker_id)
        .order_by(col(Contact.recorded_at), col(Contact.id))
    )
    found = Reached()
    for row in session.exec(query):
        value = None if row.sealed is None else opening.open(sealed_in(row.kind), row.sealed)
        found.waiting.pop(row.kind, None)
        if value is None:
            found.known.pop(row.kind, None)
        elif not _waits(row):
            found.known[row.kind] = value.decode()
        elif value.decode() != found.known.get(row.kind):  # Told again, nothing waits any more.
            found.waiting[row.kind] = Waiting(row.id, value.decode())
    return found


def sealed_in(kind: ContactKind) -> str:
    """Return the column to which what was told of a kind is bound."""
    return f"contact.sealed.{kind}"


def _waits(row: Contact) -> bool:
    """Whether it is used for nothing before it is confirmed."""
    return row.proof is ContactProof.TOLD and row.sealed is not None and row.kind in CHANNELS
