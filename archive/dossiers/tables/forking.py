"""Begins a child process for each workbook, and lets it keep nothing that reading does not need.

A program of its own, run as a module; it imports ``child`` and nothing else of ours.
"""

import gc
import os
import resource
import signal
import socket
from contextlib import suppress
from typing import NoReturn

from archive.dossiers.tables import child

MEMORY_BYTES = 768 * 2**20
CPU_SECONDS = 20
WALL_CLOCK_SECONDS = 40  # Twice that.
_PIECE = 1 << 20


def serve() -> None:
    """Wait on standard input, a socket, for the pipes of workbooks; fork a child for each.

    A program takes longer to begin than to read a short list; a fork of one that has begun
    takes no time. This one never sees a workbook itself. It ends when whoever asks ends.
    """
    gc.freeze()
    signal.signal(signal.SIGCHLD, _tell_ended)
    with socket.socket(fileno=0) as asking:
        while True:
            _, pipes, _, _ = socket.recv_fds(asking, 1, 3)
            if len(pipes) < 3:  # noqa: PLR2004  # Whoever asks is gone.
                return
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
            forked = os.fork()
            if not forked:
                _begin(pipes)
            _LISTENING[forked] = pipes[2]
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
            os.close(pipes[0])
            os.close(pipes[1])


_LISTENING: dict[int, int] = {}
"""For each child the pipe of whoever wants to know how it ends."""


def _tell_ended(*_: object) -> None:
    """Tell how children ended, in one byte: by which signal, else with which status."""
    while _LISTENING:
        ended, status = os.waitpid(-1, os.WNOHANG)
        if not ended:
            return
        listening = _LISTENING.pop(ended)
        code = os.waitstatus_to_exitcode(status)
        with suppress(OSError):  # Nobody listens any more.
            os.write(listening, bytes([128 - code if code < 0 else code]))
        os.close(listening)


def _begin(pipes: list[int]) -> NoReturn:
    """Read one workbook, in a child that has nothing but the pipes for it."""
    os.dup2(pipes[0], 0)
    os.dup2(pipes[1], 1)
    os.closerange(3, max(pipes) + 64)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
    signal.alarm(WALL_CLOCK_SECONDS)
    status = 1
    try:
        _read()
        status = 0
    finally:
        os._exit(status)  # Nothing is to be cleaned up, and whatever went wrong is not told.


def _read() -> None:
    """Read standard input, answer on standard output."""
    _limit()
    gc.disable()  # It ends after one workbook, and most of its memory is cells.
    for piece in child.answer(_all_of(0)):
        left = memoryview(piece)
        while left:
            left = left[os.write(1, left) :]


def _all_of(pipe: int) -> bytes:
    pieces = []
    while piece := os.read(pipe, _PIECE):
        pieces.append(piece)
    return b"".join(pieces)


def _limit() -> None:
    """Give up what the reading of one workbook does not need."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 3),  # The three that it has: no file and no socket opens.
    ):
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    serve()
