"""Which level of an occupation can be applied for on a day, and what is missing. Pure.

Every generation of conditions is answered, so that they can be compared; the one of the
occupation's own standard binds. It says what may be applied for and never awards a level.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from credit_bank.conditions import question, requirements, schooling, service
from credit_bank.conditions.occupations import Occupations
from credit_bank.conditions.question import Question
from credit_bank.conditions.requirements import any_of, judge_way
from credit_bank.conditions.ways import Terms
from credit_bank.conversion import judge
from credit_bank.families.application import ApplicationRule, in_order
from credit_bank.families.occupations import OccupationCrosswalkRule, RelatedOccupationsRule
from credit_bank.families.standards import OccupationStandardRule
from credit_bank.rulebook import RuleBook
from schemas.credits import LearningOutcome
from schemas.eligibility import Basis, Candidate, Eligibility, Generation, Sentence
from schemas.vocabulary import Decision, Family, Fulfilment, Rank

BY_STANDARD = "The occupation's own standard ({edition}) is of this generation."
BY_EMPLOYER = "The employer's own filing ({edition}) binds."
BY_DEFAULT = (
    "No standard of this occupation is on file; on {day} new standards follow this generation."
)
UNKNOWN = "The conditions of the generation {generation}, which {edition} names, are not on file."
BY_NOBODY = "No conditions were in force on {day}."

SENTENCES = (
    BY_STANDARD,
    BY_EMPLOYER,
    BY_DEFAULT,
    BY_NOBODY,
    UNKNOWN,
    *question.SENTENCES,
    *requirements.SENTENCES,
    *schooling.SENTENCES,
    *service.SENTENCES,
)
"""Every sentence of an answer, so that a test can see that each is translated."""


@dataclass(frozen=True)
class Application:
    """Who wants to apply for which level of which occupation, and when."""

    occupation: str
    rank: Rank
    day: date
    candidate: Candidate


def eligibility(
    asked: Application, outcomes: Iterable[LearningOutcome], rules: RuleBook
) -> Eligibility:
    """Return every generation's ways to a level, what holds and fails, and which binds."""
    occupations = occupations_on(rules, asked.day)
    occupation = min(occupations.now(asked.occupation, asked.day))
    own = _standard_of(rules, occupations, occupation, asked)
    known = in_order(list(outcomes))
    put = Question(
        occupation=occupation,
        to=asked.rank,
        day=asked.day,
        candidate=asked.candidate,
        outcomes=known,
        terms=Terms(counting="cumulated", scope="own"),
        occupations=occupations,
        passed=lambda outcome: _passed(outcome, rules),
    )
    basis = _basis(rules, own, asked.day)
    found = tuple(
        _generation(put, one, own if is_binding else None, is_binding=is_binding)
        for one in _generations(rules, asked.day)
        for is_binding in [one.rule.generation == basis.generation]
    )
    return _answer(put, basis, own, found)


def occupations_on(rules: RuleBook, day: date) -> Occupations:
    """Return how occupations are read on a day: renumbered ones, and related ones."""
    crosswalk = rules.in_force(Family.OCCUPATION_CROSSWALK, day)
    related = rules.in_force(Family.RELATED_OCCUPATIONS, day)
    lines = crosswalk.rule if crosswalk else None
    table = related.rule if related else None
    return Occupations(
        lines.table if isinstance(lines, OccupationCrosswalkRule) else (),
        table.table if isinstance(table, RelatedOccupationsRule) else (),
    )


def filings_on(rules: RuleBook, day: date) -> list[OccupationStandardRule]:
    """Return the employers' own filings that are in force on a day."""
    return [one for one in _standards_on(rules, day) if one.employer is not None]


def _standards_on(rules: RuleBook, day: date) -> list[OccupationStandardRule]:
    return [
        one.rule
        for one in rules.of(Family.OCCUPATION_STANDARD)
        if isinstance(one.rule, OccupationStandardRule) and one.is_in_force(day)
    ]


def _standard_of(
    rules: RuleBook, occupations: Occupations, occupation: str, asked: Application
) -> OccupationStandardRule | None:
    """Return what binds before any default: the employer's filing, else the standard."""
    meant = [
        one
        for one in _standards_on(rules, asked.day)
        if one.code is None or occupation in occupations.now(one.code, one.in_force_from)
    ]
    employer = asked.candidate.employer
    filings = [one for one in meant if employer is not None and one.employer == employer]
    standards = [one for one in meant if one.employer is None]
    return max(filings or standards, key=_precision, default=None)


