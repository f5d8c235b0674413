"""The sender of ``serve``: one thread that sends what waits in the outbox, beside the jobs.

Only the server that holds the slot of the jobs sends; a thread of its own, because a mail
server that does not answer must not keep the jobs waiting.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError

from archive.db import Database
from archive.notices.console import WARNING
from archive.notices.providers import providers_of
from archive.people import joining, sent_codes, tidings
from archive.people.delivering import deliver
from archive.settings import Settings
from schemas.refusals import Refusal

_EVERY_SECONDS = 1.0
_LEAVE_SECONDS = 20.0

log = structlog.get_logger("archive.notices")


@contextmanager
def delivering(
    archive: Database, settings: Settings, clock: Callable[[], datetime]
) -> Iterator[None]:
    """Send in the background; what is being sent when this ends is sent to its end."""
    stop = threading.Event()
    thread = threading.Thread(
        target=_deliver, args=(archive, settings, clock, stop), name="notices", daemon=True
    )
    if settings.notices_to_console:
        log.warning("notices_to_console", warning=WARNING)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(_LEAVE_SECONDS)


def _deliver(
    archive: Database, settings: Settings, clock: Callable[[], datetime], stop: threading.Event
) -> None:
    providers = providers_of(settings)
    while not stop.wait(_EVERY_SECONDS):
        try:
            with archive.transaction() as session:
                now = clock()
                sent_codes.answer_sign_ins(session, now=now)
                joining.answer(session, now=now)
                joining.settle(session, now=now)
                tidings.send(session, now=now)
            deliver(archive, providers, clock)
        except (SQLAlchemyError, OSError, Refusal) as fault:
            log.warning("notices_failed", error=type(fault).__qualname__)
