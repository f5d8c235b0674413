"""Versions of the key of look-ups: beginning one, moving every look-up under it, retiring.

A digest cannot be re-wrapped: the value is needed again. Rooms tell the values that they
have looked up, out of sealed records or in clear; what nobody can tell any more, such as
the codes of a person whose key was destroyed, stays under the former version and is found
there. Meanwhile everybody looks up under both. What one person alone has stands in
``BlindIndex``, what several may share in ``SearchIndex``; both move, a worker at a time.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, tzinfo
from functools import partial
from itertools import product
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, delete, select, update

from archive.audit.acts import scan
from archive.jobs.desk import WORKS, Steps, Told
from archive.people.key_store import index_versions_kept
from archive.people.look_ups import LookUpIndex, Sought, index_of, number_sought
from archive.people.master_key_refusals import (
    KeyVersionCurrentError,
    KeyVersionUnknownError,
    KeyVersionUsedError,
)
from archive.people.models import BlindIndex, IndexVersion, Worker
from archive.people.personal_models import SearchIndex
from archive.people.privacy import Vault, vault_of
from schemas.keys import IndexKeyList, IndexKeyVersion, KeyState, RotationReport

KIND = "keys_index_rotate"
BATCH = 100
"""Workers a step: all that is sealed of theirs is opened."""
_BEFORE_ALL = UUID(int=0)
LookedUp = type[BlindIndex] | type[SearchIndex]
_TABLES: tuple[LookedUp, ...] = (BlindIndex, SearchIndex)

ValuesOf = Callable[[Session, Sequence[UUID]], Iterable[Sought]]
VALUES: list[ValuesOf] = []
"""Who tells the values of look-ups, for some workers; rooms add theirs when they are imported.

More than was looked up may be told: only what is there is moved.
"""


def listed(session: Session) -> IndexKeyList:
    """Return all versions, with how many look-ups are under each."""
    states = dict(session.exec(select(IndexVersion.version, IndexVersion.state)).all())
    rows: Counter[int] = Counter()
    for table in _TABLES:
        counting = select(table.version, func.count()).group_by(col(table.version))
        rows.update(dict(session.exec(counting).all()))
    with vault_of(session).store.reading() as keys:
        kept = index_versions_kept(keys)
    return IndexKeyList(
        versions=tuple(
            IndexKeyVersion(
                version=version,
                state=KeyState(states[version]),
                created_at=created_at,
                rows=rows[version],
            )
            for version, created_at in kept
            if version in states
        )
    )


def make(session: Session, *, now: datetime) -> int:
    """Make a new version and put it in use; return it.

    The key is kept first: a key without rows is harmless. Whoever writes look-ups at this
    moment is waited for, and from now on everybody writes under the new version.
    """
    vault = vault_of(session)
    versions = session.exec(select(IndexVersion).with_for_update()).all()
    with vault.store.transaction() as keys:
        version = max(number for number, _ in index_versions_kept(keys)) + 1
        vault.index_keys.make(keys, version, now=now)
    for one in versions:
        one.state = KeyState.PREVIOUS
        session.add(one)
    session.add(IndexVersion(version=version, state=KeyState.CURRENT))
    session.flush()
    return version


def retire(session: Session, version: int) -> None:
    """Stop looking up under a version; once that is committed ``destroy`` its key.

    Raises KeyVersionUnknownError, KeyVersionCurrentError, KeyVersionUsedError.
    """
    found = session.get(IndexVersion, version, with_for_update=True)
    if found is None:
        raise KeyVersionUnknownError(version=version)
    if found.state is KeyState.CURRENT:
        raise KeyVersionCurrentError(version=version)
    rows = sum(_count(session, table, col(table.version) == version) for table in _TABLES)
    if rows:
        raise KeyVersionUsedError(version=version, rows=rows, files=0)
    session.exec(delete(IndexVersion).where(col(IndexVersion.version) == version))


def destroy(vault: Vault, version: int) -> None:
    """Destroy the key of a version under which nobody looks up any more."""
    with vault.store.transaction() as keys:
        vault.index_keys.destroy(keys, version)


def run(steps: Steps, _key: str, _zone: tzinfo) -> RotationReport:
    """Move every look-up under the version in use, some workers a step; the job."""
    total = cast("int", steps.take(_count_left))
    moved, last = 0, _BEFORE_ALL
    while True:
        told = cast("list[str]", steps.take(partial(_move_next, last), done=moved, total=total))
        if not told:
            break
        last, moved = UUID(told[0]), moved + int(told[1])
    left = cast("int", steps.take(_count_left, done=moved, total=total))
    version = cast("int", steps.take(_version))
    return RotationReport(version=str(version), moved=moved, left=left)


WORKS[KIND] = run


def _version(session: Session, _now: datetime) -> Told:
    return index_of(session).version


def _count_left(session: Session, _now: datetime) -> Told:
    version = index_of(session).version
    return sum(_count(session, table, col(table.version) != version) for table in _TABLES)


def _count(session: Session, table: LookedUp, which: ColumnElement[bool]) -> int:
    return session.exec(select(func.count()).select_from(table).where(which)).one()


def _move_next(after: UUID, session: Session, _now: datetime) -> Told:
    """Move the look-ups of the next workers; return the last and how many, or nothing."""
    index = index_of(session)
    found: set[UUID] = set()
    for table in _TABLES:  # The next of both together are among the next of each.
        query = (
            select(table.worker_id)
            .where(col(table.version) != index.version, col(table.worker_id) > after)
            .distinct()
            .order_by(col(table.worker_id))
            .limit(BATCH)
        )
        found.update(session.exec(query))
    whose = sorted(found)[:BATCH]
    if not whose:
        return []
    scan(session)
    return [str(whose[-1]), str(_move(session, index, whose))]


def _move(session: Session, index: LookUpIndex, whose: Sequence[UUID]) -> int:
    """Give the rows of some workers their digests under the version in use."""
    waiting = {
        (table, purpose, digest)
        for table in _TABLES
        for purpose, digest in session.exec(
            select(table.purpose, table.digest).where(
                col(table.worker_id).in_(whose), col(table.version) != index.version
            )
        )
    }
    moved = 0
    for claim in map(index.claim, _values(session, whose)):
        for table, former in product(_TABLES, claim.earlier):
            if (table, claim.purpose, former) in waiting:
                waiting.remove((table, claim.purpose, former))
                this = (
                    col(table.worker_id).in_(whose),
                    col(table.purpose) == claim.purpose,
                    col(table.digest) == former,
                )
                told = {"digest": claim.digest, "version": index.version}
                moved += session.exec(update(table).where(*this).values(told)).rowcount
    return moved


def _values(session: Session, whose: Sequence[UUID]) -> Iterable[Sought]:
    for values_of in VALUES:
        yield from values_of(session, whose)


def _archive_numbers(session: Session, whose: Sequence[UUID]) -> Iterable[Sought]:
    numbers = select(Worker.archive_number).where(col(Worker.worker_id).in_(whose))
    return [number_sought(number) for number in session.exec(numbers)]


VALUES.append(_archive_numbers)
