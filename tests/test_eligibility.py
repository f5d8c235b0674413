"""Who may apply for a level: the officials' cases, and what must hold for all of them."""

import json
import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.dossiers.occupations import name_of
from archive.texts import translations
from credit_bank.chain import canonical_bytes
from credit_bank.conditions.examples import OCCUPATION, outcomes_of
from credit_bank.conditions.occupations import code_of
from credit_bank.conditions.times import Span, between, is_enough, reached_on, spoken, worked
from credit_bank.eligibility import SENTENCES, Application, eligibility, occupations_on
from credit_bank.families import (
    ApplicationRule,
    OccupationCrosswalkRule,
    OccupationStandardRule,
    RelatedOccupationsRule,
)
from credit_bank.publishing import check_files
from credit_bank.rulebook import RuleBook, book_of
from schemas.eligibility import Candidate, Eligibility, Generation, Requirement, Time, Way
from schemas.vocabulary import Family, Fulfilment, Language, Rank
from tests.outcomes import shipped_rules

FOLDER = Path(__file__).parent / "cases"


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


CASES = _read("application")
Case = dict[str, Any]


def asked(case: Case) -> Eligibility:
    """Return what is found for a case."""
    occupation = case.get("occupation", OCCUPATION)
    return eligibility(
        Application(
            occupation, Rank(case["to"]), case["on"], Candidate(born_on=case.get("born_on"))
        ),
        outcomes_of(case["records"], occupation),
        shipped_rules(),
    )


def generation_of(found: Eligibility, name: str) -> Generation:
    """Return one generation of an answer."""
    return next(one for one in found.generations if one.generation == name)


def way_of(case: Case) -> Way:
    """Return the way that a case speaks of."""
    ways = generation_of(asked(case), case["generation"]).ways
    return next(one for one in ways if one.name.en == case["way"])


def _missing(way: Way) -> str | None:
    """Return by how much a way fails, in the words of a case: the requirement that lacks most."""
    lacking = [one for one in way.requirements if one.state is Fulfilment.FAILS and one.missing]
    return max((_told(one) for one in lacking), default=None)


def _told(requirement: Requirement) -> str:
    missing = requirement.missing
    assert missing is not None
    return spoken(missing) if isinstance(missing, Time) else f"{missing.hours} hours"


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: f"{case['way']}: {case['name']}")
def test_a_way_comes_out_as_the_case_says(case):
    way = way_of(case)

    assert way.state == case["expect"]
    assert way.holds_from == case.get("holds_from")
    if "missing" in case:
        assert _missing(way) == case["missing"]


@pytest.mark.parametrize("case", CASES["side_by_side"], ids=lambda case: case["name"])
def test_the_three_generations_stand_side_by_side(case):
    found = asked(case)

    held = {
        one.generation: [way.name.en for way in one.ways if way.state is Fulfilment.HOLDS]
        for one in found.generations
    }
    assert held == case["generations"]
    assert found.binding is not None
    assert found.binding.generation == case["binding"]
    assert found.holds_from == case.get("holds_from")
    is_held = bool(case["generations"][case["binding"]])
    assert found.state is (Fulfilment.HOLDS if is_held else Fulfilment.FAILS)


def test_every_way_of_every_generation_has_a_case_that_holds_and_one_that_does_not():
    told = {(one["generation"], one["to"], one["way"], one["expect"]) for one in CASES["case"]}
    ways = [
        (rule.generation, int(way.to), way.name.en)
        for published in shipped_rules().of(Family.APPLICATION)
        if isinstance(rule := published.rule, ApplicationRule)
        for way in rule.way
    ]
    assert len(ways) == 45
    assert [one for one in ways if (*one, "holds") not in told] == []
    assert [one for one in ways if (*one, "fails") not in told] == []


@pytest.mark.parametrize(
    "case", _read("occupation_standard")["case"], ids=lambda case: case["name"]
)
def test_the_standard_that_binds_is_the_one_that_the_case_names(case):
    given, expected = case["given"], case["expect"]
    found = eligibility(
        Application(given["occupation"], Rank.SENIOR, given["on"], Candidate()),
        [],
        shipped_rules(),
    )

    assert found.basis.rule == expected.get("rule")
    assert found.basis.generation == expected.get("generation")


