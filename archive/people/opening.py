"""Opening the archive: its database, with the vault and the trail handed to every session."""

import os
from datetime import datetime

from sqlalchemy import select

from archive.audit.group_commit import AccessLog
from archive.db import Database
from archive.people.accreditation import REQUIRED
from archive.people.index_keys import FIRST, FOR_GOOD
from archive.people.key_sources import ring_of
from archive.people.key_store import INDEX_KEY, MASTER_VERSION, masters_in_use, put_in_use
from archive.people.keys_apart import ROSTER_YEARS
from archive.people.master_key import KEY_BYTES, KeyRing
from archive.people.master_key_file import KeyFile
from archive.people.master_key_refusals import (
    IndexKeyMissingError,
    MasterKeyForeignError,
    MasterKeyMissingError,
    MasterKeyUnsetError,
)
from archive.people.privacy import Vault
from archive.people.trail import Trail
from archive.settings import Settings
from schemas.keys import MasterKeySource


def open_archive(settings: Settings) -> Database:
    """Return the archive's database; makes the home folder and master keys on first run.

    Where persons' keys exist already a missing or foreign master key is refused: a new one
    would open nothing, and what is sealed under it would open nowhere else. Raises
    MasterKeyUnusableError.
    """
    store = Database(settings.keys_url)
    ring = ring_of(settings)
    in_use = masters_in_use(store)
    if not in_use:
        ring.sources[0].make_first()
    for version in sorted(in_use):
        _refuse_without(ring, version)
    vault = Vault(ring, store)
    trail = Trail(vault, AccessLog(Database(settings.access_url)))
    info = {"vault": vault, "trail": trail, "home": settings.home}
    info |= {REQUIRED: settings.accreditation_required, ROSTER_YEARS: settings.roster_years}
    return Database(settings.archive_url, info, trail)


def _refuse_without(ring: KeyRing, version: str) -> None:
    """Raise why a master key cannot be used, as exactly as the source where it should be tells."""
    try:
        ring.key(version)
    except MasterKeyForeignError:
        if ring.everything():
            raise
        first = ring.sources[0]
        if first.kind is MasterKeySource.ENVIRONMENT:
            raise MasterKeyUnsetError(name=first.name) from None
        raise MasterKeyMissingError(name=first.name) from None


def settle_keys(vault: Vault, *, now: datetime) -> None:
    """Give a key store of this version its first versions of master and look-up keys.

    Version 0.1 kept one key of look-ups beside the master key: there it is both the frozen
    one and the first that can be rotated; elsewhere they are two. Raises IndexKeyMissingError
    when the key store is in use and has none.
    """
    in_use = masters_in_use(vault.store)
    with vault.store.transaction() as session:
        if session.execute(select(MASTER_VERSION.c.id)).first() is None:
            version, kind = _first_master(vault.ring, in_use)
            put_in_use(session, version, kind, now=now)
        if session.execute(select(INDEX_KEY.c.version)).first() is not None:
            return
        legacy = _legacy_index_key(vault.ring)
        if legacy is None and in_use:
            raise IndexKeyMissingError
        for version_of_look_ups in (FOR_GOOD, FIRST):
            key = legacy or os.urandom(KEY_BYTES)
            vault.index_keys.keep(session, version_of_look_ups, key, now=now)


def _first_master(ring: KeyRing, in_use: set[str]) -> tuple[str, MasterKeySource]:
    """Return the master key that everything is under, or that is to be the first."""
    for key, source in ring.everything():
        if not in_use or key.id in in_use:
            return key.id, source.kind
    raise MasterKeyMissingError(name=ring.sources[0].name)


def _legacy_index_key(ring: KeyRing) -> bytes | None:
    files = [source for source in ring.sources if isinstance(source, KeyFile)]
    return files[0].index_key() if files else None
