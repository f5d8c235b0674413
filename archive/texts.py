"""Sentences in both languages: the catalogues in templates/locale, read when they are first needed.

Message ids are English. Each area has a catalogue of its own, so that a translator
finds what belongs together; here they are merged into one per language.
"""

from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from schemas.contracts import Bilingual
from schemas.refusals import Phrase, Refusal
from schemas.vocabulary import Language

TEMPLATES = Path(__file__).parent.parent / "templates"
LOCALE_OF = {Language.CHINESE: "zh_CN", Language.ENGLISH: "en"}


@cache
def translations(language: Language) -> Translations:
    """Return the merged catalogues of a language; English falls back to the message ids."""
    folder = TEMPLATES / "locale" / LOCALE_OF[language] / "LC_MESSAGES"
    merged = Translations()
    for path in sorted(folder.glob("*.po")):
        merged.merge(read_catalogue(path))
    return merged


def in_language(
    template: str, language: Language, facts: Mapping[str, object] | None = None
) -> str:
    """Return a message in one language, its placeholders filled; phrases among them as well."""
    sentence = translations(language).gettext(template)
    if not facts:
        return sentence
    return sentence.format(**{name: _said(fact, language) for name, fact in facts.items()})


def both(template: str, facts: Mapping[str, object] | None = None) -> Bilingual:
    """Return a message in both languages, its placeholders filled."""
    return Bilingual(
        zh=in_language(template, Language.CHINESE, facts),
        en=in_language(template, Language.ENGLISH, facts),
    )


def explained(refusal: Refusal) -> Bilingual:
    """Return what a refusal says, in both languages."""
    return both(refusal.template, refusal.facts)


def term(word: str, language: Language) -> str:
    """Return a word of the vocabulary, such as ``rank.3`` or ``kind.training``."""
    return translations(language).gettext(word)


def bilingual_term(word: str) -> Bilingual:
    """Return a word of the vocabulary in both languages."""
    return both(word)


def _said(fact: object, language: Language) -> object:
    if isinstance(fact, Phrase):
        return in_language(fact.template, language, fact.facts)
    return fact


def read_catalogue(path: Path) -> Translations:
    """Return the messages of one file."""
    with path.open("rb") as source:
        catalog = read_po(source)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled)
