"""What-if: the quick way is the long way, people add up, alone-effects are what they say."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_bank.conversion import judge_all
from credit_bank.publishing import shipped_files
from credit_bank.rule_files import read_content, read_file
from credit_bank.rulebook import RuleBook, book_of
from credit_bank.simulation import simulate
from credit_bank.simulation_effects import WhatIf
from credit_bank.simulation_judging import Books, judge_range
from credit_bank.simulation_population import population_of
from schemas.credits import ApprenticeshipMeasures, LearningOutcome
from schemas.ids import new_id
from schemas.vocabulary import (
    ContestTier,
    Decision,
    Grade,
    Instrument,
    PairVerdict,
    Prize,
    Rank,
    Step,
)
from tests.builders import ELECTRICIAN, TODAY, WELDER
from tests.outcomes import a_course, a_level, a_prize, an_outcome, issuer
from tests.test_rule_exceptions import an_exception
from tests.test_rulebook import a_rule

CREDIT = 10_000
BODIES = tuple(body for path in shipped_files() for body in read_file(path))
BINDING = book_of(BODIES)
CAP = """
family = "yearly_cap"
[[rule]]
id = "cap-2024"
in_force_from = 2024-01-01
replaces = "yearly-cap-2022"
title = { zh = "培训学分年度上限", en = "Yearly cap on training credits" }
clause = { zh = "每年不超过3学分。", en = "At most 3 credits a year." }
source = "（示例）通知〔2023〕2号"
capped = "training"
credits_a_year = "3"
[[rule.example]]
name = "Up to the cap"
given = { earned = "4", used = "0" }
expect = { credits = "3" }
"""
COUNTING = """
family = "double_counting"
[[rule]]
id = "double-counting-2023"
in_force_from = 2023-01-01
replaces = "double-counting-2022"
title = { zh = "重复认定", en = "Double counting" }
clause = { zh = "不再审查。", en = "No test any more." }
source = "（示例）通知〔2022〕3号"
same_course = false
same_name_to_review = false
certificate_absorbs_preparation = false
course_name = ["width"]
[[rule.example]]
name = "A name"
given = { name = "A" }
expect = { compared = "A" }
"""
REPEAL = """
family = "competition"
[[repeal]]
id = "competition-ends"
repeals = "competition-2022"
in_force_from = 2024-01-01
leaves_no_rule = true
title = { zh = "竞赛不再折算", en = "No credits for prizes" }
clause = { zh = "不再折算。", en = "No more." }
source = "（示例）通知〔2023〕4号"
"""
HOURS = 'family = "training"\n' + a_rule("training-2024", "2024-01-01")
EXCEPTED = 'family = "training"\n' + a_rule(
    "training-2023",
    "2023-01-01",
    more=an_exception(when=f'issuer = ["{issuer("B")}"]'),
)
DRAFTS = (HOURS, EXCEPTED, CAP, COUNTING, REPEAL)


def drafted(*texts: str) -> RuleBook:
    """Return the law with some drafts in it."""
    fresh = [body for text in texts for body in read_content(text.encode(), "draft.toml")]
    return book_of((*BODIES, *fresh))


def found(
    lives: dict[UUID, list[LearningOutcome]],
    *texts: str,
    hands: int | None = None,
    verdicts: dict[UUID, dict[frozenset[UUID], PairVerdict]] | None = None,
) -> WhatIf:
    population = population_of(lives, TODAY, verdicts)
    alone = [drafted(text) for text in texts]
    return simulate(population, Books(BINDING, drafted(*texts), alone), hands=hands)


# --- A district in which every number is known


def test_who_gains_and_who_loses_by_how_much_is_known_to_the_unit():
    ann, bob, cem = new_id(), new_id(), new_id()
    lives = {
        ann: [a_course("36", date(2024, 3, 1)), a_course("36", date(2023, 3, 1))],
        bob: [a_course("160", date(2024, 3, 1))],
        cem: [a_level(Rank.SENIOR)],
    }

    what_if = found(lives, HOURS)

    assert what_if.before.units == (450 + 1000 + 3750) * 100
    effect = what_if.together
    assert (effect.gaining, effect.losing, effect.judged) == (0, 2, 2)
    assert effect.lost == 2500 + 11112  # 36 ÷ 18 = 2 instead of 2.25; 8.8888 instead of 10.
    assert effect.difference.units == -effect.lost
    told = {change.worker: change for change in what_if.changes}
    assert sorted(told) == [0, 1]
    assert told[0].before.steps[0][0] == told[0].after.steps[0][0]
    assert dict(told[0].after.steps[0][1])["credits"] == "2"
    assert what_if.alone[0] == effect


def test_what_the_cap_forfeits_is_told_before_and_after():
    lives = {new_id(): [a_course("160", date(2024, 3, day)) for day in (1, 2)]}
    what_if = found(lives, CAP)
    assert (what_if.before.forfeited, what_if.before.capped) == (0, 0)
    assert what_if.together.difference.forfeited == 17 * CREDIT
    assert what_if.together.difference.capped == 1
    assert [one.after.reason for one in what_if.changes] == ["cap_partly", "cap_reached"]


def test_a_repeal_leaves_undecided_what_it_left_without_a_rule():
    lives = {new_id(): [a_prize(awarded_on=date(2024, 10, 1))]}
    what_if = found(lives, REPEAL)
    assert what_if.together.difference.undecided == 1
    [change] = what_if.changes
    assert (change.after.decision, change.after.version) == (Decision.UNDECIDED, None)


def test_the_effects_of_changes_alone_are_those_of_judging_twice():
    lives = {new_id(): [a_course("160", date(2024, 3, day)) for day in (1, 2)]}
    what_if = found(lives, HOURS, CAP)
    hours, cap = what_if.alone
    assert hours
    assert cap
    assert hours.lost == 2 * 11112
    assert cap.lost == 17 * CREDIT
    assert what_if.together.lost == 17 * CREDIT  # The cap leaves 3 either way.


def test_a_course_counts_twice_again_when_the_test_is_taken_back():
    taken = [a_course(hours, date(2023, 3, 1), code="C1", by="A") for hours in ("36", "40")]
    what_if = found({new_id(): taken}, COUNTING)
    assert what_if.before.units == 25000
    assert what_if.together.gained == 22500


def test_one_who_is_not_concerned_is_not_judged_again():
    lives = {
        new_id(): [a_course("36", date(2023, 12, 31))],
        new_id(): [a_level()],
        new_id(): [a_course("36", date(2024, 1, 1))],
    }
    assert found(lives, HOURS).together.judged == 1


# --- The quick way is the long way

NAMES = st.sampled_from(["", "焊接", "电工"])
DAYS = st.integers(0, 1400).map(lambda at: date(2021, 6, 1) + timedelta(days=at))
ISSUERS = st.sampled_from("AB")
TRAININGS = st.builds(
    a_course,
    hours=st.sampled_from(["7", "36", "160", "640"]),
    completed_on=DAYS,
    code=st.sampled_from([None, "C1", "C1"]),
    by=ISSUERS,
    score=st.sampled_from(["85", "85", "85", "85", None, "50", "120"]),
    grade=st.sampled_from([None, None, Grade.PASS, Grade.FAIL]),
    attendance=st.sampled_from([None, None, "70", "90"]),
    key=st.sampled_from(["", "same"]),
    name=NAMES,
    occupation=st.sampled_from([None, ELECTRICIAN]),
)
LEVELS = st.builds(
    a_level,
    rank=st.sampled_from([None, Rank.JUNIOR, Rank.SENIOR]),
    issued_on=DAYS,
    occupation=st.sampled_from([None, ELECTRICIAN, WELDER]),
    instrument=st.sampled_from(Instrument),
    step=st.sampled_from([None, *Step]),
    title=st.sampled_from([None, "one"]),
    prepared_by=st.sampled_from([None, "焊接"]),
    by=ISSUERS,
)
PRIZES = st.builds(
    a_prize,
    prize=st.sampled_from([None, *Prize]),
    tier=st.sampled_from(ContestTier),
    awarded_on=DAYS,
    event=st.sampled_from(["one", "two"]),
    placement=st.sampled_from([None, 2]),
)
CLASSES = st.builds(
    an_outcome,
    st.builds(
        ApprenticeshipMeasures,
        hours=st.sampled_from([None, 100]),
        class_number=st.sampled_from([None, "1"]),
        is_registered=st.sampled_from([None, True, False]),
    ),
    DAYS,
)
LIVES = st.lists(
    st.lists(TRAININGS | LEVELS | PRIZES | CLASSES, max_size=7), min_size=1, max_size=4
).map(lambda lives: {UUID(int=at + 1): life for at, life in enumerate(lives)})


@given(lives=LIVES, texts=st.lists(st.sampled_from(DRAFTS), min_size=1, max_size=3, unique=True))
@settings(max_examples=150)
def test_the_quick_way_equals_judging_everything(lives, texts):
    if HOURS in texts and EXCEPTED in texts:
        texts.remove(EXCEPTED)  # Both take the place of one rule.
    after = drafted(*texts)
    population = population_of(lives, TODAY)
    books = Books(BINDING, after, [drafted(text) for text in texts])
    workers = len(population.workers)
    quick = simulate(population, books)
    long = judge_range(population, books, 0, workers, tell=lambda _: None, everyone=True)
    quick.together.judged = long.together.judged
    for mine, theirs in zip(quick.alone, long.alone, strict=True):
        assert mine
        assert theirs
        mine.judged = theirs.judged
    assert quick == long

    by_worker = dict.fromkeys(range(workers), 0)
    for change in quick.changes:
        by_worker[change.worker] += change.difference
    for worker, worker_id in enumerate(population.workers):
        old, new = (judge_all(lives[worker_id], book) for book in (BINDING, after))
        assert by_worker[worker] == _units(new) - _units(old)
    assert quick.before.units == sum(_units(judge_all(life, BINDING)) for life in lives.values())
    assert sum(by_worker.values()) == quick.together.difference.units
    assert quick.together.gained - quick.together.lost == quick.together.difference.units


def _units(judged):
    return sum(one.result.units for one in judged)


@given(lives=LIVES)
@settings(max_examples=60)
def test_every_explanation_is_the_trace_that_judging_gives(lives):
    after = drafted(EXCEPTED, CAP, COUNTING)
    population = population_of(lives, TODAY)
    for change in simulate(population, Books(BINDING, after)).changes:
        outcome_id = population.id_of(change.place)
        life = lives[population.workers[change.worker]]
        for book, told in ((BINDING, change.before), (after, change.after)):
            one = next(one for one in judge_all(life, book) if one.outcome.id == outcome_id)
            assert (told.units, told.reason, told.version) == (
                one.result.units,
                one.result.reason,
                one.version,
            )
            held = one.context.get("held")
            assert told.held == (None if held is None else int(held))
            assert [(text, dict(facts)) for text, facts in told.steps] == [
                (step.text, step.facts) for step in one.result.steps
            ]


def test_what_a_review_found_counts_in_the_trial_too():
    day = date(2022, 10, 1)
    first = a_course("36", day, by="A", name="焊接")
    second = a_course("160", day + timedelta(days=1), by="B", name="焊接")
    worker = new_id()
    lives = {worker: [first, second]}
    distinct = {worker: {frozenset({first.id, second.id}): PairVerdict.DISTINCT}}
    assert found(lives, HOURS).before.units == 22500
    assert found(lives, HOURS, verdicts=distinct).before.units == 22500 + 10 * CREDIT


def test_a_pair_in_review_and_a_pair_that_is_one_course_are_told_apart():
    day = date(2022, 10, 1)
    lives = {
        new_id(): [
            a_course("36", day, by="A", name="焊接"),
            a_course("36", day + timedelta(days=1), by="B", name="焊接"),
        ]
        for _ in range(2)
    }
    worker, (first, second) = next(iter(lives.items()))
    same = {worker: {frozenset({first.id, second.id}): PairVerdict.SAME}}
    assert found(lives, HOURS).before.undecided == 2
    assert found(lives, HOURS, verdicts=same).before.undecided == 1


@pytest.mark.parametrize("hours", [("160", "40"), ("40", "160")])
def test_what_only_its_content_tells_apart_is_judged_in_the_order_of_its_content(hours):
    day = date(2024, 3, 1)
    life = [a_course(one, day, key="same", name="one") for one in hours]
    after = drafted(CAP)
    population = population_of({new_id(): life}, TODAY)
    told = {
        population.id_of(change.place): change.after.units
        for change in simulate(population, Books(BINDING, after)).changes
    }
    judged = {one.outcome.id: one.result.units for one in judge_all(life, after)}
    assert len(told) > 0
    assert told == {one: judged[one] for one in told}


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_two_processes_find_what_one_finds_and_tell_how_far_they_are():
    lives = {
        new_id(): [a_course(f"{16 + at}", date(2024, 3, 1)), a_level(by="B")] for at in range(40)
    }
    population = population_of(lives, TODAY)
    books = Books(BINDING, drafted(HOURS), [drafted(HOURS), None])
    told = []

    two = simulate(population, books, hands=2, progress=lambda done, of: told.append((done, of)))

    one = simulate(population, books, hands=1)
    assert (two.before, two.together, two.alone) == (one.before, one.together, one.alone)
    assert list(two.changes) == list(one.changes)
    assert len(list(one.changes)) == 40
    assert told[-1] == (40, 40)
