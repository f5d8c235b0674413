"""What an organisation posted: page by page the newest first, of one person, or of one file.

Also those alone whose credits cannot be decided. Finding is by clear columns; only what a page
shows is opened. Another organisation's record is told from a missing one by nobody.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, exists
from sqlmodel import Session, col, or_, select

from archive.dossiers.models import Record
from archive.dossiers.names_on_file import names_of
from archive.dossiers.sealing import unseal
from archive.dossiers.titles import occupation_name, title_of
from archive.errors import UnknownRecordError
from archive.people.access import reaches_organisation
from archive.people.actors import Actor
from archive.people.look_ups import is_held, number_claim
from archive.people.mergers import goes_on_in
from archive.people.models import BlindIndex, Worker
from archive.people.names import masked_name
from archive.people.privacy import vault_of
from credit_bank.models import Entry, is_replaced
from schemas.ids import read_archive_number
from schemas.own_records import OwnRecord, OwnRecords
from schemas.vocabulary import LEARNING_KINDS, Act, Cause, Decision, Family, Permission

PAGE = 25


class Sought(NamedTuple):
    """Which of an organisation's records are meant; None leaves open."""

    archive_number: str | None = None
    batch_id: UUID | None = None
    before: str | None = None
    """Where the page begins, as the page before told it."""
    is_undecided: bool = False
    """Only those whose credits cannot be decided: most lack what the organisation can add."""


EVERYTHING = Sought()


def listed(session: Session, organisation_id: UUID, sought: Sought = EVERYTHING) -> OwnRecords:
    """Return a page of what an organisation posted; of others' there is none."""
    query = select(Record).where(
        col(Record.organisation_id) == organisation_id, col(Record.kind).in_(LEARNING_KINDS)
    )
    if sought.batch_id:
        is_written = col(Record.act) != Act.WITHDRAW  # When a file is undone, too.
        query = query.where(col(Record.batch_id) == sought.batch_id, is_written)
    else:
        query = query.where(col(Record.act) == Act.ADD)
    if sought.archive_number is not None:
        number = read_archive_number(sought.archive_number) or ""
        held = select(BlindIndex.worker_id).where(is_held(number_claim(session, number)))
        query = query.where(col(Record.worker_id).in_(held))
    if sought.is_undecided:
        is_its_credit = (
            col(Entry.worker_id) == col(Record.worker_id),
            col(Entry.outcome_id) == col(Record.original_id),
        )
        query = query.where(exists().where(*is_its_credit, *_cannot_be_decided()))
    if (after := _read(sought.before)) is not None:
        moment, last = after
        same = (col(Record.recorded_at) == moment) & (col(Record.id) < last)
        query = query.where(or_(col(Record.recorded_at) < moment, same))
    newest_first = (col(Record.recorded_at).desc(), col(Record.id).desc())
    rows = session.exec(query.order_by(*newest_first).limit(PAGE + 1)).all()
    shown = rows[:PAGE]
    has_more = len(rows) > PAGE
    return OwnRecords(
        records=tuple(_shown(session, shown)), next=_written(shown[-1]) if has_more else None
    )


def is_known_here(session: Session, organisation_id: UUID, worker_id: UUID | None) -> str | None:
    """Return the archive number of a person of whom an organisation posted; else None.

    Whether the person is unknown, or only here, is not told, and costs the same.
    """
    query = (
        select(Worker.archive_number)
        .join(Record, col(Record.worker_id) == col(Worker.worker_id))
        .where(col(Record.organisation_id) == organisation_id, col(Worker.worker_id) == worker_id)
        .where(col(Record.kind).in_(LEARNING_KINDS))
        .limit(1)
    )
    return session.exec(query).first()


def holder_of_own(session: Session, record_id: UUID, *, by: Actor) -> UUID:
    """Return whose record of the own organisation this is; raises UnknownRecordError.

    Of a dossier that was merged, the worker whose dossier goes on.
    """
    row = session.exec(select(Record).where(col(Record.id) == record_id)).first()
    permission = Permission.READ_RECORD
    if row is None or not reaches_organisation(by, permission, row.organisation_id):
        raise UnknownRecordError
    if row.kind not in LEARNING_KINDS:
        raise UnknownRecordError
    return goes_on_in(session, row.worker_id)


def _shown(session: Session, rows: Sequence[Record]) -> list[OwnRecord]:
    whose = list({row.worker_id for row in rows})
    keys = vault_of(session).keys_of(whose)
    names = names_of(session, [one for one in whose if one in keys], keys)
    numbers = dict(
        session.exec(
            select(Worker.worker_id, Worker.archive_number).where(col(Worker.worker_id).in_(whose))
        ).all()
    )
    newest, undecided = _newest(session, rows), _undecided(session, rows)
    shown = []
    for row in rows:
        last = newest[row.original_id]
        key = keys.get(row.worker_id)
        known = names.get(row.worker_id)
        shown.append(
            OwnRecord(
                record_id=row.original_id,
                archive_number=numbers[row.worker_id],
                name_masked=masked_name(known.present) if known else None,
                kind=last.kind,
                title=title_of(unseal(key, last.sealed).content) if key else None,
                effective_on=last.effective_on,
                occupation_name=occupation_name(last.occupation),
                act=last.act,
                undecided=undecided.get(row.original_id),
                posted_at=row.recorded_at,
                batch_id=row.batch_id,
                row=row.row,
            )
        )
    return shown


def _newest(session: Session, rows: Sequence[Record]) -> Mapping[UUID, Record]:
    """Return the newest row of each record; whose it is comes first, as the keys do."""
    query = select(Record).where(
        col(Record.worker_id).in_({row.worker_id for row in rows}),
        col(Record.original_id).in_({row.original_id for row in rows}),
    )
    versions = session.exec(query).all()
    replaced = {one.target_id for one in versions}
    return {one.original_id: one for one in versions if one.id not in replaced}


def _undecided(session: Session, rows: Sequence[Record]) -> Mapping[UUID, str]:
    """Return why the credits of records cannot be decided, of those of which it is so."""
    query = select(Entry.outcome_id, Entry.reason).where(
        col(Entry.worker_id).in_({row.worker_id for row in rows}),
        col(Entry.outcome_id).in_({row.original_id for row in rows}),
        *_cannot_be_decided(),
    )
    return dict(session.exec(query).all())


def _cannot_be_decided() -> tuple[ColumnElement[bool], ...]:
    """Return what says that the rules here cannot decide, and said nothing else since."""
    return (
        col(Entry.cause) == Cause.GRANT,
        col(Entry.family) != Family.AGREEMENT,
        col(Entry.decision) == Decision.UNDECIDED,
        ~is_replaced(),
    )


def _written(row: Record) -> str:
    return f"{row.recorded_at.isoformat()}_{row.id}"


def _read(told: str | None) -> tuple[datetime, UUID] | None:
    """Return a place in the list; one that nobody told is none."""
    moment, _, last = (told or "").partition("_")
    try:
        found = datetime.fromisoformat(moment), UUID(last)
    except ValueError:
        return None
    return found if found[0].tzinfo else None
