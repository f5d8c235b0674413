"""Drawings as a PDF writes them, worked out once instead of at each document.

WeasyPrint reads the path of an SVG anew each time, number by number. It is given a short path in
the place of each (``set_aside``), and what that became in the pages is replaced by the operators
of the true one (``put_back``): the same strokes, in the same place and colour. What stands in
several places, such as the watermark of each page, is written once and named there: 10 kB a page.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from math import ceil, floor

from fontTools.pens.basePen import BasePen
from fontTools.pens.boundsPen import ControlBoundsPen
from fontTools.svgLib.path import parse_path
from pydyf import PDF, Array, Stream
from pydyf import Dictionary as Element

from archive.transcripts.shapes import Drawing
from archive.transcripts.views import Pens

_FAR_OUT = 500_000
"""Where the short paths begin: no drawing reaches there, its units are tenths of a millimetre."""
_FILL = b"f"

Point = tuple[float, float]


class Strokes:
    """The paths of one document that are kept from WeasyPrint while it lays the pages out."""

    def __init__(self) -> None:
        """Begin with none."""
        self._paths: list[str] = []

    def set_aside(self, path: str) -> str:
        """Return a short path that stands for ``path`` until it is put back."""
        self._paths.append(path)
        return f"M{_FAR_OUT + len(self._paths)} 0h1"

    def pens(self, pens: Pens) -> Pens:
        """Return pens like these, with what they draw set aside."""
        return Pens(self._short(pens.qr), self._short(pens.seal), self._short(pens.lettering))

    def put_back(self, pdf: PDF) -> None:
        """Write the true paths in the place of the short ones; one may stand on every page."""
        begins = {
            f"{_FAR_OUT + number} 0 m".encode(): path for number, path in enumerate(self._paths, 1)
        }
        streams = [found.stream for found in pdf.objects if isinstance(found, Stream)]
        parts = (part for stream in streams for part in stream if isinstance(part, bytes))
        count = Counter(part for part in parts if part in begins)
        names = {
            begin: _form(pdf, f"Drawing{number}", begins[begin])
            for number, begin in enumerate(sorted(one for one in count if count[one] > 1), 1)
        }
        for stream in streams:
            _replace(stream, begins, names)

    def _short(self, pen: Callable[..., Drawing]) -> Callable[..., Drawing]:
        def drawn(*words: str) -> Drawing:
            drawing = pen(*words)
            return replace(drawing, path=self.set_aside(drawing.path))

        return drawn


def _replace(stream: list[object], begins: dict[bytes, str], names: dict[bytes, bytes]) -> None:
    for at in reversed(range(len(stream))):
        begin = stream[at]
        if not isinstance(begin, bytes) or begin not in begins:
            continue
        if begin in names and stream[at + 2] == _FILL:
            stream[at - 1 : at + 3] = [names[begin]]  # Where it began, it, the line and the fill.
        else:
            stream[at : at + 2] = [operators(begins[begin])]  # It, and the line from there.


def _form(pdf: PDF, name: str, path: str) -> bytes:
    """Write a filled path as an object of its own, and return what draws it on a page."""
    box = Array(_box(path))
    told = {"Type": "/XObject", "Subtype": "/Form", "BBox": box, "Resources": Element({})}
    form = Stream([operators(path), _FILL], told, compress=True)
    pdf.add_object(form)
    for found in pdf.objects:
        if isinstance(found, Element) and "XObject" in found:
            found["XObject"][name] = form.reference
    return f"/{name} Do".encode()


@lru_cache(maxsize=64)
def _box(path: str) -> tuple[int, ...]:
    pen = ControlBoundsPen(None)
    parse_path(path, pen)
    left, low, right, high = pen.bounds
    return floor(left), floor(low), ceil(right), ceil(high)


@lru_cache(maxsize=64)
def operators(path: str) -> bytes:
    """Return the path of an SVG in the operators of a PDF (ISO 32000-1, 8.5.2)."""
    pen = _Pen()
    parse_path(path, pen)
    return "\n".join(pen.written).encode()


class _Pen(BasePen):  # type: ignore[misc]  # fontTools has no types.
    """Writes what is drawn; BasePen makes cubic curves of quadratic ones."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[str] = []

    def _moveTo(self, to: Point) -> None:  # noqa: N802  # Its name.
        self.written.append(f"{_number(to)} m")

    def _lineTo(self, to: Point) -> None:  # noqa: N802  # Its name.
        self.written.append(f"{_number(to)} l")

    def _curveToOne(self, first: Point, second: Point, to: Point) -> None:  # noqa: N802  # Its name.
        self.written.append(f"{_number(first)} {_number(second)} {_number(to)} c")

    def _closePath(self) -> None:  # noqa: N802  # Its name.
        self.written.append("h")


def _number(point: Point) -> str:
    return " ".join(f"{part:.2f}".rstrip("0").rstrip(".") for part in point)
