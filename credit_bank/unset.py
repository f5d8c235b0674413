"""What nobody has set: for these the answer is “cannot be decided”, never zero. Pure."""

from datetime import date, timedelta
from typing import NamedTuple

from credit_bank.rulebook import RuleBook
from schemas.refusals import Phrase
from schemas.vocabulary import Family

NO_RULE = "No rule is in force: what falls on this day cannot be decided; it is not zero."
NO_HOLIDAYS = (
    "There is no list of holidays for {year}: working days are counted from Monday to Friday."
)
SENTENCES = (NO_RULE, NO_HOLIDAYS)
"""Besides what each family tells of its own rules; a test sees that each is translated."""
_AHEAD = timedelta(days=90)  # The longest clock of domain.md 4, a hold with its extension.


class Unset(NamedTuple):
    """One thing that the bureau still has to set."""

    family: Family
    rule: str | None
    """The rule that leaves it open; None where there is no rule."""
    what: Phrase


def unset_on(rules: RuleBook, day: date) -> list[Unset]:
    """Return all that is unset on a day, in the order of the families.

    Agreements are made by their parties, so nobody misses one; the list of holidays has to
    reach as far as the clocks that begin on the day.
    """
    found: list[Unset] = []
    for family in Family:
        if family is Family.WORKING_DAYS:
            found += _years_without_list(rules, day)
        elif family is not Family.AGREEMENT:
            in_force = rules.each_in_force(family, day)
            found += [
                Unset(family, one.rule.id, what) for one in in_force for what in one.rule.unset()
            ]
            if not in_force:
                found.append(Unset(family, None, Phrase(NO_RULE)))
    return found


def _years_without_list(rules: RuleBook, day: date) -> list[Unset]:
    firsts = {one.year: one for one in (day, day + _AHEAD)}
    return [
        Unset(Family.WORKING_DAYS, None, Phrase(NO_HOLIDAYS, {"year": year}))
        for year, first in firsts.items()
        if not rules.each_in_force(Family.WORKING_DAYS, first)
    ]
