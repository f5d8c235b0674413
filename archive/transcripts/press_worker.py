"""The process of a pool that lays documents out and signs them, one after the other.

It loads what is heavy once, and heats it with a sample that is never signed. What it holds is
told with each answer, so that it is replaced before it is too large; of memory beyond all
measure it gets none.
"""

import ctypes
import gc
import os
import resource
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from archive.processes import begin_beside
from archive.settings import Settings
from archive.transcripts.presses import Works
from archive.transcripts.signing_refusals import SigningUnavailableError
from schemas.refusals import Refusal

if TYPE_CHECKING:
    from archive.transcripts.orders import Order
    from archive.transcripts.payload import Payload
    from archive.transcripts.presses import Press
    from archive.transcripts.signing import SignedFile

_SELDOM = 50_000
"""Objects made before the collector looks for circles: a document of two pages makes fewer, and
one of many pages is not to hold them all."""
_MMAP_THRESHOLD = -3  # M_MMAP_THRESHOLD of malloc.h.
_LARGE_BYTES = 2**18
_STATM = Path("/proc/self/statm")


@dataclass(frozen=True)
class Errand:
    """A document to be made."""

    payload: "Payload"
    at: datetime
    order: "Order"


@dataclass(frozen=True)
class Answer:
    """What came of it; with nothing of the three the worker has just become ready."""

    held_bytes: int
    signed: "SignedFile | None" = None
    refusal: Refusal | None = None
    fault: str | None = None
    """The kind of an unforeseen fault, never its text: it could name somebody."""


Opening = Callable[[Settings, datetime], Works]


def serve(
    errands: Connection, settings: Settings, now: datetime, most_bytes: int, opening: "Opening"
) -> None:
    """Make documents until nobody asks any more."""
    begin_beside()
    _hold_little()
    resource.setrlimit(resource.RLIMIT_DATA, (most_bytes, most_bytes))
    works = ready(opening, settings, now)
    errands.send(Answer(held_bytes()))
    while (errand := _next(errands)) is not None:
        errands.send(_made(works, errand))
        _tidy()


def ready(opening: Opening, settings: Settings, now: datetime) -> Works:
    """Return what makes documents in this process from now on."""
    works = opening(settings, now)
    gc.collect()
    gc.freeze()  # What is loaded stays: looking through it again takes a fifth of each document.
    gc.set_threshold(_SELDOM)
    return works


def _hold_little() -> None:
    """Let large pieces of memory go back to the system as soon as they are free.

    Otherwise GNU's library learns from the first ones to keep them: ten megabytes more.
    """
    _of_gnu("mallopt", _MMAP_THRESHOLD, _LARGE_BYTES)


def _tidy() -> None:
    """Give back what a document left: ten megabytes in circles. Nobody waits now."""
    gc.collect()
    _of_gnu("malloc_trim", 0)


def _of_gnu(name: str, *told: int) -> None:
    """Call a function of GNU's C library; others have none, and nothing is done."""
    function = getattr(ctypes.CDLL(None), name, None)
    if function is not None:
        function(*told)


def held_bytes() -> int:
    """Return the memory that this process holds; 0 where the system does not tell."""
    try:
        pages = int(_STATM.read_text(encoding="ascii").split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def heated(settings: Settings, now: datetime) -> Works:
    """Return what makes documents, with fonts, templates and keys at hand."""
    from archive.transcripts.fonts import let_faces_go  # noqa: PLC0415  # Heavy.
    from archive.transcripts.own_works import OwnWorks, press_for  # noqa: PLC0415
    from archive.transcripts.sample import sample_of  # noqa: PLC0415

    press = press_for(settings, now=now)
    if isinstance(press.works, OwnWorks):
        press.works.renderer.render(sample_of(press, now), seal=None)
    let_faces_go()
    return _OfOneSigner(press)


@dataclass(frozen=True)
class _OfOneSigner:
    """Makes no document of a key of its own that was replaced: it waits for a new process."""

    press: "Press"

    def place(self) -> AbstractContextManager[None]:
        return nullcontext()

    def make(self, payload: "Payload", *, at: datetime, order: "Order") -> "SignedFile":
        if order.key is None and payload.signer != self.press.keys.fingerprint:
            raise SigningUnavailableError
        return self.press.works.make(payload, at=at, order=order)

    def warm(self) -> None:
        self.press.works.warm()

    def close(self) -> None:
        self.press.works.close()


def _next(errands: Connection) -> Errand | None:
    try:
        errand = errands.recv()
    except EOFError:
        return None
    return errand if isinstance(errand, Errand) else None


def _made(works: Works, errand: Errand) -> Answer:
    try:
        signed = works.make(errand.payload, at=errand.at, order=errand.order)
    except Refusal as refusal:
        return Answer(held_bytes(), refusal=refusal)
    except Exception as fault:  # noqa: BLE001  # The pool tells it; this process goes on.
        return Answer(held_bytes(), fault=type(fault).__qualname__)
    return Answer(held_bytes(), signed=signed)
