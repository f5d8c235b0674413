"""Who looked at a dossier, when and at what, as its worker reads it.

Organisation and role are told, never the account's name: the law lets people know who holds
their data, which is the office; its staff are people, too, and the audit administrator finds
the account by the request's number. The worker's own looks are counted by day.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, tzinfo
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, Table, and_, not_, or_, select
from sqlmodel import Session

from archive.audit.events import Outcome, Own, Stream
from archive.audit.tables import ACCESS_EVENT, AUDIT_EVENT
from archive.people import organisations
from archive.people.models import Worker
from archive.people.trail import EVERYONE, trail_of
from archive.texts import bilingual_term, both
from schemas.audit import Look, LookDay, LookList
from schemas.contracts import Bilingual
from schemas.vocabulary import Permission, Role

PAGE = 50
_MOST_OWN = 5_000
_LAST = UUID(int=(1 << 128) - 1)

LOOKED: Mapping[str, str] = {
    Permission.READ_DOSSIER: "looked at your dossier",
    Permission.FIND_DOSSIER: "found and looked at your dossier",
    Permission.READ_RECORD: "looked at a record of yours",
    Permission.POST_RECORD: "added or changed a record of yours",
    Permission.POST_IDENTITY: "entered your identity or a new name",
    Permission.ISSUE_TRANSCRIPT: "made a transcript of your dossier",
    Permission.ISSUE_FOR_MANY: "made documents for many, one of them about you",
    Permission.VERIFY: "verified a document of yours",
    Permission.RUN_INTAKE: "compared or posted a list on which you stand",
    Permission.EXPORT_RECORDS: "took away a list on which you stand",
    Permission.READ_DESK: "looked at a case of yours at the bureau's desk",
    Own.SHARE_PIN: "typed a PIN at a share link of yours",
}
"""What the commonest permissions mean to the one concerned; others are told by their name."""

COMMAND = "used the command “{command}” on the server"
JOB = "brought your dossier up to date by itself ({job})"
OVER_ALL = "went over all dossiers: {what}"


def looks_at(
    session: Session, worker: Worker, *, zone: tzinfo, before: UUID | None = None
) -> LookList:
    """Return the newest looks at a dossier, or those before one; fifty at most."""
    until = before or _LAST
    found = sorted(
        [*_others(session, worker, until), *_others(session, worker, until, Stream.WRITES)],
        key=lambda one: one["id"].int,
        reverse=True,
    )
    page, goes_on = found[:PAGE], len(found) > PAGE
    after = page[-1]["id"] if goes_on else UUID(int=0)
    own = Counter(
        at.astimezone(zone).date() for at in _own(session, worker.worker_id, after, until)
    )
    return LookList(
        archive_number=worker.archive_number,
        days=tuple(_days(session, page, own, zone)),
        older=page[-1]["id"] if goes_on else None,
    )


def said(action: str) -> Bilingual:
    """Return what an act was, in words."""
    kind, _, name = action.partition(":")
    if kind == "command":
        return both(COMMAND, {"command": name})
    if kind == "job":
        return both(JOB, {"job": name})
    if action in LOOKED:
        return both(LOOKED[action])
    return bilingual_term(f"permission.{action}")


def _others(
    session: Session, worker: Worker, until: UUID, stream: Stream = Stream.ACCESSES
) -> list[Mapping[str, Any]]:
    """Return what others did, with one more than a page holds."""
    table = AUDIT_EVENT if stream is Stream.WRITES else ACCESS_EVENT
    over_all = and_(
        table.c.worker_id.is_(None),
        table.c.subject_kind == EVERYONE,
        table.c.at >= worker.created_at,
    )
    query = (
        select(table)
        .where(or_(table.c.worker_id == worker.worker_id, over_all), table.c.id < until)
        .where(or_(table.c.role.is_(None), not_(_is_own(table))))
        .order_by(table.c.id.desc())
        .limit(PAGE + 1)
    )
    told = {"is_write": stream is Stream.WRITES}
    return [dict(row) | told for row in _read(session, table, query)]


def _own(session: Session, worker_id: UUID, after: UUID, until: UUID) -> Iterator[datetime]:
    for table in (ACCESS_EVENT, AUDIT_EVENT):
        query = (
            select(table.c.at)
            .where(table.c.worker_id == worker_id, _is_own(table))
            .where(table.c.id < until, table.c.id > after)
            .limit(_MOST_OWN)
        )
        yield from (row["at"] for row in _read(session, table, query))


def _is_own(table: Table) -> ColumnElement[bool]:
    """Whether the worker looked: no other worker reaches this dossier, but may have tried."""
    return and_(table.c.role == Role.WORKER, table.c.outcome == Outcome.DONE.value)


def _read(session: Session, table: Table, query: Select[Any]) -> Sequence[RowMapping]:
    """Return rows of either stream from where they lie."""
    if table is AUDIT_EVENT:
        return session.connection().execute(query).mappings().all()
    with trail_of(session).store.reading() as store:
        return store.connection().execute(query).mappings().all()


def _days(
    session: Session, page: Sequence[Mapping[str, Any]], own: Counter[date], zone: tzinfo
) -> Iterator[LookDay]:
    bodies = organisations.by_id(
        session, {one["organisation_id"] for one in page if one["organisation_id"]}
    )
    names = {id_: Bilingual(zh=one.name, en=one.name_en) for id_, one in bodies.items()}
    of_day = {
        day: tuple(_look(one, names) for one in some)
        for day, some in groupby(page, lambda one: one["at"].astimezone(zone).date())
    }
    for day in sorted({*of_day, *own}, reverse=True):
        yield LookDay(day=day, looks=of_day.get(day, ()), own=own[day])


def _look(one: Mapping[str, Any], names: Mapping[UUID, Bilingual]) -> Look:
    what = said(one["action"])
    if one["subject_kind"] == EVERYONE:
        what = Bilingual(
            zh=both(OVER_ALL, {"what": what.zh}).zh, en=both(OVER_ALL, {"what": what.en}).en
        )
    return Look(
        at=one["at"],
        organisation=names.get(one["organisation_id"]),
        role=Role(one["role"]) if one["role"] else None,
        is_stranger=one["role"] is None and not one["action"].startswith("job:"),
        action=one["action"],
        what=what,
        is_write=one["is_write"],
        is_refused=one["outcome"] == "refused",
        at_counter=one["visit_id"] is not None,
        request=one["request"],
    )
