"""A whole dossier to take along: one ZIP with the transcript, data, tables, looks and proofs.

The holder's own copy (个人信息保护法 art. 45), or one that the bureau hands over. It is made
in memory and kept nowhere; the document in it is registered as any other.
"""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Table, select
from sqlmodel import Session

from archive.audit.tables import ACCESS_EVENT, AUDIT_EVENT
from archive.db import Database
from archive.dossiers import correction_views, declaration_views, reading
from archive.dossiers.many_hands import one_snapshot
from archive.dossiers.personal import own_document
from archive.dossiers.statements import statement_of
from archive.people import closing, contacts, look_ups
from archive.people.actors import Actor
from archive.people.privacy import vault_of
from archive.people.trail import trail_of
from archive.transcripts import issuing
from archive.transcripts.keys import KeyProvider
from archive.transcripts.portable_proofs import proofs_of
from archive.transcripts.presses import Press
from schemas.contracts import Contract
from schemas.documents import DocumentAsked
from schemas.dossiers import DossierView, RecordView
from schemas.outputs import StatementView
from schemas.vocabulary import DocumentLanguage

_README = Path(__file__).with_name("portable_readme.md")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LOOKS = ("at", "role", "action", "purpose", "outcome")
_LINES = ("effective_on", "recorded_at", "title", "cause", "credits", "decision", "reason")
Proving = Callable[[Session], KeyProvider]
"""Tells what signs for the archive as a whole, as the session has it."""


@dataclass(frozen=True, slots=True)
class Portable:
    """An export, ready to be handed over."""

    archive_number: str
    body: bytes
    records: int


def export(
    archive: Database,
    worker_id: UUID,
    *,
    by: Actor,
    now: datetime,
    language: DocumentLanguage,
    using: Press,
    proving: Proving,
) -> Portable:
    """Return the export of one dossier; the caller holds no session.

    ``proving`` tells what signs the root under which its chain stands.

    Raises UnknownWorkerError, FrozenError, ErasedError, and what ``issuing.issue_now`` raises.
    """
    zone = ZoneInfo(using.timezone)
    issued = issuing.issue_now(
        archive, worker_id, DocumentAsked(language=language), by=by, now=now, using=using
    )
    with one_snapshot(archive) as session:
        files = _data(session, worker_id, now.astimezone(zone).date(), zone)
        key = vault_of(session).keys_of([worker_id]).get(worker_id)
        if key is None:
            raise closing.closed(session, worker_id)
        proofs = proofs_of(session, worker_id, key, proving(session), now=now)
        looks = _events(session, AUDIT_EVENT, worker_id)
    with trail_of(archive).store.reading() as session:
        looks += _events(session, ACCESS_EVENT, worker_id)
    number = issued.transcript.holder.archive_number
    told = _README.read_text(encoding="utf-8")
    moment = f"{now.astimezone(zone):%Y-%m-%d %H:%M}"
    files |= {
        "README.md": told.replace("{number}", number).replace("{moment}", moment).encode(),
        "transcript.pdf": issued.pdf,
        "looks.csv": _table(_LOOKS, sorted(looks, key=lambda one: str(one["at"]))),
    }
    files |= {f"proofs/{name}": body for name, body in proofs.items()}
    return Portable(number, _zipped(files, now.astimezone(zone)), len(issued.transcript.records))


def _data(session: Session, worker_id: UUID, today: date, zone: ZoneInfo) -> dict[str, bytes]:
    worker = look_ups.worker_known_as(session, worker_id)
    dossier = reading.dossier(session, worker_id, today=today, zone=zone)
    account = statement_of(session, worker, as_of=None, known_on=None, today=today, zone=zone)
    reached = contacts.reached(session, worker_id)
    personal = {
        "identity": own_document(session, worker_id).model_dump(mode="json"),
        "former_names": dossier.former_names,
        "contacts": reached.known,
        "contacts_not_confirmed": {kind: one.value for kind, one in reached.waiting.items()},
    }
    asked = correction_views.of_worker(session, worker_id, today=today)
    declared = declaration_views.of_worker(session, worker_id)
    return {
        "corrections.json": _listed(asked),
        "declarations.json": _listed(declared),
        "dossier.json": dossier.model_dump_json(indent=1).encode(),
        "statement.json": account.model_dump_json(indent=1).encode(),
        "personal.json": json.dumps(personal, ensure_ascii=False, indent=1).encode(),
        "statement.csv": _account_table(account),
        **_record_tables(dossier),
    }


def _listed(views: Iterable[Contract]) -> bytes:
    told = [one.model_dump(mode="json") for one in views]
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _record_tables(dossier: DossierView) -> dict[str, bytes]:
    """Return a table for each kind of record that the dossier holds."""
    kinds: dict[str, list[dict[str, object]]] = {}
    for view in dossier.records:
        kinds.setdefault(view.record.kind, []).append(_row(view))
    return {f"records/{kind}.csv": _table(_columns(rows), rows) for kind, rows in kinds.items()}


def _columns(rows: Iterable[Mapping[str, object]]) -> tuple[str, ...]:
    """Return all columns of some rows; what is seldom so stands only in the rows that tell it."""
    return tuple(dict.fromkeys(name for row in rows for name in row))


def _row(view: RecordView) -> dict[str, object]:
    told = view.record.model_dump(mode="json")
    return {
        "id": view.id,
        "title": view.title,
        "organisation": view.organisation.name.zh,
        "recorded_at": view.recorded_at.isoformat(),
        "is_withdrawn": view.is_withdrawn,
        "credits": view.credit.credits if view.credit else None,
        **{name: _flat(value) for name, value in told.items()},
    }


def _account_table(account: StatementView) -> bytes:
    lines = [line.model_dump(mode="json") for line in account.lines]
    return _table(_LINES, lines)


def _events(session: Session, table: Table, worker_id: UUID) -> list[dict[str, object]]:
    """Return who looked or wrote: as whom, for what; never which account of the staff."""
    columns = (table.c[name] for name in _LOOKS)
    query = select(*columns).where(table.c.worker_id == worker_id).order_by(table.c.id)
    rows = session.connection().execute(query)
    return [
        {name: one.isoformat() if isinstance(one, datetime) else one for name, one in row.items()}
        for row in rows.mappings()
    ]


def _table(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    """Return rows as CSV that office programs read; no cell is taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_inert(row.get(name)) for name in columns] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _inert(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _flat(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def _zipped(files: Mapping[str, bytes], moment: datetime) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, moment.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16  # For its holder only, where it is unpacked.
            archive.writestr(entry, content)
    return body.getvalue()
