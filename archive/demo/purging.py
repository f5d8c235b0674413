"""Removing the demo district: the one place where rows of append-only tables are deleted.

Narrow on purpose: one transaction takes off the triggers that refuse deletion, deletes rows
of demo workers only, and puts the triggers back; the database's owner must run it. What a
real worker's dossier rests on is kept, and told.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, Table, delete, exists, select, text, update
from sqlalchemy.sql.elements import ColumnElement

from archive.db import Database, install_triggers, is_sqlite
from archive.demo import purging_classes, purging_law, purging_platforms
from archive.demo.refusals import DemoKeptError
from archive.dossiers.course_models import CourseIdentifier, OfferedCourse
from archive.dossiers.models import IntakeBatch, Record
from archive.dossiers.offer_models import Offer
from archive.migrations.tables import METADATA
from archive.people.accreditation_models import Accreditation, AccreditationChange
from archive.people.factor_models import Passkey, RecoveryCode, Totp, TotpStep, UnfinishedSignIn
from archive.people.key_store import WRAPPED_KEY
from archive.people.models import Account, Organisation, SignIn, Worker
from archive.people.privacy import vault_of
from credit_bank.bulk import table_of
from credit_bank.models import CaseEvent

_BATCH = 400  # Below every database's limit on bound values.
_WORKER, _ACCOUNT, _ORGANISATION = (table_of(one) for one in (Worker, Account, Organisation))
_SIGN_INS = [
    table_of(one) for one in (SignIn, UnfinishedSignIn, TotpStep, Totp, RecoveryCode, Passkey)
]
_DEMO_WORKERS = select(_WORKER.c.worker_id).where(_WORKER.c.is_demo)


@dataclass(frozen=True)
class Purged:
    """What was removed, and what had to stay."""

    workers: int
    records: int
    """Rows of dossiers: records, corrections, withdrawals, identities."""
    organisations: int
    accounts: int
    kept: DemoKeptError | None
    """Names the organisations and accounts that real dossiers rest on; not raised."""


def purge(archive: Database) -> Purged:
    """Remove demo workers with rows and keys, demo organisations, their accounts and their law.

    An archive without a demo district is left as it is. Keys go last: an unused key is
    harmless should the key store fail.
    """
    with archive.transaction() as session:
        connection = session.connection()
        workers = list(connection.execute(_DEMO_WORKERS).scalars())
        theirs = select(_ACCOUNT.c.id).where(_ACCOUNT.c.is_demo)
        sealed_for = [*workers, *connection.execute(theirs).scalars()]
        sealed_for += purging_classes.keys_of_classes(connection)
        sealed_for += purging_platforms.keys_of_arrivals(connection)
        cases = purging_law.cases_of(connection, workers)
        records = _remove_dossiers(connection)
        _remove_accreditations(connection)
        with _deletable(connection, purging_platforms.TABLES):
            purging_platforms.remove_posted(connection)
        with _deletable(connection, [table_of(one) for one in purging_law.APPEND_ONLY]):
            purging_law.remove_proposals(connection, cases)
            parties = purging_law.remove_agreements(connection)
            purging_law.remove_decisions(connection)
            accounts = _remove_accounts(connection)
            organisations = _remove_demo(connection, _ORGANISATION, parties)
        kept = _kept(connection)
    _destroy_keys(archive, sealed_for)
    return Purged(len(workers), records, organisations, accounts, kept)


def _remove_dossiers(connection: Connection) -> int:
    """Remove every row of demo workers; return how many of them were rows of dossiers."""
    removed = {}
    others = [table_of(one) for one in (IntakeBatch, Offer, CourseIdentifier, OfferedCourse)]
    with _deletable(connection, [*_tables_of_workers(), *purging_classes.TABLES, *others]):
        purging_classes.remove_classes(connection)
        for table in _tables_of_workers():
            theirs = delete(table).where(table.c.worker_id.in_(_DEMO_WORKERS))
            removed[table.name] = connection.execute(theirs).rowcount
        _remove_batches(connection)
        _remove_offers(connection)
    connection.execute(delete(_WORKER).where(_WORKER.c.is_demo))
    return removed[table_of(Record).name]


def _tables_of_workers() -> list[Table]:
    """Return every table that has rows of one worker, those that others refer to last."""
    return [
        table
        for table in reversed(METADATA.sorted_tables)
        if "worker_id" in table.columns and table not in (_WORKER, _ACCOUNT)
    ]


@contextmanager
def _deletable(connection: Connection, tables: list[Table]) -> Iterator[None]:
    """Take off the triggers that refuse deletion, and put them back; all in one transaction."""
    kept = sorted({table.name for table in tables if table.info.get("append_only")})
    for name in kept:
        trigger = f"{name}_no_delete" if is_sqlite(connection) else f"{name}_is_kept ON {name}"
        connection.execute(text(f"DROP TRIGGER {trigger}"))
    yield
    install_triggers(connection, kept)


def _remove_batches(connection: Connection) -> None:
    """Remove the files of demo organisations that no record comes from any more."""
    batches = table_of(IntakeBatch)
    of_demo = select(_ORGANISATION.c.id).where(_ORGANISATION.c.is_demo)
    ours = batches.c.organisation_id.in_(of_demo)
    connection.execute(delete(batches).where(ours, *_unused(batches)))


def _remove_offers(connection: Connection) -> None:
    """Remove what demo organisations offer, unless a real worker applied there."""
    events = table_of(CaseEvent)
    of_demo = select(_ORGANISATION.c.id).where(
        _ORGANISATION.c.is_demo, ~exists().where(events.c.organisation_id == _ORGANISATION.c.id)
    )
    offered = [table_of(one) for one in (Offer, CourseIdentifier, OfferedCourse)]
    for table in offered:
        connection.execute(delete(table).where(table.c.organisation_id.in_(of_demo)))


def _remove_accreditations(connection: Connection) -> None:
    """Remove what demo organisations were accredited for, with its ends."""
    given, changes = table_of(Accreditation), table_of(AccreditationChange)
    of_demo = select(_ORGANISATION.c.id).where(_ORGANISATION.c.is_demo)
    theirs = select(given.c.id).where(given.c.organisation_id.in_(of_demo))
    with _deletable(connection, [given, changes]):
        connection.execute(delete(changes).where(changes.c.accreditation_id.in_(theirs)))
        connection.execute(delete(given).where(given.c.organisation_id.in_(of_demo)))


def _remove_accounts(connection: Connection) -> int:
    """Remove demo accounts; one that something refers to is closed instead."""
    of_demo = select(_ACCOUNT.c.id).where(_ACCOUNT.c.is_demo)
    for table in _SIGN_INS:
        connection.execute(delete(table).where(table.c.account_id.in_(of_demo)))
    removed = _remove_demo(connection, _ACCOUNT)
    closed = update(_ACCOUNT).where(_ACCOUNT.c.is_demo)
    connection.execute(closed.values(is_active=False, password_hash=None, worker_id=None))
    return removed


def _remove_demo(connection: Connection, table: Table, kept: Iterable[UUID] = ()) -> int:
    """Remove the demo rows that no row of any table refers to, but for some; return how many."""
    ours = (table.c.is_demo, table.c.id.not_in(list(kept)), *_unused(table))
    return connection.execute(delete(table).where(*ours)).rowcount


def _unused(table: Table) -> list[ColumnElement[bool]]:
    """Return the conditions that no row of any table refers to a row of this one."""
    return [
        ~exists().where(column == table.c.id)
        for other in METADATA.sorted_tables
        for column in other.columns
        if any(key.column is table.c.id for key in column.foreign_keys)
    ]


def _kept(connection: Connection) -> DemoKeptError | None:
    codes = select(_ORGANISATION.c.code).where(_ORGANISATION.c.is_demo)
    names = select(_ACCOUNT.c.name).where(_ACCOUNT.c.is_demo)
    kept = [sorted(connection.execute(query).scalars()) for query in (codes, names)]
    if not any(kept):
        return None
    organisations, accounts = (", ".join(found) or "-" for found in kept)
    return DemoKeptError(organisations=organisations, accounts=accounts)


def _destroy_keys(archive: Database, owners: list[UUID]) -> None:
    with vault_of(archive).store.transaction() as session:
        for at in range(0, len(owners), _BATCH):
            theirs = WRAPPED_KEY.c.worker_id.in_(owners[at : at + _BATCH])
            session.connection().execute(delete(WRAPPED_KEY).where(theirs))
