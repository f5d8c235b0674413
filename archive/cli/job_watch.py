"""The watch of ``serve``: does the archive's jobs, if no other server does.

It asks for the nightly run once a day, shortly after local midnight, and for the daily
messages in the local morning; a server that slept through either, or was killed in the
midst, makes up for it when it starts, for messages not at night.
"""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache

import structlog
from sqlalchemy.exc import SQLAlchemyError

from archive.bureau import nightly
from archive.cli import job_kinds  # noqa: F401  # Its import makes every kind of job known.
from archive.cli.notice_watch import delivering
from archive.cli.opened import opened
from archive.db import Database
from archive.dossiers import digests
from archive.dossiers.intake import driving
from archive.jobs import desk
from archive.jobs.slots import StillHeld, holding
from archive.settings import Settings
from archive.transcripts import batches, finishing
from archive.transcripts.presses import Press, lend
from schemas.refusals import Refusal

FIRST_SECONDS = 2.0  # The server answers its first visitors before it looks back.
_SWEEP_SECONDS = 1.0
_TAKE_UP_EVERY = timedelta(seconds=10)
_STAND_BY_SECONDS = 10.0
_AFTER_MIDNIGHT = timedelta(minutes=5)

Clock = Callable[[], datetime]

log = structlog.get_logger("archive.jobs")


def watch(
    settings: Settings,
    stop: threading.Event,
    *,
    clock: Clock = lambda: datetime.now(UTC),
    first_seconds: float = FIRST_SECONDS,
) -> None:
    """Hold the slot, or stand by for it, until ``stop`` is set."""
    waits = first_seconds
    while not stop.wait(waits):
        waits = _STAND_BY_SECONDS
        try:
            with opened(settings) as archive, holding(archive) as still_held:
                if still_held:
                    _do_jobs(archive, settings, stop, clock, still_held)
        except (SQLAlchemyError, OSError, Refusal) as fault:
            log.warning("jobs_failed", error=type(fault).__qualname__)


def due_day(settings: Settings, *, now: datetime) -> date:
    """Return the local day whose nightly run is due."""
    return (now.astimezone(settings.zone) - _AFTER_MIDNIGHT).date()


def digest_day(settings: Settings, *, now: datetime) -> date | None:
    """Return the local day whose messages are due; None at an hour when nobody is written to."""
    local = now.astimezone(settings.zone)
    since_midnight = timedelta(hours=local.hour, minutes=local.minute)
    return local.date() if digests.MORNING <= since_midnight < digests.EVENING else None


def _do_jobs(
    archive: Database, settings: Settings, stop: threading.Event, clock: Clock, held: StillHeld
) -> None:
    from archive.cli.refreshing import lend_renewal
    from archive.jobs.engine import JobEngine

    asked: date | None = None
    looked: datetime | None = None
    told: date | None = None
    engine = JobEngine(archive, settings.zone, clock)
    lend(archive, _press_made_once(settings, clock))
    lend_renewal(archive, settings)
    with engine.launched(), delivering(archive, settings, clock):
        while held():
            now = clock()
            if (day := due_day(settings, now=now)) != asked:
                with archive.transaction() as session:
                    desk.ask(session, nightly.KIND, day.isoformat(), now=now)
                asked = day
            if looked is None or now - looked >= _TAKE_UP_EVERY:
                driving.take_up(archive, now=now)
                finishing.take_up(archive, now=now)
                batches.take_up(archive, now=now)
                looked = now
            if (morning := digest_day(settings, now=now)) not in (None, told):
                with archive.transaction() as session:
                    desk.ask(session, digests.KIND, f"{morning}", now=now)
                told = morning
            engine.sweep()
            if stop.wait(_SWEEP_SECONDS):
                return


def _press_made_once(settings: Settings, clock: Clock) -> Callable[[], Press]:
    """Return what makes the press of this process when the first job needs it."""

    @cache
    def made() -> Press:
        from archive.transcripts.pool import PressPool
        from archive.transcripts.providing import signing_keys

        pool = PressPool(settings, clock)
        keys = signing_keys(settings, now=clock())
        return Press(keys, pool, settings.public_url, settings.timezone)

    return made