@pytest.mark.parametrize(
    "case", _read("related_occupations")["case"], ids=lambda case: case["name"]
)
def test_occupations_are_related_as_the_case_says(case):
    given = case["given"]
    occupations = occupations_on(shipped_rules(), date(2024, 6, 1))

    found = occupations.nearness(given["occupation"], date(2020, 1, 1), given["wanted"])
    assert found == case["expect"]


@pytest.mark.parametrize(
    "case", _read("occupation_crosswalk")["case"], ids=lambda case: case["name"]
)
def test_a_number_means_what_the_case_says(case):
    occupations = occupations_on(shipped_rules(), date(2024, 6, 1))

    assert (
        sorted(occupations.now(case["given"]["occupation"], case["given"]["on"]))
        == (case["expect"])
    )


def test_every_sentence_of_an_answer_is_in_chinese():
    chinese = translations(Language.CHINESE)
    assert len(SENTENCES) > 40
    assert [one for one in SENTENCES if chinese.gettext(one) == one] == []


def test_the_crosswalk_renumbers_nothing_that_is_a_number_today():
    """The archive files all records under the numbers of 2022, old ones too."""
    renumbered = [
        code_of(line.before)
        for published in shipped_rules().of(Family.OCCUPATION_CROSSWALK)
        if isinstance(rule := published.rule, OccupationCrosswalkRule)
        for line in rule.table
    ]
    assert renumbered
    assert [code for code in renumbered if name_of(code)] == []


def test_every_occupation_of_the_tables_has_the_name_of_the_classification():
    named = set[str]()
    for published in shipped_rules().rules:
        match published.rule:
            case RelatedOccupationsRule(table=lines):
                named |= {one for line in lines for one in (line.occupation, *line.related)}
            case OccupationCrosswalkRule(table=lines):
                named |= {one for line in lines for one in line.now}
            case OccupationStandardRule(occupation=str(occupation)):
                named.add(occupation)
            case _:
                pass
    assert len(named) > 12
    assert [one for one in named if name_of(code_of(one)) != one.partition(" ")[2]] == []


FILING = """
[[rule]]
id = "filing-em01-electrician-2025"
in_force_from = 2025-01-01
occupation = "6-31-01-03 电工"
employer = "EM01"
edition = "自主评价备案2025"
generation = "2023"
title = { zh = "企业自主评价备案", en = "The employer's own filing" }
clause = { zh = "四级后满3年。", en = "Three years after level four." }
source = "（示例）备案〔2025〕1号"

[[rule.way]]
to = 3
name = { zh = "四级＋3年", en = "L4 + 3 y" }
clause = { zh = "取得四级证书后，累计从事本职业工作满3年。", en = "Level four, then three years." }
level = { rank = 2 }
work = [{ years = 3, after = "level" }]

[[rule.example]]
name = "Its own way leads to level three"
given = { to = 3 }
expect = { generation = "2023", own = "L4 + 3 y" }
"""
SENIOR_OF_EM01 = {
    "to": 3,
    "on": date(2026, 6, 1),
    "records": [
        {"kind": "certificate", "rank": 2, "on": date(2023, 6, 1)},
        {"kind": "experience", "from": date(2020, 1, 1)},
    ],
}


@pytest.fixture
def with_filing(tmp_path):
    path = tmp_path / "filing.toml"
    path.write_text(f'family = "occupation_standard"\n{FILING}', encoding="utf-8")
    return check_files([path], tuple(one.body for one in shipped_rules().rules))


def of_employer(rules: RuleBook, employer: str | None) -> Eligibility:
    """Return what is found for someone who names an employer."""
    case = SENIOR_OF_EM01
    return eligibility(
        Application(OCCUPATION, Rank.SENIOR, date(2026, 6, 1), Candidate(employer=employer)),
        outcomes_of(case["records"]),  # type: ignore[arg-type]  # As a file writes it.
        rules,
    )


