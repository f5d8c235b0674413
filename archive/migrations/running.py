"""Upgrading and checking the databases. There is no way down: a backup is the way back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path

from alembic import command, context
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, func, select
from sqlmodel import Session

from archive.audit.tables import ACCESS_STORE
from archive.db import (
    Database,
    append_only_tables,
    install_triggers,
    is_sqlite,
    missing_triggers,
)
from archive.dossiers import names_found
from archive.errors import DatabaseNotReadyError
from archive.jobs.models import FOREIGN_TABLES
from archive.people import closing, closures, contacts_found
from archive.people.key_store import KEY_STORE
from archive.people.opening import settle_keys
from archive.people.privacy import vault_of
from archive.people.trail import trail_of
from credit_bank import bank
from credit_bank.publishing import rule_book, ship

HERE = Path(__file__).parent
ARCHIVE = "archive_db"
KEYS = "key_store"
ACCESSES = "access_log"
_LOCKS = {ARCHIVE: 20_220_915, KEYS: 20_220_916, ACCESSES: 20_220_941}  # Nobody else locks these.
_VERSIONS = {ARCHIVE: "alembic_version", KEYS: "alembic_version", ACCESSES: "access_log_version"}
"""The access log may lie in the archive's own database, and counts its versions apart."""


def upgrade(archive: Database, *, now: datetime) -> list[str]:
    """Bring all databases to this version and publish shipped rules; return what was done.

    Then what both hold together: look-ups that need the vault are filled, and closures that
    were interrupted are finished.

    Two processes that start at once take turns; the second finds nothing to do. Raises
    RuleChangedError when a shipped rule differs from what was published.
    """
    from archive.migrations.tables import METADATA  # noqa: PLC0415  # Tables import this room.

    vault, accesses = vault_of(archive), trail_of(archive).store
    store = vault.store
    with _alone(store, KEYS), _alone(archive, ARCHIVE), _alone(accesses, ACCESSES):
        done = _upgrade(store, KEYS)
        settle_keys(vault, now=now)
        done += [*_upgrade(archive, ARCHIVE), *_upgrade(accesses, ACCESSES)]
        for database, metadata in ((archive, METADATA), (accesses, ACCESS_STORE)):
            with database.engine.execution_options(archive_mode="write").begin() as connection:
                install_triggers(connection, append_only_tables(metadata))
        with archive.transaction() as session:
            done += [f"rule {rule}" for rule in _ship(session, now)]
    names_found.fill(archive)
    contacts_found.fill(archive)
    with archive.reading() as session:
        decided = closures.newest(session)
    closing.settle(store, decided, now=now)
    return done


def _ship(session: Session, now: datetime) -> list[str]:
    """Publish what this version ships, and apply it to the outcomes that are there.

    Rules of a new family reach back: what was kept undecided until now is decided.
    """
    shipped = ship(session, now=now)
    begins = [one.rule.in_force_from for one in rule_book(session).rules if one.rule.id in shipped]
    if begins:
        bank.recompute_since(session, min(begins), now=now)
    return shipped


def problems(archive: Database) -> list[str]:
    """Return what is wrong with the databases, as codes with a name; empty when all is well."""
    from archive.migrations.tables import METADATA  # noqa: PLC0415  # Tables import this room.

    store, accesses = vault_of(archive).store, trail_of(archive).store
    found = []
    for database, name, metadata in (
        (archive, ARCHIVE, METADATA),
        (store, KEYS, KEY_STORE),
        (accesses, ACCESSES, ACCESS_STORE),
    ):
        with database.engine.execution_options(archive_mode="read").connect() as connection:
            if _revision(connection, name) != _newest(name):
                found.append(f"not_upgraded:{name}")
                continue
            found += [f"differs:{name}:{what}" for what in _differences(connection, name, metadata)]
            lacking = missing_triggers(connection, append_only_tables(metadata))
            found += [f"trigger_missing:{table}" for table in lacking]
    return found


def refuse_unready(archive: Database) -> None:
    """Raise DatabaseNotReadyError unless archive, key store and access log are of this version."""
    store, accesses = vault_of(archive).store, trail_of(archive).store
    for database, name in ((archive, ARCHIVE), (store, KEYS), (accesses, ACCESSES)):
        with database.engine.execution_options(archive_mode="read").connect() as connection:
            if _revision(connection, name) != _newest(name):
                raise DatabaseNotReadyError


def run_migrations(metadata: MetaData, name: str = ARCHIVE) -> None:
    """Run what Alembic asks for on the connection that was handed in; called by env.py."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=is_sqlite(connection),
        version_table=_VERSIONS[name],
    )
    with context.begin_transaction():
        context.run_migrations()


def config_of(name: str, connection: Connection | None = None) -> Config:
    """Return Alembic's configuration of one of the databases."""
    config = Config()
    config.set_main_option("script_location", str(HERE / name))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _alone(database: Database, name: str) -> Iterator[None]:
    """Let only one process at a time upgrade a database.

    On SQLite each step begins with the write lock and finds out for itself what is left.
    """
    if database.engine.dialect.name == "sqlite":
        yield
        return
    with database.engine.begin() as connection:
        connection.execute(select(func.pg_advisory_xact_lock(_LOCKS[name])))
        yield


def _upgrade(database: Database, name: str) -> list[str]:
    with database.engine.execution_options(archive_mode="write").begin() as connection:
        before = _revision(connection, name)
        command.upgrade(config_of(name, connection), "head")
        after = _revision(connection, name)
    return [] if before == after else [f"{name} {after}"]


def _revision(connection: Connection, name: str) -> str | None:
    opts = {"version_table": _VERSIONS[name]}
    return MigrationContext.configure(connection, opts=opts).get_current_revision()


@cache
def _newest(name: str) -> str | None:
    return ScriptDirectory.from_config(config_of(name)).get_current_head()


def _differences(connection: Connection, name: str, metadata: MetaData) -> list[str]:
    opts = {"include_name": _is_ours(name), "version_table": _VERSIONS[name]}
    found = compare_metadata(MigrationContext.configure(connection, opts=opts), metadata)
    return [str(difference[0]) for difference in found]


def _is_ours(name: str) -> Callable[[str | None, str, object], bool]:
    """Return which tables belong to a database: archive and access log may share one."""
    from archive.migrations.tables import METADATA  # noqa: PLC0415  # Tables import this room.

    if name == ACCESSES:
        foreign = {*METADATA.tables, *FOREIGN_TABLES, _VERSIONS[ARCHIVE]}
    else:
        foreign = {*ACCESS_STORE.tables, *FOREIGN_TABLES, _VERSIONS[ACCESSES]}
    return lambda table, kind, _parents: not (kind == "table" and table in foreign)
