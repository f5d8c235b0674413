"""All rows of some workers' ledgers as they are stored, for checks that trust nothing else."""

from collections.abc import Iterator, Sequence
from typing import TypeVar
from uuid import UUID

from sqlmodel import Session, col, select

from credit_bank.checking import Rows
from credit_bank.models import CaseEvent, ChainHead, ChainLink, Entry, Outcome, Posting

AnyRow = TypeVar("AnyRow", CaseEvent, ChainHead, ChainLink, Entry, Outcome, Posting)


def stored_rows(session: Session, worker_ids: Sequence[UUID]) -> dict[UUID, Rows]:
    """Return the rows of each worker, read anew; links in the order of the chain."""
    rows = {worker_id: Rows(worker_id) for worker_id in worker_ids}
    for head in _of(session, ChainHead, worker_ids):
        rows[head.worker_id].head = head
    for link in _of(session, ChainLink, worker_ids):
        rows[link.worker_id].links.append(link)
    for outcome in _of(session, Outcome, worker_ids):
        rows[outcome.worker_id].outcomes.append(outcome)
    for entry in _of(session, Entry, worker_ids):
        rows[entry.worker_id].entries.append(entry)
    for posting in _of(session, Posting, worker_ids):
        rows[posting.worker_id].postings.append(posting)
    for event in _of(session, CaseEvent, worker_ids):
        rows[event.worker_id].cases.append(event)
    for one in rows.values():
        one.links.sort(key=lambda link: link.sequence)
    return rows


def _of(session: Session, table: type[AnyRow], worker_ids: Sequence[UUID]) -> Iterator[AnyRow]:
    query = select(table).where(col(table.worker_id).in_(worker_ids))
    yield from session.exec(query.execution_options(populate_existing=True))
