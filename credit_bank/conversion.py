"""From learning outcomes to credits. Pure: no database, no clock.

``judge_all`` walks the outcomes of one worker in canonical order, so that the order in
which they arrived never matters. ``judge`` decides one of them from its facts and its
context alone: a stored trace holds both, and can be evaluated again for ever.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from credit_bank.crosswalk import Credited, told_of_crosswalk
from credit_bank.families import AgreementRule, EarningRule, ShelfLifeRule, YearlyCapRule
from credit_bank.judging import Result, undecided
from credit_bank.rulebook import PublishedRule, RuleBook
from credit_bank.transferring import Transfers, converted_elsewhere, covering, is_external
from credit_bank.transferring import judged as judged_by_agreement
from credit_bank.twins import Pair, Twins, counted_once, double_counting
from schemas.credits import (
    ApprenticeshipMeasures,
    CertificateMeasures,
    CompetitionMeasures,
    Conversion,
    LearningOutcome,
    Trace,
    TrainingMeasures,
)
from schemas.vocabulary import LEVEL_GIVING, Family, PairVerdict, RecordKind

FAMILY_OF = {
    RecordKind.TRAINING: Family.TRAINING,
    RecordKind.CERTIFICATE: Family.CERTIFICATE,
    RecordKind.COMPETITION: Family.COMPETITION,
    RecordKind.APPRENTICESHIP: Family.APPRENTICESHIP,
    RecordKind.EDUCATION: Family.EDUCATION,
}
"""Which family converts a kind; kinds without one are kept and not decided."""

GRANTING = frozenset({*FAMILY_OF.values(), Family.AGREEMENT})
"""Families whose rules grant units; the others limit them, explain them or move them."""

OCCUPATION = "occupation"
"""The first word of the subject that certificates of levels share."""

_KIND_ORDER = {kind: place for place, kind in enumerate(RecordKind)}


class Judgement(NamedTuple):
    """What the rules make of one outcome, before it is written down in full."""

    outcome: LearningOutcome
    family: Family
    published: PublishedRule | None
    context: Mapping[str, str]
    result: Result

    @property
    def version(self) -> str | None:
        """The digest of the rule, or None when none was in force."""
        return self.published.version if self.published else None

    def holds(
        self,
        outcome: LearningOutcome,
        published: PublishedRule | None,
        context: Mapping[str, str],
    ) -> bool:
        """Whether this is what would be decided of ``outcome`` again."""
        return self.outcome is outcome and self.published is published and self.context == context

    def trace(self) -> Trace:
        """Return why the outcome earned what it earned."""
        rule = self.published.rule if self.published else None
        return Trace(
            family=self.family,
            rule=rule.id if rule else None,
            version=self.version,
            day=self.outcome.effective_on,
            outcome=self.outcome,
            context=dict(self.context),
            steps=self.result.steps,
            source=rule.source if rule else None,
        )

    def conversion(self) -> Conversion:
        """Return the decision with its whole trace."""
        return Conversion(
            outcome_id=self.outcome.id,
            decision=self.result.decision,
            reason=self.result.reason,
            units=self.result.units,
            trace=self.trace(),
        )


@dataclass
class Standing:
    """What the outcomes before this one have given, by what limits the next."""

    credited: dict[tuple[str, ...], int] = field(default_factory=lambda: defaultdict(int))
    used: dict[tuple[Family, int], int] = field(default_factory=lambda: defaultdict(int))
    twins: Twins = field(default_factory=Twins)
    levels: Credited = field(default_factory=Credited)


class _Content:
    """What an outcome says: read only of two that share all that is compared before."""

    __slots__ = ("_outcome",)

    def __init__(self, outcome: LearningOutcome) -> None:
        self._outcome = outcome

    def __lt__(self, other: "_Content") -> bool:
        return self._told() < other._told()

    def _told(self) -> str:
        return self._outcome.model_dump_json(exclude={"id"})


def canonical_order(outcome: LearningOutcome) -> tuple[date, int, UUID, str, _Content]:
    """Return the key by which outcomes are ordered, whatever order they arrived in."""
    kind = _KIND_ORDER[outcome.kind]
    return (outcome.effective_on, kind, outcome.issuer, outcome.issuer_key, _Content(outcome))


def judge_all(
    outcomes: Iterable[LearningOutcome],
    rules: RuleBook,
    before: Mapping[tuple[UUID, Family], Judgement] | None = None,
    verdicts: Mapping[Pair, PairVerdict] | None = None,
) -> list[Judgement]:
    """Judge the outcomes of one worker; those of kinds without a family are left out.

    A judgement ``before`` of the same outcome by the same rule in the same context is kept:
    nothing else decides it. Courses come last, for a certificate can absorb those that
    prepared it; no other kind depends on them. ``verdicts`` are those of reviewed pairs.
    """
    standing, known = Standing(twins=Twins(verdicts or {})), before or {}
    judged = []
    in_order = sorted(outcomes, key=canonical_order)
    for outcome in sorted(in_order, key=lambda one: one.kind is RecordKind.TRAINING):
        family = FAMILY_OF.get(outcome.kind)
        if family is None:
            continue
        context = context_of(outcome, family, standing, rules)
        published = rules.in_force(family, outcome.effective_on)
        judgement = known.get((outcome.id, family))
        if judgement is None or not judgement.holds(outcome, published, context):
            result = judge(outcome, published, context, rules)
            judgement = Judgement(outcome, family, published, context, result)
        _remember(outcome, family, judgement.result, standing, rules)
        judged.append(judgement)
    return judged + _transfers(in_order, rules)


def _transfers(in_order: Iterable[LearningOutcome], rules: RuleBook) -> list[Judgement]:
    """Judge what agreements make of outcomes, in canonical order; mostly there are none."""
    judged: list[Judgement] = []
    if not rules.agreements_from:
        return judged
    transfers = Transfers()
    for outcome in in_order:
        family = FAMILY_OF.get(outcome.kind)
        if family is None:
            continue
        domestic = rules.in_force(family, outcome.effective_on)
        found = transfers.of(outcome, domestic, rules)
        if found:
            judged.append(
                Judgement(outcome, Family.AGREEMENT, found.published, found.context, found.result)
            )
    return judged


def judge(
    outcome: LearningOutcome,
    published: PublishedRule | None,
    context: Mapping[str, str],
    rules: RuleBook,
) -> Result:
    """Decide one outcome by one rule, from its facts and its context alone."""
    if published is None:
        return undecided("no_rule_in_force")
    rule = published.rule
    if isinstance(rule, AgreementRule):
        return judged_by_agreement(outcome, published, context, rules)
    if is_external(outcome):
        return converted_elsewhere(context)
    if not isinstance(rule, EarningRule):
        return undecided("no_rule_for_kind")
    result = rule.judge(outcome, int(context.get("held", "0")))
    result = told_of_crosswalk(counted_once(result, context), context, rules)
    return _capped(result, context, rules)


def evaluate_again(trace: Trace, rules: RuleBook) -> int:
    """Return the units that a stored trace gives today: they must be those it gave then."""
    published = rules.of_version(trace.version) if trace.version else None
    if trace.family in GRANTING:
        return judge(trace.outcome, published, trace.context, rules).units
    return _moved_again(trace, published)


def _moved_again(trace: Trace, published: PublishedRule | None) -> int:
    """Return the units that stand under a family after a motion: expired, held, redeemed.

    An expiry is decided again from its rule; for any other the case decided.
    """
    context, outcome = trace.context, trace.outcome
    standing = int(context.get("standing", context.get("expired", "0")))
    moved = int(context.get("moved", context.get("left", "0")))
    if published is None or not isinstance(published.rule, ShelfLifeRule):
        return standing + moved
    granted_on = date.fromisoformat(context["granted_on"])
    last_day = published.rule.last_day(outcome.kind, outcome.effective_on, granted_on)
    is_over = last_day is not None and last_day < date.fromisoformat(context["today"])
    return standing + moved if is_over else standing


def context_of(
    outcome: LearningOutcome, family: Family, standing: Standing, rules: RuleBook
) -> dict[str, str]:
    """Return what stood before an outcome, as far as it decides of it."""
    if is_external(outcome):
        return {"agreement": "yes"} if covering(outcome, rules) else {}
    context: dict[str, str] = {}
    shared = _counted_subject(outcome, rules)
    if shared is not None:
        own = standing.credited[shared]
        is_level = shared[0] == OCCUPATION
        context |= standing.levels.context(outcome, own, rules) if is_level else {"held": str(own)}
    cap = rules.in_force(Family.YEARLY_CAP, outcome.effective_on)
    if cap and isinstance(cap.rule, YearlyCapRule) and cap.rule.capped is family:
        context["cap"] = cap.version
        context["used"] = str(standing.used[family, outcome.effective_on.year])
    return context | standing.twins.context(outcome, double_counting(rules, outcome), rules)


def _remember(
    outcome: LearningOutcome,
    family: Family,
    result: Result,
    standing: Standing,
    rules: RuleBook,
) -> None:
    shared = _counted_subject(outcome, rules)
    if shared is not None:
        standing.credited[shared] += result.units
        if shared[0] == OCCUPATION:
            standing.levels.remember(outcome, result.units, rules)
    standing.used[family, outcome.effective_on.year] += result.units
    standing.twins.remember(outcome, result.units)


def _best_only(rules: RuleBook, course: LearningOutcome) -> bool:
    """Whether of one course of one issuer only the best result counts (D1)."""
    counting = double_counting(rules, course)
    return counting is not None and counting.same_course


def shared_subject(outcome: LearningOutcome) -> tuple[str, ...] | None:
    """Return what several outcomes share so that only the best of them counts.

    An occupation's levels, a 1+X certificate's steps, a course of one issuer (D1), an
    event's stages, a registered class; None when the outcome stands alone. Which numbers
    are one occupation stands in ``crosswalk``.
    """
    match outcome.measures:
        case TrainingMeasures(course_code=str(code)):
            return ("course", str(outcome.issuer), code)
        case CertificateMeasures(instrument=instrument) if instrument in LEVEL_GIVING:
            return (OCCUPATION, outcome.occupation or "")
        case CertificateMeasures(instrument=instrument, title=title):
            return ("certificate", instrument, title or outcome.issuer_key)
        case CompetitionMeasures(event=event):
            return ("event", event)
        case ApprenticeshipMeasures(class_number=str(number)):
            return ("class", str(outcome.issuer), number)
        case _:
            return None


def _counted_subject(outcome: LearningOutcome, rules: RuleBook) -> tuple[str, ...] | None:
    """Return the shared subject, unless the rule says that every result of a course counts."""
    shared = shared_subject(outcome)
    if outcome.kind is RecordKind.TRAINING and not _best_only(rules, outcome):
        return None
    return shared


def _capped(result: Result, context: Mapping[str, str], rules: RuleBook) -> Result:
    cap = rules.of_version(context["cap"]) if "cap" in context else None
    if cap is None or not isinstance(cap.rule, YearlyCapRule):
        return result
    return cap.rule.limited(result, int(context["used"]))
