"""Showing masked values in full: an act of its own, with a reason, kept before it is shown."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from archive.audit.acts import current
from archive.errors import ArchiveError
from archive.people.actors import Actor
from archive.people.closing import closed
from archive.people.models import Account
from archive.people.personal_models import Reveal
from archive.people.privacy import vault_of
from schemas.vocabulary import PersonalField, RevealReason

_COLUMN = "reveal.sealed"


class RevealEmptyError(ArchiveError):
    """Nothing was chosen to be shown."""

    code: ClassVar[str] = "reveal_empty"
    template: ClassVar[str] = "Nothing was chosen to be shown. Tick what you need, and no more."


@dataclass(frozen=True, slots=True)
class Revealed:
    """That someone looked, as the person and the auditors read it."""

    at: datetime
    by: str
    fields: tuple[PersonalField, ...]
    reason: RevealReason
    note: str | None


def note_reveal(
    session: Session,
    worker_id: UUID,
    fields: Collection[PersonalField],
    *,
    reason: RevealReason,
    note: str,
    by: Actor,
    now: datetime,
) -> Reveal:
    """Keep that someone looks; the door commits it before the values leave.

    Raises RevealEmptyError, FrozenError, ErasedError.
    """
    if not fields:
        raise RevealEmptyError
    key = vault_of(session).keys_of([worker_id]).get(worker_id)
    if key is None:
        raise closed(session, worker_id)
    reveal = Reveal(
        worker_id=worker_id,
        fields=",".join(one for one in PersonalField if one in fields),
        reason=reason,
        sealed=key.seal(_COLUMN, note.strip().encode()) if note.strip() else None,
        revealed_at=now,
        revealed_by=by.id,
    )
    act = current()
    if act is not None:
        act.purpose, act.reason = reason.value, note.strip() or None
    session.add(reveal)
    session.flush()
    return reveal


def reveals_of(session: Session, worker_id: UUID) -> list[Revealed]:
    """Return who looked at a person's masked values, the newest first; raises ErasedError."""
    key = vault_of(session).keys_of([worker_id]).get(worker_id)
    if key is None:
        raise closed(session, worker_id)
    query = (
        select(Reveal, Account.name)
        .join(Account, col(Account.id) == col(Reveal.revealed_by))
        .where(col(Reveal.worker_id) == worker_id)
        .order_by(col(Reveal.revealed_at).desc(), col(Reveal.id).desc())
    )
    return [
        Revealed(
            at=row.revealed_at,
            by=name,
            fields=tuple(PersonalField(one) for one in row.fields.split(",")),
            reason=row.reason,
            note=key.open(_COLUMN, row.sealed).decode() if row.sealed else None,
        )
        for row, name in session.exec(query)
    ]
