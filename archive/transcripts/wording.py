"""How one document says things: in its language or both, each marked as what it is."""

import re
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from archive.transcripts.layouts import Layout
from schemas.contracts import Bilingual, plain_decimal
from schemas.credits import as_credits
from schemas.transcripts import TranscriptRecord
from schemas.vocabulary import DocumentLanguage, Language

_LANGUAGES = {
    DocumentLanguage.CHINESE: (Language.CHINESE,),
    DocumentLanguage.ENGLISH: (Language.ENGLISH,),
    DocumentLanguage.BOTH: (Language.CHINESE, Language.ENGLISH),
}
_BETWEEN = {Language.CHINESE: "；", Language.ENGLISH: "; "}
_MARK = {Language.CHINESE: "zh-CN", Language.ENGLISH: "en"}
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_HAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_WORDS = ("instrument", "step", "tier", "prize", "grade", "degree", "mode")
"""Fields of a record whose values are words of the vocabulary, in the order of printing."""


class Wording:
    """Says things in the language or languages of one document, in the words of its layout."""

    def __init__(self, language: DocumentLanguage, timezone: str, layout: Layout) -> None:
        """Take the document's language, the time zone whose days it prints, and its layout."""
        self.languages = _LANGUAGES[language]
        self.name = language.value
        self._zone = ZoneInfo(timezone)
        self._layout = layout

    @property
    def main(self) -> str:
        """The language of the document as a whole."""
        return _MARK[self.languages[0]]

    def plain(self, text: str) -> str:
        """Return a message in the document's first language."""
        return self._said(text, self.languages[0])

    def line(self, text: str) -> str:
        """Return a message in all languages of the document in one line, unmarked."""
        return " ".join(self.each(text))

    def each(self, text: str) -> list[str]:
        """Return a message in each of the document's languages, unmarked."""
        return [self._said(text, one) for one in self.languages]

    def say(self, text: str, **facts: object) -> Markup:
        """Return a message, each language marked as such."""
        return self._marked({one: self._said(text, one, **facts) for one in self.languages})

    def told(self, text: Bilingual) -> Markup:
        """Return a sentence that the payload holds in both languages."""
        return self._marked({Language.CHINESE: text.zh, Language.ENGLISH: text.en})

    def written(self, text: str) -> Markup:
        """Return what people wrote; Chinese in an English document is marked as such."""
        is_foreign = self.languages[0] is Language.ENGLISH and bool(_HAN.search(text))
        return _in(Language.CHINESE, text) if is_foreign else escape(text)

    def moment(self, moment: datetime) -> str:
        """Return a moment as clocks show it where the document is issued."""
        return f"{moment.astimezone(self._zone):%Y-%m-%d %H:%M}"

    def local_day(self, moment: datetime) -> date:
        """Return the day that a moment belongs to where the document is issued."""
        return moment.astimezone(self._zone).date()

    def signed(self, issuer: Bilingual, day: date) -> list[tuple[str, str, str]]:
        """Return language, issuer and day as they stand under the seal, per language."""
        names = {Language.CHINESE: issuer.zh, Language.ENGLISH: issuer.en}
        return [(_MARK[one], names[one], _long(day, one)) for one in self.languages]

    def figure(self, value: Decimal) -> str:
        """Return a number without useless zeros."""
        return plain_decimal(value)

    def amount(self, value: Decimal) -> str:
        """Return credits with two places or more, so that those of a column stand in line."""
        whole, _, part = plain_decimal(value).partition(".")
        return f"{whole}.{part:0<2}".replace("-", "−")

    def change(self, units: int) -> str:
        """Return units as signed credits."""
        return f"{'+' if units > 0 else ''}{self.balance(units)}"

    def balance(self, units: int) -> str:
        """Return units as credits, with a sign only where they are below zero."""
        return self.amount(as_credits(units))

    def facts_of(self, record: TranscriptRecord) -> Markup:
        """Return what else a record tells, beside what has a column of its own."""
        told = {one: self._facts(record, one) for one in self.languages}
        return self._marked({one: _BETWEEN[one].join(facts) for one, facts in told.items()})

    def _facts(self, record: TranscriptRecord, language: Language) -> list[str]:
        facts = [
            self._said(f"{field}.{value}", language)
            for field in _WORDS
            if (value := getattr(record, field)) is not None
        ]
        if record.team:
            facts.append(self._said("as a team", language))
        measured = {
            "place {value}": record.placement,
            "score {value}": record.score,
            "attendance {value}%": record.attendance,
            "certificate valid until {value}": record.valid_until,
        }
        for sentence, value in measured.items():
            if value is not None:
                facts.append(self._said(sentence, language, value=_written(value)))
        return facts

    def _said(self, text: str, language: Language, /, **facts: object) -> str:
        return self._layout.sentence(text, language, facts)

    def _marked(self, texts: dict[Language, str]) -> Markup:
        """Return the texts in turn; what is not in the document's main language is marked."""
        first, *others = self.languages
        further = [_in(one, texts[one]) for one in others if texts[one] != texts[first]]
        return self.written(texts[first]) + Markup("").join(further)


def _in(language: Language, text: str) -> Markup:
    """Return text in a language that is not the document's main one.

    An ``a`` without address: of the elements that may stand anywhere it alone gives a mark in
    the PDF that nothing else here has, by which ``tagging`` finds it and notes the language.
    """
    return Markup('<a lang="{}">{}</a>').format(_MARK[language], text)


def _written(value: Decimal | date | int) -> str:
    return plain_decimal(value) if isinstance(value, Decimal) else str(value)


def _long(day: date, language: Language) -> str:
    """Return a day in full; written here, as libraries change their ways and documents must not."""
    if language is Language.CHINESE:
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"
