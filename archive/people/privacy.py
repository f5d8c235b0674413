"""Keys and secrets: sealing under a key per person, and look-ups that reveal nothing.

A person's key is wrapped by the master key and lives in the key store, a database of its
own that is never in the same backup as the archive. Destroying it erases the person.
"""

import copy
import hmac
import os
from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import (
    Column,
    LargeBinary,
    MetaData,
    String,
    Table,
    Uuid,
    inspect,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session

from archive.audit.acts import Notes, notes_of
from archive.db import Database, is_sqlite
from archive.errors import ArchiveError
from archive.people.master_key import MasterKeys
from credit_bank.bulk import insert_rows
from credit_bank.columns import UtcTime

KEY_BYTES = 32
ERASING = "erasing"
FROZEN = "frozen"
_NONCE_BYTES = 12
_BATCH = 500  # Below every database's limit on bound values.

KEY_STORE = MetaData()
WRAPPED_KEY = Table(
    "wrapped_key",
    KEY_STORE,
    Column("worker_id", Uuid, primary_key=True),
    Column("master_id", String(16), nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("created_at", UtcTime, nullable=False),
)

CLOSED_KEY = Table(
    "closed_key",
    KEY_STORE,
    Column("worker_id", Uuid, primary_key=True),
    Column("closed_as", String(16), nullable=False),
    Column("closed_at", UtcTime, nullable=False),
)
"""Keys that are handed to nobody: see ``archive.people.closing``."""


class SealBrokenError(ArchiveError):
    """A sealed value does not open under the key that it should open under."""

    code: ClassVar[str] = "seal_broken"
    template: ClassVar[str] = (
        "A sealed value cannot be opened: it was changed, or the keys are not this archive's. "
        "Run “skills-archive chain verify” and check which key store is in use."
    )


class Vault:
    """Seals, opens and looks up; what services get through ``vault_of(session)``."""

    def __init__(self, masters: MasterKeys, store: Database) -> None:
        """Take the master keys and the key store."""
        self._master = AESGCM(masters.wrapping)
        self._master_id = masters.id
        self._index = masters.index
        self.store = store
        self._notes: Notes | None = None

    def noting(self, notes: Notes) -> "Vault":
        """Return the same vault, noting whose keys it opens."""
        same = copy.copy(self)
        same._notes = notes  # noqa: SLF001  # Its own kind.
        return same

    def new_keys(self, worker_ids: Iterable[UUID], now: datetime) -> dict[UUID, "PersonKey"]:
        """Make and keep a key for each new worker, before anything is sealed under it.

        The key store commits first: an unused key is harmless, a lost one is not.
        """
        fresh = {worker_id: os.urandom(KEY_BYTES) for worker_id in worker_ids}
        rows = [
            {
                "worker_id": worker_id,
                "master_id": self._master_id,
                "wrapped": self._wrap(worker_id, key),
                "created_at": now,
            }
            for worker_id, key in fresh.items()
        ]
        if rows:
            with self.store.transaction() as session:
                insert_rows(session, WRAPPED_KEY, rows)
        if self._notes is not None:
            self._notes.opened(fresh)
        return {worker_id: PersonKey(worker_id, key) for worker_id, key in fresh.items()}

    def keys_of(self, worker_ids: Iterable[UUID]) -> dict[UUID, "PersonKey"]:
        """Return the keys that may be used; who has none was erased, or is frozen."""
        return self._unwrapped(worker_ids, CLOSED_KEY.c.worker_id.is_(None))

    def keys_to_prove(self, worker_ids: Iterable[UUID]) -> dict[UUID, "PersonKey"]:
        """Return the keys of the frozen as well: to prove what is kept, never to show it."""
        return self._unwrapped(worker_ids, CLOSED_KEY.c.closed_as.is_distinct_from(ERASING))

    def _unwrapped(
        self, worker_ids: Iterable[UUID], usable: ColumnElement[bool]
    ) -> dict[UUID, "PersonKey"]:
        wanted = list(worker_ids)
        found: dict[UUID, PersonKey] = {}
        with self.store.reading() as session:
            for at in range(0, len(wanted), _BATCH):
                part = wanted[at : at + _BATCH]
                query = (
                    select(WRAPPED_KEY.c.worker_id, WRAPPED_KEY.c.wrapped)
                    .outerjoin(CLOSED_KEY, CLOSED_KEY.c.worker_id == WRAPPED_KEY.c.worker_id)
                    .where(WRAPPED_KEY.c.worker_id.in_(part), usable)
                )
                for worker_id, wrapped in session.execute(query):
                    found[worker_id] = PersonKey(worker_id, self._unwrap(worker_id, wrapped))
        if self._notes is not None:
            self._notes.opened(found)
        return found

    def key_of_account(self, account_id: UUID, *, now: datetime) -> "PersonKey":
        """Return the key under which an account's own secrets are sealed; made when missing.

        It is kept and wrapped exactly as a person's, beside theirs, and rotated with them.
        """
        with self.store.reading() as session:
            found = self._kept_of(session, account_id)
        if found is None:
            with self.store.transaction() as session:
                self._keep_once(session, account_id, now)
                found = self._kept_of(session, account_id)
        return PersonKey(account_id, self._unwrap(account_id, found or b""))

    def _keep_once(self, session: Session, account_id: UUID, now: datetime) -> None:
        """Keep a new key, unless another process was first."""
        dialect = sqlite if is_sqlite(session.connection()) else postgresql
        row = {
            "worker_id": account_id,
            "master_id": self._master_id,
            "wrapped": self._wrap(account_id, os.urandom(KEY_BYTES)),
            "created_at": now,
        }
        added = dialect.insert(WRAPPED_KEY).values(row).on_conflict_do_nothing()
        session.connection().execute(added)

    @staticmethod
    def _kept_of(session: Session, account_id: UUID) -> bytes | None:
        query = select(WRAPPED_KEY.c.wrapped).where(WRAPPED_KEY.c.worker_id == account_id)
        kept = session.connection().execute(query).scalar_one_or_none()
        return kept if kept is None else bytes(kept)

    def digest(self, purpose: str, value: str) -> bytes:
        """Return the keyed digest by which ``value`` is found for ``purpose``."""
        message = purpose.encode() + b"\0" + value.encode()
        return hmac.digest(self._index, message, "sha256")

    def _wrap(self, worker_id: UUID, key: bytes) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._master.encrypt(nonce, key, _wrapping(worker_id))

    def _unwrap(self, worker_id: UUID, wrapped: bytes) -> bytes:
        nonce, body = wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:]
        try:
            return self._master.decrypt(nonce, body, _wrapping(worker_id))
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


def master_in_use(store: Database) -> str | None:
    """Return under which master key the key store's keys are wrapped; None when it has none."""
    with store.reading() as session:
        if not inspect(session.connection()).has_table(WRAPPED_KEY.name):
            return None
        return session.execute(select(WRAPPED_KEY.c.master_id).limit(1)).scalar()


def vault_of(owner: Session | Database) -> Vault:
    """Return the vault that was handed to this session, or to this database.

    That of a session notes whose keys it opens, to be told when the session ends.
    """
    vault = owner.info.get("vault")
    if not isinstance(vault, Vault):
        message = "the archive was opened without a vault"
        raise TypeError(message)
    return vault.noting(notes_of(owner)) if isinstance(owner, Session) else vault


def _wrapping(worker_id: UUID) -> bytes:
    return b"wrapped_key\0" + worker_id.bytes
