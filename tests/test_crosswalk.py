"""One occupation under several numbers: its levels are credited once, by a dated crosswalk."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from archive.settings import Settings
from credit_bank import bank
from credit_bank.auditing import audit
from credit_bank.bare_rows import bare_rows
from credit_bank.conversion import evaluate_again, judge_all
from credit_bank.crosswalk import COUNTS_AS, MEANT_OTHERWISE
from credit_bank.exempting import exemptions
from credit_bank.history import history_of
from credit_bank.levels import levels
from credit_bank.promotions import promotion
from credit_bank.proving import WrittenLaw, is_plainly_right
from credit_bank.publishing import publication_times, publish, rule_book
from credit_bank.rebuilding import rebuild
from credit_bank.redemption_sources import Wanted, source_of
from credit_bank.rule_files import read_content
from credit_bank.rulebook import RuleBook, book_of
from credit_bank.simulation import simulate
from credit_bank.simulation_judging import Books, kins
from credit_bank.simulation_population import population_of
from credit_bank.stored import stored_rows
from schemas.credits import CompetitionMeasures, LearningOutcome
from schemas.ids import new_id
from schemas.vocabulary import Account, ContestGroup, ContestTier, Rank, Use
from tests.builders import ELECTRICIAN, NOW, TODAY, WELDER
from tests.ledgers import Ledger
from tests.outcomes import a_course, a_level, an_outcome, issuer, judged, shipped_rules, units
from tests.pacts import a_pact, rules_with

REPAIRER = "6-07-06-05"  # 维修电工 of 1999, 电工 since.
OLD_WELDER = "6-04-02-05"
JUNIOR, INTERMEDIATE, SENIOR = Rank.JUNIOR, Rank.INTERMEDIATE, Rank.SENIOR
LATER = datetime(2026, 1, 5, tzinfo=UTC)
ZONE = Settings(demo=False).zone


def a_crosswalk(*lines: str, since: date) -> bytes:
    """Return an edition that follows the shipped one, as it is published."""
    (body,) = read_content(an_edition(*lines, since=since).encode(), "draft.toml")
    return body


def an_edition(*lines: str, since: date) -> str:
    """Return the rule file of an edition that follows the shipped one."""
    return f"""
