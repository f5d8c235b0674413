"""What documents are set in, and the promise that each character has a glyph.

A text is set in the small faces of ``hot_faces``; what they lack in the full faces of the
system, and what those lack in a face of rare characters. A character in no face would be
printed as a box that passes every other check; here it is refused by name.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes.util import find_library
from functools import cache
from pathlib import Path
from typing import ClassVar

from fontTools.ttLib import TTFont

from archive.errors import ArchiveError
from archive.transcripts import hot_faces
from archive.transcripts.font_files import FontMissingError, Role, full_face, full_faces

_UNSEEN = frozenset("\t\n\r\u00a0\u200b\u00ad")  # They take room or break lines, no glyph.
_BODY = (Role.SERIF, Role.LATIN, Role.RARE)  # The faces of body text; others set words of our own.
_CONFIGURED = "FONTCONFIG_FILE"
_log = logging.getLogger(__name__)


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
    check_subsetting()
    full_faces()


def check_subsetting() -> None:
    """Refuse to be slow: raise FontSubsettingMissingError where the library is missing."""
    if find_library("harfbuzz-subset") is None:
        raise FontSubsettingMissingError


@contextmanager
def own_configuration() -> Iterator[None]:
    """Let fontconfig read our one folder while a font configuration is made.

    Where the small faces were never made, the system's configuration serves; documents are
    then as right as ever, but larger and slower, and the log says what to do.
    """
    if not hot_faces.are_made():
        _tell_once()
        yield
        return
    before = os.environ.get(_CONFIGURED)
    os.environ[_CONFIGURED] = str(hot_faces.CONFIGURATION)
    try:
        yield
    finally:
        if before is None:
            del os.environ[_CONFIGURED]
        else:
            os.environ[_CONFIGURED] = before


@cache
def _tell_once() -> None:
    _log.warning(
        "documents are set in the full faces, slowly: run %r once",
        "python -m archive.transcripts.hot_faces",
    )


def refuse_missing_glyphs(text: str) -> None:
    """Raise GlyphMissingError when a character of ``text`` is in no face of the document."""
    missing = {ord(found) for found in text if found not in _UNSEEN}
    if hot_faces.are_made():
        missing -= _hot_characters(Role.SERIF)
    for role in _BODY:
        if not missing:
            return
        missing -= _full_characters(role)
    if missing:
        named = ", ".join(f"{chr(found)} (U+{found:04X})" for found in sorted(missing))
        raise GlyphMissingError(characters=named)


def face_with(text: str, role: Role) -> TTFont:
    """Return a face to read outlines from: the small one where it has all of ``text``."""
    hot = hot_faces.are_made() and {ord(found) for found in text} <= _hot_characters(role)
    return _opened(hot_faces.hot_face(role), 0) if hot else _full(role)


@cache
def _hot_characters(role: Role) -> frozenset[int]:
    return frozenset(_opened(hot_faces.hot_face(role), 0).getBestCmap())


@cache
def _full_characters(role: Role) -> frozenset[int]:
    try:
        return frozenset(_full(role).getBestCmap())
    except FontMissingError:
        if role is Role.RARE:
            return frozenset()
        raise


def _full(role: Role) -> TTFont:
    face = full_face(role)
    return _opened(face.file, face.number)


def let_faces_go() -> None:
    """Close the faces that outlines were read from: a seal is drawn once, and they are large."""
    _opened.cache_clear()


@cache
def _opened(file: Path, number: int) -> TTFont:
    return TTFont(file, fontNumber=number, lazy=True)
