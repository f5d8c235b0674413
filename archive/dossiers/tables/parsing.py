"""The child process that reads one workbook: begun, fed, listened to, ended. No cells here.

A process that has begun and waits for its workbook may be kept ready, for its beginning
takes as long as the reading of a short list.
"""

import atexit
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

from archive.dossiers.tables import child

MOST_ANSWER_BYTES = 192 * 2**20  # Sixteen million characters, and 20 million cells' places.
_PIECE = 1 << 20
_CHILD = Path(child.__file__)
_EXCEEDED = frozenset({-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGABRT})
"""How a child ends that asked for more time, or for memory that a library cannot do without."""


class DiedError(Exception):
    """The child ended before it had answered."""


class TooMuchError(DiedError):
    """It took more time or memory than it was given, or answered without end."""


def answer(content: bytes, *, seconds: float) -> bytes:
    """Let a child read a workbook; return what it answers. Raises DiedError, TooMuchError."""
    reader = _ready.taken()
    try:
        told = _exchanged(reader, content, time.monotonic() + seconds)
        status = reader.wait()
    finally:
        _end(reader)
    if status in _EXCEEDED:
        raise TooMuchError
    if status:
        raise DiedError
    return told


def keep_ready() -> None:
    """From now on have one child of this process waiting for the next workbook."""
    _ready.keep()


def _begun() -> "subprocess.Popen[bytes]":
    """Begin a child: no environment, no open file but its three pipes, no terminal."""
    return subprocess.Popen(  # noqa: S603  # Our own program, by its path, without a shell.
        [sys.executable, "-I", str(_CHILD)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # What it says of its troubles may name people.
        env={},
        cwd="/",
        start_new_session=True,
    )


def _exchanged(reader: "subprocess.Popen[bytes]", content: bytes, deadline: float) -> bytes:
    """Write the workbook and read the answer, both at once, until the answer ends."""
    to, back = _pipe(reader.stdin), _pipe(reader.stdout)
    left, told = memoryview(content), bytearray()
    with selectors.DefaultSelector() as waiting:
        waiting.register(to, selectors.EVENT_WRITE)
        waiting.register(back, selectors.EVENT_READ)
        os.set_blocking(to.fileno(), False)
        while waiting.get_map():
            ready = waiting.select(max(0, deadline - time.monotonic()))
            if not ready:
                raise TooMuchError
            for key, _ in ready:
                if key.fileobj is to:
                    left = _written(to, left)
                    if not left:
                        waiting.unregister(to)
                        _close(to)
                elif piece := os.read(back.fileno(), _PIECE):
                    told += piece
                    if len(told) > MOST_ANSWER_BYTES:
                        raise TooMuchError
                else:
                    waiting.unregister(back)
    return bytes(told)


def _written(to: IO[bytes], left: memoryview) -> memoryview:
    """Write as much as the pipe takes; nothing is left to write to a child that has ended."""
    try:
        return left[os.write(to.fileno(), left[:_PIECE]) :]
    except BrokenPipeError:
        return left[:0]


def _pipe(end: IO[bytes] | None) -> IO[bytes]:
    if end is None:
        raise DiedError
    return end


def _close(end: IO[bytes]) -> None:
    with suppress(BrokenPipeError):
        end.close()


def _end(reader: "subprocess.Popen[bytes]") -> None:
    """Let nothing remain of a child, whether it has ended or not."""
    if reader.poll() is None:
        reader.kill()
        reader.wait()
    _close(_pipe(reader.stdin))
    _close(_pipe(reader.stdout))


class _Ready:
    """The one child that waits, if this process keeps one."""

    def __init__(self) -> None:
        self._one_at_a_time = threading.Lock()
        self._waiting: subprocess.Popen[bytes] | None = None
        self._kept_by: int | None = None

    def keep(self) -> None:
        """Begin a child, and from now on another whenever one is taken."""
        with self._one_at_a_time:
            if self._kept_by != os.getpid():  # A fork of the process must not share the child.
                self._kept_by, self._waiting = os.getpid(), _begun()
                atexit.register(self.give_up)

    def taken(self) -> "subprocess.Popen[bytes]":
        """Return the child that waits, or a new one."""
        with self._one_at_a_time:
            if self._kept_by != os.getpid():
                return _begun()
            taken, self._waiting = self._waiting, _begun()
        if taken is not None and taken.poll() is None:
            return taken
        return _begun()

    def give_up(self) -> None:
        """End the child that waits."""
        with self._one_at_a_time:
            waiting, self._waiting, self._kept_by = self._waiting, None, None
        if waiting is not None:
            _end(waiting)


_ready = _Ready()
