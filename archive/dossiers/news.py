"""What is new in a dossier: records added, corrected or withdrawn since its holder last looked.

Nothing is written when records are posted: the news are the records. The daily message is
made in digests.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, case, column, table
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from archive.db import is_sqlite
from archive.people.access import refuse, refuse_reading
from archive.people.actors import Actor
from archive.people.personal_models import NewsMark
from credit_bank.models import ChainHead
from schemas.dossiers import DossierView, RecordView
from schemas.vocabulary import Act, Happening, Permission

_BATCH = 200
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class NewsOfRecord(NamedTuple):
    """A record of which there is news."""

    view: RecordView
    happening: Happening
    at: datetime


def happening_of(acts: Iterable[Act]) -> Happening:
    """Return what these rows of one record, told in their order, come to."""
    told = list(acts)
    if told[-1] is Act.WITHDRAW:
        return Happening.WITHDRAWN
    return Happening.ADDED if Act.ADD in told else Happening.CORRECTED


def unread(
    dossier: DossierView, heard: NewsMark | None, *, opened_at: datetime
) -> list[NewsOfRecord]:
    """Return the records of which their holder has not confirmed reading, the newest first.

    Who never confirmed anything is told of what came since the account was opened. Pure.
    """
    after = heard.read_sequence if heard else 0
    since = _LONG_AGO if after else opened_at
    found = [_of_record(view, after, since) for view in dossier.records]
    return sorted((one for one in found if one), key=lambda one: one.at, reverse=True)


def read(session: Session, worker_id: UUID, *, until: int, by: Actor) -> None:
    """Note that a holder has read the news up to a link; never back.

    Raises NotAllowedError, UnknownWorkerError.
    """
    refuse(by, Permission.READ_OWN)
    refuse_reading(session, by, worker_id, Permission.READ_OWN)
    head = session.exec(
        select(ChainHead.sequence).where(col(ChainHead.worker_id) == worker_id)
    ).first()
    keep(session, [NewsMark(worker_id=worker_id, read_sequence=min(until, head or 0))])


def choose(session: Session, worker_id: UUID, *, wants_digest: bool, by: Actor) -> None:
    """Note whether a holder wants the daily message; raises NotAllowedError, UnknownWorkerError."""
    refuse(by, Permission.READ_OWN)
    refuse_reading(session, by, worker_id, Permission.READ_OWN)
    mark = NewsMark(worker_id=worker_id, wants_digest=wants_digest)
    _put(session, [mark], {"wants_digest": wants_digest})


def keep(session: Session, marks: Sequence[NewsMark]) -> None:
    """Move marks forward, never back; two who do so at once lose nothing."""
    _put(session, marks, {name: _later(name) for name in ("read_sequence", "told_sequence")})


def _put(session: Session, marks: Sequence[NewsMark], changed: Mapping[str, object]) -> None:
    dialect = sqlite if is_sqlite(session.connection()) else postgresql
    rows = [one.model_dump() for one in marks]
    for at in range(0, len(rows), _BATCH):
        added = dialect.insert(NewsMark).values(rows[at : at + _BATCH])
        kept = added.on_conflict_do_update(index_elements=["worker_id"], set_=dict(changed))
        session.connection().execute(kept)


def _later(name: str) -> ColumnElement[int]:
    """Return the larger of what is kept and what is put; as both databases write it."""
    told = column(name, Integer, _selectable=table("excluded"))
    now = getattr(NewsMark, name)
    return case((told > now, told), else_=now)


def _of_record(view: RecordView, after: int, since: datetime) -> NewsOfRecord | None:
    fresh = [one for one in view.versions if one.sequence > after and one.recorded_at >= since]
    if not fresh:
        return None
    return NewsOfRecord(view, happening_of(one.act for one in fresh), fresh[-1].recorded_at)
