"""The cheapest courses on the way to a redemption or a level, against every set there is."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date
from decimal import Decimal
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from credit_bank import redemption
from credit_bank.cheapest import Candidate, cheapest
from credit_bank.conversion import judge_all
from credit_bank.eligibility import Application
from credit_bank.lots import Lot
from credit_bank.next_step import By, Choice, Held, nearest_way, toward_level, toward_redemption
from credit_bank.redemption_sources import Wanted
from schemas.credits import UNITS_PER_CREDIT, ExperienceMeasures, LearningOutcome
from schemas.eligibility import Candidate as Applicant
from schemas.vocabulary import Account, Fulfilment, Mode, Rank, Use
from tests.builders import ELECTRICIAN, NOW
from tests.outcomes import a_course, a_level, an_outcome, issuer, shipped_rules

DAY = date(2025, 6, 1)


def a_choice(
    hours: int,
    fee: int | None = None,
    by: str = "school",
    *,
    name: str = "",
    mode: Mode | None = None,
    rank: Rank | None = None,
    day: date = DAY,
) -> Choice:
    """Return an offered course; each has a name of its own unless one is given."""
    course = a_course(str(hours), day, by=by, attendance="100", occupation=ELECTRICIAN)
    told = {"course": name or course.id.hex, "mode": mode}
    measures = course.measures.model_copy(update=told)
    outcome = course.model_copy(update={"measures": measures, "rank": rank})
    return Choice(outcome, Decimal(hours), fee)


def held(*outcomes: LearningOutcome, owed: int = 0) -> Held:
    """Return a worker's outcomes with the lots that the shipped rules grant for them."""
    lots = []
    for one in judge_all(outcomes, shipped_rules()):
        lot = Lot(one.outcome.id, one.family, one.outcome, NOW)
        lot.units[Account.AVAILABLE] = one.result.units
        lots.append(lot)
    return Held(outcomes, tuple(lots), owed * UNITS_PER_CREDIT)


def a_wish(credits_asked: int, use: Use = Use.EXEMPTION) -> Wanted:
    """Return what organisation “school” asks for on the day on which courses end."""
    return Wanted(use, credits_asked * UNITS_PER_CREDIT, issuer("school"), ELECTRICIAN, DAY)


def hours(found: Sequence[Choice] | None) -> list[int] | None:
    """Return the hours of the chosen courses."""
    return None if found is None else [int(one.hours) for one in found]


def toward(
    has: Held, wanted: Wanted, choices: Sequence[Choice], by: By = "hours"
) -> list[int] | None:
    """Return the hours of the courses that reach a redemption."""
    found = toward_redemption(has, wanted, choices, shipped_rules(), zone=UTC, by=by)
    assert not found.is_cut
    return hours(found.chosen)


def test_the_cheapest_set_is_not_the_greedy_one():
    choices = [a_choice(64), a_choice(48), a_choice(32)]
    assert toward(held(), a_wish(5), choices) == [48, 32]


def test_what_is_there_already_needs_no_course():
    has = held(a_course("80", date(2025, 2, 1), by="A"))
    assert toward(has, a_wish(5), [a_choice(16)]) == []


def test_money_can_go_before_hours_and_a_price_that_nobody_told_comes_last():
    choices = [a_choice(32, 90_000), a_choice(48, 10_000), a_choice(32, None)]
    assert toward(held(), a_wish(2), choices, by="fee") == [48]
    assert toward(held(), a_wish(2), choices) == [32]
    found = toward_redemption(held(), a_wish(2), choices, shipped_rules(), zone=UTC)
    assert found.chosen == (choices[0],)


def test_the_limits_of_a_module_steer_the_choice():
    has = held(a_course("160", date(2025, 2, 1), by="A"))
    choices = [a_choice(80, by="B"), a_choice(112, by="school")]
    assert toward(has, a_wish(14, Use.MODULE), choices) == [112]
    choices[1] = a_choice(112, by="school", mode=Mode.ONLINE)
    assert toward(has, a_wish(14, Use.MODULE), choices) == [112]
    assert toward(held(), a_wish(14, Use.MODULE), choices) is None


def test_a_course_that_counts_already_is_of_no_use_and_says_why():
    known = a_course("80", date(2025, 2, 1), by="A", name="plc", occupation=ELECTRICIAN)
    again = a_choice(96, by="B", name="plc")
    found = toward_redemption(held(known), a_wish(8), [again], shipped_rules(), zone=UTC)
    assert found.chosen is None
    assert found.useless[again.outcome.id].result.reason == "duplicate_in_review"


