"""Closing keys: a frozen or erased person's key is handed to nobody, whatever asks for it.

Key store and archive are two databases, so a decision takes effect in an order that leaves
nothing readable that was promised closed, whenever it is interrupted:

1. the key is marked (key store): from now on the vault hands it to nobody;
2. the decision and what goes with it is written (archive);
3. the mark is settled (key store): an erased person's key is destroyed, a frozen one's stays
   marked, an unfrozen one's mark is taken off.

``settle`` does the third step for whatever was interrupted before it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, insert, select, text
from sqlmodel import Session

from archive.db import Database
from archive.errors import ClosedError, ErasedError, FrozenError
from archive.people.key_store import CLOSED_KEY, WRAPPED_KEY
from archive.people.privacy import ERASING, FROZEN, vault_of
from schemas.vocabulary import ClosureAct

_BATCH = 400
IN_DOUBT = timedelta(minutes=10)
"""So long a mark without a decision may belong to a transaction that is still under way."""


def closed(session: Session, worker_id: UUID) -> ClosedError:
    """Return why a person's key is not handed out: frozen, or else erased."""
    return FrozenError() if is_frozen(session, worker_id) else ErasedError()


def is_frozen(session: Session, worker_id: UUID) -> bool:
    """Whether a person's key is kept, but marked so that nobody gets it."""
    with vault_of(session).store.reading() as store:
        query = select(CLOSED_KEY.c.closed_as).where(CLOSED_KEY.c.worker_id == worker_id)
        return store.execute(query).scalar() == FROZEN


def refuse_frozen(session: Session, worker_id: UUID) -> None:
    """Raise FrozenError for what needs no key, and yet must wait while a dossier is frozen."""
    if is_frozen(session, worker_id):
        raise FrozenError


def mark(store: Database, *whose: UUID, act: ClosureAct, now: datetime) -> None:
    """Keep keys from everybody, before the decision to do so is written."""
    closed_as = ERASING if act is ClosureAct.ERASE else FROZEN
    rows = [{"worker_id": one, "closed_as": closed_as, "closed_at": now} for one in whose]
    with store.transaction() as session:
        session.execute(delete(CLOSED_KEY).where(CLOSED_KEY.c.worker_id.in_(whose)))
        session.execute(insert(CLOSED_KEY), rows)


def unmark(store: Database, *whose: UUID) -> None:
    """Hand keys out again: they were unfrozen, or what marked them did not happen."""
    with store.transaction() as session:
        session.execute(delete(CLOSED_KEY).where(CLOSED_KEY.c.worker_id.in_(whose)))


def destroy(store: Database, *whose: UUID) -> None:
    """Destroy keys so that their bytes are in no page of the key store any more.

    SQLite overwrites them and empties its log; PostgreSQL writes the table anew. A log or a
    snapshot that was copied elsewhere is beyond reach (docs/operations.md).
    """
    is_sqlite = store.engine.dialect.name == "sqlite"
    with store.transaction() as session:
        if is_sqlite:
            session.execute(text("PRAGMA secure_delete = ON"))
        for at in range(0, len(whose), _BATCH):
            part = whose[at : at + _BATCH]
            session.execute(delete(WRAPPED_KEY).where(WRAPPED_KEY.c.worker_id.in_(part)))
            session.execute(delete(CLOSED_KEY).where(CLOSED_KEY.c.worker_id.in_(part)))
    _clean(store, "PRAGMA wal_checkpoint(TRUNCATE)" if is_sqlite else "VACUUM (FULL) wrapped_key")


def write_anew(store: Database) -> None:
    """Leave of what was overwritten in the key store nothing in its pages or its log.

    A master key that was retired because it was stolen opens nothing then in a later copy.
    """
    if store.engine.dialect.name == "sqlite":
        _clean(store, "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)")
    else:
        _clean(store, "VACUUM (FULL) wrapped_key", "VACUUM (FULL) index_key")


def _clean(store: Database, *statements: str) -> None:
    """Run what no transaction can hold, on a connection of its own."""
    connection = store.engine.raw_connection()
    try:
        driver = connection.driver_connection
        if store.engine.dialect.name != "sqlite" and driver is not None:
            driver.autocommit = True
        for statement in statements:
            connection.cursor().execute(statement)
    finally:
        connection.invalidate()
        connection.close()


def marked(store: Database) -> dict[UUID, tuple[str, datetime]]:
    """Return which keys are handed to nobody, as what and since when."""
    columns = (CLOSED_KEY.c.worker_id, CLOSED_KEY.c.closed_as, CLOSED_KEY.c.closed_at)
    with store.reading() as session:
        return {
            worker_id: (closed_as, closed_at)
            for worker_id, closed_as, closed_at in session.execute(select(*columns))
        }


def settle(store: Database, decided: Mapping[UUID, ClosureAct], *, now: datetime) -> int:
    """Bring the marks in line with the newest decision on each person; return how many were not.

    Erased persons' keys are destroyed, also those that came back from an old copy of the key
    store; what was decided frozen is marked, and a mark without a decision taken off.
    """
    found = marked(store)
    keys = _with_keys(store, decided)
    settled = 0
    for worker_id, act in decided.items():
        state = found.get(worker_id, (None, now))[0]
        if act is ClosureAct.ERASE and worker_id in keys:
            destroy(store, worker_id)
        elif act is ClosureAct.FREEZE and state != FROZEN:
            mark(store, worker_id, act=act, now=now)
        elif act is ClosureAct.UNFREEZE and state is not None and _is_old(found[worker_id], now):
            unmark(store, worker_id)
        else:
            continue
        settled += 1
    for worker_id in sorted(found.keys() - decided.keys()):
        if _is_old(found[worker_id], now):
            unmark(store, worker_id)
            settled += 1
    return settled


def _is_old(found: tuple[str, datetime], now: datetime) -> bool:
    return found[1] + IN_DOUBT <= now


def _with_keys(store: Database, decided: Mapping[UUID, ClosureAct]) -> set[UUID]:
    erased = sorted(worker for worker, act in decided.items() if act is ClosureAct.ERASE)
    found: set[UUID] = set()
    with store.reading() as session:
        for at in range(0, len(erased), 400):
            part = WRAPPED_KEY.c.worker_id.in_(erased[at : at + 400])
            found |= set(session.execute(select(WRAPPED_KEY.c.worker_id).where(part)).scalars())
    return found
