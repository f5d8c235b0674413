"""Where the system keeps the faces that documents need. What is set in which: ``fonts``."""

import subprocess
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar

from archive.errors import ArchiveError


class Role(StrEnum):
    """What a face is for."""

    SERIF = "serif"
    SERIF_BOLD = "serif-bold"
    SANS = "sans"
    LATIN = "latin"
    LATIN_BOLD = "latin-bold"
    RARE = "rare"
    """Characters beyond the first two planes' usual ones: 42,711 of Unicode's extension B."""


FAMILIES = {
    Role.SERIF: "Noto Serif CJK SC",
    Role.SERIF_BOLD: "Noto Serif CJK SC",
    Role.SANS: "Noto Sans CJK SC",
    Role.LATIN: "Liberation Serif",
    Role.LATIN_BOLD: "Liberation Serif",
    Role.RARE: "HanaMinB",
}
_BOLD = frozenset({Role.SERIF_BOLD, Role.LATIN_BOLD})
_DISPENSABLE = frozenset({Role.RARE})  # Without it rare characters are refused by name.


@dataclass(frozen=True)
class FullFace:
    """One face of the system: its file, and its number in a collection."""

    file: Path
    number: int


class FontMissingError(ArchiveError):
    """A face that documents are set in is not installed."""

    code: ClassVar[str] = "font_missing"
    template: ClassVar[str] = (
        "The font {family} is not installed; documents cannot be set. "
        "Run “make run” once, or install the packages of requirements/apt-run.txt."
    )


def full_faces() -> dict[Role, FullFace]:
    """Return the installed face of each role; only that of rare characters may be missing.

    Raises FontMissingError.
    """
    found = {}
    for role in Role:
        try:
            found[role] = full_face(role)
        except FontMissingError:
            if role not in _DISPENSABLE:
                raise
    return found


@cache
def full_face(role: Role) -> FullFace:
    """Return the file of a face as the system's fontconfig knows it.

    Raises FontMissingError when the system would put another face in its place.
    """
    family = FAMILIES[role]
    wanted = f"{family}:weight={'bold' if role in _BOLD else 'regular'}:slant=0"
    command = ["fc-match", "--format=%{file}\n%{index}\n%{family}", wanted]
    try:
        found = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - fixed words.
    except (OSError, subprocess.CalledProcessError) as missing:
        raise FontMissingError(family=family) from missing
    match found.stdout.split("\n", 2):
        case [file, index, names] if family in names:
            return FullFace(Path(file), int(index))
        case _:  # Another face, or none at all.
            raise FontMissingError(family=family)
