"""Processes that make documents beside a server: one a processor, kept warm, replaced in time.

Each has a line of its own, so that one that dies, hangs or grows costs the document that it is
at and no other; concurrent.futures breaks all that waits when one process dies, and cannot end
one that hangs, and a library for that (pebble) would share one line among all. Who asks waits in
a thread of the server, of which few may: the others are refused at once.
"""

import os
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import TYPE_CHECKING

import structlog

from archive.settings import Settings
from archive.transcripts.makings import DocumentFailedError
from archive.transcripts.orders import Order
from archive.transcripts.payload import Payload
from archive.transcripts.press_worker import Answer, Errand, Opening, heated, serve
from archive.transcripts.refusals import DocumentsBusyError
from schemas.transcripts import TranscriptV1

if TYPE_CHECKING:
    from archive.transcripts.signing import SignedFile

_MEGABYTE = 1024**2
_LEAVE_SECONDS = 2.0
_GONE = (EOFError, BrokenPipeError, ConnectionResetError, OSError)

log = structlog.get_logger("archive.documents")


@dataclass(frozen=True)
class Limits:
    """What a pool allows; the defaults suit a small server."""

    processes: int = min(os.cpu_count() or 1, 4)
    waiting: int = 24
    """Who waits besides those whose document is being made; of the server's forty threads."""
    seconds: float = 20.0
    """One document of few records at most."""
    seconds_a_line: float = 0.1
    """More for each record and entry: a lifetime of 900 records fills seventy pages."""
    start_seconds: float = 60.0
    documents: int = 500
    """After so many a process is replaced."""
    usual_bytes: int = 300 * _MEGABYTE
    """A process that holds more after a document is replaced."""
    most_bytes: int = 1024 * _MEGABYTE
    """A process gets no more than this, whatever it is at."""

    def patience(self, payload: Payload) -> float:
        """Return the seconds that one document may take: its pages grow with what it lists."""
        if not isinstance(payload, TranscriptV1):
            return self.seconds
        return self.seconds + self.seconds_a_line * (len(payload.records) + len(payload.entries))


class PressPool:
    """Makes documents in processes of its own; none is begun before the first is asked for."""

    def __init__(
        self,
        settings: Settings,
        clock: Callable[[], datetime],
        limits: Limits | None = None,
        opening: Opening = heated,
    ) -> None:
        """Take what a process opens its keys by, and the clock of who is at the door."""
        self._settings, self._clock, self._opening = settings, clock, opening
        self._limits = limits or Limits()
        self._places = threading.BoundedSemaphore(self._limits.processes + self._limits.waiting)
        self._desks: queue.LifoQueue[_Desk] = queue.LifoQueue()  # The warmest first.
        for _ in range(self._limits.processes):
            self._desks.put(_Desk(self))
        self._closed = threading.Event()

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place among those who wait; raises DocumentsBusyError when there is none."""
        if not self._places.acquire(blocking=False):
            raise DocumentsBusyError
        try:
            yield
        finally:
            self._places.release()

    def make(self, payload: Payload, *, at: datetime, order: Order) -> "SignedFile":
        """Return the signed file of a payload, made by the next process that is free.

        Raises what the renderer and the signer raise, DocumentsBusyError when none is free for
        long, DocumentFailedError when a process died over it or took too long.
        """
        try:
            desk = self._desks.get(timeout=self._limits.waiting * self._limits.seconds / 4)
        except queue.Empty as busy:
            raise DocumentsBusyError from busy
        try:
            answer = desk.ask(Errand(payload, at, order))
        finally:
            self._give_back(desk)
        if answer.refusal is not None:
            raise answer.refusal
        if answer.signed is None:
            log.warning("document_failed", error=answer.fault)
            raise DocumentFailedError
        return answer.signed

    def warm(self) -> None:
        """Begin every process that has not begun, one after the other."""
        desks = [self._desks.get() for _ in range(self._desks.qsize())]
        for desk in desks:
            with suppress(DocumentFailedError):
                desk.begin()
            self._desks.put(desk)

    def desks(self) -> "list[_Desk]":
        """Return the desks that nobody is at."""
        return list(self._desks.queue)

    def close(self) -> None:
        """Let the processes go; a document that one is at is waited for a little."""
        self._closed.set()
        with suppress(queue.Empty):
            for _ in range(self._limits.processes):
                self._desks.get(timeout=_LEAVE_SECONDS).end()

    def _give_back(self, desk: "_Desk") -> None:
        """Let the next one have a desk; one whose process is replaced warms up first."""
        if self._closed.is_set():
            desk.end()
        elif desk.is_due():
            threading.Thread(target=self._renew, args=(desk,), name="press", daemon=True).start()
        else:
            self._desks.put(desk)

    def _renew(self, desk: "_Desk") -> None:
        desk.end()
        with suppress(DocumentFailedError):
            desk.begin()
        self._desks.put(desk)

    def started(self) -> "_Process":
        """Return a process that is ready; raises DocumentFailedError when it does not get so."""
        here, there = get_context("spawn").Pipe()
        told = (there, self._settings, self._clock(), self._limits.most_bytes, self._opening)
        process = get_context("spawn").Process(target=serve, args=told, daemon=True)
        process.start()
        there.close()
        begun = _Process(process, here)
        begun.answered(self._limits.start_seconds)
        return begun

    @property
    def limits(self) -> Limits:
        """What this pool allows."""
        return self._limits


class _Desk:
    """One of the places at which documents are made, whichever process stands there."""

    def __init__(self, pool: PressPool) -> None:
        self._pool = pool
        self._process: _Process | None = None
        self._made = 0
        self._held = 0
        self._is_short = False

    def begin(self) -> None:
        """Have a process here; raises DocumentFailedError."""
        if self._process is None:
            self._process = self._pool.started()
            self._made, self._held, self._is_short = 0, 0, False

    def ask(self, errand: Errand) -> Answer:
        """Return what the process makes of a document; one that fails over it is ended."""
        self.begin()
        process = self._process
        if process is None:
            raise DocumentFailedError
        try:
            process.line.send(errand)
            answer = process.answered(self._pool.limits.patience(errand.payload))
        except (DocumentFailedError, *_GONE) as gone:
            self.end()
            raise DocumentFailedError from gone
        self._made, self._held = self._made + 1, answer.held_bytes
        self._is_short |= answer.fault == MemoryError.__name__
        return answer

    @property
    def pid(self) -> int | None:
        """The process that stands here; None while none does."""
        return self._process.process.pid if self._process else None

    def is_due(self) -> bool:
        """Whether the process made enough, grew too large, or is gone."""
        limits = self._pool.limits
        return (
            self._process is None
            or self._is_short
            or self._made >= limits.documents
            or self._held > limits.usual_bytes
        )

    def end(self) -> None:
        """End the process, and leave no zombie of it."""
        process, self._process = self._process, None
        if process is not None:
            process.end()


class _Process:
    """A process, and the line to it."""

    def __init__(self, process: SpawnProcess, line: Connection) -> None:
        self.process, self.line = process, line

    def answered(self, seconds: float) -> Answer:
        """Return its next answer. One that dies or is silent is ended; DocumentFailedError."""
        try:
            answer = self.line.recv() if self.line.poll(seconds) else None
        except _GONE:
            answer = None
        if isinstance(answer, Answer):
            return answer
        self.end()
        log.warning("press_ended", status=self.process.exitcode)
        raise DocumentFailedError

    def end(self) -> None:
        """End it, and wait until it is gone."""
        self.line.close()
        self.process.join(0.2)
        if self.process.is_alive():
            self.process.kill()
        self.process.join()
