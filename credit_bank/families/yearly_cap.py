"""How many credits of a family one calendar year can bring."""

from typing import Literal

from credit_bank.families.base import RuleBase, Units, units_of
from credit_bank.judging import CAPPED, Result, in_credits
from schemas.credits import Arithmetic
from schemas.vocabulary import Decision, Family


class YearlyCapRule(RuleBase):
    """How many units of a family one calendar year can bring."""

    family: Literal[Family.YEARLY_CAP]
    capped: Family
    credits_a_year: Units

    def limited(self, result: Result, used: int) -> Result:
        """Return a result with what the year, of which ``used`` units are used, has room for."""
        room = max(0, self.credits_a_year - used)
        if result.units <= room:
            return result
        facts = {
            "cap": in_credits(self.credits_a_year),
            "used": in_credits(self.credits_a_year - room),
            "credits": in_credits(room),
            "earned": in_credits(result.units),
        }
        steps = (*result.steps, Arithmetic(text=CAPPED, facts=facts))
        if room:
            return Result(Decision.GRANTED, "cap_partly", room, steps)
        return Result(Decision.NOTHING, "cap_reached", 0, steps)

    def told(self, given: dict[str, object]) -> dict[str, str]:
        """Return what is posted of ``earned`` credits when ``used`` are used."""
        earned = Result(Decision.GRANTED, "granted", units_of(given["earned"]), ())
        return self.limited(earned, units_of(given["used"])).told()
