"""Is a dossier as it was written? Links against hashes, and each column against the bytes.

Pure: rows come in, faults go out. What is sealed is checked by the archive.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from credit_bank.booking import ENTRY_TOLD, look_ups
from credit_bank.chain import GENESIS, canonical_bytes, link_hash
from credit_bank.models import CaseEvent, ChainHead, ChainLink, Entry, Outcome, Posting
from credit_bank.traces import outcome_in
from schemas.cases import CaseFact

LINK_CHANGED = "link_changed"
LINK_MISSING = "link_missing"
HEAD_DIFFERS = "head_differs"
ROW_CHANGED = "row_changed"
ROW_MISSING = "row_missing"
ROW_UNLINKED = "row_unlinked"
LOOK_UP_DIFFERS = "look_up_differs"

FAULTS = {
    LINK_CHANGED: "The link was changed: its hash is not that of its bytes.",
    LINK_MISSING: "A link of the chain is missing before this one.",
    HEAD_DIFFERS: "The chain does not end where its head says: links were cut off or added.",
    ROW_CHANGED: "The row was changed: it differs from the bytes that were hashed.",
    ROW_MISSING: "The row that this link tells of is gone.",
    ROW_UNLINKED: "The row has no link in the chain: it was slipped in.",
    LOOK_UP_DIFFERS: "The archive number of this dossier leads to another one, or to none.",
}
"""Every fault and its sentence, so that a test can see that each is translated."""

_CASE = (
    "id",
    "case_id",
    "kind",
    "act",
    "reference",
    "outcome_id",
    "organisation_id",
    "due_on",
    "effective_on",
    "recorded_at",
    "recorded_by",
    "commitment",
)
_OUTCOME = ("id", "reference", "act", "target_id", "recorded_at")


Kept = TypeVar("Kept")


class Fault(NamedTuple):
    """Something that is not as it was written."""

    table: str
    row_id: UUID | None
    sequence: int | None
    code: str


@dataclass(slots=True)
class Rows:
    """All rows of one worker that the bank knows."""

    worker_id: UUID
    head: ChainHead | None = None
    links: list[ChainLink] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    postings: list[Posting] = field(default_factory=list)
    cases: list[CaseEvent] = field(default_factory=list)


def check_chain(rows: Rows) -> list[Fault]:
    """Return what is wrong with the links themselves and where the chain ends."""
    faults, previous, expected = [], GENESIS, 1
    for link in rows.links:
        if link.sequence != expected:
            faults.append(Fault("chain_link", None, link.sequence, LINK_MISSING))
        told = link_hash(
            previous, link.worker_id, link.sequence, link.subject_kind, link.subject_id, link.body
        )
        if told != link.hash:
            faults.append(Fault(link.subject_kind, link.subject_id, link.sequence, LINK_CHANGED))
        previous, expected = link.hash, link.sequence + 1
    head = rows.head
    if head is None or (head.sequence, head.hash) != (expected - 1, previous):
        faults.append(Fault("chain_head", None, expected - 1, HEAD_DIFFERS))
    return faults


def check_ledger(rows: Rows) -> list[Fault]:
    """Return which outcomes, entries, postings and cases differ from what was hashed."""
    postings: dict[UUID, list[Posting]] = defaultdict(list)
    for posting in rows.postings:
        postings[posting.entry_id].append(posting)
    faults = check_rows(
        rows.links, "outcome", {row.id: row for row in rows.outcomes}, _outcome_agrees
    )
    faults += check_rows(
        rows.links,
        "entry",
        {row.id: (row, postings.pop(row.id, [])) for row in rows.entries},
        _entry_agrees,
    )
    faults += check_rows(rows.links, "case", {row.id: row for row in rows.cases}, _case_agrees)
    stray = [posting for left in postings.values() for posting in left]
    faults += [Fault("posting", posting.id, None, ROW_UNLINKED) for posting in stray]
    return faults


def check_rows(
    links: Iterable[ChainLink],
    kind: str,
    rows: dict[UUID, Kept],
    agrees: Callable[[Kept, bytes], bool],
) -> list[Fault]:
    """Compare every row of a kind with its link; each must have the other."""
    faults, left = [], dict(rows)
    for link in links:
        if link.subject_kind != kind:
            continue
        row = left.pop(link.subject_id, None)
        if row is None:
            faults.append(Fault(kind, link.subject_id, link.sequence, ROW_MISSING))
        elif not _holds(row, link.body, agrees):
            faults.append(Fault(kind, link.subject_id, link.sequence, ROW_CHANGED))
    return faults + [Fault(kind, row_id, None, ROW_UNLINKED) for row_id in left]


def _holds(row: Kept, body: bytes, agrees: Callable[[Kept, bytes], bool]) -> bool:
    """Whether a row agrees with its bytes; bytes that cannot be read agree with nothing."""
    try:
        return agrees(row, body)
    except (ValueError, KeyError, TypeError):
        return False


def _outcome_agrees(row: Outcome, body: bytes) -> bool:
    told = json.loads(body)
    content = told["outcome"]
    columns = {
        "id": row.lineage_id,
        "effective_on": row.effective_on,
        "issuer": row.issuer_id,
        "occupation": row.occupation,
        "rank": row.rank,
    }
    measures = content["measures"]
    fingerprint = hashlib.sha256(canonical_bytes({"act": told["act"], "outcome": content})).digest()
    return (
        row.fingerprint == fingerprint
        and _same(row, told, _OUTCOME)
        and all(content[name] == _plain(value) for name, value in columns.items())
        and measures["kind"] == row.kind
        and _looked_up_rightly(row, body)
        and measures.get("hours") == _plain(row.hours)
    )


def _looked_up_rightly(row: Outcome, body: bytes) -> bool:
    """Whether an outcome is found where it belongs; those of the first release have no such key."""
    if row.subject_key is None:
        return row.course_key is None
    found = {"subject_key": row.subject_key, "course_key": row.course_key}
    return look_ups(outcome_in(body)) == found


def _entry_agrees(found: tuple[Entry, Sequence[Posting]], body: bytes) -> bool:
    row, postings = found
    told = json.loads(body)
    mine = [
        _plain({"id": p.id, "account": p.account, "units": p.units, "lot_id": p.lot_id})
        for p in postings
    ]
    by_id = sorted(mine, key=lambda posting: str(posting["id"]))
    theirs = sorted(told["postings"], key=lambda posting: str(posting["id"]))
    return (
        row.fingerprint == hashlib.sha256(body).digest()
        and _same(row, told, ENTRY_TOLD)
        and by_id == theirs
    )


def _case_agrees(row: CaseEvent, body: bytes) -> bool:
    told = json.loads(body)
    same = {
        name: value
        for name, value in told.items()
        if name in CaseFact.model_fields and name not in ("id", "case_id")
    }
    fingerprint = hashlib.sha256(canonical_bytes(same)).digest()
    return row.fingerprint == fingerprint and _same(row, told, _CASE)


def _same(row: Outcome | Entry | CaseEvent, told: dict[str, Any], names: Sequence[str]) -> bool:
    """Whether columns say what the bytes say; what bytes leave out is empty."""
    return all(told.get(name) == _plain(getattr(row, name)) for name in names)


def _plain(value: object) -> Any:  # noqa: ANN401  # Whatever JSON holds.
    """Return a value as it reads back from canonical bytes."""
    return json.loads(canonical_bytes(value))
