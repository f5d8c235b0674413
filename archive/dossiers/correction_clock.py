"""Until when the steps of a request for correction or addition are due: dated figures. Pure."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path

from credit_bank.working_days import Calendar, Deadline
from schemas.contracts import Bilingual, Contract

_FILE = Path(__file__).with_name("correction_clock.toml")


class Clock(Contract):
    """The working days of each step, from a day on, and on what they rest."""

    id: str
    in_force_from: date
    answer_within_days: int
    go_on_within_days: int
    decide_within_days: int
    clause: Bilingual
    source: str

    def answer_until(self, day: date, calendar: Calendar) -> Deadline:
        """Return until when an organisation answers what it got on a day."""
        return calendar.after(day, self.answer_within_days)

    def go_on_until(self, day: date, calendar: Calendar) -> Deadline:
        """Return until when the bureau can be asked after a refusal of a day."""
        return calendar.after(day, self.go_on_within_days)

    def decide_until(self, day: date, calendar: Calendar) -> Deadline:
        """Return until when the bureau decides what it got on a day."""
        return calendar.after(day, self.decide_within_days)


class Clocks(Contract):
    """All figures, as their file tells them."""

    clock: tuple[Clock, ...]


def clock_on(day: date) -> Clock:
    """Return the figures in force on a day; before the first ones, the first."""
    told = _clocks().clock
    return max((one for one in told if one.in_force_from <= day), default=told[0], key=_begins)


def _begins(one: Clock) -> date:
    return one.in_force_from


@cache
def _clocks() -> Clocks:
    return Clocks.model_validate(tomllib.loads(_FILE.read_text(encoding="utf-8")))
