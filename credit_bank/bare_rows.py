"""Rows of many workers' ledgers as the driver gives them: no mapper, no types but text and numbers.

For checks that read everything; ``stored.py`` reads the same rows as the rest of the bank
knows them. Identifiers come as 32 hex digits and days as text, from either database.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

Row = tuple[Any, ...]
"""Columns as the queries below name them."""


@dataclass(slots=True)
class BareRows:
    """All rows of one worker that the bank knows, as the queries below name their columns."""

    head: Row | None = None
    links: Sequence[Row] = ()
    """In the order of the chain."""
    outcomes: Sequence[Row] = ()
    entries: Sequence[Row] = ()
    postings: Sequence[Row] = ()
    """In the order of their ids."""
    cases: int = 0
    """How many events of cases there are."""


def bare_rows(connection: Connection, first: UUID, last: UUID) -> dict[str, BareRows]:
    """Return the rows of every worker from ``first`` to ``last``, in their order.

    Whoever has a row in any table is told, also one whose other rows are gone.
    """
    found: dict[str, BareRows] = defaultdict(BareRows)
    is_postgres = connection.dialect.name == "postgresql"
    ends = (str(first), str(last)) if is_postgres else (first.hex, last.hex)
    cursor = connection.connection.cursor()
    try:
        for put, statement in zip(_PUT, _POSTGRES if is_postgres else _SQLITE, strict=True):
            cursor.execute(statement, ends)
            for whose, rows in groupby(cursor.fetchall(), itemgetter(0)):
                put(found[whose], tuple(rows))
    finally:
        cursor.close()
    return dict(sorted(found.items()))


def _put_head(found: BareRows, rows: Sequence[Row]) -> None:
    found.head = rows[0][1:]


def _put_cases(found: BareRows, rows: Sequence[Row]) -> None:
    found.cases = rows[0][1]


def _put_links(found: BareRows, rows: Sequence[Row]) -> None:
    found.links = rows


def _put_outcomes(found: BareRows, rows: Sequence[Row]) -> None:
    found.outcomes = rows


def _put_entries(found: BareRows, rows: Sequence[Row]) -> None:
    found.entries = rows


def _put_postings(found: BareRows, rows: Sequence[Row]) -> None:
    found.postings = rows


_PUT: tuple[Callable[[BareRows, Sequence[Row]], None], ...] = (
    _put_head,
    _put_links,
    _put_outcomes,
    _put_entries,
    _put_postings,
    _put_cases,
)


_QUERIES = (
    "SELECT {worker_id}, sequence, hash FROM chain_head WHERE {range}",
    """
    SELECT {worker_id}, sequence, subject_kind, {subject_id}, body, hash
    FROM chain_link WHERE {range} ORDER BY chain_link.worker_id, sequence
    """,
    """
    SELECT {worker_id}, {id}, act, {lineage_id}, {target_id}, kind, {effective_on}, {issuer_id},
        occupation, rank, hours, {recorded_at}, reference, fingerprint,
        subject_key, course_key
    FROM outcome WHERE {range} ORDER BY outcome.worker_id
    """,
    """
    SELECT {worker_id}, {id}, {case_id}, cause, decision, {effective_on}, evaluated_units, family,
        {outcome_id}, posted_units, reason, {recorded_at}, reference, {reverses_id}, revision,
        rule_version, fingerprint
    FROM entry WHERE {range} ORDER BY entry.worker_id
    """,
    """
    SELECT {worker_id}, {entry_id}, {id}, account, {lot_id}, units
    FROM posting WHERE {range} ORDER BY posting.worker_id, posting.id
    """,
    "SELECT {worker_id}, count(*) FROM case_event WHERE {range} GROUP BY 1",
)
_IDS = (
    "worker_id",
    "id",
    "subject_id",
    "lineage_id",
    "target_id",
    "issuer_id",
    "case_id",
    "outcome_id",
    "reverses_id",
    "entry_id",
    "lot_id",
)
_SQLITE = tuple(
    query.format(
        **{name: name for name in _IDS},
        effective_on="effective_on",
        recorded_at="recorded_at",
        range="worker_id BETWEEN ? AND ?",
    )
    for query in _QUERIES
)
_POSTGRES = tuple(
    query.format(
        **{name: f"replace({name}::text, '-', '')" for name in _IDS},
        effective_on="effective_on::text",
        recorded_at="to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
        range="worker_id BETWEEN %s AND %s",
    )
    for query in _QUERIES
)
