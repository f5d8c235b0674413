"""Auditing, rebuilding and exporting ledgers, as commands ask for it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from archive.cli.draft_files import draft_of
from archive.cli.naming import worker_named
from archive.cli.opened import Opened, acting_on, existing
from archive.db import Database
from archive.dossiers import auditing, exporting, rebuilding
from archive.dossiers.many_hands import one_snapshot
from archive.migrations.running import refuse_unready
from archive.people.access import refuse_administering
from archive.settings import Settings, load_settings
from schemas.proofs import AuditReport, ExportReceipt, RebuildReport


class _Meant(NamedTuple):
    """The archive, and whose ledger is meant; None means all."""

    archive: Database
    settings: Settings
    now: datetime
    worker_id: UUID | None


def audited(worker: str | None) -> tuple[AuditReport, Settings]:
    """Return what the audit finds."""
    with _meant(worker) as one:
        if one.worker_id is None:
            return auditing.audit_all(one.archive, one.settings), one.settings
        return auditing.audit_one(one.archive, one.worker_id), one.settings


def compared(worker: str | None) -> tuple[RebuildReport, Settings]:
    """Return what is stored otherwise than it is computed anew; nothing is written."""
    with _meant(worker) as one:
        report = rebuilding.compare(one.archive, one.settings, one.worker_id, now=one.now)
        return report, one.settings


def rebuilt(worker: str | None, account: str) -> tuple[RebuildReport, Settings]:
    """Do the same and post what was published and never applied; only administrators may."""
    with acting_on(account) as acting:
        refuse_administering(acting.by)
        whose = _whose(acting.archive, acting.settings, acting.now, worker)
        report = rebuilding.rebuild(acting.archive, acting.settings, whose, now=acting.now)
        return report, acting.settings


def exported(worker: str | None) -> None:
    """Write ledgers to standard output, in UTF-8 whatever the terminal speaks."""
    with _meant(worker) as one, one_snapshot(one.archive) as session:
        exporting.export(session, sys.stdout.buffer.write, one.worker_id)
        sys.stdout.buffer.flush()


def exported_to(path: Path, worker: str | None) -> tuple[ExportReceipt, Settings]:
    """Write ledgers to a file that appears whole or not at all."""
    with _meant(worker) as one, draft_of(path) as draft, one_snapshot(one.archive) as session:
        return exporting.export(session, draft.write, one.worker_id), one.settings


@contextmanager
def _meant(worker: str | None) -> Iterator[_Meant]:
    settings, now = load_settings(), datetime.now(UTC)
    with existing(settings) as archive:
        refuse_unready(archive)
        yield _Meant(archive, settings, now, _whose(archive, settings, now, worker))


def _whose(archive: Database, settings: Settings, now: datetime, worker: str | None) -> UUID | None:
    if worker is None:
        return None
    with archive.reading() as session:
        return worker_named(Opened(session, settings, now), worker).worker_id
