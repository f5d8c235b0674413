"""A few at a time: for what a page that needs no account makes the server work for."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from archive.web.refusals import VerificationBusyError


class Turnstile:
    """Lets so many work at once, and so many wait; whoever comes then is refused at once.

    A hostile file takes seconds and some hundred megabytes until it is given up; without a bound
    forty of them at once would take what all pages live on.
    """

    def __init__(self, *, at_once: int = 2, waiting: int = 14, seconds: float = 10.0) -> None:
        """Take how many work and wait, and how long somebody waits."""
        self._inside = threading.BoundedSemaphore(at_once + waiting)
        self._at_work = threading.BoundedSemaphore(at_once)
        self._seconds = seconds

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place; raises VerificationBusyError when none is free in time."""
        if not self._inside.acquire(blocking=False):
            raise VerificationBusyError
        try:
            if not self._at_work.acquire(timeout=self._seconds):
                raise VerificationBusyError
            try:
                yield
            finally:
                self._at_work.release()
        finally:
            self._inside.release()
