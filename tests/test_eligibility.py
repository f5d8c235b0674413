"""Who may apply for a level: the officials' cases, and what must hold for all of them."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from archive.dossiers.occupations import name_of
from archive.texts import translations
from credit_bank.conditions.examples import OCCUPATION, outcomes_of
from credit_bank.conditions.occupations import code_of
from credit_bank.conditions.times import spoken
from credit_bank.eligibility import SENTENCES, Application, eligibility, occupations_on
from credit_bank.families import (
    ApplicationRule,
    OccupationCrosswalkRule,
    OccupationStandardRule,
    RelatedOccupationsRule,
)
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
    return next(one for one in ways if one.name == case["way"])


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
        one.generation: [way.name for way in one.ways if way.state is Fulfilment.HOLDS]
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
        (rule.generation, int(way.to), way.name)
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
