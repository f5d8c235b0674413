"""Sending what waits in the outbox: each message between two short transactions."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from sqlmodel import Session

from archive.db import Database
from archive.errors import SealBrokenError
from archive.notices.faults import RejectedError, UncertainError, UndeliveredError
from archive.notices.messages import Channel
from archive.notices.providers import Provider
from archive.people import outbox
from archive.people.outbox_models import Outbox
from archive.people.privacy import vault_of

NO_PROVIDER = "no_provider"
ERASED = "erased"


class Note(Protocol):
    """Notes what came of a message."""

    def __call__(self, session: Session, row: Outbox, fault: str | None, *, now: datetime) -> None:
        """Note it."""


def deliver(
    archive: Database,
    providers: Mapping[Channel, Provider],
    clock: Callable[[], datetime],
) -> int:
    """Send what is due; return how many messages were sent."""
    with archive.transaction() as session:
        claimed = outbox.claim(session, now=clock())
    return sum(_deliver_one(archive, row, providers, clock) for row in claimed)


def _deliver_one(
    archive: Database,
    row: Outbox,
    providers: Mapping[Channel, Provider],
    clock: Callable[[], datetime],
) -> bool:
    note: Note = outbox.sent
    fault: str | None = None
    try:
        _send(archive, row, providers)
    except RejectedError as rejected:
        note, fault = outbox.given_up, _told(rejected)
    except UndeliveredError as undelivered:
        note, fault = outbox.put_off, _told(undelivered)
    except UncertainError as uncertain:
        note, fault = outbox.left_uncertain, _told(uncertain)
    with archive.transaction() as session:
        note(session, row, fault, now=clock())
    return note is outbox.sent


def _send(archive: Database, row: Outbox, providers: Mapping[Channel, Provider]) -> None:
    sealing = vault_of(archive).keys_of([row.owner_id]).get(row.owner_id)
    if sealing is None:
        raise RejectedError(ERASED)
    try:
        message = outbox.opened(row, sealing)
    except SealBrokenError as broken:
        raise RejectedError(broken.code) from None
    provider = providers.get(message.channel)
    if provider is None:
        raise RejectedError(NO_PROVIDER)
    provider.send(message)


def _told(fault: Exception) -> str:
    return f"{type(fault).__name__} {fault}".strip()[:80]
