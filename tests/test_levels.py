"""Skill levels: by occupation, by rank and never by the level code's digit, as of a day."""

from datetime import date
from itertools import permutations

from credit_bank.levels import SkillLevel, entitlement, levels
from credit_bank.rulebook import book_of
from schemas.vocabulary import LEVEL_GIVING, Instrument, Rank
from tests.builders import ELECTRICIAN, WELDER
from tests.outcomes import a_course, a_level, a_prize, shipped_rules

TODAY = date(2025, 3, 1)


def told(found: tuple[SkillLevel, ...]) -> list[tuple[str | None, Rank, date]]:
    """Return what the levels say."""
    return [(one.occupation, one.rank, one.held_since) for one in found]


def test_the_highest_level_of_each_occupation_counts_highest_first():
    outcomes = [
        a_level(Rank.INTERMEDIATE, date(2020, 1, 1)),
        a_level(Rank.SENIOR, date(2023, 1, 1)),
        a_level(Rank.TECHNICIAN, date(2024, 1, 1), occupation=WELDER),
    ]

    for order in permutations(outcomes):
        assert told(levels(order, shipped_rules(), TODAY)) == [
            (WELDER, Rank.TECHNICIAN, date(2024, 1, 1)),
            (ELECTRICIAN, Rank.SENIOR, date(2023, 1, 1)),
        ]


def test_one_is_the_highest_of_the_level_codes_and_the_highest_rank_of_them():
    outcomes = [a_level(rank, date(2020, 1, rank)) for rank in Rank if 1 <= rank <= 5]

    ((found),) = levels(outcomes, shipped_rules(), TODAY)

    assert found.rank is Rank.SENIOR_TECHNICIAN


def test_a_level_is_held_since_the_first_certificate_of_its_rank():
    first, second = a_level(issued_on=date(2020, 1, 1)), a_level(issued_on=date(2021, 1, 1))

    for order in ([first, second], [second, first]):
        (found,) = levels(order, shipped_rules(), TODAY)
        assert (found.held_since, found.outcome_id) == (date(2020, 1, 1), first.id)


def test_a_level_is_held_from_the_day_of_issue_on():
    outcome = a_level(issued_on=TODAY)

    assert levels([outcome], shipped_rules(), date(2025, 2, 28)) == ()
    assert len(levels([outcome], shipped_rules(), TODAY)) == 1


def test_only_certificates_that_give_a_level_count():
    others = [a_level(Rank.SENIOR, instrument=one) for one in Instrument if one not in LEVEL_GIVING]

    assert len(others) == 6
    assert levels([*others, a_course(), a_prize(), a_level(None)], shipped_rules(), TODAY) == ()
    for instrument in LEVEL_GIVING:
        assert levels([a_level(Rank.SENIOR, instrument=instrument)], shipped_rules(), TODAY)


def test_high_skilled_begins_with_the_senior_worker():
    assert [rank for rank in Rank if rank.is_high_skilled] == [rank for rank in Rank if rank >= 3]


def test_treatment_needs_a_rule_and_a_level_that_it_names():
    senior = a_level(Rank.SENIOR)

    assert entitlement([senior], book_of(()), TODAY) is None
    assert entitlement([], shipped_rules(), TODAY) is None
    found = entitlement([senior], shipped_rules(), TODAY)
    assert found is not None
    assert found.rank is Rank.SENIOR
    assert "第16条" in found.source
    assert "{" not in found.sentence.zh + found.sentence.en
