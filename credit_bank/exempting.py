"""Which requirements of an organisation outcomes lower under agreements. Pure.

For whoever decides on a course or module: what was exempted is not asked for again. The
line in the ledger that tells of it stands in ``transferring``.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple

from credit_bank.conversion import canonical_order, shared_subject
from credit_bank.families import AgreementRule
from credit_bank.rulebook import PublishedRule, RuleBook
from credit_bank.transferring import covering, told_here
from schemas.cases import Lowered
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


def lowered(exempted: Iterable[Exempted], asked: int) -> tuple[Lowered, ...]:
    """Return what exemptions of one requirement take off the units that are asked for.

    Each agreement counts once, and so does what was learnt: of the ways to pair them the one
    that takes off most. Never more than is asked for.
    """
    offered = sorted(exempted, key=lambda one: (one.rule.id, canonical_order(one.outcome)))
    by_track: dict[str, list[Exempted]] = {}
    for one in sorted(offered, key=lambda one: -(one.rule.lowered_by or 0)):
        by_track.setdefault(one.rule.track, []).append(one)
    taken: dict[Hashable, Exempted] = {}
    for candidates in by_track.values():
        _pair(candidates, taken, by_track)
    found, left = list[Lowered](), asked
    for one in sorted(taken.values(), key=lambda one: (one.rule.id, one.outcome.id)):
        units = min(one.rule.lowered_by or 0, left)
        left -= units
        if units:
            found.append(
                Lowered(
                    agreement=one.rule.id,
                    version=one.published.version,
                    outcome_id=one.outcome.id,
                    units=units,
                )
            )
    return tuple(found)


def _pair(
    candidates: Sequence[Exempted],
    taken: dict[Hashable, Exempted],
    by_track: Mapping[str, Sequence[Exempted]],
    tried: frozenset[Hashable] = frozenset(),
) -> bool:
    """Pair an agreement with something learnt; whoever has it may move to something else."""
    for one in candidates:
        subject = _subject(one.outcome)
        if subject in tried:
            continue
        tried |= {subject}
        other = taken.get(subject)
        if other is None or _pair(by_track[other.rule.track], taken, by_track, tried):
            taken[subject] = one
            return True
    return False


def _subject(outcome: LearningOutcome) -> Hashable:
    """Return what is learnt once: the levels of an occupation, a course of one issuer."""
    return shared_subject(outcome) or outcome.id


def _fails(outcome: LearningOutcome, rules: RuleBook) -> bool:
    domestic = rules.in_force(Family(outcome.kind.value), outcome.effective_on)
    return "against" in told_here(outcome, domestic)
