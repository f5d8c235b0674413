"""How old everyone is, in groups: birth dates are opened only when the bureau asks for ages."""

from collections.abc import Callable, Iterable
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from archive.audit.acts import scan
from archive.dossiers.eligibility import born_on
from archive.dossiers.models import Record
from archive.dossiers.sealing import unseal
from archive.people.privacy import vault_of
from schemas.identities import Identity
from schemas.vocabulary import RecordKind

Progress = Callable[[int, int], None]

UNKNOWN = "unknown"
_GROUPS = ((25, "under_25"), (35, "25_34"), (45, "35_44"), (55, "45_54"))
_OLDEST = "55_and_over"
AGE_GROUPS = (*(name for _, name in _GROUPS), _OLDEST, UNKNOWN)
"""In the order in which they are shown; their words stand under ``age_group.<name>``."""

_BATCH = 400  # Below every database's limit on bound values.


def age_groups(
    session: Session, workers: list[UUID], *, on: date, progress: Progress | None = None
) -> list[str]:
    """Return the age group of each worker on a day; unknown for who was erased or has no date."""
    scan(session)
    vault = vault_of(session)
    found: dict[UUID, str] = {}
    for at in range(0, len(workers), _BATCH):
        part = workers[at : at + _BATCH]
        keys = vault.keys_of(part)
        for row in _identities(session, part):
            key = keys.get(row.worker_id)
            content = unseal(key, row.sealed).content if key else None
            if isinstance(content, Identity):
                found[row.worker_id] = age_group(born_on(content), on)
        if progress:
            progress(at + len(part), len(workers))
    return [found.get(worker_id, UNKNOWN) for worker_id in workers]


def age_group(born: date | None, on: date) -> str:
    """Return the age group of someone born on a day."""
    if born is None:
        return UNKNOWN
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return next((name for below, name in _GROUPS if age < below), _OLDEST)


def _identities(session: Session, workers: list[UUID]) -> Iterable[Record]:
    """Return the rows of identities, corrections after what they correct."""
    query = (
        select(Record)
        .where(col(Record.worker_id).in_(workers), col(Record.kind) == RecordKind.IDENTITY)
        .order_by(col(Record.worker_id), col(Record.recorded_at), col(Record.id))
    )
    return session.exec(query)
