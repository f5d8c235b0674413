"""What is drawn rather than set: QR code, seal and watermark, as paths of an SVG.

Nothing here is a picture or live text: pictures break PDF/A, and live text in a seal or
watermark would stand among the document's words.
"""

import math
from functools import lru_cache

import segno
from fontTools.misc.transform import Transform
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen

from archive.transcripts.font_files import Role
from archive.transcripts.fonts import face_with
from archive.transcripts.shapes import Drawing

_QR_MASK = 3  # Searching for the best mask costs five times the rest; any mask is readable.
QUIET_MODULES = 4

SEAL_SIZE = 420  # The drawing's own units: a tenth of a millimetre of a 42 mm seal.
_CENTRE = SEAL_SIZE / 2
_STAR_RADIUS = 68
_ARC_RADIUS = 183  # To the top of the letters.
_LETTER = 50
_ARC = 222  # Degrees that the letters share, and the widest and closest they stand:
_WIDEST, _FULL_SIZE = 20.5, 17.1  # closer than the second, letters get smaller.
_WORD_LETTER, _WORD_TOP = 46, 312
_LINE = 100


@lru_cache(maxsize=256)
def qr_code(text: str) -> Drawing:
    """Return the QR code of ``text`` with its quiet zone: strokes of one unit a module."""
    code = segno.make_qr(text, error="m", mask=_QR_MASK, boost_error=False)
    modules = list(code.matrix_iter(border=QUIET_MODULES))
    path = "".join(_runs(row, y) for y, row in enumerate(modules))
    return Drawing(path, len(modules), len(modules))


def _runs(row: object, y: int) -> str:
    cells = bytearray(row)  # type: ignore[call-overload]  # segno's rows are bytearrays.
    path, x = "", 0
    while x < len(cells):
        end = x
        while end < len(cells) and cells[end]:
            end += 1
        if end > x:
            path += f"M{x} {y}.5h{end - x}"
        x = end + 1
    return path


@lru_cache(maxsize=32)
def seal(around: str, below: str) -> Drawing:
    """Return a round seal: a ring, a star, ``around`` along its upper arc, ``below`` under it."""
    ring = _circle(205, turn=0) + _circle(196, turn=1)
    return Drawing(ring + _star() + _arc(around) + _line(below), SEAL_SIZE, SEAL_SIZE)


@lru_cache(maxsize=8)
def lettering(text: str) -> Drawing:
    """Return a line of large letters, 100 units high."""
    path, x = "", 0.0
    for letter in text:
        width = _width(letter) * _LINE
        path += _outline(letter, Transform().translate(x + width / 2, 0), _LINE)
        x += width
    return Drawing(path, round(x), round(_LINE * 1.1))


def _circle(radius: int, *, turn: int) -> str:
    """Return a circle; one that turns the other way cuts a hole into the first."""
    half = f"a{radius} {radius} 0 1 {turn} "
    return f"M{_CENTRE - radius} {_CENTRE}{half}{2 * radius} 0{half}{-2 * radius} 0z"


def _star() -> str:
    """Return a five-pointed star as ten points: crossing lines would leave a hole."""
    inner = _STAR_RADIUS * math.sin(math.radians(18)) / math.sin(math.radians(54))
    points = [
        _point(_STAR_RADIUS if corner % 2 == 0 else inner, 36 * corner) for corner in range(10)
    ]
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "z"


def _point(radius: float, degrees: float) -> tuple[float, float]:
    """Return the point at an angle clockwise from the top."""
    turn = math.radians(degrees)
    return _CENTRE + radius * math.sin(turn), _CENTRE - radius * math.cos(turn)


def _arc(text: str) -> str:
    step = min(_WIDEST, _ARC / max(len(text), 1))
    size = _LETTER * min(1, step / _FULL_SIZE)
    path = ""
    for place, letter in enumerate(text):
        degrees = (place - (len(text) - 1) / 2) * step
        x, y = _point(_ARC_RADIUS, degrees)
        path += _outline(letter, Transform().translate(x, y).rotate(math.radians(degrees)), size)
    return path


def _line(text: str) -> str:
    width = len(text) * _WORD_LETTER * 1.1
    path = ""
    for place, letter in enumerate(text):
        x = _CENTRE - width / 2 + (place + 0.5) * _WORD_LETTER * 1.1
        path += _outline(letter, Transform().translate(x, _WORD_TOP), _WORD_LETTER)
    return path


def _width(letter: str) -> float:
    """Return how wide a letter is, in its own heights."""
    face = face_with(letter, Role.SERIF_BOLD)
    return float(face["hmtx"][face.getBestCmap()[ord(letter)]][0] / face["head"].unitsPerEm)


def _outline(letter: str, place: Transform, size: float) -> str:
    """Return a letter's outline, its top centre at the origin of ``place``."""
    face = face_with(letter, Role.SERIF_BOLD)
    glyphs, units = face.getGlyphSet(), face["head"].unitsPerEm
    glyph = glyphs[face.getBestCmap()[ord(letter)]]
    ascent = 0.88 * units  # Where the square of a Chinese character begins.
    scale = size / units
    pen = SVGPathPen(glyphs, ntos=lambda value: f"{value:.1f}")
    moved = place.scale(scale, -scale).translate(-glyph.width / 2, -ascent)
    glyph.draw(TransformPen(pen, moved))
    return str(pen.getCommands())
