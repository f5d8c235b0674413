"""For which occupation a certificate counts: renumbered and joined ones are one. Pure.

The crosswalk of the later certificate's day decides whether an earlier one is of the same
occupation, so that an edition binds from its own first day on and never reaches back.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from credit_bank.conditions.occupations import Occupations
from credit_bank.families import OccupationCrosswalkRule
from credit_bank.judging import Result
from credit_bank.rulebook import RuleBook
from schemas.credits import Arithmetic, LearningOutcome
from schemas.vocabulary import Family

COUNTS_AS = (
    "By the table of renumbered occupations ({crosswalk}), {before} counts as {now}: what was "
    "credited for one occupation is not credited again."
)
MEANT_OTHERWISE = (
    "By the table of renumbered occupations ({crosswalk}), {now} meant another occupation "
    "before: what was credited for that one is not counted here."
)

SENTENCES = (COUNTS_AS, MEANT_OTHERWISE)
"""Every sentence of these explanations, so that a test can see that each is translated."""

_DECIDED_BY = "crosswalk"  # In a context: the version of the table, where it decided.


@dataclass
class Credited:
    """What certificates of levels brought so far, by the number and the day of each."""

    units: dict[str, dict[date, int]] = field(default_factory=dict)

    def remember(self, outcome: LearningOutcome, units: int, rules: RuleBook) -> None:
        """Keep what a certificate brought, if any crosswalk speaks of its occupation."""
        code, day = outcome.occupation or "", outcome.effective_on
        if code in rules.kin:
            self.units.setdefault(code, defaultdict(int))[day] += units

    def context(self, outcome: LearningOutcome, own: int, rules: RuleBook) -> dict[str, str]:
        """Return what stands for the occupation before a certificate, and by which crosswalk.

        ``own`` is what certificates of the same number brought. The crosswalk is named only
        where it decided: where numbers count together, or one meant something else.
        """
        code, day = outcome.occupation or "", outcome.effective_on
        published = rules.in_force(Family.OCCUPATION_CROSSWALK, day) if code in rules.kin else None
        rule = published.rule if published else None
        if published is None or not isinstance(rule, OccupationCrosswalkRule):
            return {"held": str(own)}
        table = rule.occupations
        wanted = table.counts_as(code, day)
        found = dict(self._counting(code, wanted, own, table))
        before = sorted(({one for one, units in found.items() if units} | {code}) - {wanted})
        held = {"held": str(sum(found.values()))}
        if not before and found.get(code) == own:
            return held
        return held | {_DECIDED_BY: published.version, "before": ",".join(before), "now": wanted}

    def _counting(
        self, code: str, wanted: str, own: int, table: Occupations
    ) -> Iterator[tuple[str, int]]:
        """Yield what each number brought to the occupation that is wanted."""
        if not table.is_renumbered(code):
            yield code, own
        for other, days in self.units.items():
            if other != code or table.is_renumbered(code):
                counting = (day for day in days if table.counts_as(other, day) == wanted)
                yield other, sum(days[day] for day in counting)


def counts_as(rules: RuleBook, code: str, on: date, *, read_on: date) -> str:
    """Return the occupation for which one written ``on`` a day counts, as read on another."""
    published = rules.in_force(Family.OCCUPATION_CROSSWALK, read_on) if code in rules.kin else None
    rule = published.rule if published else None
    return (
        rule.occupations.counts_as(code, on) if isinstance(rule, OccupationCrosswalkRule) else code
    )


def told_of_crosswalk(result: Result, context: Mapping[str, str], rules: RuleBook) -> Result:
    """Return a result that begins with the crosswalk, where it decided."""
    published = rules.of_version(context[_DECIDED_BY]) if _DECIDED_BY in context else None
    rule = published.rule if published else None
    if not isinstance(rule, OccupationCrosswalkRule):
        return result
    before = [one for one in context["before"].split(",") if one]
    facts = {"crosswalk": rule.id, "now": rule.occupations.told(context["now"])}
    if before:
        facts["before"] = ", ".join(rule.occupations.told(one) for one in before)
    return result.after(Arithmetic(text=COUNTS_AS if before else MEANT_OTHERWISE, facts=facts))
