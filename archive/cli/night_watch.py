"""The night watch of ``serve``: one thread of one process runs the nightly run once a day.

Of several servers on one data folder the one that holds the lock does it. The lock's file
remembers the last day that was done, so that a server that slept through midnight makes up
for it when it starts.
"""

import fcntl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from io import TextIOWrapper

import structlog
from sqlalchemy.exc import SQLAlchemyError

from archive.bureau import nightly
from archive.cli.opened import opened
from archive.settings import Settings
from schemas.refusals import Refusal

LOCK = "nightly.lock"
_AFTER_MIDNIGHT = time(0, 5)
_RETRY_SECONDS = 600.0
_FIRST_SECONDS = 20.0  # The server answers its first visitors before it looks back.

Clock = Callable[[], datetime]

log = structlog.get_logger("archive.nightly")


@contextmanager
def watching(settings: Settings) -> Iterator[None]:
    """Watch in the background as long as the server serves."""
    stop = threading.Event()
    thread = threading.Thread(target=watch, args=(settings, stop), name="nightly", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()


def watch(
    settings: Settings, stop: threading.Event, *, clock: Clock = lambda: datetime.now(UTC)
) -> None:
    """Do each day's run once, until ``stop`` is set."""
    waits = _FIRST_SECONDS
    while not stop.wait(waits):
        try:
            is_done = do_if_due(settings, now=clock())
        except (SQLAlchemyError, OSError, Refusal) as fault:
            log.warning("nightly_failed", error=type(fault).__qualname__)
            is_done = False
        waits = seconds_to_next(settings, now=clock()) if is_done else _RETRY_SECONDS


def do_if_due(settings: Settings, *, now: datetime) -> bool:
    """Run unless the local day was done; tell whether it is done now.

    Another process that holds the lock does it instead.
    """
    today = now.astimezone(settings.zone).date()
    with (settings.home / LOCK).open("a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        if _last_done(lock) == today:
            return True
        with opened(settings) as archive:
            report = nightly.run(archive, now=now, zone=settings.zone)
        log.info("nightly", **report.model_dump(mode="json"))
        _remember(lock, today)
    return True


def seconds_to_next(settings: Settings, *, now: datetime) -> float:
    """Return how long it is until shortly after the next local midnight."""
    today = now.astimezone(settings.zone).date()
    begins = datetime.combine(today + timedelta(days=1), _AFTER_MIDNIGHT, settings.zone)
    return max(1.0, (begins - now).total_seconds())


def _last_done(lock: TextIOWrapper) -> date | None:
    lock.seek(0)
    try:
        return date.fromisoformat(lock.read().strip())
    except ValueError:
        return None


def _remember(lock: TextIOWrapper, day: date) -> None:
    lock.seek(0)
    lock.truncate()
    lock.write(day.isoformat())
    lock.flush()
