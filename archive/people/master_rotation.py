"""Versions of the master key: making one, moving everything under it, retiring an old one.

A rotation re-wraps the keys of persons and of look-ups, never a body. It only ever changes
rows that are there: a key that was destroyed stays destroyed.
"""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from functools import partial
from typing import Protocol, cast
from uuid import UUID

from sqlalchemy import func, select, update
from sqlmodel import Session

from archive.jobs.desk import WORKS, Steps, Told
from archive.people import closing
from archive.people.key_store import (
    MASTER_VERSION,
    WRAPPED_KEY,
    current_master,
    master_versions,
    put_in_use,
    rows_under,
    strike_out,
)
from archive.people.master_key import MasterKey
from archive.people.master_key_refusals import (
    KeyVersionCurrentError,
    KeyVersionUnknownError,
    KeyVersionUsedError,
    MasterKeyElsewhereError,
)
from archive.people.privacy import Vault, vault_of, wrapping
from schemas.keys import (
    KeyState,
    MasterKeyList,
    MasterKeySource,
    MasterKeyVersion,
    RotationReport,
)

KIND = "keys_master_rotate"
BATCH = 300
"""Keys a step: with a token over a network one takes some milliseconds."""
_BEFORE_ALL = UUID(int=0)


class Waiting(Protocol):
    """Files that wait, sealed under keys that the master key wrapped."""

    def count_under(self, version: str) -> int:
        """Return how many need a version of the master key."""


def listed(vault: Vault, files: Sequence[Waiting]) -> MasterKeyList:
    """Return all versions that are in use or at hand, with what is under each."""
    at_hand = {key.id: source.kind for key, source in vault.ring.everything()}
    with vault.store.reading() as session:
        used = master_versions(session)
        versions = [
            MasterKeyVersion(
                version=one.id,
                state=one.state,
                source=at_hand.pop(one.id, None),
                created_at=one.created_at,
                rows=rows_under(session, one.id),
                files=_waiting(files, one.id),
            )
            for one in used
        ]
    unused = [
        MasterKeyVersion(version=version, state=None, source=kind, created_at=None, rows=0, files=0)
        for version, kind in at_hand.items()
    ]
    return MasterKeyList(versions=(*versions, *unused))


def make(vault: Vault, *, now: datetime) -> str:
    """Make another master key and put it in use; return its version.

    New keys are wrapped under it from now on, in every process; what is there stays under
    the former until it is rotated. From the environment the first unused key is taken.
    Raises MasterKeyElsewhereError.
    """
    with vault.store.transaction() as session:
        former = session.execute(select(MASTER_VERSION.c.id).with_for_update()).scalars().all()
        key, kind = _another(vault, set(former))
        put_in_use(session, key.id, kind, now=now)
    vault.ring.forget()
    return key.id


def _another(vault: Vault, former: set[str]) -> tuple[MasterKey, MasterKeySource]:
    first = vault.ring.sources[0]
    if first.kind is MasterKeySource.ENVIRONMENT:
        unused = [key for key in first.keys() if key.id not in former]  # noqa: SIM118  # No dict.
        if unused:
            return unused[0], first.kind
        raise MasterKeyElsewhereError(name=first.name)
    return first.make(), first.kind


def retire(vault: Vault, version: str, files: Sequence[Waiting]) -> MasterKeySource | None:
    """Destroy a version that nothing needs; return where it lay, None when it was gone.

    The key store is written anew, so that what it wrapped is in no page any more.

    Raises KeyVersionUnknownError, KeyVersionCurrentError, and KeyVersionUsedError while a
    row or a waiting file is under it.
    """
    with vault.store.transaction() as session:
        known = {one.id: one.state for one in master_versions(session)}
        at_hand = {key.id for key, _ in vault.ring.everything()}
        if version not in known and version not in at_hand:
            raise KeyVersionUnknownError(version=version)
        if known.get(version) is KeyState.CURRENT:
            raise KeyVersionCurrentError(version=version)
        rows, waiting = rows_under(session, version), _waiting(files, version)
        if rows or waiting:
            raise KeyVersionUsedError(version=version, rows=rows, files=waiting)
        strike_out(session, version)
    closing.write_anew(vault.store)
    return vault.ring.remove(version)


def run(steps: Steps, _key: str, _zone: tzinfo) -> RotationReport:
    """Move everything under the version in use, some hundred keys a step; the job."""
    total = cast("int", steps.take(_count_left))
    done = 0
    last = _BEFORE_ALL
    while True:
        done = min(done + BATCH, total)
        told = cast("str", steps.take(partial(_move_next, last), done=done, total=total))
        if not told:
            break
        last = UUID(told)
    others = cast("int", steps.take(_move_index_keys))
    version = cast("str", steps.take(_version))
    left = cast("int", steps.take(_count_left))
    return RotationReport(version=version, moved=total - left + others, left=left)


WORKS[KIND] = run


def _waiting(files: Sequence[Waiting], version: str) -> int:
    return sum(folder.count_under(version) for folder in files)


def _version(session: Session, _now: datetime) -> Told:
    with vault_of(session).store.reading() as keys:
        return current_master(keys)


def _count_left(session: Session, _now: datetime) -> Told:
    with vault_of(session).store.reading() as keys:
        version = current_master(keys)
        others = WRAPPED_KEY.c.master_id != version
        count = select(func.count()).select_from(WRAPPED_KEY).where(others)
        return int(keys.execute(count).scalar_one())


def _move_next(after: UUID, session: Session, _now: datetime) -> Told:
    """Re-wrap the next keys; return the last person's id, empty when none is left."""
    vault = vault_of(session)
    with vault.store.transaction() as keys:
        version = current_master(keys, kept=True)
        columns = WRAPPED_KEY.c
        query = (
            select(columns.worker_id, columns.master_id, columns.wrapped)
            .where(columns.master_id != version, columns.worker_id > after)
            .order_by(columns.worker_id)
            .limit(BATCH)
        )
        last = ""
        for worker_id, former, wrapped in keys.execute(query).all():
            _move(vault, keys, version, (worker_id, former, wrapped))
            last = str(worker_id)
    return last


def _move(vault: Vault, keys: Session, version: str, row: tuple[UUID, str, bytes]) -> None:
    """Re-wrap one key, if it is still there as it was read."""
    worker_id, former, wrapped = row
    key = vault.unwrap(former, wrapped, wrapping(worker_id))
    again = vault.ring.key(version).wrap(key, wrapping(worker_id))
    columns = WRAPPED_KEY.c
    same = (columns.worker_id == worker_id, columns.master_id == former)
    told = {"master_id": version, "wrapped": again}
    keys.connection().execute(update(WRAPPED_KEY).where(*same).values(told))


def _move_index_keys(session: Session, _now: datetime) -> Told:
    vault = vault_of(session)
    with vault.store.transaction() as keys:
        return vault.index_keys.wrap_again(keys)
