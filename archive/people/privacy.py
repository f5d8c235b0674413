"""Keys and secrets: sealing under a key per person, and look-ups that reveal nothing.

A person's key is wrapped by the master key and lives in the key store, a database of its
own that is never in the same backup as the archive. Destroying it erases the person.
"""

import copy
import hmac
import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session

from archive.audit.acts import Notes, notes_of
from archive.db import Database, is_sqlite
from archive.errors import SealBrokenError
from archive.people.index_keys import FOR_GOOD, IndexKeys
from archive.people.key_store import CLOSED_KEY, WRAPPED_KEY, current_master
from archive.people.master_key import KeyRing, MasterKey
from credit_bank.bulk import insert_rows

KEY_BYTES = 32
ERASING = "erasing"
FROZEN = "frozen"
_NONCE_BYTES = 12
_BATCH = 500  # Below every database's limit on bound values.


class Vault:
    """Seals, opens and looks up; what services get through ``vault_of(session)``."""

    def __init__(self, ring: KeyRing, store: Database) -> None:
        """Take the master keys and the key store."""
        self.ring = ring
        self.store = store
        self.index_keys = IndexKeys(ring, store)
        self._notes: Notes | None = None

    def noting(self, notes: Notes) -> "Vault":
        """Return the same vault, noting whose keys it opens."""
        same = copy.copy(self)
        same._notes = notes  # noqa: SLF001  # Its own kind.
        return same

    def new_keys(
        self, worker_ids: Iterable[UUID], now: datetime, *, perhaps_left: Sequence[UUID] = ()
    ) -> dict[UUID, "PersonKey"]:
        """Make and keep a key for each new worker, before anything is sealed under it.

        The key store commits first: an unused key is harmless, a lost one is not. Of workers
        whom an earlier attempt may have begun, ``perhaps_left``, the key that it left is used.
        """
        left = self.keys_of(perhaps_left) if perhaps_left else {}
        fresh = {one: os.urandom(KEY_BYTES) for one in worker_ids if one not in left}
        if fresh:
            with self.store.transaction() as session:
                master = self.ring.key(current_master(session, kept=True))
                rows = [_row(master, worker_id, key, now) for worker_id, key in fresh.items()]
                insert_rows(session, WRAPPED_KEY, rows)
        if self._notes is not None:
            self._notes.opened(fresh)
        return left | {worker_id: PersonKey(worker_id, key) for worker_id, key in fresh.items()}

    def keys_of(self, worker_ids: Iterable[UUID]) -> dict[UUID, "PersonKey"]:
        """Return the keys that may be used; who has none was erased, or is frozen."""
        return self._noted(self._unwrapped(worker_ids, CLOSED_KEY.c.worker_id.is_(None)))

    def keys_to_prove(self, worker_ids: Iterable[UUID]) -> dict[UUID, "PersonKey"]:
        """Return the keys of the frozen as well: to prove what is kept, never to show it."""
        usable = CLOSED_KEY.c.closed_as.is_distinct_from(ERASING)
        return self._noted(self._unwrapped(worker_ids, usable))

    def _unwrapped(
        self, worker_ids: Iterable[UUID], usable: ColumnElement[bool]
    ) -> dict[UUID, "PersonKey"]:
        wanted = list(worker_ids)
        found: dict[UUID, PersonKey] = {}
        with self.store.reading() as session:
            for at in range(0, len(wanted), _BATCH):
                part = wanted[at : at + _BATCH]
                columns = WRAPPED_KEY.c
                query = (
                    select(columns.worker_id, columns.master_id, columns.wrapped)
                    .outerjoin(CLOSED_KEY, CLOSED_KEY.c.worker_id == columns.worker_id)
                    .where(columns.worker_id.in_(part), usable)
                )
                for worker_id, version, wrapped in session.execute(query).all():
                    key = self.unwrap(version, wrapped, wrapping(worker_id))
                    found[worker_id] = PersonKey(worker_id, key)
        return found

    def _noted(self, found: dict[UUID, "PersonKey"]) -> dict[UUID, "PersonKey"]:
        """Note whose keys were opened, so that it is told."""
        if self._notes is not None:
            self._notes.opened(found)
        return found

    def key_of_account(self, account_id: UUID, *, now: datetime) -> "PersonKey":
        """Return the key under which an account's own secrets are sealed; made when missing.

        It is kept and wrapped exactly as a person's, beside theirs, and rotated with them. It
        opens nothing personal, so that it is told to nobody.
        """
        usable = CLOSED_KEY.c.worker_id.is_(None)
        found = self._unwrapped([account_id], usable)
        if not found:
            self._keep_once(account_id, now)
            found = self._unwrapped([account_id], usable)
        return found[account_id]

    def key_of_file(self, file_id: UUID) -> "PersonKey":
        """Return the key of a file that is kept; raises SealBrokenError when it was forgotten."""
        found = self.keys_of_files([file_id])
        if file_id not in found:
            raise SealBrokenError
        return found[file_id]

    def keys_of_files(self, file_ids: Iterable[UUID]) -> dict[UUID, "PersonKey"]:
        """Return the keys of files that are kept; who opens one opens nobody's dossier."""
        return self._unwrapped(file_ids, CLOSED_KEY.c.worker_id.is_(None))

    def forget_files(self, file_ids: Iterable[UUID]) -> None:
        """Destroy the keys of files, so that neither they nor what was found in them open again.

        Their pages may hold the bytes a while longer; what must not is a person's key, which
        ``closing`` destroys.
        """
        with self.store.transaction() as session:
            session.execute(delete(WRAPPED_KEY).where(WRAPPED_KEY.c.worker_id.in_(list(file_ids))))

    def _keep_once(self, account_id: UUID, now: datetime) -> None:
        """Keep a new key, unless another process was first."""
        with self.store.transaction() as session:
            master = self.ring.key(current_master(session, kept=True))
            row = _row(master, account_id, os.urandom(KEY_BYTES), now)
            dialect = sqlite if is_sqlite(session.connection()) else postgresql
            added = dialect.insert(WRAPPED_KEY).values(row).on_conflict_do_nothing()
            session.connection().execute(added)

    def digest(self, purpose: str, value: str) -> bytes:
        """Return the keyed digest by which ``value`` is recognised for good.

        Chains hash such digests, so that their key never changes. What only finds somebody
        is digested by ``look_ups`` under a key that can be rotated.
        """
        return self.index_digest(FOR_GOOD, purpose, value)

    def index_digest(self, version: int, purpose: str, value: str) -> bytes:
        """Return the keyed digest of a value under a version of the key of look-ups."""
        return self.index_keys.digest(version, f"{purpose}\0{value}".encode())

    def index_digests(self, version: int, purpose: str, values: Iterable[str]) -> list[bytes]:
        """Return what ``index_digest`` returns of each value."""
        return self.index_keys.digests(version, (f"{purpose}\0{one}".encode() for one in values))

    def wrap(self, plain: bytes, bound_to: bytes) -> tuple[str, bytes]:
        """Wrap a key that is kept elsewhere; returns the master key's version with it."""
        with self.store.reading() as session:
            version = current_master(session)
        return version, self.ring.key(version).wrap(plain, bound_to)

    def unwrap(self, version: str, wrapped: bytes, bound_to: bytes) -> bytes:
        """Open what a version of the master key wrapped.

        Raises SealBrokenError, and MasterKeyUnusableError when the master key is not at hand.
        """
        master = self.ring.key(version)
        try:
            return master.unwrap(wrapped, bound_to)
        except (InvalidTag, ValueError) as broken:  # Cut so short that nothing is left to try.
            raise SealBrokenError from broken


