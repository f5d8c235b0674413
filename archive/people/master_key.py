"""Master keys as such: what one does, and all that are at hand. Where they lie: ``key_sources``.

A master key wraps other keys: those of persons, of look-ups, of waiting files. Nothing else
is ever encrypted under it, so that a rotation re-wraps keys and no body.
"""

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from archive.people.master_key_refusals import MasterKeyForeignError, MasterKeyUnusableError
from schemas.keys import MasterKeySource

KEY_BYTES = 32
NONCE_BYTES = 12


class MasterKey(Protocol):
    """One version of the master key, wherever it lies."""

    @property
    def id(self) -> str:
        """What rows remember: 16 characters that tell keys apart and reveal nothing."""

    def wrap(self, plain: bytes, bound_to: bytes) -> bytes:
        """Encrypt a key so that it opens only with the same ``bound_to``."""

    def unwrap(self, wrapped: bytes, bound_to: bytes) -> bytes:
        """Decrypt a key; raises InvalidTag or ValueError, or MasterKeyUnreachableError."""


class KeySource(Protocol):
    """A place in which master keys are kept."""

    @property
    def kind(self) -> MasterKeySource:
        """Which of the places this is."""

    @property
    def name(self) -> str:
        """What people call it: a file, a variable, a token."""

    def keys(self) -> Sequence[MasterKey]:
        """Return what is kept there now, perhaps nothing; raises MasterKeyUnusableError."""

    def make_first(self) -> None:
        """Make a key where there is none yet; raises MasterKeyUnusableError."""

    def make(self) -> MasterKey:
        """Make another key; raises MasterKeyElsewhereError where that is others' business."""

    def remove(self, version: str) -> None:
        """Destroy a key, if that can be done from here."""


class PlainKey:
    """A master key in the memory of this process."""

    __slots__ = ("_cipher", "_id")

    def __init__(self, key: bytes) -> None:
        """Take 32 bytes; raises ValueError for any other number."""
        if len(key) != KEY_BYTES:
            message = "a master key has 32 bytes"
            raise ValueError(message)
        self._cipher = AESGCM(key)
        self._id = hashlib.sha256(b"master\0" + key).hexdigest()[:16]

    @property
    def id(self) -> str:
        """A short digest of the key."""
        return self._id

    def wrap(self, plain: bytes, bound_to: bytes) -> bytes:
        """Encrypt under a fresh nonce, which stands in front."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, bound_to)

    def unwrap(self, wrapped: bytes, bound_to: bytes) -> bytes:
        """Decrypt; raises InvalidTag or ValueError."""
        return self._cipher.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], bound_to)

    def __repr__(self) -> str:
        return f"PlainKey({self._id})"


class KeyRing:
    """All master keys at hand; the first source is where new ones are made."""

    def __init__(self, sources: Sequence[KeySource]) -> None:
        """Take the sources; none is read yet."""
        self.sources = sources
        self._known: Mapping[str, tuple[MasterKey, KeySource]] = {}

    def key(self, version: str) -> MasterKey:
        """Return a key, looking into every source anew for one that is not known yet.

        Another process may have made it. Raises MasterKeyUnusableError: what keeps a source
        from being read, or MasterKeyForeignError when all can be and none has the key.
        """
        if version not in self._known:
            self._known, faults = self._read()
            if version not in self._known:
                names = ", ".join(source.name for source in self.sources)
                raise faults[0] if faults else MasterKeyForeignError(version=version, name=names)
        return self._known[version][0]

    def everything(self) -> list[tuple[MasterKey, KeySource]]:
        """Return every key that can be reached now, those of the first source first."""
        self._known, _ = self._read()
        return list(self._known.values())

    def forget(self) -> None:
        """Read the sources anew when the next key is asked for."""
        self._known = {}

    def remove(self, version: str) -> MasterKeySource | None:
        """Destroy a key where it lies; return where that was, None when nowhere."""
        self._known, _ = self._read()
        found = self._known.get(version)
        if found is None:
            return None
        found[1].remove(version)
        self.forget()
        return found[1].kind

    def _read(self) -> tuple[dict[str, tuple[MasterKey, KeySource]], list[MasterKeyUnusableError]]:
        """Return what all sources hold, and why some could not be read."""
        found: dict[str, tuple[MasterKey, KeySource]] = {}
        faults: list[MasterKeyUnusableError] = []
        for source in self.sources:
            try:
                keys: Iterable[MasterKey] = source.keys()
            except MasterKeyUnusableError as fault:
                faults.append(fault)
                continue
            for key in keys:
                found.setdefault(key.id, (key, source))
        return found, faults
