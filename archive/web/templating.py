"""Templates: one environment per language, strict about names, escaping everything."""

import hashlib
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment

from archive.templating import environment_in
from archive.texts import TEMPLATES
from archive.web.formats import Formats
from schemas.vocabulary import Language

STATIC = TEMPLATES / "static"
TAG_OF = {Language.CHINESE: "zh-CN", Language.ENGLISH: "en"}


class Templates:
    """Renders pages in either language."""

    def __init__(self, zone: ZoneInfo) -> None:
        """Read nothing yet; pages are compiled when they are first asked for."""
        self._zone = zone

    def render(self, template: str, language: Language, /, **values: object) -> str:
        """Return a page as HTML."""
        return _environment(language, self._zone).get_template(template).render(**values)


@cache
def _environment(language: Language, zone: ZoneInfo) -> Environment:
    """Return the environment of a language; a process compiles each page once."""
    environment = environment_in(language)
    environment.filters.update(Formats(language, zone).filters())
    environment.globals.update(
        language=language, lang_tag=TAG_OF[language], static=static_address()
    )
    return environment


def static_address() -> dict[str, str]:
    """Return the address of each static file, with its digest so that it may be kept for ever."""
    return {path.name: f"/static/{path.name}?v={_digest(path)}" for path in STATIC.iterdir()}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
