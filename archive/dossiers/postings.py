"""What is handed to a dossier's writer, and what it answers: plain values, no database."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from archive.dossiers.sealing import Source, content_digest, identity_digest, written
from archive.dossiers.shelves import Version
from archive.people.privacy import Vault
from schemas.identities import Identity
from schemas.ids import new_id
from schemas.records import Record as AnyRecord
from schemas.vocabulary import Act, RowState


@dataclass(frozen=True, slots=True)
class Posting:
    """Who posts a record, when, and where it came from."""

    organisation_id: UUID
    by: UUID
    now: datetime
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A person whose dossier begins."""

    identity: Identity
    posting: Posting
    archive_number: str
    is_demo: bool = False
    worker_id: UUID | None = None
    """The id that the dossier gets; None lets the writer make one."""


class Added(NamedTuple):
    """What became of a record that was handed in."""

    record_id: UUID
    """The record's id for good: the first row's."""
    version_id: UUID
    state: RowState


class Draft(NamedTuple):
    """A record about to be appended, with what tells it from others and from its equal."""

    worker_id: UUID
    record: AnyRecord
    posting: Posting
    told: bytes
    """Its canonical bytes."""
    identity: bytes
    content: bytes


def drafted(vault: Vault, worker_id: UUID, record: AnyRecord, posting: Posting) -> Draft:
    """Return a record about to be appended to a worker's dossier."""
    told = written(record)
    identity = identity_digest(vault, worker_id, posting.organisation_id, record)
    return Draft(worker_id, record, posting, told, identity, content_digest(vault, worker_id, told))


def row_of(draft: Draft, act: Act, known: Version | None) -> dict[str, Any]:
    """Return all that an appended row says in clear."""
    row_id, record, posting = new_id(), draft.record, draft.posting
    source = posting.source
    return {
        "worker_id": draft.worker_id,
        "id": row_id,
        "act": act,
        "original_id": known.original_id if known else row_id,
        "target_id": known.id if known else None,
        "kind": record.kind,
        "organisation_id": posting.organisation_id,
        "occupation": record.occupation,
        "rank": record.rank,
        "hours": record.told("hours"),
        "started_on": record.told("started_on"),
        "effective_on": record.effective_on,
        "identity_digest": draft.identity,
        "content_digest": draft.content,
        "recorded_at": posting.now,
        "recorded_by": posting.by,
        "batch_id": source.batch_id if source else None,
        "row": source.row if source else None,
    }
