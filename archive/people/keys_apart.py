"""Keys of things that name people and belong to no dossier: classes, places on their rosters.

They are kept and wrapped exactly as those of persons, beside them, rotated and destroyed as
those are. Who opens one looks into no dossier, so that no worker is told; the act itself is
told all the same.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from archive.audit.acts import Notes, tell_always
from archive.people import closing
from archive.people.privacy import PersonKey, vault_of

ROSTER_YEARS = "roster_years"
"""Under this name sessions know for how many years rosters name people."""
Belonging = Callable[[Session, UUID], list[UUID]]
BELONGING: list[Belonging] = []
"""Which of these keys seal what names a worker; rooms add theirs when they are imported.

They are destroyed with the worker's own key, and asked for while that can still be opened.
"""


def keys_apart(session: Session, ids: Iterable[UUID]) -> dict[UUID, PersonKey]:
    """Return the keys of some things; what has none any more names nobody."""
    tell_always(session)
    return vault_of(session).noting(Notes()).keys_of(ids)


def new_keys_apart(session: Session, ids: Iterable[UUID], now: datetime) -> dict[UUID, PersonKey]:
    """Make and keep a key for each new thing, before anything is sealed under it."""
    return vault_of(session).noting(Notes()).new_keys(ids, now)


def kept_of(session: Session, ids: Iterable[UUID]) -> set[UUID]:
    """Return of which things the keys are still kept."""
    return set(vault_of(session).noting(Notes()).keys_of(ids))


def destroy_apart(session: Session, ids: Sequence[UUID]) -> None:
    """Destroy the keys of things, at once and whatever becomes of this transaction."""
    closing.destroy(vault_of(session).store, *ids)


def belonging_to(session: Session, worker_ids: Iterable[UUID]) -> list[UUID]:
    """Return by what the keys are kept that go when these workers are erased."""
    return [own for one in worker_ids for find in BELONGING for own in find(session, one)]
