"""Skill levels from certificates, and the treatment they entitle to. Pure."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from credit_bank.crosswalk import counts_as
from credit_bank.families import EntitlementRule
from credit_bank.rulebook import RuleBook
from schemas.contracts import Bilingual, Contract
from schemas.credits import CertificateMeasures, LearningOutcome
from schemas.vocabulary import LEVEL_GIVING, Family, Rank


class SkillLevel(Contract):
    """The highest level held in one occupation."""

    occupation: str | None
    """As it is numbered on the day that is asked, whatever the certificate says."""
    rank: Rank
    held_since: date
    outcome_id: UUID
    """The certificate that gave it."""


class Entitlement(Contract):
    """What a level entitles to: equivalence of treatment, never a statement on education."""

    rank: Rank
    sentence: Bilingual
    rule: str
    source: str


def levels(
    outcomes: Iterable[LearningOutcome], rules: RuleBook, on: date
) -> tuple[SkillLevel, ...]:
    """Return the highest level of each occupation on a day, highest first.

    Only certificates that give a level count; of two of one rank, the earlier. Occupations
    that the crosswalk of the day joins are one.
    """
    best: dict[str | None, SkillLevel] = {}
    for outcome in outcomes:
        if not _gives_level(outcome) or outcome.rank is None or outcome.effective_on > on:
            continue
        code, day = outcome.occupation, outcome.effective_on
        found = SkillLevel(
            occupation=counts_as(rules, code, day, read_on=on) if code else None,
            rank=outcome.rank,
            held_since=day,
            outcome_id=outcome.id,
        )
        held = best.get(found.occupation)
        if held is None or _order(found) < _order(held):
            best[found.occupation] = found
    return tuple(sorted(best.values(), key=_order))


def entitlement(
    outcomes: Iterable[LearningOutcome], rules: RuleBook, on: date
) -> Entitlement | None:
    """Return the treatment of the highest certificate that has one under the rule of that day.

    Every certificate counts, not only the highest of its occupation: who rises from 技师
    to 高级技师, of which the rule says nothing, keeps the treatment of 技师. None when no
    rule is in force on the day, or it names no level that is held.
    """
    published = rules.in_force(Family.ENTITLEMENT, on)
    if published is None or not isinstance(published.rule, EntitlementRule):
        return None
    rule = published.rule
    held = {one.rank for one in outcomes if _gives_level(one) and one.effective_on <= on}
    rank = max((rank for rank in held if rank in rule.treatment), default=None)
    if rank is None:
        return None
    words = rule.treatment[rank]
    sentence = Bilingual(
        zh=rule.sentence.zh.format(treatment=words.zh),
        en=rule.sentence.en.format(treatment=words.en),
    )
    return Entitlement(rank=rank, sentence=sentence, rule=rule.id, source=rule.source)


def _gives_level(outcome: LearningOutcome) -> bool:
    measures = outcome.measures
    return isinstance(measures, CertificateMeasures) and measures.instrument in LEVEL_GIVING


def _order(level: SkillLevel) -> tuple[int, date, str, str]:
    return (-level.rank, level.held_since, level.occupation or "", str(level.outcome_id))
