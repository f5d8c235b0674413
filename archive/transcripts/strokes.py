"""Drawings as a PDF writes them, worked out once instead of at each document.

WeasyPrint reads the path of an SVG anew each time, number by number. It is given a short path in
the place of each (``set_aside``), and what that became in the pages is replaced by the operators
of the true one (``put_back``): the same strokes, in the same place and colour.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from fontTools.pens.basePen import BasePen
from fontTools.svgLib.path import parse_path
from pydyf import PDF, Stream

from archive.transcripts.shapes import Drawing
from archive.transcripts.views import Pens

_FAR_OUT = 500_000
"""Where the short paths begin: no drawing reaches there, its units are tenths of a millimetre."""

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
        for found in pdf.objects:
            if isinstance(found, Stream):
                _replace(found.stream, begins)

    def _short(self, pen: Callable[..., Drawing]) -> Callable[..., Drawing]:
        def drawn(*words: str) -> Drawing:
            drawing = pen(*words)
            return replace(drawing, path=self.set_aside(drawing.path))

        return drawn


def _replace(stream: list[object], begins: dict[bytes, str]) -> None:
    for at in reversed(range(len(stream))):
        begin = stream[at]
        if isinstance(begin, bytes) and begin in begins:
            stream[at : at + 2] = [operators(begins[begin])]  # It, and the line from there.


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