def test_the_yearly_cap_is_kept_and_told():
    has = held(a_course("576", date(2025, 2, 1), by="A"))
    choices = [a_choice(64), a_choice(80)]
    assert toward(has, a_wish(40), choices) == [64]
    found = toward_redemption(has, a_wish(41), choices, shipped_rules(), zone=UTC)
    assert (found.chosen, found.is_cut) == (None, False)


def test_what_is_owed_is_covered_first():
    assert toward(held(owed=2), a_wish(1), [a_choice(32), a_choice(48)]) == [48]


def test_a_search_that_was_cut_says_so():
    candidates = [Candidate(n, (n % 7 + 1, n % 5), n % 3 + 1) for n in range(30)]
    found = cheapest(candidates, 40, lambda _: False, most_steps=500, most_questions=20)
    assert (found.things, found.is_cut) == (None, True)


COURSES = st.lists(
    st.builds(
        a_choice,
        st.integers(1, 6).map(lambda n: n * 16),
        st.one_of(st.none(), st.integers(0, 4).map(lambda n: n * 10_000)),
        st.sampled_from(["school", "A", "B"]),
        name=st.sampled_from(["", "", "", "plc", "safety"]),
        mode=st.sampled_from([None, Mode.ONLINE]),
    ),
    max_size=6,
)


@settings(max_examples=120)
@given(
    courses=COURSES,
    known=st.integers(0, 6),
    asked=st.integers(1, 16),
    use=st.sampled_from([Use.EXEMPTION, Use.MODULE]),
    by=st.sampled_from(["hours", "fee"]),
)
def test_no_set_of_courses_is_cheaper(courses, known, asked, use, by):
    has = held(*[a_course(str(known * 16), date(2025, 2, 1), by="A")] * bool(known))
    found = toward_redemption(has, a_wish(asked, use), courses, shipped_rules(), zone=UTC, by=by)

    reaching = [
        cost(some, by) for some in subsets(courses) if reaches(has, a_wish(asked, use), some)
    ]
    assert not found.is_cut
    assert (None if found.chosen is None else cost(found.chosen, by)) == min(reaching, default=None)


def subsets(courses: Sequence[Choice]) -> Iterable[tuple[Choice, ...]]:
    """Yield every set of courses."""
    for size in range(len(courses) + 1):
        yield from combinations(courses, size)


def cost(some: Iterable[Choice], by: By) -> tuple[int, ...]:
    """Return what a set of courses costs."""
    return tuple(map(sum, zip((0, 0, 0), *(one.cost(by) for one in some), strict=True)))


def reaches(has: Held, wanted: Wanted, some: Iterable[Choice]) -> bool:
    """Whether a redemption can be filled once a set of courses is passed."""
    both = held(*has.outcomes, *(one.outcome for one in some))
    return not redemption.plan(both.lots, wanted, shipped_rules(), UTC).problems


# --- Toward a level


BEFORE_2018 = date(2017, 6, 1)


def an_experienced_worker() -> Held:
    """Return a worker who lacks nothing but training, by the conditions before 2018."""
    work = an_outcome(ExperienceMeasures(), date(2005, 1, 1), occupation=ELECTRICIAN)
    return held(a_level(issued_on=date(2012, 6, 1)), work)


def test_the_cheapest_courses_fill_what_a_level_asks_of_training():
    asked = Application(ELECTRICIAN, Rank.SENIOR, BEFORE_2018, Applicant(born_on=date(1980, 1, 1)))
    of_the_level = [
        a_choice(n, 1000, rank=Rank.SENIOR, day=date(2017, 5, 1)) for n in (170, 96, 64, 48)
    ]
    choices = [*of_the_level, a_choice(160, 0, rank=Rank.JUNIOR, day=date(2017, 5, 1))]

    found = toward_level(an_experienced_worker(), asked, choices, shipped_rules())

    assert hours(found.chosen) == [96, 64]
    assert found.level
    assert found.level.state is Fulfilment.HOLDS


def test_where_no_course_opens_a_way_the_conditions_are_told():
    asked = Application(ELECTRICIAN, Rank.SENIOR, DAY, Applicant(born_on=date(1990, 1, 1)))
    found = toward_level(held(a_level()), asked, [a_choice(200, rank=Rank.SENIOR)], shipped_rules())
    assert found.chosen is None
    assert found.level
    assert found.level.state is not Fulfilment.HOLDS
    assert nearest_way(found.level) is not None
