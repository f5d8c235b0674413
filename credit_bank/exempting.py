"""Which requirements of an organisation outcomes lower under agreements. Pure.

For whoever decides on a course or module: what was exempted is not asked for again. The
line in the ledger that tells of it stands in ``transferring``.
"""

from collections.abc import Iterable
from typing import NamedTuple

from credit_bank.families import AgreementRule
from credit_bank.rulebook import PublishedRule, RuleBook
from credit_bank.transferring import covering, told_here
from schemas.credits import LearningOutcome
from schemas.vocabulary import AgreementEffect, Family


class Exempted(NamedTuple):
    """A requirement of an organisation that an outcome lowers."""

    outcome: LearningOutcome
    published: PublishedRule
    rule: AgreementRule


def exemptions(
    outcomes: Iterable[LearningOutcome], rules: RuleBook, *, receiver: str | None = None
) -> list[Exempted]:
    """Return the requirements that outcomes lower, of one party or of all.

    An outcome that was not passed lowers nothing. ``receiver`` is a party's key,
    ``organisation:<id>``.
    """
    found = []
    for outcome in outcomes:
        for one in covering(outcome, rules):
            rule = one.rule
            if not isinstance(rule, AgreementRule) or receiver not in (None, rule.receiver):
                continue
            if rule.effect is AgreementEffect.EXEMPTION and not _fails(outcome, rules):
                found.append(Exempted(outcome, one, rule))
    return found


def _fails(outcome: LearningOutcome, rules: RuleBook) -> bool:
    domestic = rules.in_force(Family(outcome.kind.value), outcome.effective_on)
    return "against" in told_here(outcome, domestic)