class PersonKey:
    """The key of one person or account; what it sealed opens in no other column or person."""

    __slots__ = ("_cipher", "_key", "_worker_id")

    def __init__(self, worker_id: UUID, key: bytes) -> None:
        """Take the unwrapped key."""
        self._worker_id = worker_id.bytes
        self._key = key
        self._cipher = AESGCM(key)

    def seal(self, column: str, plain: bytes) -> bytes:
        """Encrypt a value for ``column`` (written ``table.column``)."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, self._bound_to(column))

    def open(self, column: str, sealed: bytes) -> bytes:
        """Decrypt a value; raises SealBrokenError when it was changed or moved."""
        nonce, body = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, body, self._bound_to(column))
        except (InvalidTag, ValueError) as broken:  # Cut so short that nothing is left to try.
            raise SealBrokenError from broken

    def digest(self, purpose: str, value: str) -> bytes:
        """Return the keyed digest of a value that is only ever compared, under this key alone."""
        apart = hmac.digest(self._key, b"digest", "sha256")  # Sealing has the key to itself.
        return hmac.digest(apart, purpose.encode() + b"\0" + value.encode(), "sha256")

    def _bound_to(self, column: str) -> bytes:
        return column.encode() + b"\0" + self._worker_id


def vault_of(owner: Session | Database) -> Vault:
    """Return the vault that was handed to this session, or to this database.

    That of a session notes whose keys it opens, to be told when the session ends.
    """
    vault = owner.info.get("vault")
    if not isinstance(vault, Vault):
        message = "the archive was opened without a vault"
        raise TypeError(message)
    return vault.noting(notes_of(owner)) if isinstance(owner, Session) else vault


def _row(master: MasterKey, worker_id: UUID, key: bytes, now: datetime) -> dict[str, object]:
    """Return the row of a new key, wrapped under a master key."""
    return {
        "worker_id": worker_id,
        "master_id": master.id,
        "wrapped": master.wrap(key, wrapping(worker_id)),
        "created_at": now,
    }


def wrapping(worker_id: UUID) -> bytes:
    """Return what the wrapped key of a person is bound to."""
    return b"wrapped_key\0" + worker_id.bytes