family = "occupation_crosswalk"
[[rule]]
id = "occupation-crosswalk-{since.year}"
in_force_from = {since}
replaces = "occupation-crosswalk-2000"
title = {{ zh = "职业代码对照表", en = "Renumbered occupations" }}
clause = {{ zh = "按表换算。", en = "Read as the table says." }}
source = "（示例）大典新版"
table = [{", ".join(lines)}]
[[rule.example]]
name = "A number that no line names stays what it is"
given = {{ occupation = "1-01-01-01", on = {since} }}
expect = {{ now = "1-01-01-01" }}
"""


def a_line(before: str, *now: str, until: date | None = None) -> str:
    """Return a line of a crosswalk."""
    last = f", until = {until}" if until else ""
    listed = ", ".join(f'"{one} 职业"' for one in now)
    return f'{{ before = "{before} 旧职业", now = [{listed}], edition = "测试"{last} }}'


def with_crosswalk(body: bytes) -> RuleBook:
    """Return the shipped rules and one more crosswalk."""
    return book_of((*(one.body for one in shipped_rules().rules), body))


JOINED = a_crosswalk(a_line(WELDER, ELECTRICIAN), since=date(2024, 1, 1))
DIVIDED = a_crosswalk(a_line(REPAIRER, ELECTRICIAN, WELDER), since=date(2001, 1, 1))


def an_old_and_a_new() -> list[LearningOutcome]:
    """Return 五级 under the number of 1999 and 四级 under that of today."""
    return [
        a_level(JUNIOR, date(2010, 6, 1), occupation=REPAIRER),
        a_level(INTERMEDIATE, date(2020, 6, 1)),
    ]


def test_the_explanation_names_the_crosswalk_and_both_occupations():
    (old, new) = judged(*an_old_and_a_new())

    version = new.trace().context["crosswalk"]
    published = shipped_rules().of_version(version)
    assert published is not None
    assert published.rule.id == "occupation-crosswalk-2000"
    step = new.result.steps[0]
    assert step.text == COUNTS_AS
    assert (step.facts["before"], step.facts["now"]) == ("6-07-06-05 维修电工", "6-31-01-03 电工")
    assert old.result.steps[0].facts == step.facts
    for one in (old, new):
        assert evaluate_again(one.trace(), shipped_rules()) == one.result.units


def test_a_certificate_that_no_crosswalk_touches_is_told_as_ever():
    (electrician,) = judged(a_level())

    assert electrician.context == {"held": "0"}
    assert [step.text for step in electrician.result.steps if "crosswalk" in step.facts] == []


def test_a_number_that_meant_something_else_before_is_not_counted_with_it():
    before = a_level(JUNIOR, date(2015, 7, 28), occupation=REPAIRER)
    after = a_level(JUNIOR, date(2016, 1, 1), occupation=REPAIRER)

    (_, found) = judged(before, after)

    assert found.result.units == 150_000
    assert found.result.steps[0].text == MEANT_OTHERWISE


def test_an_edition_binds_from_its_own_first_day():
    """Two that were two until then stay so; what follows is of one occupation."""
    two = [a_level(JUNIOR, date(2020, 1, 1)), a_level(JUNIOR, date(2021, 1, 1), occupation=WELDER)]
    third = a_level(SENIOR, date(2024, 1, 1), occupation=WELDER)

    assert units(judged(*two, third, rules=with_crosswalk(JOINED))) == [150_000, 150_000, 75_000]
    assert units(judged(*two, third)) == [150_000, 150_000, 225_000]


def test_what_was_divided_counts_for_the_first_that_the_table_names():
    old = a_level(JUNIOR, date(2010, 1, 1), occupation=REPAIRER)
    first, second = a_level(INTERMEDIATE), a_level(INTERMEDIATE, occupation=WELDER)

    found = units(judged(old, first, second, rules=with_crosswalk(DIVIDED)))

    assert found == [150_000, 125_000, 275_000]


def test_the_level_of_an_occupation_stands_once_under_its_number_of_today():
    for order in permutations(an_old_and_a_new()):
        (found,) = levels(order, shipped_rules(), TODAY)
        assert (found.occupation, found.rank) == (ELECTRICIAN, INTERMEDIATE)
    (old,) = levels(an_old_and_a_new()[:1], shipped_rules(), TODAY)
    assert old.occupation == ELECTRICIAN


def test_a_promotion_knows_the_level_that_is_held_under_the_other_number():
    measures = CompetitionMeasures(
        tier=ContestTier.NATIONAL, group=ContestGroup.STAFF, placement=1, event="event"
    )
    held = a_level(Rank.TECHNICIAN, date(2020, 1, 1))
    first = an_outcome(measures, date(2024, 10, 1), occupation=WELDER)

    joined, apart = (
        promotion(first, [held], rules) for rules in (with_crosswalk(JOINED), shipped_rules())
    )

    assert joined
    assert apart
    assert (joined.held, joined.rank) == (Rank.TECHNICIAN, Rank.SENIOR_TECHNICIAN)
    assert (apart.held, apart.rank) == (None, Rank.TECHNICIAN)


def test_an_agreement_still_means_its_occupation_when_that_is_renumbered():
    pact = a_pact("A", "B", requirement="Module", lowered_by="4", occupation=WELDER)
    rules = rules_with(pact, a_crosswalk(a_line(WELDER, ELECTRICIAN), since=date(2025, 1, 1)))

    def found(outcome: LearningOutcome) -> list[str]:
        return [one.rule.id for one in exemptions([outcome], rules)]

    assert found(a_level(issued_on=date(2025, 1, 1))) == ["agreement-a-b"]
    assert found(a_level(issued_on=date(2024, 12, 31))) == []
    assert found(a_level(issued_on=date(2025, 1, 1), occupation=OLD_WELDER)) == []


def test_both_certificates_of_one_occupation_are_one_in_a_redemption(session: Session):
    ledger = Ledger(session)
    ledger.deposit(*an_old_and_a_new(), a_level(occupation=WELDER))
    wanted = Wanted(Use.MODULE, 100_000, issuer("A"), None, TODAY)
    rules = rule_book(session)
    with bank.open_books(session, [ledger.worker_id]) as desk:
        lots = list(desk.books[ledger.worker_id].lots.values())
        named = [source_of(lot, wanted, rules, ZONE).certificate for lot in lots]

    assert sorted(str(one) for one in named) == [WELDER, ELECTRICIAN, ELECTRICIAN]


DAYS = st.sampled_from((date(1999, 5, 1), date(2010, 6, 1), date(2016, 1, 1), date(2024, 6, 1)))
NUMBERS = st.sampled_from((REPAIRER, ELECTRICIAN, OLD_WELDER, WELDER))
RANKS = st.sampled_from((JUNIOR, INTERMEDIATE, SENIOR))
ANY = st.one_of(
    st.builds(a_level, RANKS, DAYS, occupation=NUMBERS),
    st.builds(
        a_course,
        st.just("36"),
        DAYS,
        by=st.sampled_from("AB"),
        name=st.just("wiring"),
        occupation=NUMBERS,
    ),
)
LIVES = st.lists(ANY, max_size=6)


@given(life=LIVES, order=st.randoms())
def test_any_order_of_arrival_gives_the_same_and_every_trace_is_worth_what_it_was(life, order):
    for rules in (shipped_rules(), with_crosswalk(JOINED)):
        found = {one.outcome.id: one for one in judge_all(life, rules)}
        shuffled = list(life)
        order.shuffle(shuffled)
        assert found == {one.outcome.id: one for one in judge_all(shuffled, rules)}
        for one in found.values():
            assert evaluate_again(one.trace(), rules) == one.result.units


@given(life=LIVES)
def test_what_if_gives_for_any_life_what_judging_gives(life):
    after = with_crosswalk(JOINED)
    books = Books(shipped_rules(), after, [after])

    what_if = simulate(population_of({new_id(): life}, TODAY, kins=kins(books)), books)

    old, new = (sum(units(judge_all(life, book))) for book in (shipped_rules(), after))
    assert (what_if.before.units, what_if.together.difference.units) == (old, new - old)


def proved(session: Session, ledger: Ledger) -> bool:
    """Return whether the quick walk proves the ledger; the close look must find nothing."""
    session.flush()
    whose, rules = ledger.worker_id, rule_book(session)
    rows = stored_rows(session, [whose])[whose]
    assert audit(rows, rules, publication_times(session)) == []
    assert rebuild(rows, history_of(session), now=LATER, zone=ZONE) == ([], [])
    bare = bare_rows(session.connection(), whose, whose)
    return is_plainly_right(whose.hex, bare[whose.hex], WrittenLaw(rules))


def deposited_one_by_one(session: Session, outcomes: Iterable[LearningOutcome]) -> Ledger:
    """Return the account of who brought outcomes one after the other."""
    ledger = Ledger(session)
    for outcome in outcomes:
        ledger.deposit(outcome)
    return ledger


def test_the_ledger_gives_the_difference_in_whatever_order_it_is_brought(session: Session):
    for order in permutations([*an_old_and_a_new(), a_level(SENIOR, date(2024, 1, 1))]):
        ledger = deposited_one_by_one(session, order)

        assert ledger.accounts[Account.AVAILABLE] == 375_000
        assert proved(session, ledger)


def test_a_crosswalk_that_is_published_late_takes_back_what_it_makes_one(session: Session):
    ledger = Ledger(session)
    ledger.deposit(
        a_level(JUNIOR, date(2020, 1, 1)), a_level(SENIOR, date(2024, 6, 1), occupation=WELDER)
    )
    untouched = deposited_one_by_one(session, [a_level(SENIOR, date(2023, 6, 1))])
    assert ledger.accounts[Account.AVAILABLE] == 525_000

    publish(session, [JOINED], now=NOW)
    bank.recompute_since(session, date(2024, 1, 1), now=NOW)

    assert ledger.accounts[Account.AVAILABLE] == 375_000
    assert len(untouched.entries) == 1
    rules = rule_book(session)
    assert [evaluate_again(line.trace, rules) for line in ledger.lines] == [
        150_000,
        375_000,
        225_000,
    ]
    assert proved(session, ledger)


def two_courses(first: str, second: str) -> list[LearningOutcome]:
    """Return courses of one name and two institutions, under two numbers."""
    return [
        a_course("36", date(2014, 6, 1), by="A", name="wiring", occupation=first),
        a_course("36", date(2024, 6, 1), by="B", name="wiring", occupation=second),
    ]


def test_a_course_under_its_old_and_its_new_number_counts_once_in_whatever_order_it_is_brought(
    session: Session,
):
    for order in permutations(two_courses(REPAIRER, ELECTRICIAN)):
        ledger = deposited_one_by_one(session, order)
        assert ledger.accounts[Account.AVAILABLE] == 22_500
        assert proved(session, ledger)
    distinct = deposited_one_by_one(session, two_courses(REPAIRER, WELDER))
    assert distinct.accounts[Account.AVAILABLE] == 45_000
    assert proved(session, distinct)


def test_a_crosswalk_that_is_published_late_sends_to_review_what_it_makes_one(session: Session):
    ledger = deposited_one_by_one(session, two_courses(ELECTRICIAN, WELDER))
    assert ledger.accounts[Account.AVAILABLE] == 45_000

    publish(session, [JOINED], now=NOW)
    bank.recompute_since(session, date(2024, 1, 1), now=NOW)

    assert ledger.accounts[Account.AVAILABLE] == 22_500
    assert [line.units for line in ledger.lines] == [22_500, 22_500, -22_500]
    assert ledger.lines[-1].reason == "duplicate_in_review"
    assert proved(session, ledger)


def test_the_what_if_of_a_crosswalk_is_what_judging_gives():
    after = with_crosswalk(JOINED)
    books = Books(shipped_rules(), after, [after])
    lives = {
        new_id(): an_old_and_a_new(),
        new_id(): [a_level(JUNIOR, date(2020, 1, 1)), a_level(SENIOR, occupation=WELDER)],
        new_id(): [a_level(SENIOR, occupation=WELDER)],
        new_id(): two_courses(ELECTRICIAN, WELDER),
        new_id(): two_courses(REPAIRER, ELECTRICIAN),
    }
    population = population_of(lives, TODAY, kins=kins(books))

    what_if = simulate(population, books)

    for worker, worker_id in enumerate(population.workers):
        old, new = (
            sum(units(judge_all(lives[worker_id], book))) for book in (shipped_rules(), after)
        )
        assert new - old == sum(
            change.difference for change in what_if.changes if change.worker == worker
        )
    assert what_if.before.units == 275_000 + 525_000 + 375_000 + 45_000 + 22_500
    assert (what_if.together.losing, what_if.together.lost) == (2, 150_000 + 22_500)
