"""The process of ``serve`` that does the archive's jobs, beside the one that answers.

Writing a long list keeps a processor busy for seconds; in the server's own process every page
would wait for it. It is started anew when it dies, and ends with the server, however that ends.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

_LEAVE_SECONDS = 25.0
"""How long a step that is being taken is waited for."""
_PAUSE_SECONDS = 2.0

log = structlog.get_logger("archive.jobs")


@contextmanager
def working() -> Iterator[None]:
    """Keep a process at the jobs as long as the server serves."""
    keeper = _Keeper()
    thread = threading.Thread(target=keeper.keep, name="jobs", daemon=True)
    thread.start()
    try:
        yield
    finally:
        keeper.leave()


class _Keeper:
    """Starts the process, and starts it again when it dies."""

    def __init__(self) -> None:
        self._leaving = threading.Event()
        self._changing = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def keep(self) -> None:
        """Wait for the process to end; it ends with 0 only when it was told to."""
        while (process := self._started()) and process.wait() and not self._leaving.is_set():
            log.warning("jobs_died", status=process.returncode)
            self._leaving.wait(_PAUSE_SECONDS)

    def leave(self) -> None:
        """Tell the process to leave after the step that it is taking."""
        with self._changing:
            self._leaving.set()
            process = self._process
        if process is None:
            return
        process.terminate()
        try:
            process.wait(_LEAVE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()

    def _started(self) -> "subprocess.Popen[bytes] | None":
        with self._changing:
            if self._leaving.is_set():
                return None
            command = [sys.executable, "-m", "archive.cli.job_process"]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE)  # noqa: S603  # Ours.
            return self._process


def main() -> None:
    """Do jobs until a signal comes, or the server that this belongs to is gone."""
    from archive.cli.job_watch import watch
    from archive.processes import NICENESS
    from archive.settings import load_settings

    os.nice(NICENESS)
    stop = threading.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda *_: stop.set())
    threading.Thread(target=_end_with_the_server, args=(stop,), daemon=True).start()
    watch(load_settings(), stop)


def _end_with_the_server(stop: threading.Event) -> None:
    """End at once when the server was killed: its pipe closes; the next one takes over."""
    while os.read(sys.stdin.fileno(), 1):  # No buffer, whose lock an ending program would miss.
        pass
    if not stop.is_set():
        os._exit(1)


if __name__ == "__main__":
    main()
