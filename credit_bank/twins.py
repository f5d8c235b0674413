"""One thing posted twice: courses of one name from two issuers, and prepared certificates.

D2 and D3 of the domain's facts on double counting. What is found stands in the context of
a judgement, so that its trace can be evaluated again without any other outcome.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from credit_bank.crosswalk import counts_as
from credit_bank.families import DoubleCountingRule
from credit_bank.judging import Result, nothing, undecided
from credit_bank.rulebook import RuleBook
from schemas.credits import Arithmetic, CertificateMeasures, LearningOutcome, TrainingMeasures
from schemas.vocabulary import Family, PairVerdict

Pair = frozenset[UUID]
"""The lineages of two courses that may be one."""

ABSORBED = "A certificate names this course as its preparation and has its credits already."
IN_REVIEW = "Another institution posted a course of this name: it is being looked at."
ONE_COURSE = "The review found that another institution posted this very course."

SENTENCES = (ABSORBED, IN_REVIEW, ONE_COURSE)
REASONS = ("absorbed_by_certificate", "duplicate_in_review", "duplicate_confirmed")


@dataclass
class Twins:
    """What the outcomes judged so far say of those that come."""

    verdicts: Mapping[Pair, PairVerdict] = field(default_factory=dict)
    _prepared: dict[str, list[LearningOutcome]] = field(default_factory=lambda: defaultdict(list))
    _named: dict[str, list[LearningOutcome]] = field(default_factory=lambda: defaultdict(list))

    def remember(self, outcome: LearningOutcome, units: int) -> None:
        """Remember an outcome that brought something."""
        if not units:
            return
        match outcome.measures:
            case CertificateMeasures(prepared_by=str(course)):
                self._prepared[course].append(outcome)
            case TrainingMeasures() as measures:
                self._named[measures.compared_name].append(outcome)
            case _:
                pass

    def context(
        self, course: LearningOutcome, rule: DoubleCountingRule | None, rules: RuleBook
    ) -> dict[str, str]:
        """Return what stands before a course: its certificate, its twin, the review.

        Twins are of one occupation, as the crosswalk of the later course's day reads both.
        """
        measures = course.measures
        if rule is None or not isinstance(measures, TrainingMeasures):
            return {}
        if rule.certificate_absorbs_preparation:
            for certificate in self._prepared.get(measures.compared_name, ()):
                if _prepares(course, certificate):
                    return {"absorbed_by": str(certificate.id)}
        if rule.same_name_to_review:
            for other in self._named.get(measures.compared_name, ()):
                if other.issuer == course.issuer or not _is_of_one(course, other, rules):
                    continue
                verdict = self.verdicts.get(frozenset({course.id, other.id}))
                if verdict is not PairVerdict.DISTINCT:
                    return {"twin": str(other.id), "verdict": verdict or ""}
        return {}


def counted_once(result: Result, context: Mapping[str, str]) -> Result:
    """Return what is left of a result when the same thing counts elsewhere."""
    if not result.units:
        return result
    if "absorbed_by" in context:
        return nothing("absorbed_by_certificate").after(Arithmetic(text=ABSORBED))
    if context.get("verdict") == PairVerdict.SAME:
        return nothing("duplicate_confirmed").after(Arithmetic(text=ONE_COURSE))
    if "twin" in context:
        return undecided("duplicate_in_review").after(Arithmetic(text=IN_REVIEW))
    return result


def double_counting(rules: RuleBook, outcome: LearningOutcome) -> DoubleCountingRule | None:
    """Return which tests are on for an outcome; None when no rule was in force."""
    published = rules.in_force(Family.DOUBLE_COUNTING, outcome.effective_on)
    rule = published.rule if published else None
    return rule if isinstance(rule, DoubleCountingRule) else None


def _is_of_one(course: LearningOutcome, earlier: LearningOutcome, rules: RuleBook) -> bool:
    """Whether two courses are of one occupation, as it is numbered on the later one's day."""
    one, other = (
        each.occupation
        and counts_as(rules, each.occupation, each.effective_on, read_on=course.effective_on)
        for each in (course, earlier)
    )
    return one == other


def _prepares(course: LearningOutcome, certificate: LearningOutcome) -> bool:
    """Whether a course came before a certificate, for the same occupation if both tell one."""
    one = course.occupation in (None, certificate.occupation) or certificate.occupation is None
    return one and course.effective_on <= certificate.effective_on
