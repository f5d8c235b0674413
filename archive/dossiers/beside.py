"""Long work that is asked for by a page or a program, done in a process beside the server.

Threads of one process share one interpreter: while one judges a long list, every page that
another answers waits for it. What such work is stands in the rooms that do it.
"""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import nullcontext
from functools import lru_cache, partial
from multiprocessing import get_context
from typing import TypeVar

from archive.audit.acts import Act, acting, current
from archive.db import Database
from archive.dossiers.tables.workbooks import WorkbookBusyError
from archive.people.opening import open_archive
from archive.processes import begin_beside
from archive.settings import Settings

AnyResult = TypeVar("AnyResult")

SHORT_BYTES = 32 * 1024
"""A file of some two hundred rows: judged in the time that it takes to hand it over."""
MOST_WAITING = 24
"""Of the server's forty threads."""
_MOST_PROCESSES = 4


class Hands:
    """Does what a request asks for: here what is short, beside the server what is long."""

    def __init__(self, archive: Database, settings: Settings | None = None) -> None:
        """Take the archive here, and the settings to open it elsewhere; without them all is here.

        No process is begun before there is something long to do; then it stays.
        """
        self._archive = archive
        self._settings = settings
        self._changing = threading.Lock()
        self._places = threading.BoundedSemaphore(MOST_WAITING)
        self._pool: ProcessPoolExecutor | None = None

    def do(self, size: int, work: Callable[[Database], AnyResult]) -> AnyResult:
        """Return what ``work`` makes of a file of ``size`` bytes.

        It is a function of a module with all it needs bound to it: that, and what it returns,
        crosses into another process. A process that dies is replaced and the work done once
        more, so it must be such as may be done twice. Raises WorkbookBusyError when too much
        waits already: who waits holds a thread that pages need.
        """
        if self._settings is None or size <= SHORT_BYTES:
            return work(self._archive)
        if not self._places.acquire(blocking=False):
            raise WorkbookBusyError
        try:
            return self._done(work, self._settings)
        finally:
            self._places.release()

    def _done(self, work: Callable[[Database], AnyResult], settings: Settings) -> AnyResult:
        errand = partial(in_child, settings, told_elsewhere(), work)
        pool = self._running()
        try:
            return pool.submit(errand).result()
        except BrokenProcessPool:
            return self._running(instead_of=pool).submit(errand).result()

    def close(self) -> None:
        """Let the processes end; what they are at is waited for."""
        with self._changing:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown()

    def _running(self, instead_of: ProcessPoolExecutor | None = None) -> ProcessPoolExecutor:
        with self._changing:
            if self._pool in (None, instead_of):
                self._pool = child_processes(min(os.cpu_count() or 1, _MOST_PROCESSES))
            return self._pool


def child_processes(most: int) -> ProcessPoolExecutor:
    """Return processes that end with this one, however it ends; forks would share its locks."""
    return ProcessPoolExecutor(most, mp_context=get_context("spawn"), initializer=begin_beside)


def told_elsewhere() -> Act | None:
    """Return what is going on here, to be told of what another process opens for it."""
    act = current()
    return act.elsewhere() if act else None


def in_child(
    settings: Settings, act: Act | None, work: Callable[[Database], AnyResult]
) -> AnyResult:
    """Do a piece of work on this process's own archive, as part of what goes on elsewhere."""
    with acting(act) if act else nullcontext():
        return work(_opened(settings))


@lru_cache(maxsize=1)
def _opened(settings: Settings) -> Database:
    """Return this process's own archive; it is closed when the process ends."""
    return open_archive(settings)
