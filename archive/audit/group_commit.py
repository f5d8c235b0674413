"""Writing the access log: one thread a process commits what many requests hand in at once.

A commit a request cost three quarters of the speed of a verification page. A request waits
for the commit of its batch, and is refused when that fails or takes too long. It must not
hold an open write of the same database meanwhile; see ``settings``.
"""

import queue
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog
from sqlalchemy.exc import DataError, IntegrityError
from structlog.typing import FilteringBoundLogger

from archive.audit.events import Row
from archive.audit.refusals import AuditUnavailableError
from archive.audit.tables import ACCESS_EVENT
from archive.db import Database
from credit_bank.bulk import insert_rows

DEADLINE_SECONDS = 10.0
"""How long a request waits for its batch before it is refused."""
ROOM = 2_000
"""Requests that may wait; the next is refused at once, so that a stuck disk eats no memory."""
_BATCH = 500

log: FilteringBoundLogger = structlog.get_logger("archive.audit")


@dataclass(slots=True)
class _Waiting:
    rows: Sequence[Row]
    ended: threading.Event = field(default_factory=threading.Event)
    is_written: bool = False
    is_given_up: bool = False


class AccessLog:
    """The access log of one process. Nothing is opened, and no thread begun, before it is used."""

    def __init__(
        self, store: Database, *, deadline: float = DEADLINE_SECONDS, room: int = ROOM
    ) -> None:
        """Take the access log's database."""
        self.store = store
        self._deadline = deadline
        self._queue: queue.Queue[_Waiting | None] = queue.Queue(room)
        self._begins = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_closed = False

    def write(self, rows: Sequence[Row]) -> None:
        """Return once the rows are committed; raises AuditUnavailableError when they are not."""
        if not rows:
            return
        waiting = _Waiting(rows)
        self._begin()
        try:
            self._queue.put_nowait(waiting)
        except queue.Full:
            log.critical("access_log_full")
            raise AuditUnavailableError from None
        if not waiting.ended.wait(self._deadline):
            waiting.is_given_up = True
            log.critical("access_log_late")
            raise AuditUnavailableError
        if not waiting.is_written:
            raise AuditUnavailableError

    def close(self) -> None:
        """Write what was handed in, end the thread, and give all connections back."""
        with self._begins:
            self._is_closed = True
            thread, self._thread = self._thread, None
        if thread is not None:
            self._queue.put(None)
            thread.join()
        self.store.close()

    def _begin(self) -> None:
        if self._thread is not None:
            return
        with self._begins:
            if self._is_closed:
                raise AuditUnavailableError
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="access-log", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            batch, goes_on = self._gathered(first)
            self._commit([one for one in batch if not one.is_given_up])
            if not goes_on:
                break

    def _gathered(self, first: _Waiting) -> tuple[list[_Waiting], bool]:
        """Return all that waits by now, and whether to go on after it."""
        batch = [first]
        while len(batch) < _BATCH:
            try:
                another = self._queue.get_nowait()
            except queue.Empty:
                break
            if another is None:
                return batch, False
            batch.append(another)
        return batch, True

    def _commit(self, batch: Sequence[_Waiting]) -> None:
        try:
            with self.store.transaction() as session:
                insert_rows(session, ACCESS_EVENT, [row for one in batch for row in one.rows])
        except (DataError, IntegrityError) as fault:
            if len(batch) > 1:  # One of them is at fault; the others are not refused for it.
                for one in batch:
                    self._commit([one])
                return
            log.critical("access_log", error=type(fault).__qualname__)
        except Exception as fault:  # noqa: BLE001  # Whatever it is, the thread serves the next.
            log.critical("access_log", error=type(fault).__qualname__)
        else:
            for one in batch:
                one.is_written = True
        for one in batch:
            one.ended.set()
