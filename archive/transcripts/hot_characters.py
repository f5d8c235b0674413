"""Which characters the small faces hold; nearly every document is set in them alone.

Names and words outside are set in the full faces; see ``fonts``.
"""

from functools import cache
from pathlib import Path

_BEYOND_GB2312 = Path(__file__).parent / "general_characters.txt"
_LATIN = ((0x20, 0x7F), (0xA0, 0x180), (0x1CD, 0x1DD), (0x2B0, 0x2E0))  # With pinyin's tones.
_MARKS = ((0x2010, 0x2028), (0x2030, 0x203C), (0x20AC, 0x20AD), (0x2190, 0x2194), (0x2212, 0x2213))
_FULL_WIDTH = ((0xFF01, 0xFF5F), (0xFFE0, 0xFFE6))
_ROWS = range(0xA1, 0xFF)


@cache
def hot_characters() -> frozenset[int]:
    """Return code points: GB 2312, the 8,105 general standard characters, Latin, marks.

    GB 2312 comes from Python's codec. The rest of the table of the State Council stands in a
    file beside this module, which says where it is from.
    """
    ranges = (*_LATIN, *_MARKS, *_FULL_WIDTH)
    plain = {code for first, end in ranges for code in range(first, end)}
    return frozenset(plain | _gb2312() | _general())


def _gb2312() -> set[int]:
    pairs = (bytes((row, cell)) for row in _ROWS for cell in _ROWS)
    return {ord(found) for pair in pairs if (found := pair.decode("gb2312", "ignore"))}


def _general() -> set[int]:
    lines = _BEYOND_GB2312.read_text(encoding="utf-8").splitlines()
    return {ord(found) for line in lines if not line.startswith("#") for found in line}
