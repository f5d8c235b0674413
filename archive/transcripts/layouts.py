"""Layouts of documents, side by side: each with templates, style sheet and sentences of its own.

What a document says is made anew from its data when it is verified (check 9), by the layout
that its payload names. So nothing that a layout says may change once a document was issued
in it, and none of its words stand in the catalogues of the site. See decision 0042.
"""

from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path

from babel.support import Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from archive.texts import LOCALE_OF, TEMPLATES, read_catalogue
from schemas.vocabulary import Language

FOLDER = TEMPLATES / "transcripts"
FOLDERS = {"dossier/1": FOLDER / "family-1", "family/1": FOLDER / "family-1"}
"""Where the layout lies that a payload names; ``dossier/1`` is from before words were kept."""


class Layout:
    """One layout: a folder that holds all that its documents say and look like."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; what lies in it is read when it is first needed."""
        self.folder = folder

    @property
    def style(self) -> Path:
        """The style sheet."""
        return self.folder / "document.css"

    @cached_property
    def templates(self) -> Environment:
        """The templates."""
        return Environment(
            loader=FileSystemLoader(self.folder),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def sentence(self, message: str, language: Language, facts: Mapping[str, object]) -> str:
        """Return a message in the words of this layout; one that it lacks stays as it is."""
        text = str(self._catalogues[language].gettext(message))
        return text.format(**facts) if facts else text

    @cached_property
    def _catalogues(self) -> dict[Language, Translations]:
        words = self.folder / "words"
        return {one: read_catalogue(words / f"{LOCALE_OF[one]}.po") for one in Language}


@cache
def layout_in(folder: Path) -> Layout:
    """Return the layout of a folder, read once in a process."""
    return Layout(folder)


def layout_of(template: str) -> Layout:
    """Return the layout that a payload names."""
    return layout_in(FOLDERS[template])
