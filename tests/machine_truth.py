"""What must be true of a ledger, told without the bank's own arithmetic.

The audit judges by the code that booked, so it believes that code; these few truths do not.
Of a rule only its figures are read.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import NamedTuple
from uuid import UUID

from credit_bank.checking import Rows
from credit_bank.families import AgreementRule, TrainingRule, YearlyCapRule
from credit_bank.models import Entry
from credit_bank.rulebook import RuleBook
from schemas.cases import IssuerFact
from schemas.credits import LearningOutcome, TrainingMeasures
from schemas.vocabulary import Account, CaseAct, Family

UNITS = 10_000


class Lot(NamedTuple):
    """What became of the units of one outcome under one family."""

    outcome_id: UUID
    family: Family
    units: Mapping[Account, int]


def untrue(rows: Rows, content: Mapping[UUID, LearningOutcome], rules: RuleBook) -> list[str]:
    """Return what cannot be true of what stands, whatever led to it."""
    newest = {
        (entry.outcome_id, entry.family): entry
        for entry in sorted(rows.entries, key=lambda one: one.revision)
    }
    live = [entry for entry in newest.values() if entry.outcome_id in content]
    return [
        *_more_than_hours_give(live, content, rules),
        *_more_than_a_year_has(live, content, rules),
        *_more_than_a_factor_gives(live, content, rules),
        *_course_counted_twice(live, content, rules),
    ]


def lots_of(rows: Rows) -> list[Lot]:
    """Return where the units of each lot are."""
    by_id = {entry.id: entry for entry in rows.entries}
    units: dict[UUID, dict[Account, int]] = defaultdict(lambda: defaultdict(int))
    opened: dict[UUID, Entry] = {}
    for posting in rows.postings:
        units[posting.lot_id][posting.account] += posting.units
        if posting.id == posting.lot_id:
            opened[posting.id] = by_id[posting.entry_id]
    return [Lot(entry.outcome_id, entry.family, units[lot]) for lot, entry in opened.items()]


def held_without_a_word(
    rows: Rows, content: Mapping[UUID, LearningOutcome], decisions: Mapping[UUID, IssuerFact]
) -> Iterator[str]:
    """Yield lots that an appeal or a decision holds or revokes though it does not name them.

    ``decisions`` are the first of each case on an issuer.
    """
    by_id = {entry.id: entry for entry in rows.entries}
    about = {event.case_id: event.outcome_id for event in rows.cases if event.act == CaseAct.OPEN}
    lineage_of = {one.id: by_id[one.entry_id].outcome_id for one in rows.postings}
    kept: dict[tuple[UUID, Family, UUID | None], int] = defaultdict(int)
    for posting in rows.postings:
        entry = by_id[posting.entry_id]
        if posting.account in (Account.HELD, Account.REVOKED):
            kept[lineage_of[posting.lot_id], entry.family, entry.case_id] += posting.units
    for (lineage, family, case_id), units in kept.items():
        decision = decisions.get(case_id) if case_id else None
        is_appeal, is_decision = family is Family.APPEAL, family is Family.SUSPENSION
        if units and is_appeal and about.get(case_id or lineage) != lineage:
            yield f"{lineage}: {units} are held by an appeal about another record"
        if units and is_decision and not (decision and _names(decision, content.get(lineage))):
            yield f"{lineage}: {units} are held by a decision that does not name it"


def _names(decision: IssuerFact, outcome: LearningOutcome | None) -> bool:
    if outcome is None or outcome.issuer != decision.issuer_id:
        return False
    course = getattr(outcome.measures, "course", None)
    is_of_its_days = decision.begins_on <= outcome.effective_on <= decision.ends_on
    return is_of_its_days and (not decision.courses or course in decision.courses)


def past_their_day(
    rows: Rows, content: Mapping[UUID, LearningOutcome], rules: RuleBook, today: date
) -> Iterator[UUID]:
    """Yield outcomes whose credits can be used though their years, and the notice, are over."""
    granted = {
        (entry.outcome_id, entry.family): entry.recorded_at.date()
        for entry in sorted(rows.entries, key=lambda one: one.revision)
        if entry.posted_units > 0 and entry.cause == "grant"
    }
    for lot in lots_of(rows):
        outcome = content.get(lot.outcome_id)
        if outcome is None or not lot.units.get(Account.AVAILABLE):
            continue
        rule = rules.in_force(Family.SHELF_LIFE, outcome.effective_on)
        years = getattr(rule.rule, "years", {}).get(outcome.kind) if rule else None
        waited = (today - granted[lot.outcome_id, lot.family]).days
        if years and (today - outcome.effective_on).days > 366 * years and waited > 91:
            yield lot.outcome_id


def _more_than_hours_give(
    live: Iterable[Entry], content: Mapping[UUID, LearningOutcome], rules: RuleBook
) -> Iterator[str]:
    for entry in live:
        measures, rule = content[entry.outcome_id].measures, _rule(entry, rules)
        if isinstance(rule, TrainingRule) and isinstance(measures, TrainingMeasures):
            exact = Fraction(measures.hours) * UNITS / rule.hours_per_credit
            if entry.evaluated_units > exact:
                yield f"{entry.outcome_id}: {entry.evaluated_units} of {exact}"


def _more_than_a_year_has(
    live: Iterable[Entry], content: Mapping[UUID, LearningOutcome], rules: RuleBook
) -> Iterator[str]:
    years: dict[int, int] = defaultdict(int)
    most: dict[int, int] = defaultdict(int)
    for entry in live:
        day = content[entry.outcome_id].effective_on
        cap = rules.in_force(Family.YEARLY_CAP, day)
        if entry.family is Family.TRAINING and cap and isinstance(cap.rule, YearlyCapRule):
            years[day.year] += entry.evaluated_units
            most[day.year] = max(most[day.year], cap.rule.credits_a_year)
    yield from (f"{year}: {units}" for year, units in years.items() if units > most[year])


def _more_than_a_factor_gives(
    live: Iterable[Entry], content: Mapping[UUID, LearningOutcome], rules: RuleBook
) -> Iterator[str]:
    for entry in live:
        measures, rule = content[entry.outcome_id].measures, _rule(entry, rules)
        if not isinstance(rule, AgreementRule) or not entry.evaluated_units:
            continue
        told = measures.scheme_credits if isinstance(measures, TrainingMeasures) else None
        base = Fraction(told) * UNITS if told is not None else Fraction(rule.credits or 0)
        if rule.factor is None or entry.evaluated_units > base * Fraction(rule.factor):
            yield f"{entry.outcome_id}: transferred {entry.evaluated_units}"


def _course_counted_twice(
    live: Iterable[Entry], content: Mapping[UUID, LearningOutcome], rules: RuleBook
) -> Iterator[str]:
    """D1: one course of one issuer gives no more than its longest version would."""
    units: dict[tuple[UUID, str], Fraction] = defaultdict(Fraction)
    most: dict[tuple[UUID, str], Fraction] = defaultdict(Fraction)
    for entry in live:
        outcome, rule = content[entry.outcome_id], _rule(entry, rules)
        measures = outcome.measures
        counting = rules.in_force(Family.DOUBLE_COUNTING, outcome.effective_on)
        if not isinstance(rule, TrainingRule) or not isinstance(measures, TrainingMeasures):
            continue
        if measures.course_code and counting and getattr(counting.rule, "same_course", False):
            key = (outcome.issuer, measures.course_code)
            units[key] += entry.evaluated_units
            most[key] = max(most[key], Fraction(measures.hours) * UNITS / rule.hours_per_credit)
    yield from (f"{key}: {found}" for key, found in units.items() if found > most[key])


def _rule(entry: Entry, rules: RuleBook) -> object:
    published = rules.of_version(entry.rule_version) if entry.rule_version else None
    return published.rule if published else None
