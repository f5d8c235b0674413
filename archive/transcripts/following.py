"""What became of the records of a document since it was issued, also after their dossier closed.

Records of a dossier that was merged are withdrawn there, but not because they were wrong: they
go on under other names in the dossier that survives, and are followed to it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers.carried import Came, came_into
from archive.dossiers.models import Record
from archive.people.mergers import merger_of
from credit_bank.models import ChainLink, is_link_of
from schemas.vocabulary import Act

Change = tuple[Act, datetime]


@dataclass(slots=True)
class Followed:
    """The records of a document as they are called and stand now."""

    worker_id: UUID
    """Whose dossier holds them now."""
    names: dict[UUID, UUID]
    """What each is called now, by what it was called when the document was issued."""
    changes: dict[UUID, list[Change]] = field(default_factory=dict)
    """By what each was called: what was done to it since, the newest last."""
    merged_at: datetime | None = None


def follow(session: Session, worker_id: UUID, records: Iterable[UUID], after: int) -> Followed:
    """Return what became of records since a link of their dossier's chain."""
    followed, sequence = Followed(worker_id, {one: one for one in records}), after
    while (merger := merger_of(session, followed.worker_id)) is not None:
        came = next(
            one
            for one in came_into(session, merger.into_id)
            if one.merger.worker_id == merger.worker_id
        )
        _note(followed, _acts(session, followed.worker_id, sequence), until=came)
        _rename(followed, came)
        followed.merged_at = followed.merged_at or merger.merged_at
        followed.worker_id, sequence = merger.into_id, came.sequence
    _note(followed, _acts(session, followed.worker_id, sequence), until=None)
    return followed


def _note(followed: Followed, acts: dict[UUID, list[Change]], *, until: Came | None) -> None:
    """Remember what was done to the records; that a merger carried one changed nothing."""
    carried = {one.origin_id for one in until.carried} if until else set()
    for first, present in followed.names.items():
        told = acts.get(present, [])
        if present in carried and told and told[-1][0] is Act.WITHDRAW:
            told = told[:-1]
        followed.changes.setdefault(first, []).extend(told)


def _rename(followed: Followed, came: Came) -> None:
    """Call the records as in the dossier that goes on; one that differs there was corrected."""
    heirs = {one.origin_id: one for one in came.carried}
    for first, present in followed.names.items():
        heir = heirs.get(present)
        if heir is None:
            continue
        followed.names[first] = heir.record_id
        if heir.is_changed:
            followed.changes.setdefault(first, []).append((Act.CORRECT, came.merger.merged_at))


def _acts(session: Session, worker_id: UUID, after: int) -> dict[UUID, list[Change]]:
    """Return the corrections and withdrawals of a dossier after a link of its chain."""
    query = (
        select(Record.original_id, Record.act, Record.recorded_at)
        .join(ChainLink, is_link_of(Record, "record"))
        .where(
            col(Record.worker_id) == worker_id,
            col(ChainLink.sequence) > after,
            col(Record.act) != Act.ADD,
        )
        .order_by(col(ChainLink.sequence))
    )
    found: dict[UUID, list[Change]] = {}
    for original, act, at in session.exec(query):
        found.setdefault(original, []).append((Act(act), at))
    return found
