"""Pages of documents as small grey pictures, and how alike two of them are.

    python -m tests.golden_pages        # makes the pictures of tests/golden/pages anew

A picture is kept at 36 dots an inch. Compared are means of squares of it, not single dots: another
version of a face, of poppler or of FreeType moves edges by a fraction of a dot, which a mean
hardly shows; a line that moved, a cell that grew, a seal or a code that is missing does.
"""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image, ImageChops

from schemas.vocabulary import DocumentLanguage
from tests.document_samples import rendered

FOLDER = Path(__file__).parent / "golden" / "pages"
KEPT = (
    ("dossier", DocumentLanguage.BOTH),
    ("certificate", DocumentLanguage.CHINESE),
    ("credits", DocumentLanguage.ENGLISH),
    ("report", DocumentLanguage.CHINESE),
)
_DOTS_AN_INCH = 36
_TONES = [round(tone / 17) * 17 for tone in range(256)]  # Sixteen are kept: a third of the room.
_SQUARE = 8  # Dots: five and a half millimetres on paper.
MOST = 32
"""Of 255: how far the mean of one square may be from the kept one. Drawing twice as finely and
shrinking makes up to 30, another name 40, a seal or a line that is missing about 100."""


def pages(pdf: bytes, folder: Path) -> list[Image.Image]:
    """Return the pages of a document as poppler draws them."""
    (folder / "page.pdf").write_bytes(pdf)
    command = ["pdftoppm", "-r", str(_DOTS_AN_INCH), "-gray", "page.pdf", "page"]
    subprocess.run(command, cwd=folder, check=True)
    return [Image.open(one).copy() for one in sorted(folder.glob("page-*.pgm"))]


def farthest(one: Image.Image, other: Image.Image) -> int:
    """Return by how much the squares of two pages differ at most; 255 if their sizes do."""
    if one.size != other.size:
        return 255
    small = (one.width // _SQUARE, one.height // _SQUARE)
    means = [page.convert("L").resize(small, Image.Resampling.BOX) for page in (one, other)]
    counts = ImageChops.difference(*means).histogram()
    return max(grey for grey, count in enumerate(counts) if count)


def kept(name: str, language: DocumentLanguage) -> list[Path]:
    """Return the kept pictures of a document, one a page."""
    return sorted(FOLDER.glob(f"{name}-{language.value}-*.png"))


def main() -> None:
    """Keep the pages as they are drawn now."""
    FOLDER.mkdir(exist_ok=True)
    for name, language in KEPT:
        for old in kept(name, language):
            old.unlink()
        with TemporaryDirectory() as folder:
            for number, page in enumerate(pages(rendered(name, language), Path(folder)), 1):
                to = FOLDER / f"{name}-{language.value}-{number}.png"
                page.point(_TONES).save(to, optimize=True)


if __name__ == "__main__":
    main()
