"""How long a signed document takes: two pages, B-LTA, beside the straightforward way.

Each way has a process of its own and is warm; they are asked in turns, and the processor time of
each document is taken there. The words are the same: the product's own HTML of a real document
(no watermark). Then the first document of a new worker, its memory, and the size of a file.
"""

import contextlib
import logging
import resource
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import mkdtemp

from archive.settings import Settings
from archive.transcripts.hot_faces import NAMES
from archive.transcripts.layouts import FOLDER, layout_of
from archive.transcripts.orders import Order
from archive.transcripts.own_works import OwnWorks, press_for
from archive.transcripts.payload import payload_bytes
from archive.transcripts.pdf import WeasyRenderer
from archive.transcripts.pool import Limits, PressPool
from archive.transcripts.press_worker import ready
from archive.transcripts.presses import Press, Works
from archive.transcripts.rendering import html_of
from archive.transcripts.sample import sample_of
from benchmarks import _straightforward
from benchmarks._measuring import measured, print_profile
from schemas.transcripts import TranscriptV1
from schemas.vocabulary import DocumentLanguage
from tests.transcript_samples import a_certificate, a_competition, a_record, a_transcript

TURNS, DOCUMENTS = 11, 12
_COURSES = {DocumentLanguage.CHINESE: 16, DocumentLanguage.ENGLISH: 8, DocumentLanguage.BOTH: 6}
"""So many make two pages."""
_SYSTEM = {"Archive Serif": "Noto Serif CJK SC", "Archive Sans": "Noto Sans CJK SC"}


@dataclass(frozen=True)
class Made:
    """One document, and the seconds of the processor that it took."""

    setting: float
    signing: float
    size: int
    resident: float
    """Megabytes of the process at its largest."""

    @property
    def whole(self) -> float:
        """Both steps."""
        return self.setting + self.signing


def document_of(language: DocumentLanguage) -> TranscriptV1:
    """Return a real document of two pages."""
    courses = (a_record(number) for number in range(10, 10 + _COURSES[language]))
    records = (*courses, a_certificate(2), a_competition(3))
    return a_transcript(
        records=records,
        language=language,
        template="family/1",
        is_demo=False,
        is_development=False,
    )


def ours(language: DocumentLanguage) -> Made:
    """Make one document as the product does."""
    works, fingerprint = _ours()
    transcript = document_of(language).model_copy(update={"signer": fingerprint})
    began = time.process_time()
    pdf = works.renderer.render(transcript)
    between = time.process_time()
    signed = works.signer.sign(pdf, at=datetime.now(UTC)).pdf
    return _made(began, between, signed)


def straightforward(language: DocumentLanguage) -> Made:
    """Make one document the straightforward way."""
    transcript, (files, style) = document_of(language), _straight()
    began = time.process_time()
    pdf = _straightforward.render(html_of(transcript), style, FOLDER, payload_bytes(transcript))
    between = time.process_time()
    return _made(began, between, _straightforward.sign(pdf, files))


def _made(began: float, between: float, signed: bytes) -> Made:
    end = time.process_time()
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Made(between - began, end - between, len(signed), largest)


@cache
def _ours() -> tuple[OwnWorks, str]:
    """Return what a process of the pool has, made ready as there, and its signer's name."""
    presses: list[Press] = []

    def opening(settings: Settings, now: datetime) -> Works:
        presses.append(press_for(settings, now=now))
        order = _order(presses[0])
        presses[0].works.make(sample_of(presses[0], now), at=now, order=order)
        return presses[0].works

    works = ready(opening, Settings(home=Path(mkdtemp())), datetime.now(UTC))
    assert isinstance(works, OwnWorks)
    return works, presses[0].keys.fingerprint


@cache
def _straight() -> tuple[_straightforward.Files, str]:
    logging.disable(logging.CRITICAL)
    style = layout_of("family/1").style.read_text(encoding="utf-8")
    for ours_is, theirs in _SYSTEM.items():
        style = style.replace(f'"{ours_is}"', f'"{theirs}"')
    return _straightforward.make_files(Path(mkdtemp())), style


