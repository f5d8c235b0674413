"""PDFs that are made to cost time or memory: an answer in seconds, and nothing else.

Whoever has no account may send them, so that each has to end soon whatever it holds.
"""

import time
import zlib
from collections.abc import Callable
from io import BytesIO

import pytest

from archive.transcripts.verification import verify_file
from schemas.vocabulary import Verdict
from tests.authorities import an_authority
from tests.foreign import SINCE
from tests.transcript_samples import NOW

_MOST_SECONDS = 8.0
"""Of the processor, several times what it takes; without a limit each takes minutes."""
PAGES = {2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>", 3: b"<</Type/Page/Parent 2 0 R>>"}
OURS = an_authority(SINCE)


def written(objects: dict[int, bytes], packed: dict[int, int] | None = None) -> bytes:
    """Return a PDF of these objects; ``packed`` tells of others in which stream each stands."""
    out, places = BytesIO(), {}
    out.write(b"%PDF-1.7\n")
    for number, body in objects.items():
        places[number] = out.tell()
        out.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))
    start = out.tell()
    size = max((*objects, *(packed or {}))) + 2
    rows = []
    for number in range(size - 1):
        if number in places:
            rows.append(b"\1" + places[number].to_bytes(4, "big") + bytes(2))
        elif number in (packed or {}):
            rows.append(b"\2" + (packed or {})[number].to_bytes(4, "big") + bytes(2))
        else:
            rows.append(bytes(5) + b"\xff\xff")
    rows.append(b"\1" + start.to_bytes(4, "big") + bytes(2))
    told = b"/Type/XRef/W[1 4 2]/Size %d/Root 1 0 R" % size
    out.write(b"%d 0 obj\n%b\nendobj\n" % (size - 1, stream(told, b"".join(rows))))
    out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def stream(told: bytes, content: bytes) -> bytes:
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (told, len(content), content)


def packed(told: bytes, content: bytes) -> bytes:
    return stream(told + b"/Filter/FlateDecode", zlib.compress(content, 9))


def many_names(count: int) -> bytes:
    return b"<<%b>>" % b"".join(b"/A%07d 1 " % one for one in range(count))


def long_catalogue() -> bytes:
    """Return a file of some megabytes whose catalogue holds 400,000 entries."""
    return written(PAGES | {1: b"<</Type/Catalog/Pages 2 0 R/X%b>>" % many_names(400_000)})


def entries_in_streams() -> bytes:
    """Return a file of some hundred kilobytes that holds 400,000 entries, packed."""
    places = range(100, 108, 2)
    names = b"[%b]" % b"".join(b"(%d)%d 0 R " % (one, one) for one in places)
    objects = PAGES | {
        1: b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names%b>>>>>>" % names,
    }
    entries = many_names(100_000)
    for one in places:
        table = b"%d 0 " % one
        told = b"/Type/ObjStm/N 1/First %d" % len(table)
        objects[one + 1] = packed(told, table + entries)
    return written(objects, {one: one + 1 for one in places})


def branching_form() -> bytes:
    """Return a file of some kilobytes whose form has a million million fields in forty objects."""
    fields = {one: b"<</T(a)/Kids[%d 0 R %d 0 R]>>" % (one + 1, one + 1) for one in range(10, 50)}
    form = b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[10 0 R]>>>>"
    return written(PAGES | fields | {1: form, 50: b"<</FT/Sig/T(a)>>"})


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (long_catalogue, "unreadable"),
        (entries_in_streams, "unreadable"),
        (branching_form, "not_from_this_archive"),
    ],
)
def test_a_file_that_is_made_to_cost_time_is_answered_soon(made: Callable[[], bytes], reason: str):
    data, begun = made(), time.process_time()
    report = verify_file(data, trust=OURS.trust, register=None, now=NOW)
    assert (report.verdict, report.reason) == (Verdict.CANNOT_CHECK, reason)
    assert time.process_time() - begun < _MOST_SECONDS
