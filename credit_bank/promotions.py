"""Which level a competition result leads to, and why. Pure: it posts no credits.

The level itself exists, and its credits are dated, only by the certificate that follows;
the bank awards none.
"""

from collections.abc import Iterable

from credit_bank.crosswalk import counts_as
from credit_bank.families import PromotionRule
from credit_bank.families.promotion import Step
from credit_bank.levels import levels
from credit_bank.rulebook import RuleBook
from schemas.contracts import Contract
from schemas.credits import CompetitionMeasures, LearningOutcome
from schemas.vocabulary import Decision, Family, Rank

REASONS = (
    "promotes",
    "selection_trial",
    "tier_without_promotion",
    "promotion_unset",
    "placement_missing",
    "contest_class_missing",
    "contest_group_missing",
    "place_without_promotion",
    "level_held_on_the_day",
    "occupation_missing",
    "no_rule_in_force",
)
"""Every reason code; its words stand in the vocabulary catalogue under ``promotion.<code>``."""


class Promotion(Contract):
    """What a result supports: a level that the HR department can approve, or why none."""

    decision: Decision
    reason: str
    rank: Rank | None = None
    needs_conditions: bool = False
    """Whether the conditions of that level have to be met besides."""
    held: Rank | None = None
    """The level of the occupation on the day of the competition."""
    rule: str | None = None
    version: str | None = None
    source: str | None = None


def promotion(
    result: LearningOutcome, outcomes: Iterable[LearningOutcome], rules: RuleBook
) -> Promotion | None:
    """Return what one result supports; None for an outcome that is no competition.

    “Already held” is judged on the day of the competition, by the certificates issued
    until then, whatever was reached since (domain facts 6).
    """
    measures, day = result.measures, result.effective_on
    if not isinstance(measures, CompetitionMeasures):
        return None
    published = rules.in_force(Family.PROMOTION, day)
    if published is None or not isinstance(published.rule, PromotionRule):
        return Promotion(decision=Decision.UNDECIDED, reason="no_rule_in_force")
    code = result.occupation
    occupation = counts_as(rules, code, day, read_on=day) if code else None
    held = next(
        (one.rank for one in levels(outcomes, rules, day) if one.occupation == occupation), None
    )
    step = published.rule.step(measures, held)
    if step.rank is not None and result.occupation is None:
        step = Step(decision=Decision.UNDECIDED, reason="occupation_missing")
    return Promotion(
        decision=step.decision,
        reason=step.reason,
        rank=step.rank,
        needs_conditions=step.needs_conditions,
        held=held,
        rule=published.rule.id,
        version=published.version,
        source=published.rule.source,
    )