def _order(press: Press) -> Order:
    return Order(press.keys.fingerprint, press.keys.is_development)


@contextlib.contextmanager
def _worker() -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as worker:
        yield worker


def _pooled() -> None:
    """Print how many documents a second one process and two make, asked in turns."""
    settings = Settings(home=Path(mkdtemp()))
    order = _order(press_for(settings, now=datetime.now(UTC)))
    transcript = document_of(DocumentLanguage.BOTH)
    transcript = transcript.model_copy(update={"signer": order.fingerprint})
    pools = {
        count: PressPool(settings, lambda: datetime.now(UTC), Limits(processes=count))
        for count in (1, 2)
    }
    for pool in pools.values():
        pool.warm()
    rates: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(TURNS):
        for count, pool in pools.items():
            rates[count].append(_rate(pool, transcript, order))
    for pool in pools.values():
        pool.close()
    ratio = median(two / one for one, two in zip(rates[1], rates[2], strict=True))
    print(
        f"a second: {median(rates[1]):.1f} by one process, {median(rates[2]):.1f} by two;"
        f" ratio {ratio:.2f}"
    )


def _rate(pool: PressPool, transcript: TranscriptV1, order: Order) -> float:
    def ask(_: int) -> None:
        pool.make(transcript, at=datetime.now(UTC), order=order)

    began = time.perf_counter()
    with ThreadPoolExecutor(4) as asking:
        list(asking.map(ask, range(DOCUMENTS)))
    return DOCUMENTS / (time.perf_counter() - began)


def main() -> None:
    """Measure and print."""
    assert set(NAMES.values()) == set(_SYSTEM)
    for language in DocumentLanguage:
        _compare(language)
    _first()
    _pooled()
    renderer, transcript = WeasyRenderer(), document_of(DocumentLanguage.BOTH)
    renderer.render(transcript)
    print_profile("setting a document", lambda: renderer.render(transcript))


def _compare(language: DocumentLanguage) -> None:
    with _worker() as mine, _worker() as theirs:
        pairs = [
            (
                mine.submit(ours, language).result(),
                theirs.submit(straightforward, language).result(),
            )
            for _ in range(TURNS + 2)
        ][2:]
    for name, made in zip(("ours", "straightforward"), zip(*pairs, strict=True), strict=True):
        print(
            f"{language.value:>4}, {name:<15}"
            f" set {1000 * median(one.setting for one in made):4.0f} ms,"
            f" sign {1000 * median(one.signing for one in made):4.0f} ms,"
            f" {made[-1].size / 1000:4.0f} kB, resident {made[-1].resident:4.0f} MB"
        )
    ratios = sorted(theirs.whole / mine.whole for mine, theirs in pairs)
    print(f"{language.value:>4}, ratio {median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})")


def _first() -> None:
    """Print how long the first document of a warm process takes, and what the process holds."""
    settings = Settings(home=Path(mkdtemp()))
    order = _order(press_for(settings, now=datetime.now(UTC)))
    transcript = document_of(DocumentLanguage.BOTH)
    transcript = transcript.model_copy(update={"signer": order.fingerprint})
    pool = PressPool(settings, lambda: datetime.now(UTC), Limits(processes=1))
    _, warming, _ = measured(pool.warm)
    seconds = []
    for _ in range(DOCUMENTS):
        _, clock, _ = measured(lambda: pool.make(transcript, at=datetime.now(UTC), order=order))
        seconds.append(clock)
    time.sleep(0.5)  # It tidies up after each.
    held = _resident(pool.desks()[0].pid)
    pool.close()
    print(
        f"a process of the pool: ready in {warming:.1f} s, first document {seconds[0]:.2f} s,"
        f" later {median(seconds[1:]):.2f} s, holds {held:.0f} MB after {DOCUMENTS}"
    )


def _resident(pid: int | None) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6
