"""The keys of look-ups: wrapped by the master key, kept in the key store, versions numbered.

Version 0 is frozen: what it digests is hashed into chains. The others digest only what
finds somebody, and follow each other; which of them is in use is told by the archive's
database, because it must change together with the rows that they digested.
"""

import hmac
import os
import threading
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from sqlalchemy import delete, insert, select, update
from sqlmodel import Session

from archive.db import Database
from archive.people.key_store import INDEX_KEY, current_master
from archive.people.master_key import KEY_BYTES, KeyRing
from archive.people.master_key_refusals import IndexKeyMissingError, MasterKeyForeignError

_BLOCK = 64  # Of SHA-256; no key of look-ups is longer.
_INNER, _OUTER = (bytes(at ^ pad for at in range(256)) for pad in (0x36, 0x5C))

FOR_GOOD = 0
"""Digests what is compared for good: identities and contents of records, texts of rules."""
FIRST = 1
"""The first version that digests look-ups."""


class IndexKeys:
    """The keys of look-ups, opened when they are first needed."""

    def __init__(self, ring: KeyRing, store: Database) -> None:
        """Take the master keys and the key store."""
        self._ring, self._store = ring, store
        self._known: dict[int, bytes] = {}
        self._begun: dict[int, hmac.HMAC] = {}
        self._one_at_a_time = threading.Lock()

    def key(self, version: int) -> bytes:
        """Return a key. Raises IndexKeyMissingError, MasterKeyUnusableError."""
        known = self._known.get(version)
        if known is None:
            with self._one_at_a_time:
                known = self._known[version] = self._open(version)
        return known

    def digest(self, version: int, message: bytes) -> bytes:
        """Return the keyed digest of a message. Raises what ``key`` raises.

        The key is taken up once: what has been begun is copied for each message.
        """
        begun = self._begun.get(version)
        if begun is None:
            begun = self._begun[version] = hmac.new(self.key(version), digestmod="sha256")
        mine = begun.copy()
        mine.update(message)
        return mine.digest()

    def digests(self, version: int, messages: Iterable[bytes]) -> list[bytes]:
        """Return what ``digest`` returns of each message, for tens of thousands at once.

        HMAC by its definition (RFC 2104): both halves have taken up the key before.
        """
        key = self.key(version).ljust(_BLOCK, b"\0")
        inner = sha256(key.translate(_INNER)).copy
        outer = sha256(key.translate(_OUTER)).copy
        found = []
        for message in messages:
            half = inner()
            half.update(message)
            whole = outer()
            whole.update(half.digest())
            found.append(whole.digest())
        return found

    def _open(self, version: int) -> bytes:
        query = select(INDEX_KEY.c.master_id, INDEX_KEY.c.wrapped).where(
            INDEX_KEY.c.version == version
        )
        with self._store.reading() as session:
            found = session.execute(query).one_or_none()
        if found is None:
            raise IndexKeyMissingError
        return unwrapped(self._ring, version, found.master_id, found.wrapped)

    def keep(self, session: Session, version: int, key: bytes, *, now: datetime) -> None:
        """Put a key into the key store, wrapped."""
        master = current_master(session, kept=True)
        wrapped = self._ring.key(master).wrap(key, _binding(version))
        row = {"version": version, "master_id": master, "wrapped": wrapped, "created_at": now}
        session.connection().execute(insert(INDEX_KEY).values(row))

    def make(self, session: Session, version: int, *, now: datetime) -> None:
        """Make the key of another version."""
        self.keep(session, version, os.urandom(KEY_BYTES), now=now)

    def wrap_again(self, session: Session) -> int:
        """Wrap all keys under the master key in use; return how many were under another."""
        master = current_master(session, kept=True)
        rows = session.execute(select(INDEX_KEY).where(INDEX_KEY.c.master_id != master)).all()
        for row in rows:
            key = unwrapped(self._ring, row.version, row.master_id, row.wrapped)
            told = {
                "master_id": master,
                "wrapped": self._ring.key(master).wrap(key, _binding(row.version)),
            }
            session.connection().execute(
                update(INDEX_KEY).where(INDEX_KEY.c.version == row.version).values(told)
            )
        return len(rows)

    def destroy(self, session: Session, version: int) -> None:
        """Destroy a key; the caller has seen that nothing is under it."""
        session.connection().execute(delete(INDEX_KEY).where(INDEX_KEY.c.version == version))
        self._known.pop(version, None)
        self._begun.pop(version, None)


def unwrapped(ring: KeyRing, version: int, master: str, wrapped: bytes) -> bytes:
    """Open a key of look-ups; raises MasterKeyUnusableError.

    It is the first that is opened, so that a master key which is not this archive's is
    found out here.
    """
    key = ring.key(master)
    try:
        return key.unwrap(wrapped, _binding(version))
    except (InvalidTag, ValueError) as foreign:
        names = ", ".join(source.name for source in ring.sources)
        raise MasterKeyForeignError(version=master, name=names) from foreign


def _binding(version: int) -> bytes:
    return b"index_key\0" + version.to_bytes(4, "big")
