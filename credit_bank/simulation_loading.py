"""Loading everyone's outcomes at once: bare rows in the workers' order, read only."""

import json
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from uuid import UUID

from sqlalchemy import String, cast
from sqlmodel import Session, col, func, select

from credit_bank.cases import told_cases, verdicts_of
from credit_bank.models import ChainHead, ChainLink
from credit_bank.simulation_population import Gathering, Kin, Population, Told
from credit_bank.traces import case_fact_in
from credit_bank.twins import Pair
from schemas.vocabulary import Act, CaseKind, PairVerdict

Progress = Callable[[int, int], None]
"""Called with the number of workers that are loaded, and of all."""

_AT_ONCE = 5_000
_TOLD_EVERY = 1_000
_REVIEW = CaseKind.REVIEW.value
_WITHDRAWN = Act.WITHDRAW.value


def load(
    session: Session,
    *,
    on: date,
    givers: Container[str] = (),
    kins: Sequence[Kin] = (),
    progress: Progress | None = None,
) -> Population:
    """Return all live outcomes; levels as of ``on``.

    What ``givers`` and ``kins`` are stands in ``simulation_judging``.
    """
    gathering, verdicts = Gathering(on, givers, kins), _reviewed(session)
    workers = session.exec(select(func.count()).select_from(ChainHead)).one()
    for done, (worker_id, bodies) in enumerate(_by_worker(session, "outcome"), start=1):
        gathering.add(worker_id, _live(bodies), verdicts.get(worker_id))
        if progress and done % _TOLD_EVERY == 0:
            progress(done, workers)
    if progress:
        progress(workers, workers)
    return gathering.population


def _by_worker(session: Session, kind: str) -> Iterator[tuple[UUID, Iterator[bytes]]]:
    """Yield each worker with the hashed bytes of one kind, in the order of the chain."""
    whose = cast(col(ChainLink.worker_id), String)  # Read as an identifier once a worker.
    query = (
        select(whose, ChainLink.body)
        .where(col(ChainLink.subject_kind) == kind)
        .order_by(col(ChainLink.worker_id), col(ChainLink.sequence))
        .execution_options(yield_per=_AT_ONCE)
    )
    for worker_id, rows in groupby(session.exec(query), key=lambda row: row[0]):
        yield UUID(worker_id), (body for _, body in rows)


def _live(bodies: Iterable[bytes]) -> Iterable[Told]:
    """Return the newest content of each lineage that was not withdrawn."""
    live: dict[str, Told] = {}
    for body in bodies:
        told = json.loads(body)
        outcome = told["outcome"]
        if told["act"] == _WITHDRAWN:
            live.pop(outcome["id"], None)
        else:
            live[outcome["id"]] = outcome
    return live.values()


def _reviewed(session: Session) -> dict[UUID, Mapping[Pair, PairVerdict]]:
    """Return what reviews of pairs found, by worker."""
    found: dict[UUID, Mapping[Pair, PairVerdict]] = {}
    for worker_id, bodies in _by_worker(session, "case"):
        reviews = [body for body in bodies if json.loads(body)["kind"] == _REVIEW]
        if reviews:
            cases = told_cases(case_fact_in(body) for body in reviews)
            found[worker_id] = verdicts_of(cases.values())
    return found
