"""The report of a trial: effects in credits, who gains and loses by group, few persons hidden."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from archive.bureau.what_if_ages import AGE_GROUPS
from archive.people.models import Organisation
from archive.texts import bilingual_term
from credit_bank.conversion import FAMILY_OF
from credit_bank.families import DoubleCountingRule
from credit_bank.families.repeal import Repeal
from credit_bank.rule_files import Law
from credit_bank.simulation_effects import Effect, Sums, WhatIf
from credit_bank.simulation_groups import Column, GroupSums, by_group, is_few
from credit_bank.simulation_judging import Books
from credit_bank.simulation_population import NO_RANK, Population
from schemas.contracts import Bilingual
from schemas.credits import Credits, as_credits
from schemas.vocabulary import Family, Rank
from schemas.what_if import (
    LEAST,
    ChangeAlone,
    Grouping,
    GroupLine,
    GroupTable,
    TrialEffect,
    WhatIfReport,
)

COUNTED = frozenset(
    {*FAMILY_OF.values(), Family.YEARLY_CAP, Family.DOUBLE_COUNTING, Family.AGREEMENT}
)
"""Families whose rules change what records earn."""


@dataclass
class Labels:
    """To which groups people and records belong."""

    population: Population
    organisations: dict[str, Organisation] = field(default_factory=dict)
    ages: Sequence[str] | None = None
    """By worker; None when nobody asked for ages."""


@dataclass(frozen=True)
class Trial:
    """A draft, and what trying it found."""

    file: str
    on: date
    laws: tuple[Law, ...]
    books: Books
    found: WhatIf


def report_of(trial: Trial, labels: Labels) -> WhatIfReport:
    """Return the report of a trial."""
    found, population = trial.found, labels.population
    before = found.before
    return WhatIfReport(
        file=trial.file,
        on=trial.on,
        rules=tuple(law.id for law in trial.laws),
        persons=len(population.workers),
        records=population.outcomes,
        credits=as_credits(before.units),
        cap_forfeits=_unless_few(before.forfeited, before.capped),
        persons_capped=_told(before.capped),
        records_undecided=before.undecided,
        together=effect_of(before, found.together),
        alone=tuple(
            _alone(law, before, effect) for law, effect in zip(trial.laws, found.alone, strict=True)
        ),
        groups=tuple(_tables(found, labels)),
        not_counted=tuple(sorted({law.family for law in trial.laws} - COUNTED)),
        course_names_kept=any(_compares_otherwise(law, trial.books) for law in trial.laws),
    )


def effect_of(before: Sums, effect: Effect) -> TrialEffect:
    """Return an effect in credits, without what so few stand behind."""
    difference = effect.difference
    capped, forfeited = before.capped + difference.capped, before.forfeited + difference.forfeited
    is_small = is_few(effect.gaining, LEAST) or is_few(effect.losing, LEAST)
    return TrialEffect(
        persons_gaining=_told(effect.gaining),
        persons_losing=_told(effect.losing),
        credits_gained=_unless_few(effect.gained, effect.gaining),
        credits_lost=_unless_few(effect.lost, effect.losing),
        difference=None if is_small else as_credits(difference.units),
        records_changed=None
        if is_small or is_few(effect.changed_workers, LEAST)
        else effect.changed_outcomes,
        cap_forfeits=_unless_few(forfeited, capped),
        persons_capped=_told(capped),
        records_undecided=before.undecided + difference.undecided,
    )


def _alone(law: Law, before: Sums, effect: Effect | None) -> ChangeAlone:
    return ChangeAlone(
        rule=law.id,
        family=law.family,
        title=law.title,
        is_repeal=isinstance(law, Repeal),
        effect=None if effect is None else effect_of(before, effect),
    )


def _told(count: int) -> int | None:
    return None if is_few(count, LEAST) else count


def _unless_few(units: int, persons: int) -> Credits | None:
    return None if is_few(persons, LEAST) else as_credits(units)


def _compares_otherwise(law: Law, books: Books) -> bool:
    """Whether a draft compares course names by other steps than the rule of its first day."""
    if not isinstance(law, DoubleCountingRule):
        return False
    binding = books.before.in_force(Family.DOUBLE_COUNTING, law.in_force_from)
    rule = binding.rule if binding else None
    return isinstance(rule, DoubleCountingRule) and rule.course_name != law.course_name


# --- Groups


def _tables(found: WhatIf, labels: Labels) -> Iterator[GroupTable]:
    population = labels.population
    nets: dict[int, int] = defaultdict(int)
    for change in found.changes:
        nets[change.worker] += change.difference
    ranks = [str(rank) for rank in population.ranks]
    of_ranks = [*(str(int(rank)) for rank in Rank), str(NO_RANK)]
    yield GroupTable(by=Grouping.LEVEL, lines=_lines(_levels(of_ranks), ranks, nets))
    if labels.ages is not None:
        words = {one: bilingual_term(f"age_group.{one}") for one in AGE_GROUPS}
        yield GroupTable(by=Grouping.AGE, lines=_lines(words, labels.ages, nets))
    yield GroupTable(by=Grouping.ORGANISATION, lines=_by_organisation(found, labels))


def _levels(ranks: Sequence[str]) -> dict[str, Bilingual]:
    return {
        rank: bilingual_term("rank_group.none" if rank == str(NO_RANK) else f"rank.{rank}")
        for rank in ranks
    }


def _lines(
    words: dict[str, Bilingual], groups: Sequence[str], nets: dict[int, int]
) -> tuple[GroupLine, ...]:
    """Return the lines of groups of which everyone belongs to one; empty ones are left out."""
    members = Counter(groups)
    persons = {key: members[key] for key in words if members[key]}
    told = ((groups[worker], units) for worker, units in nets.items())
    return tuple(_line(one, words[one.key]) for one in by_group(persons, told, least=LEAST))


def _by_organisation(found: WhatIf, labels: Labels) -> tuple[GroupLine, ...]:
    population = labels.population
    issuers = [population.facts_table[one].issuer for one in population.facts]
    persons: Counter[str] = Counter()
    for worker in range(len(population.workers)):
        persons.update(set(issuers[population.starts[worker] : population.starts[worker + 1]]))
    nets: dict[tuple[str, int], int] = defaultdict(int)
    for change in found.changes:
        nets[issuers[change.place], change.worker] += change.difference
    names = {issuer: _named(issuer, labels) for issuer in persons}
    in_order = {issuer: persons[issuer] for issuer in sorted(persons, key=lambda one: names[one])}
    told = ((issuer, units) for (issuer, _), units in nets.items())
    lines = by_group(in_order, told, least=LEAST)
    return tuple(
        _line(one, Bilingual(zh=names[one.key][1], en=names[one.key][2]), names[one.key][0])
        for one in lines
    )


def _named(issuer: str, labels: Labels) -> tuple[str, str, str]:
    """Return code and names of an organisation; the identifier of one that is gone."""
    known = labels.organisations.get(issuer)
    return (known.code, known.name, known.name_en) if known else (issuer, issuer, issuer)


def _line(one: GroupSums, label: Bilingual, code: str | None = None) -> GroupLine:
    gaining, losing = one.hides(Column.GAINING), one.hides(Column.LOSING)
    return GroupLine(
        code=code or one.key,
        label=label,
        is_hidden=bool(one.hidden),
        persons=None if one.hides(Column.PERSONS) else one.persons,
        gaining=None if gaining else one.gaining,
        losing=None if losing else one.losing,
        credits_gained=None if gaining else as_credits(one.gained),
        credits_lost=None if losing else as_credits(one.lost),
        difference=None if gaining or losing else as_credits(one.gained - one.lost),
    )
