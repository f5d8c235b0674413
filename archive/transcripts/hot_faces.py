"""Small faces made once, at set-up: what documents are set in nearly always.

The system's Chinese faces are collections of 65,535 glyphs with cubic outlines; embedding one
in a document takes ten times as long as embedding one of these, and four times the room. What
the small faces lack comes from the full ones, which stand behind them in the same folder.

    python -m archive.transcripts.hot_faces        # makes what is missing, and says so
"""

import json
import logging
import os
import shutil
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._g_l_y_f import Glyph

from archive.transcripts.font_files import FullFace, Role, full_faces
from archive.transcripts.hot_characters import hot_characters

VERSION = 2  # Of how faces are made; another makes them anew.
FOLDER = Path(sys.prefix) / "share" / "skills-archive" / "fonts"
"""Where this installation keeps them: they belong to it, and go with it."""
CONFIGURATION = FOLDER / "fonts.conf"
NAMES = {Role.SERIF: "Archive Serif", Role.SERIF_BOLD: "Archive Serif", Role.SANS: "Archive Sans"}
"""The families of the small faces; none of the originals' names, as their licence asks."""
REST = "Archive Serif Rest"
"""What Song has beside: traditional characters, as names of Hong Kong have them, and rare ones."""
_REST_FILE = "serif-rest.ttf"
_HANGUL = range(0xAC00, 0xD7B0)
_MANIFEST = FOLDER / "made.json"
_log = logging.getLogger(__name__)
_FARTHEST = 1.0  # From the original outline, in thousandths of an em: beyond what is seen.
_CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir prefix="default">{folder}</dir><cachedir>{folder}/cache</cachedir></fontconfig>
"""


@dataclass(frozen=True)
class _Name:
    """How a small face is called."""

    family: str
    style: str


@dataclass(frozen=True)
class Made:
    """Of what the small faces were made; they are made anew when it changes."""

    version: int
    characters: str
    sources: dict[str, list[str | int]]


def hot_face(role: Role) -> Path:
    """Return where the small face of ``role`` is, once it is made."""
    return FOLDER / f"{role.value}.ttf"


@cache
def are_made() -> bool:
    """Whether the faces are there, made as this version makes them."""
    found = _manifest()
    return found is not None and found.get("version") == VERSION


def is_up_to_date() -> bool:
    """Whether they are also made of the faces that the system has now.

    Raises FontMissingError.
    """
    return _manifest() == asdict(_wanted(full_faces()))


def make() -> None:
    """Make the faces.

    The folder is laid beside its place and then moved there, so that no other process sees
    half of it. Raises FontMissingError, and OSError where nothing can be written.
    """
    faces = full_faces()
    FOLDER.parent.mkdir(parents=True, exist_ok=True)
    laid = Path(mkdtemp(prefix="fonts-", dir=FOLDER.parent))
    try:
        _lay(laid, faces)
        made = json.dumps(asdict(_wanted(faces)), indent=1)
        (laid / _MANIFEST.name).write_text(made, encoding="utf-8")
        laid.chmod(0o755)
        shutil.rmtree(FOLDER, ignore_errors=True)
        laid.rename(FOLDER)
    finally:
        shutil.rmtree(laid, ignore_errors=True)
        are_made.cache_clear()


def make_where_possible() -> None:
    """Make the faces; where the installation can't be written to, the full ones go on to serve.

    Raises FontMissingError.
    """
    try:
        make()
    except OSError as refused:
        _log.warning("the small faces could not be made in %s: %s", FOLDER, refused.strerror)


def _manifest() -> dict[str, object] | None:
    try:
        found: dict[str, object] = json.loads(_MANIFEST.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found


def _wanted(faces: dict[Role, FullFace]) -> Made:
    characters = "".join(map(chr, sorted(hot_characters())))
    return Made(
        version=VERSION,
        characters=sha256(characters.encode()).hexdigest(),
        sources={
            role.value: [str(face.file), face.number, face.file.stat().st_size]
            for role, face in faces.items()
        },
    )


def _lay(folder: Path, faces: dict[Role, FullFace]) -> None:
    configuration = _CONFIGURATION.format(folder=FOLDER)
    (folder / CONFIGURATION.name).write_text(configuration, encoding="utf-8")
    for file in {face.file for face in faces.values()}:
        (folder / file.name).symlink_to(file)
    with ProcessPoolExecutor(max_workers=min(len(NAMES), os.cpu_count() or 1)) as workers:
        made = [workers.submit(_make_rest, faces[Role.SERIF], folder / _REST_FILE)]
        for role, family in NAMES.items():
            name = _Name(family, "Bold" if role is Role.SERIF_BOLD else "Regular")
            to = folder / hot_face(role).name
            made.append(workers.submit(_make_face, faces[role], hot_characters(), name, to))
        for one in made:
            one.result()


def _make_rest(face: FullFace, to: Path) -> None:
    with TTFont(face.file, fontNumber=face.number, lazy=True) as font:
        rest = frozenset(font.getBestCmap()) - hot_characters() - frozenset(_HANGUL)
    _make_face(face, rest, _Name(REST, "Regular"), to)


def _make_face(face: FullFace, characters: frozenset[int], name: _Name, to: Path) -> None:
    """Write the small face of a full one: fewer characters, quadratic outlines, its own name."""
    font = TTFont(face.file, fontNumber=face.number, lazy=True)
    options = Options(layout_features=[], notdef_outline=True, name_IDs=[], hinting=False)
    options.drop_tables += ["BASE", "VORG", "vhea", "vmtx", "GSUB", "GPOS", "GDEF"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    _turn_quadratic(font)
    _rename(font, name)
    font.save(to)


def _turn_quadratic(font: TTFont) -> None:
    order, glyphs = font.getGlyphOrder(), font.getGlyphSet()
    outlines = {name: _quadratic(glyphs, name) for name in order}
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, outlines
    for name, (width, _) in font["hmtx"].metrics.items():
        outlines[name].recalcBounds(font["glyf"])
        font["hmtx"].metrics[name] = (width, getattr(outlines[name], "xMin", 0))
    del font["CFF "]
    largest = font["maxp"] = newTable("maxp")
    largest.tableVersion, largest.numGlyphs = 0x00010000, len(order)
    largest.maxZones, largest.maxTwilightPoints, largest.maxStorage = 1, 0, 0
    largest.maxFunctionDefs = largest.maxInstructionDefs = largest.maxStackElements = 0
    largest.maxSizeOfInstructions = largest.maxComponentElements = 0
    font["post"].formatType, font["post"].extraNames, font["post"].mapping = 3.0, [], {}
    font.sfntVersion = "\000\001\000\000"


def _quadratic(glyphs: object, name: str) -> Glyph:
    pen = TTGlyphPen(None)
    glyphs[name].draw(Cu2QuPen(pen, _FARTHEST, reverse_direction=True))  # type: ignore[index]  # fontTools has no types.
    return pen.glyph()


def _rename(font: TTFont, name: _Name) -> None:
    whole = f"{name.family} {name.style}"
    names = (
        (1, name.family),
        (2, name.style),
        (4, whole),
        (6, whole.replace(" ", "-")),
        (13, "SIL Open Font License 1.1; a subset of Noto CJK."),
    )
    font["name"].names = []
    for number, text in names:
        font["name"].setName(text, number, 3, 1, 0x409)


def main() -> None:
    """Make the faces unless they are there, and say so."""
    if is_up_to_date():
        return
    print("-> Making the small faces that documents are set in (once, a minute)", flush=True)  # noqa: T201 - a step of the set-up.
    make()


if __name__ == "__main__":
    main()