def _precision(standard: OccupationStandardRule) -> tuple[bool, date]:
    """Return what lets a filing for one occupation go before one for all, and the younger first."""
    return (standard.code is not None, standard.in_force_from)


def _basis(rules: RuleBook, standard: OccupationStandardRule | None, day: date) -> Basis:
    if standard is not None:
        names = {one.rule.generation for one in _generations(rules, day)}
        text = BY_EMPLOYER if standard.employer else BY_STANDARD
        return Basis(
            generation=standard.generation,
            why=Sentence(
                text=text if standard.generation in names else UNKNOWN,
                facts={"edition": standard.edition, "generation": standard.generation},
            ),
            rule=standard.id,
            edition=standard.edition,
            source=standard.source,
        )
    default = rules.in_force(Family.APPLICATION, day)
    if default is None or not isinstance(default.rule, ApplicationRule):
        return Basis(generation=None, why=Sentence(text=BY_NOBODY, facts={"day": day}))
    return Basis(
        generation=default.rule.generation,
        why=Sentence(text=BY_DEFAULT, facts={"day": day}),
        rule=default.rule.id,
        source=default.rule.source,
    )


@dataclass(frozen=True)
class _Published:
    """A generation's rule, and the version under which it was published."""

    rule: ApplicationRule
    version: str


def _generations(rules: RuleBook, day: date) -> list[_Published]:
    """Return one rule of each generation, in their order: the newest that had begun."""
    found: dict[str, _Published] = {}
    for one in sorted(rules.of(Family.APPLICATION), key=lambda known: known.rule.in_force_from):
        rule = one.rule
        if not isinstance(rule, ApplicationRule) or not one.was_ever_in_force:
            continue
        if rule.generation not in found or rule.in_force_from <= day:
            found[rule.generation] = _Published(rule, one.version)
    return list(found.values())


def _generation(
    put: Question,
    published: _Published,
    standard: OccupationStandardRule | None,
    *,
    is_binding: bool,
) -> Generation:
    rule = published.rule
    own = standard.ways_to(put.to) if standard else ()
    source = standard.source if standard and own else rule.source
    asked = replace(put, terms=_terms(rule, standard))
    ways = tuple(judge_way(asked, way, source) for way in own or rule.ways_to(put.to))
    return Generation(
        generation=rule.generation,
        title=rule.title,
        rule=rule.id,
        version=published.version,
        source=rule.source,
        is_binding=is_binding,
        state=any_of([way.state for way in ways]),
        ways=ways,
    )


def _terms(rule: ApplicationRule, standard: OccupationStandardRule | None) -> Terms:
    """Return how a generation counts, with the standard's own class hours."""
    hours = {**rule.training_hours, **(standard.training_hours if standard else {})}
    return Terms(
        counting=rule.counting,
        longest_break_days=rule.longest_break_days,
        scope=rule.scope,
        training_hours=hours,
        final_year_months=rule.final_year_months,
    )


def _passed(outcome: LearningOutcome, rules: RuleBook) -> Decision:
    """Return whether a course was passed, by the rule that was in force on its last day."""
    published = rules.in_force(Family.TRAINING, outcome.effective_on)
    return judge(outcome, published, {}, rules).decision


def _answer(
    put: Question,
    basis: Basis,
    standard: OccupationStandardRule | None,
    found: tuple[Generation, ...],
) -> Eligibility:
    held = next((one.outcome for one in put.levels(put.to) if one.doubt is None), None)
    binding = next((one for one in found if one.is_binding), None)
    days = [way.holds_from for way in binding.ways if way.holds_from] if binding else []
    levels = standard.levels if standard else None
    state = binding.state if binding else Fulfilment.UNDECIDED
    exists = None if levels is None else put.to in levels
    return Eligibility(
        occupation=put.occupation,
        rank=put.to,
        day=put.day,
        basis=basis,
        state=Fulfilment.FAILS if exists is False else state,
        exists=exists,
        held_since=held.effective_on if held else None,
        held_by=held.id if held else None,
        holds_from=None if state is Fulfilment.HOLDS else min(days, default=None),
        generations=found,
    )
