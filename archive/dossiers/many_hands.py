"""Looking at every dossier with all cores: ranges of workers, each in one snapshot of its own.

Only for reading. A small archive is read in this process, because starting others takes
longer than the work.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import pairwise, repeat
from os import cpu_count
from typing import NamedTuple, TypeVar
from uuid import UUID

from sqlmodel import Session, col, select

from archive.db import Database
from archive.dossiers.beside import child_processes, in_child, told_elsewhere
from archive.people.models import Worker
from archive.settings import Settings
from credit_bank.models import ChainHead

AnyResult = TypeVar("AnyResult")

CHUNK = 250
"""Workers a range: their rows fit in memory many times over."""
FEW = 3_000
"""Workers below which one process is quicker than several that must be started first."""
_MOST_PROCESSES = 8
_LAST = UUID(int=(1 << 128) - 1)


class Range(NamedTuple):
    """All workers from the first to the last identifier, known or not."""

    first: UUID
    last: UUID


Work = Callable[[Session, Range], AnyResult]


def over_all(
    archive: Database,
    settings: Settings,
    work: Work[AnyResult],
    *,
    processes: int | None = None,
) -> Iterator[AnyResult]:
    """Yield what ``work``, a function of a module, makes of each range, in their order.

    Together the ranges hold every identifier that there can be, so that rows of a dossier
    whose head is gone are met, too.
    """
    with archive.reading() as session:
        ranges, workers = _ranges(session)
    hands = min(processes or cpu_count() or 1, _MOST_PROCESSES, len(ranges))
    if processes is None and workers < FEW:
        hands = 1
    if hands == 1:
        for one in ranges:
            yield in_snapshot(archive, work, one)
        return
    with child_processes(hands) as pool:
        shared = (repeat(settings), repeat(told_elsewhere()))
        yield from pool.map(
            in_child, *shared, [partial(in_snapshot, work=work, one=one) for one in ranges]
        )


def in_snapshot(archive: Database, work: Work[AnyResult], one: Range) -> AnyResult:
    """Return what ``work`` makes of a range, of which nothing changes meanwhile."""
    with one_snapshot(archive) as session:
        return work(session, one)


@contextmanager
def one_snapshot(archive: Database) -> Iterator[Session]:
    """Yield a session that sees one state of the archive, whoever writes meanwhile."""
    with archive.reading() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield session


def _ranges(session: Session) -> tuple[list[Range], int]:
    heads = set(session.exec(select(ChainHead.worker_id)))
    everyone = sorted(heads | set(session.exec(select(col(Worker.worker_id)))))
    starts = [UUID(int=0), *everyone[CHUNK::CHUNK]]
    ranges = [Range(first, UUID(int=after.int - 1)) for first, after in pairwise(starts)]
    return [*ranges, Range(starts[-1], _LAST)], len(everyone)
