"""Taking turns at writing to a file of SQLite: who came first writes first.

SQLite lets write whoever asks in the moment in which nobody does, and who waits asks ever more
seldom: one who writes a long list, step after step, keeps all others out until it is written.
So every writing transaction queues up before it begins, also those of other processes. Long
work queues up by itself first: of any number of lists one step at most is in front of a record
that somebody posts at a counter. PostgreSQL needs none of this: its writers wait for rows.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

FOLDER = ".turns"
_PAUSE_SECONDS = 0.001
_IS_LONG: ContextVar[bool] = ContextVar("is_long", default=False)


@contextmanager
def long_work() -> Iterator[None]:
    """Let what is written in this block wait behind all that is short: steps of jobs."""
    token = _IS_LONG.set(True)
    try:
        yield
    finally:
        _IS_LONG.reset(token)


class Turn:
    """The turn of one connection to a file of SQLite."""

    def __init__(self, database: Path, patience: float) -> None:
        """Take the file, and for how many seconds one waits for whoever writes."""
        folder = database.parent / FOLDER
        folder.mkdir(mode=0o700, exist_ok=True)
        self._long = _Gate(folder / f"{database.name}.long", patience)
        self._any = _Gate(folder / database.name, patience)

    def take(self) -> None:
        """Wait for the turn. Whoever waits in vain goes on, and is told by SQLite itself."""
        if _IS_LONG.get():
            self._long.enter()
        self._any.enter()

    def give_back(self) -> None:
        """Let the next one write."""
        self._any.leave()
        self._long.leave()

    def close(self) -> None:
        """Let go of the files; whoever dies lets go of them, too."""
        self._any.close()
        self._long.close()


class _Gate:
    """A door for one, and a place before it for the next; others wait behind that place.

    Who has just left cannot slip in again before the one who waits at the door. The system
    keeps those behind it roughly in the order in which they came.
    """

    def __init__(self, path: Path, patience: float) -> None:
        self._patience = patience
        self._door = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        self._place = os.open(f"{path}.next", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        self._is_inside = False

    def enter(self) -> None:
        if self._is_inside:
            return
        fcntl.flock(self._place, fcntl.LOCK_EX)
        try:
            self._is_inside = self._opens()
        finally:
            fcntl.flock(self._place, fcntl.LOCK_UN)

    def leave(self) -> None:
        if self._is_inside:
            fcntl.flock(self._door, fcntl.LOCK_UN)
            self._is_inside = False

    def close(self) -> None:
        os.close(self._door)
        os.close(self._place)

    def _opens(self) -> bool:
        until = time.monotonic() + self._patience
        while True:
            try:
                fcntl.flock(self._door, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > until:
                    return False
                time.sleep(_PAUSE_SECONDS)
            else:
                return True
