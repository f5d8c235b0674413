"""The faces that documents are set in, and the promise that each character has a glyph.

A character in no face would be printed as a box that passes every other check; here it is
refused by name.
"""

import subprocess
from ctypes.util import find_library
from functools import cache
from pathlib import Path
from typing import ClassVar

from fontTools.ttLib import TTFont

from archive.errors import ArchiveError

SERIF = "Noto Serif CJK SC"
SANS = "Noto Sans CJK SC"
LATIN = "Liberation Serif"
FAMILIES = (SERIF, SANS, LATIN)
_UNSEEN = frozenset("\t\n\r\u00a0\u200b\u00ad")  # They take room or break lines, no glyph.


class FontMissingError(ArchiveError):
    """A face that documents are set in is not installed."""

    code: ClassVar[str] = "font_missing"
    template: ClassVar[str] = (
        "The font {family} is not installed; documents cannot be set. "
        "Run “make run” once, or install the packages of requirements/apt-run.txt."
    )


class FontSubsettingMissingError(ArchiveError):
    """Without the subsetting library each document would take more than ten seconds."""

    code: ClassVar[str] = "font_subsetting_missing"
    template: ClassVar[str] = (
        "The library libharfbuzz-subset is not installed; documents would be very slow. "
        "Run “make run” once, or install the packages of requirements/apt-run.txt."
    )


class GlyphMissingError(ArchiveError):
    """A character of the document is in none of its faces."""

    code: ClassVar[str] = "glyph_missing"
    template: ClassVar[str] = (
        "No installed font has the characters {characters}. "
        "Correct the text if they are typing errors; otherwise ask the operator for a font."
    )


def check_installed() -> None:
    """Refuse to start without what documents need.

    Raises FontSubsettingMissingError or FontMissingError.
    """
    if find_library("harfbuzz-subset") is None:
        raise FontSubsettingMissingError
    for family in FAMILIES:
        face_of(family)


def refuse_missing_glyphs(text: str) -> None:
    """Raise GlyphMissingError when a character of ``text`` is in no face of the document."""
    wanted = {ord(found) for found in text if found not in _UNSEEN}
    missing = sorted(wanted - _known())
    if missing:
        named = ", ".join(f"{chr(found)} (U+{found:04X})" for found in missing)
        raise GlyphMissingError(characters=named)


@cache
def face_of(family: str, *, bold: bool = False) -> tuple[Path, int]:
    """Return the file of a face, and its number inside the file.

    Raises FontMissingError when the system would put another face in its place.
    """
    wanted = f"{family}:weight={'bold' if bold else 'regular'}:slant=0"
    command = ["fc-match", "--format=%{file}\n%{index}\n%{family}", wanted]
    try:
        found = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - fixed words.
    except (OSError, subprocess.CalledProcessError) as missing:
        raise FontMissingError(family=family) from missing
    match found.stdout.split("\n", 2):
        case [file, index, names] if family in names:
            return Path(file), int(index)
        case _:  # Another face, or none at all.
            raise FontMissingError(family=family)


@cache
def open_face(family: str, *, bold: bool = False) -> TTFont:
    """Return a face to read outlines and characters from, kept for the process."""
    file, index = face_of(family, bold=bold)
    return TTFont(file, fontNumber=index, lazy=True)


@cache
def _known() -> frozenset[int]:
    """Return what body text can show; SANS sets only words of our own."""
    return frozenset(open_face(SERIF).getBestCmap()) | frozenset(open_face(LATIN).getBestCmap())
