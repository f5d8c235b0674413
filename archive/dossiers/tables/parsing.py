"""The child processes that read workbooks: asked for, fed, listened to. No cells here.

One server a process is begun when the first workbook comes, forks a child for each, and ends
with the process; the child program says how.
"""

import atexit
import os
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from io import FileIO

from archive.dossiers.tables import forking

MOST_ANSWER_BYTES = 192 * 2**20  # Sixteen million characters, and 20 million cells' places.
_PIECE = 1 << 20
_PROGRAM = forking.__name__
_BY_SIGNAL = 128
_EXCEEDED = frozenset(
    _BY_SIGNAL + one for one in (signal.SIGXCPU, signal.SIGKILL, signal.SIGABRT, signal.SIGALRM)
)
"""How a child ends that asked for more time, or for memory that a library cannot do without."""


class DiedError(Exception):
    """The child ended before it had answered."""


class TooMuchError(DiedError):
    """It took more time or memory than it was given, or answered without end."""


def answer(content: bytes, *, seconds: float) -> bytes | bytearray:
    """Let a child read a workbook; return what it answers. Raises DiedError, TooMuchError."""
    deadline = time.monotonic() + seconds
    with _server.child() as (to, back, ended):
        told = _exchanged(to, back, content, deadline)
        status = ended.read(1)
    if status and status[0] in _EXCEEDED:
        raise TooMuchError
    if status != b"\0":
        raise DiedError
    return told


def program_id() -> int | None:
    """Return the process of the server whose forks read for this one; None before the first."""
    return _server.program_id()


def _exchanged(to: FileIO, back: FileIO, content: bytes, deadline: float) -> bytearray:
    """Write the workbook and read the answer, both at once, until the answer ends."""
    left, told = memoryview(content), bytearray()
    os.set_blocking(to.fileno(), False)
    with selectors.DefaultSelector() as waiting:
        waiting.register(to, selectors.EVENT_WRITE)
        waiting.register(back, selectors.EVENT_READ)
        while waiting.get_map():
            ready = waiting.select(max(0, deadline - time.monotonic()))
            if not ready:
                raise TooMuchError
            for key, _ in ready:
                if key.fileobj is to:
                    left = _written(to, left)
                    if not left:
                        waiting.unregister(to)
                        to.close()
                elif piece := back.read(_PIECE):
                    told += piece
                    if len(told) > MOST_ANSWER_BYTES:
                        raise TooMuchError
                else:
                    waiting.unregister(back)
    return told


def _written(to: FileIO, left: memoryview) -> memoryview:
    """Write as much as the pipe takes; nothing is left to write to a child that has ended."""
    try:
        return left[to.write(left[:_PIECE]) or 0 :]
    except BrokenPipeError:
        return left[:0]


class _Server:
    """The server of this process; a fork of the process begins one of its own."""

    def __init__(self) -> None:
        self._one_at_a_time = threading.Lock()
        self._asked: socket.socket | None = None
        self._program: subprocess.Popen[bytes] | None = None
        self._begun_by: int | None = None

    @contextmanager
    def child(self) -> Iterator[tuple[FileIO, FileIO, FileIO]]:
        """Yield three pipes of a new child: to write to, to read from, and how it ends."""
        with ExitStack() as open_here:
            (read, to), (back, write), (ended, end) = (_pipe(open_here) for _ in range(3))
            with read, write, end:
                self._ask([one.fileno() for one in (read, write, end)])
            yield to, back, ended

    def _ask(self, pipes: list[int]) -> None:
        with self._one_at_a_time:
            if self._asked is not None and self._begun_by == os.getpid():
                with suppress(OSError):  # It was ended from without: begin another.
                    socket.send_fds(self._asked, [b"."], pipes)
                    return
            self._begin()
            if self._asked is None:
                raise DiedError
            socket.send_fds(self._asked, [b"."], pipes)

    def _begin(self) -> None:
        """Begin a server: no environment, no open file but its socket, no terminal."""
        self._end()
        self._asked, theirs = socket.socketpair()
        with theirs:
            self._program = subprocess.Popen(  # noqa: S603  # Our own program.
                [sys.executable, "-I", "-m", _PROGRAM],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # What it says of its troubles may name people.
                env={},
                cwd="/",
                start_new_session=True,
            )
        if self._begun_by is None:
            atexit.register(self.end)
        self._begun_by = os.getpid()

    def program_id(self) -> int | None:
        """Return the server's process."""
        return self._program.pid if self._program else None

    def end(self) -> None:
        """End the server."""
        with self._one_at_a_time:
            self._end()

    def _end(self) -> None:
        if self._asked is not None:
            self._asked.close()
        if self._program is not None and self._begun_by == os.getpid():
            self._program.wait()
        self._asked = self._program = None


def _pipe(open_here: ExitStack) -> tuple[FileIO, FileIO]:
    """Return both ends of a pipe, which are closed with all that is open here."""
    read, write = os.pipe()
    ends = FileIO(read, "r"), FileIO(write, "w")
    for end in ends:
        open_here.callback(end.close)
    return ends


_server = _Server()
