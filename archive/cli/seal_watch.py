"""The sealer of ``serve``: a thread that seals what was told, every few seconds.

Every server has one; of all of them one is first with each seal, and the others' turn comes.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from archive.audit.events import Stream
from archive.audit.sealing import RECENT, Streams, newest, seal_all
from archive.cli.opened import opened
from archive.people.trail import trail_of
from archive.settings import Settings
from schemas.refusals import Refusal

EVERY_SECONDS = 3.0
_THOROUGH_EVERY = timedelta(hours=1)
_LOOKS_BACK = timedelta(days=2)
"""How long before its last seal a server looks for rows that committed late or unseen."""

Clock = Callable[[], datetime]

log = structlog.get_logger("archive.audit")


@contextmanager
def sealing(settings: Settings) -> Iterator[None]:
    """Seal in the background as long as the server serves, and once at its end."""
    stop = threading.Event()
    thread = threading.Thread(target=watch, args=(settings, stop), name="sealer", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(EVERY_SECONDS)


def watch(
    settings: Settings,
    stop: threading.Event,
    *,
    clock: Clock = lambda: datetime.now(UTC),
    every_seconds: float = EVERY_SECONDS,
) -> None:
    """Seal until ``stop`` is set; a fault is told, and the next round tries again."""
    looked_at: datetime | None = None
    with opened(settings) as archive:
        streams = Streams(archive, trail_of(archive).store)
        while True:
            ends = stop.wait(every_seconds)
            now = clock()
            is_due = looked_at is None or now - looked_at >= _THOROUGH_EVERY
            try:
                seal_all(streams, now=now, since=_far(streams) if is_due else now - RECENT)
            except (SQLAlchemyError, OSError, Refusal) as fault:
                log.critical("seal_failed", error=type(fault).__qualname__)
            else:
                looked_at = now if is_due else looked_at
            if ends:
                return


def _far(streams: Streams) -> datetime | None:
    """Return from when on a thorough look begins: two days before the older of the last seals."""
    last = [newest(streams.store, stream) for stream in Stream]
    if any(one is None for one in last):
        return None
    return min(one.sealed_at for one in last if one) - _LOOKS_BACK
