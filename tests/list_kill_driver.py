"""A server's jobs in a process that kills itself when it has signed so many documents."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any

from archive.cli import job_watch
from archive.settings import Settings, load_settings
from archive.transcripts import batch_job, finishing
from archive.transcripts.finishing import Tried
from archive.transcripts.own_works import press_for
from archive.transcripts.presses import Press


def main() -> None:
    """Do jobs; the argument tells after how many signatures it dies, 0: never by itself."""
    fatal, own, signed = int(sys.argv[1]), finishing.tried, threading.Semaphore(0)

    def dying(*told: Any) -> Tried | None:
        made = own(*told)
        signed.release()
        if fatal and signed._value >= fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        return made

    def in_this_process(settings: Settings, clock: Callable[[], datetime]) -> Callable[[], Press]:
        return cache(lambda: press_for(settings, now=clock()))

    setattr(batch_job, "tried", dying)  # noqa: B010  # Whatever its type: it dies there.
    batch_job.AT_ONCE = 2
    job_watch._press_made_once = in_this_process
    job_watch._SWEEP_SECONDS = 0.1
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    job_watch.watch(load_settings(), stop, clock=lambda: datetime.now(UTC), first_seconds=0)


if __name__ == "__main__":
    main()
