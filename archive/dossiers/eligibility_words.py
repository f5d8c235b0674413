"""Conditions and findings put into both languages: times, levels, occupations, days."""

from datetime import date

from babel.dates import format_date

from archive.dossiers.titles import occupation_name
from archive.texts import LOCALE_OF, in_language, term
from schemas.contracts import Bilingual, plain_decimal
from schemas.eligibility import ClassHours, Fact, NamedOccupation, Sentence, Time, Word
from schemas.vocabulary import Language

_BETWEEN_WORDS = {Language.CHINESE: "、", Language.ENGLISH: ", "}
_BETWEEN_PARTS = {Language.CHINESE: "", Language.ENGLISH: " "}
_UNITS = {
    "years": ("{count} year", "{count} years"),
    "months": ("{count} month", "{count} months"),
    "days": ("{count} day", "{count} days"),
}
UNITS = tuple(one for both in _UNITS.values() for one in both)
"""The message ids of lengths of time, so that a test can see that each is translated."""


def said(sentence: Sentence) -> Bilingual:
    """Return a sentence of an answer in both languages."""
    return Bilingual(zh=_said(sentence, Language.CHINESE), en=_said(sentence, Language.ENGLISH))


def time_told(time: Time, language: Language) -> str:
    """Return a length of time without its empty parts: ``3年11个月``."""
    parts = [
        in_language(one if count == 1 else many, language, {"count": count})
        for name, (one, many) in _UNITS.items()
        if (count := getattr(time, name))
    ]
    return _BETWEEN_PARTS[language].join(parts) or in_language(
        _UNITS["days"][1], language, {"count": 0}
    )


def _said(sentence: Sentence, language: Language) -> str:
    facts = {name: _fact(fact, language) for name, fact in sentence.facts.items()}
    return in_language(sentence.text, language, facts)


def _fact(fact: Fact, language: Language) -> object:  # noqa: PLR0911  # One answer a kind.
    match fact:
        case Time():
            return time_told(fact, language)
        case ClassHours():
            return plain_decimal(fact.hours)
        case Word():
            return term(fact.word, language)
        case tuple():
            return _BETWEEN_WORDS[language].join(term(one.word, language) for one in fact)
        case NamedOccupation():
            name = occupation_name(fact.code)
            if name is None:
                return fact.code
            return name.zh if language is Language.CHINESE else name.en
        case date():
            return format_date(fact, "long", locale=LOCALE_OF[language])
        case int() | str():
            return fact
