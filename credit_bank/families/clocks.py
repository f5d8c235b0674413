"""How long something may take: an appeal, and the suspension of an issuer's credits."""

from datetime import date, timedelta
from typing import Literal

from pydantic import Field

from credit_bank.causes import HOLDS_TOO_OFTEN, UnfitValueError
from credit_bank.families.base import RuleBase, as_day
from credit_bank.working_days import Calendar, Deadline
from schemas.refusals import Phrase
from schemas.vocabulary import Family

NO_SECOND_FILE = "It is not set until when the second instance can be asked."
NO_SECOND_ANSWER = "It is not set until when the second instance answers."


class AppealRule(RuleBase):
    """Until when a worker can appeal, and until when it is answered; in working days."""

    family: Literal[Family.APPEAL]
    file_within_days: int = Field(gt=0)
    """Working days after the day on which the worker was told."""
    answer_within_days: int = Field(gt=0)
    """Working days after the day on which the appeal was filed."""
    second_instance: Literal["bureau"]
    second_file_within_days: int | None = Field(default=None, gt=0)
    """Working days after the first answer; None: nobody set it, so it cannot be told."""
    second_answer_within_days: int | None = Field(default=None, gt=0)

    def file_until(self, told_on: date, calendar: Calendar) -> Deadline:
        """Return the last day on which an appeal can be filed."""
        return calendar.after(told_on, self.file_within_days)

    def answer_until(self, filed_on: date, calendar: Calendar) -> Deadline:
        """Return the last day on which the issuer can answer."""
        return calendar.after(filed_on, self.answer_within_days)

    def second_file_until(self, answered_on: date, calendar: Calendar) -> Deadline | None:
        """Return until when the second instance can be asked; None when nobody set it."""
        days = self.second_file_within_days
        return calendar.after(answered_on, days) if days else None

    def second_answer_until(self, filed_on: date, calendar: Calendar) -> Deadline | None:
        """Return until when the second instance answers; None when nobody set it."""
        days = self.second_answer_within_days
        return calendar.after(filed_on, days) if days else None

    def unset(self) -> tuple[Phrase, ...]:
        """Return which clocks of the second instance nobody has set."""
        clocks = {
            NO_SECOND_FILE: self.second_file_within_days,
            NO_SECOND_ANSWER: self.second_answer_within_days,
        }
        return tuple(Phrase(text) for text, days in clocks.items() if days is None)

    def told(self, given: dict[str, object]) -> dict[str, str]:
        """Return the last days, counted from Monday to Friday, without any list of holidays."""
        weeks = Calendar()
        found = {
            "file_until": (given.get("told_on"), self.file_until),
            "answer_until": (given.get("filed_on"), self.answer_until),
        }
        return {
            name: until(as_day(day), weeks).day.isoformat()
            for name, (day, until) in found.items()
            if day
        }


class SuspensionRule(RuleBase):
    """How long credits of a suspended issuer are held before they are released."""

    family: Literal[Family.SUSPENSION]
    hold_days: int = Field(gt=0)
    """Calendar days after the decision; without another decision they are released then."""
    extension_days: int = Field(ge=0)
    most_extensions: int = Field(ge=0)

    def hold_until(self, decided_on: date, extensions: int = 0) -> date:
        """Return the last day of the hold; raises ValueError for more extensions than allowed."""
        if not 0 <= extensions <= self.most_extensions:
            raise UnfitValueError(HOLDS_TOO_OFTEN, most=self.most_extensions)
        return decided_on + timedelta(days=self.hold_days + extensions * self.extension_days)

    def told(self, given: dict[str, object]) -> dict[str, str]:
        """Return the last day of the hold that was ``decided_on`` a day."""
        extensions = int(str(given.get("extensions", 0)))
        return {"hold_until": self.hold_until(as_day(given["decided_on"]), extensions).isoformat()}
