"""Who looked at a share: read from the access log, in words that tell no address.

The log keeps a keyed digest of the network address only. What the worker sees is a number:
equal numbers came by one network.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session

from archive.audit.events import Outcome
from archive.audit.tables import ACCESS_EVENT
from archive.people.trail import trail_of
from schemas.shares import ShareLook
from schemas.vocabulary import Permission

SHARE = "share"
"""The kind of subject under which the access log tells of shares."""
MOST = 2_000
"""So many looks of one worker's shares are read, the latest first."""
_Seen = tuple[datetime, bytes | None]


def looks_at(
    session: Session, worker_id: UUID, share_ids: Sequence[UUID]
) -> dict[UUID, tuple[ShareLook, ...]]:
    """Return every look at some of a worker's shares, the newest first."""
    event = ACCESS_EVENT.c
    query = (
        select(event.subject_id, event.at, event.source)
        .where(
            event.worker_id == worker_id,
            event.subject_kind == SHARE,
            event.subject_id.in_(share_ids),
            event.action == Permission.OPEN_SHARE.value,
            event.outcome == Outcome.DONE.value,
        )
        .order_by(event.id.desc())
        .limit(MOST)
    )
    found: dict[UUID, list[_Seen]] = defaultdict(list)
    with trail_of(session).store.reading() as log:
        for share_id, at, source in log.execute(query):
            found[share_id].append((at, source))
    return {share_id: _numbered(seen) for share_id, seen in found.items()}


def _numbered(seen: Iterable[_Seen]) -> tuple[ShareLook, ...]:
    """Return looks, newest first, with their visitors numbered in the order of their coming."""
    numbers: dict[bytes, int] = {}
    looks = []
    for at, source in reversed(list(seen)):
        visitor = None if source is None else numbers.setdefault(source, len(numbers) + 1)
        looks.append(ShareLook(at=at, visitor=visitor))
    return tuple(reversed(looks))
