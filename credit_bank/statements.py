"""What a worker's ledger says: as of a day, as it was known at a moment."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from credit_bank.collecting import no_collection
from credit_bank.desk import outcomes_with_bodies
from credit_bank.models import ChainLink, Entry, Posting, is_link_of
from credit_bank.traces import line_in, outcome_in
from schemas.credits import LearningOutcome, Statement, StatementLine
from schemas.vocabulary import Account, Act

_NEGATIVE = frozenset({Account.ISSUED, Account.OWED})
"""Counter-accounts whose sums are stored negative and read positive."""


def statement(
    session: Session,
    worker_id: UUID,
    *,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> Statement:
    """Return balances and entries, newest last.

    ``as_of`` leaves out what takes effect later; ``known_at`` what was recorded later.
    """
    meant = _meant(worker_id, as_of, known_at)
    return Statement(
        as_of=as_of,
        known_at=known_at,
        accounts=_balances(session, meant),
        lines=_lines(session, meant),
    )


def balances(session: Session, worker_id: UUID) -> dict[Account, int]:
    """Return a worker's units by account, as people read them: never negative."""
    return _balances(session, _meant(worker_id, None, None))


def live_outcomes(session: Session, worker_id: UUID) -> dict[UUID, LearningOutcome]:
    """Return the outcomes of a worker that are neither replaced nor withdrawn, by lineage."""
    live: dict[UUID, LearningOutcome] = {}
    for row, body in outcomes_with_bodies(session, [worker_id]):
        if row.act is Act.WITHDRAW:
            live.pop(row.lineage_id, None)
        else:
            live[row.lineage_id] = outcome_in(body)
    return live


def _meant(
    worker_id: UUID, as_of: date | None, known_at: datetime | None
) -> tuple[ColumnElement[bool], ...]:
    meant = [col(Entry.worker_id) == worker_id]
    if as_of is not None:
        meant.append(col(Entry.effective_on) <= as_of)
    if known_at is not None:
        meant.append(col(Entry.recorded_at) <= known_at)
    return tuple(meant)


def _balances(session: Session, meant: Sequence[ColumnElement[bool]]) -> dict[Account, int]:
    query = (
        select(Posting.account, func.sum(col(Posting.units)))
        .join(
            Entry,
            (col(Entry.worker_id) == col(Posting.worker_id))
            & (col(Entry.id) == col(Posting.entry_id)),
        )
        .where(*meant)
        .group_by(col(Posting.account))
    )
    sums: dict[Account, int] = defaultdict(int)
    for account, total in session.exec(query):
        sums[Account(account)] = int(total)  # PostgreSQL sums into a decimal.
    return {one: -sums[one] if one in _NEGATIVE else sums[one] for one in Account}


def _lines(session: Session, meant: Sequence[ColumnElement[bool]]) -> tuple[StatementLine, ...]:
    query = (
        select(ChainLink.body)
        .join(
            Entry,
            is_link_of(Entry, "entry"),
        )
        .where(*meant)
        .order_by(col(ChainLink.sequence))
    )
    with no_collection():
        return tuple(line_in(body) for body in session.exec(query))
