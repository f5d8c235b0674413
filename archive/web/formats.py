"""How values are written on a page: days, moments, credits, words, sentences."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

from archive.people.models import Organisation
from archive.texts import LOCALE_OF, in_language, term
from schemas.contracts import Bilingual, plain_decimal
from schemas.refusals import Refusal
from schemas.vocabulary import Language


class Formats:
    """The filters of one language; days are those of the archive's time zone."""

    def __init__(self, language: Language, zone: ZoneInfo) -> None:
        """Take the language and the time zone."""
        self._language = language
        self._locale = LOCALE_OF[language]
        self._zone = zone

    def filters(self) -> dict[str, Callable[..., str]]:
        """Return the filters by the names that templates use."""
        return {
            "day": self.day,
            "moment": self.moment,
            "clock": self.clock,
            "number": self.number,
            "word": self.word,
            "sentence": self.sentence,
            "refused": self.refused,
            "named": self.named,
            "pick": self.pick,
        }

    def day(self, value: date | None) -> str:
        """Write a day out, ``2024年3月5日``; a dash where there is none."""
        return "—" if value is None else format_date(value, "long", locale=self._locale)

    def moment(self, value: datetime | None) -> str:
        """Write a moment in local time, to the minute."""
        if value is None:
            return "—"
        local = value.astimezone(self._zone)
        return f"{self.day(local.date())} {format_datetime(local, 'HH:mm', locale=self._locale)}"

    def clock(self, value: datetime) -> str:
        """Write the time of day of a moment, in local time, to the minute."""
        return format_datetime(value.astimezone(self._zone), "HH:mm", locale=self._locale)

    def number(self, value: Decimal | int) -> str:
        """Write a number without needless zeros."""
        return plain_decimal(Decimal(value))

    def word(self, member: object, of: str) -> str:
        """Return the word of a member of the vocabulary, such as ``kind.training``."""
        return term(f"{of}.{member}", self._language)

    def sentence(self, template: str, facts: Mapping[str, object] | None = None) -> str:
        """Return a message in this language with its placeholders filled."""
        return in_language(template, self._language, facts)

    def refused(self, refusal: Refusal) -> str:
        """Return what a refusal says."""
        return in_language(refusal.template, self._language, refusal.facts)

    def named(self, organisation: Organisation) -> str:
        """Return an organisation's name in this language."""
        is_chinese = self._language is Language.CHINESE
        return organisation.name if is_chinese else organisation.name_en

    def pick(self, text: Bilingual | None) -> str:
        """Return the side of a bilingual text that is read here."""
        if text is None:
            return ""
        return text.zh if self._language is Language.CHINESE else text.en
