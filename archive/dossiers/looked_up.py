"""What records and documents are found by, told once more for a new key of look-ups."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers.claims import claimed_by
from archive.dossiers.models import Record
from archive.dossiers.sealing import unseal
from archive.people.finding import name_sought
from archive.people.index_rotation import VALUES
from archive.people.look_ups import Sought
from archive.people.privacy import vault_of
from schemas.identities import Identity, NameChange


def values_of(session: Session, whose: Sequence[UUID]) -> Iterable[Sought]:
    """Return every value that records of some workers ever claimed, and every name in them.

    Those whose key was destroyed tell nothing.
    """
    keys = vault_of(session).keys_to_prove(whose)
    rows = select(Record.worker_id, Record.organisation_id, Record.sealed).where(
        col(Record.worker_id).in_(list(keys))
    )
    for worker_id, organisation_id, sealed in session.exec(rows):
        record = unseal(keys[worker_id], sealed).content
        yield from (sought for sought, _ in claimed_by(organisation_id, record))
        if isinstance(record, Identity | NameChange):
            former = [record.former_name] if isinstance(record, NameChange) else []
            yield from (name_sought(name) for name in (record.name, *former))


VALUES.append(values_of)
