"""Searching and taking away what the audit tells: for audit administrators, and itself told.

Both streams are read as one, the newest first. Rows are never edited; what an export holds
opens in office programs without running anything.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Table, select
from sqlmodel import Session, col
from sqlmodel import select as selecting

from archive.audit.acts import tell_always
from archive.audit.events import TABLE_OF, Outcome, Stream
from archive.audit.sealing import first_id_at
from archive.people import accounts, look_ups, organisations, workers
from archive.people.access import refuse
from archive.people.actors import Actor
from archive.people.models import Account
from archive.people.trail import trail_of
from schemas.audit import AuditAsked, AuditLine, AuditLines
from schemas.contracts import Contract
from schemas.vocabulary import Permission

PAGE = 50
_CHUNK = 1_000
_LAST = UUID(int=(1 << 128) - 1)
Sought = dict[str, Any]
"""The columns that are looked for with their values, and the bounds of time."""
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


class Wanted(NamedTuple):
    """What is looked for; what is None is not asked."""

    worker: str | None = None
    """An archive number."""
    account: str | None = None
    action: str | None = None
    request: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    is_refused: bool = False


def wanted_by(asked: AuditAsked, zone: tzinfo) -> Wanted:
    """Return what a form or a program looks for; its days are local ones."""
    wanted = Wanted(
        worker=asked.worker,
        account=asked.account,
        action=asked.action,
        request=asked.request,
        is_refused=asked.refused,
    )
    return of_days(wanted, asked.since, asked.until, zone)


def of_days(wanted: Wanted, since: date | None, until: date | None, zone: tzinfo) -> Wanted:
    """Return what is looked for from one local day to the end of another."""

    def begins(one: date) -> datetime:
        return datetime.combine(one, time(), zone)

    return wanted._replace(
        since=begins(since) if since else None,
        until=begins(until + timedelta(days=1)) if until and until < date.max else None,
    )


def search(
    session: Session, wanted: Wanted, *, by: Actor, before: UUID | None = None
) -> AuditLines:
    """Return fifty events at most, the newest first.

    Raises NotAllowedError, UnknownWorkerError, UnknownAccountError.
    """
    refuse(by, Permission.SEARCH_AUDIT)
    tell_always(session)
    sought = _conditions(session, wanted)
    found = list(islice(_found(session, sought, before or _LAST), PAGE + 1))
    page = found[:PAGE]
    older = page[-1]["id"] if len(found) > PAGE else None
    return AuditLines(lines=tuple(_lines(session, page)), older=older)


def export(session: Session, wanted: Wanted, *, by: Actor) -> Iterator[AuditLine]:
    """Return every event that is looked for, the newest first; raises as ``search``."""
    return sought_lines(session, for_export(session, wanted, by=by))


def for_export(session: Session, wanted: Wanted, *, by: Actor) -> Sought:
    """Let an export begin, which is told with this session; raises as ``search``."""
    refuse(by, Permission.EXPORT_AUDIT)
    tell_always(session)
    return _conditions(session, wanted)


def sought_lines(session: Session, sought: Sought) -> Iterator[AuditLine]:
    """Yield what an export that has begun holds; memory holds a part of it."""
    rows = _found(session, sought, _LAST)
    while part := list(islice(rows, _CHUNK)):
        yield from _lines(session, part)


def as_csv(lines: Iterable[AuditLine]) -> Iterator[bytes]:
    """Yield lines as CSV; no cell is taken for a formula."""
    yield _row(tuple(AuditLine.model_fields)).encode("utf-8-sig")
    for one in lines:
        yield _row(tuple(_cell(value) for value in _plain(one).values())).encode()


def as_json_lines(lines: Iterable[AuditLine]) -> Iterator[bytes]:
    """Yield lines as JSON, one a line."""
    for one in lines:
        yield json.dumps(_plain(one), ensure_ascii=False).encode() + b"\n"


def _found(session: Session, conditions: Sought, until: UUID) -> Iterator[RowMapping]:
    """Yield rows of both streams, merged by their identifiers, which follow time."""
    while True:
        rows = [
            row
            for stream in Stream
            for row in _some(session, TABLE_OF[stream], stream, conditions, until)
        ]
        rows.sort(key=lambda row: row["id"].int, reverse=True)
        part = rows[:_CHUNK]
        yield from part
        if len(part) < _CHUNK:
            return
        until = part[-1]["id"]


def _some(
    session: Session, table: Table, stream: Stream, wanted: Sought, until: UUID
) -> Sequence[RowMapping]:
    least = wanted.get("since")
    conditions: list[ColumnElement[bool]] = [table.c.id < min(until, wanted["until"])]
    conditions += [table.c[name] == wanted[name] for name in wanted if name in table.c]
    if least:
        conditions.append(table.c.id >= least)
    query = select(table).where(*conditions).order_by(table.c.id.desc()).limit(_CHUNK)
    if stream is Stream.WRITES:
        return session.connection().execute(query).mappings().all()
    with trail_of(session).store.reading() as store:
        return store.connection().execute(query).mappings().all()


def _conditions(session: Session, wanted: Wanted) -> Sought:
    """Return the columns that are asked for with their values, and the bounds of time."""
    found: Sought = {"until": first_id_at(wanted.until) if wanted.until else _LAST}
    if wanted.since:
        found["since"] = first_id_at(wanted.since)
    if wanted.worker:
        found["worker_id"] = look_ups.worker_numbered(session, wanted.worker).worker_id
    if wanted.account:
        found["actor_id"] = accounts.named(session, wanted.account).id
    if wanted.action:
        found["action"] = wanted.action
    if wanted.request:
        found["request"] = wanted.request
    if wanted.is_refused:
        found["outcome"] = Outcome.REFUSED.value
    return found


def _lines(session: Session, rows: Sequence[RowMapping]) -> Iterator[AuditLine]:
    ids = {row["actor_id"] for row in rows if row["actor_id"]}
    query = selecting(Account.id, Account.name).where(col(Account.id).in_(ids))
    names: dict[UUID, str] = dict(session.exec(query).all())
    bodies = organisations.by_id(session, {row["organisation_id"] for row in rows} - {None})
    numbers = workers.numbers_of(session, list({row["worker_id"] for row in rows} - {None}))
    for row in rows:
        body = bodies.get(row["organisation_id"])
        yield AuditLine(
            id=row["id"],
            at=row["at"],
            account=names.get(row["actor_id"]),
            role=row["role"],
            organisation=body.code if body else None,
            visit_id=row["visit_id"],
            action=row["action"],
            worker=numbers.get(row["worker_id"]),
            worker_id=row["worker_id"],
            subject_kind=row["subject_kind"],
            subject_id=row["subject_id"],
            people=row["people"],
            request=row["request"],
            purpose=row["purpose"],
            source=row["source"].hex() if row["source"] else None,
            outcome=row["outcome"],
            code=row["code"],
        )


def _plain(one: Contract) -> dict[str, Any]:
    return one.model_dump(mode="json")


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULAS):
        return f"'{value}"
    return value


def _row(cells: Iterable[object]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue()