def test_an_employers_own_filing_goes_before_the_standard_for_those_who_name_it(with_filing):
    own, other = of_employer(with_filing, "EM01"), of_employer(with_filing, None)

    assert own.basis.rule == "filing-em01-electrician-2025"
    assert own.binding is not None
    assert [way.name.en for way in own.binding.ways] == ["L4 + 3 y"]
    assert own.state is Fulfilment.HOLDS
    assert other.basis.rule == "standard-6-31-01-03-2018"
    assert other.state is Fulfilment.FAILS


def test_a_filing_stands_beside_the_standard_and_no_other_employer_is_touched(with_filing):
    assert of_employer(with_filing, "EM02").basis.rule == "standard-6-31-01-03-2018"


def test_class_hours_that_nobody_set_are_not_decided_and_name_the_parameter():
    rules = book_of(tuple(_without_hours(one.body) for one in shipped_rules().rules))
    found = eligibility(
        Application("4-03-02-01", Rank.JUNIOR, date(2015, 6, 1), Candidate()), [], rules
    )
    way = next(one for one in generation_of(found, "before_2018").ways if one.requirements)

    (training,) = way.requirements
    assert training.state is Fulfilment.UNDECIDED
    assert training.doubt is not None
    assert "training_hours" in training.doubt.text


def _without_hours(body: bytes) -> bytes:
    told = json.loads(body)
    told.pop("training_hours", None)
    return canonical_bytes(told)


def test_a_level_that_is_held_is_told_with_its_day_and_its_record():
    found = eligibility(
        Application(OCCUPATION, Rank.INTERMEDIATE, date(2024, 6, 1), Candidate()),
        outcomes_of([{"kind": "certificate", "rank": 3, "on": date(2020, 6, 1)}]),
        shipped_rules(),
    )

    assert found.held_since == date(2020, 6, 1)
    assert found.held_by is not None


def test_a_level_that_the_standard_does_not_have_cannot_be_applied_for():
    found = eligibility(
        Application(OCCUPATION, Rank.CHIEF_TECHNICIAN, date(2024, 6, 1), Candidate()),
        [],
        shipped_rules(),
    )

    assert found.exists is False
    assert found.state is Fulfilment.FAILS
    assert all(not one.ways for one in found.generations)


def test_what_happened_after_the_day_counts_for_nothing():
    later = [
        {"kind": "certificate", "rank": 1, "on": date(2024, 6, 2)},
        {"kind": "experience", "from": date(2024, 6, 2)},
        {"kind": "apprenticeship", "on": date(2024, 6, 2)},
    ]
    for rank in (Rank.JUNIOR, Rank.INTERMEDIATE):
        found = eligibility(
            Application(OCCUPATION, rank, date(2024, 6, 1), Candidate()),
            outcomes_of(later),
            shipped_rules(),
        )
        proofs = [
            one.outcome_ids
            for generation in found.generations
            for way in generation.ways
            for one in way.requirements
        ]
        assert proofs
        assert not any(proofs)


@given(
    days=st.lists(
        st.tuples(st.dates(date(2000, 1, 1), date(2023, 1, 1)), st.integers(0, 4000)), max_size=5
    ),
    day=st.dates(date(2010, 1, 1), date(2025, 1, 1)),
)
def test_cumulated_work_never_exceeds_the_days_that_were_lived(days, day):
    spans = [Span(first, min(first + timedelta(length), day)) for first, length in days]
    total = worked(spans, "cumulated", 0)
    unbroken = worked(spans, "unbroken", 0)

    assert is_enough(total, unbroken)
    first = min((span.first for span in spans if span.first < span.end), default=day)
    assert is_enough(between(first, max(first, day)), unbroken)


@given(
    first=st.dates(date(2000, 1, 1), date(2020, 1, 1)),
    day=st.dates(date(2000, 1, 1), date(2030, 1, 1)),
)
def test_the_day_on_which_it_holds_is_the_first_on_which_it_does(first, day):
    spans = [Span(first, max(first, day))]
    needed = Time(years=4)
    reached = reached_on(spans, needed, "cumulated", 0, day=max(first, day))

    def at(moment: date) -> bool:
        return is_enough(worked([Span(first, moment)], "cumulated", 0), needed)

    assert at(reached)
    assert reached == max(first, day) or not at(reached - timedelta(1))
