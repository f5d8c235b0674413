"""Which lots a redemption consumes, and which limit stands in its way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.texts import in_language
from credit_bank.families.redemption import Shares
from credit_bank.lots import Lot
from credit_bank.redemption import Plan, keeps_limits, plan
from credit_bank.redemption_sources import Wanted, rule_on
from credit_bank.redemption_words import SENTENCES
from schemas.cases import Pick
from schemas.credits import UNITS_PER_CREDIT, LearningOutcome
from schemas.ids import new_id
from schemas.vocabulary import Account, Family, Language, Limit, Mode, RecordKind, Use
from tests.builders import ELECTRICIAN, NOW, TODAY, WELDER
from tests.outcomes import a_course, a_level, issuer, shipped_rules

FAMILY = {RecordKind.TRAINING: Family.TRAINING, RecordKind.CERTIFICATE: Family.CERTIFICATE}
RELATED = ("6-31-01-02", "6-29-03-02", "6-28-01-06")
"""Occupations that the table names as related to the electrician's."""
FIVE = ("6-31-01-03", "6-18-02-04", "6-29-03-03", "4-10-01-02", "4-03-02-01")


def a_lot(outcome: LearningOutcome, credits_left: int) -> Lot:
    """Return a lot of an outcome with so many credits left."""
    lot = Lot(new_id(), FAMILY[outcome.kind], outcome, NOW)
    lot.units[Account.AVAILABLE] = credits_left * UNITS_PER_CREDIT
    return lot


def online(by: str, day: date = date(2024, 5, 1)) -> LearningOutcome:
    """Return a course that was held online."""
    course = a_course("160", day, by=by)
    measures = course.measures.model_copy(update={"mode": Mode.ONLINE})
    return course.model_copy(update={"measures": measures})


def wanted(credits_asked: int = 12, use: Use = Use.MODULE, day: date = TODAY) -> Wanted:
    """Return what organisation “school” asks for."""
    units = credits_asked * UNITS_PER_CREDIT
    return Wanted(use, units, issuer("school"), ELECTRICIAN, day)


def planned(lots: Sequence[Lot], asked: Wanted | None = None) -> Plan:
    """Return the plan under the shipped rules."""
    return plan(lots, asked or wanted(), shipped_rules(), UTC)


def taken(found: Plan, lots: Sequence[Lot]) -> list[int]:
    """Return the credits taken of each lot."""
    units = {pick.lot_id: pick.units // UNITS_PER_CREDIT for pick in found.picks}
    return [units.get(lot.id, 0) for lot in lots]


def said(found: Plan) -> str:
    """Return the problems of a plan in English."""
    return " ".join(in_language(one.text, Language.ENGLISH, one.facts) for one in found.problems)


def test_what_ends_soonest_is_used_first_and_certificates_last():
    lots = [
        a_lot(a_level(), 20),
        a_lot(a_course(completed_on=date(2024, 5, 1)), 5),
        a_lot(a_course(completed_on=date(2021, 5, 1)), 5),
    ]
    assert taken(planned(lots, wanted(12, Use.EXEMPTION)), lots) == [2, 5, 5]


def test_what_is_past_its_last_day_is_not_used_although_it_has_not_expired_yet():
    lots = [a_lot(a_course(completed_on=date(2024, 5, 1)), 5)]
    asked = wanted(2, Use.EXEMPTION, date(2031, 5, 1))
    assert taken(planned(lots, asked), lots) == [2]
    assert planned(lots, wanted(2, Use.EXEMPTION, date(2031, 5, 2))).picks == ()


@pytest.mark.parametrize(("asked", "is_bound"), [(9, False), (10, True)])
def test_the_limits_bind_modules_from_ten_credits_on(asked, is_bound):
    lots = [a_lot(a_course(by="A"), 20)]
    assert bool(planned(lots, wanted(asked)).problems) is is_bound
    assert planned(lots, wanted(asked, Use.EXEMPTION)).problems == ()


@pytest.mark.parametrize(
    ("lots", "sentence"),
    [
        ([a_lot(a_course(by="school"), 20)], "one provider. Within this limit 9 can be used: 3"),
        (
            [a_lot(a_course(by="A"), 6), a_lot(a_course(by="B"), 6)],
            "(others|receiving organisation). Within this limit 6 can be used: 6 are missing",
        ),
        (
            [a_lot(online("school"), 9), a_lot(a_course(by="B"), 3)],
            "online courses. Within this limit 9 can be used: 3 are missing",
        ),
        (
            [
                a_lot(a_level(occupation=one, by="school" if n % 2 else "A"), 3)
                for n, one in enumerate(FIVE[:4])
            ],
            "unrelated occupations can be used. Within this limit 6 of 12",
        ),
        ([a_lot(a_course(by="school"), 5)], "12 credits are asked for, and 5 can be used: 7"),
    ],
)
def test_a_limit_that_makes_it_impossible_is_named_with_its_numbers(lots, sentence):
    found = planned(lots)
    assert found.picks == ()
    assert found.missing > 0
    assert sentence.rpartition(")")[2] in said(found)


def certificates(*occupations: str) -> list[Lot]:
    """Return certificates with 4 credits each, of two providers in turn."""
    return [
        a_lot(a_level(occupation=one, by="A" if n % 2 else "school"), 4)
        for n, one in enumerate(occupations)
    ]


def test_certificates_of_three_occupations_can_be_used_together_and_of_a_fourth_not():
    three, four = certificates(*RELATED), certificates(ELECTRICIAN, *RELATED)
    assert taken(planned(three), three) == [4, 4, 4]

    found = planned(four, wanted(16))

    assert found.picks == ()
    assert "Certificates of at most 3 occupations" in said(found)
    assert "Within this limit 12 of 16" in said(found)
    assert not keeps(four, wanted(16))
    assert keeps(three, wanted(12))


def test_of_unrelated_occupations_one_can_be_used_and_a_second_not():
    one, two = certificates(*RELATED[:2], WELDER), certificates(RELATED[0], WELDER, FIVE[3])
    assert taken(planned(one), one) == [4, 4, 4]
    assert keeps(one, wanted(12))

    assert planned(two).picks == ()
    assert not keeps(two, wanted(12))


@pytest.mark.parametrize(
    ("lots", "is_kept"),
    [
        ([a_lot(a_course(by="school"), 9), a_lot(a_course(by="A"), 3)], True),
        ([a_lot(a_course(by="school"), 10), a_lot(a_course(by="A"), 2)], False),
        ([a_lot(a_course(by="school"), 6), a_lot(a_course(by="A"), 6)], True),
        ([a_lot(a_course(by="school"), 5), a_lot(a_course(by="A"), 7)], False),
        ([a_lot(a_course(by="school"), 6), a_lot(online("A"), 6)], True),
        ([a_lot(online("school"), 7), a_lot(a_course(by="A"), 5)], False),
    ],
)
def test_picks_that_someone_made_are_held_to_every_share(lots, is_kept):
    assert keeps(lots, wanted(12)) is is_kept


def test_picks_of_what_is_past_its_last_day_are_refused():
    lots = [a_lot(a_course(completed_on=date(2024, 5, 1)), 2)]
    assert keeps(lots, wanted(2, Use.EXEMPTION, date(2031, 5, 1)))
    assert not keeps(lots, wanted(2, Use.EXEMPTION, date(2031, 5, 2)))


def keeps(lots: Sequence[Lot], asked: Wanted) -> bool:
    """Whether all of some lots may be picked for what is asked."""
    picks = [Pick(lot_id=one.id, units=one.units[Account.AVAILABLE]) for one in lots]
    return keeps_limits(picks, {one.id: one for one in lots}, asked, shipped_rules(), UTC)


def test_limits_that_could_each_be_kept_alone_are_told_together():
    lots = [
        a_lot(a_course(by="school"), 4),
        a_lot(a_level(occupation=ELECTRICIAN, by="A"), 2),
        a_lot(a_level(occupation=WELDER, by="A"), 8),
        a_lot(a_level(occupation=FIVE[2], by="school"), 6),
    ]
    found = planned(lots)
    assert "all together they leave 11 of 12" in said(found)
    assert found.missing == UNITS_PER_CREDIT


def test_a_lot_that_a_limit_keeps_out_says_so():
    early, own = a_lot(a_course(completed_on=date(2020, 5, 1), by="A"), 8), a_course(by="school")
    found = planned([early, a_lot(own, 8)])
    assert taken(found, [early]) == [6]
    assert found.lines[0].limits == (Limit.EXTERNAL,)
    assert "50" in in_language(
        found.lines[0].reason.text, Language.CHINESE, found.lines[0].reason.facts
    )


@pytest.mark.parametrize("sentence", SENTENCES)
def test_every_sentence_is_told_in_chinese(sentence):
    assert in_language(sentence, Language.CHINESE) != sentence


# --- Against every way to fill it, by trying them all


@dataclass(frozen=True)
class Drawn:
    """A lot that was drawn."""

    credits_left: int
    by: str
    is_online: bool
    occupation: str | None
    year: int

    @property
    def lot(self) -> Lot:
        day = date(self.year, 5, 1)
        if self.occupation:
            return a_lot(a_level(occupation=self.occupation, by=self.by), self.credits_left)
        course = online(self.by, day) if self.is_online else a_course("160", day, by=self.by)
        return a_lot(course, self.credits_left)


LOTS = st.lists(
    st.builds(
        Drawn,
        st.integers(1, 7),
        st.sampled_from(["school", "A", "B"]),
        st.booleans(),
        st.sampled_from([None, None, None, *FIVE]),
        st.integers(2019, 2024),
    ),
    min_size=1,
    max_size=6,
)


def ways(lots: Sequence[Lot], asked: int) -> Iterator[list[int]]:
    """Yield every way to take so many credits; the first takes most of the first lot."""
    if not lots:
        if asked == 0:
            yield []
        return
    left = lots[0].units[Account.AVAILABLE] // UNITS_PER_CREDIT
    for first in range(min(left, asked), -1, -1):
        for others in ways(lots[1:], asked - first):
            yield [first, *others]


def shares(lots: Sequence[Lot], way: Sequence[int]) -> Shares:
    """Return what is used together, counted independently of the code under test."""
    used = [(lot, n * UNITS_PER_CREDIT) for lot, n in zip(lots, way, strict=True) if n]
    by = {lot.outcome.issuer for lot, _ in used}
    held = {lot.outcome.occupation for lot, _ in used if lot.family is Family.CERTIFICATE}
    return Shares(
        units=sum(n for _, n in used),
        largest_provider=max(sum(n for lot, n in used if lot.outcome.issuer == one) for one in by),
        external=sum(n for lot, n in used if lot.outcome.issuer != issuer("school")),
        online=sum(n for lot, n in used if getattr(lot.outcome.measures, "mode", None)),
        certificates=len(held),
        unrelated=len(held - {ELECTRICIAN}),
    )


@settings(max_examples=250)
@given(drawn=LOTS)
def test_a_way_is_found_whenever_there_is_one_and_no_limit_is_ever_broken(drawn):
    asked = wanted(12)
    lots = [one.lot for one in drawn]
    found = planned(lots, asked)
    rule = rule_on(shipped_rules(), TODAY)
    assert rule is not None
    in_order = [line.source.lot for line in found.lines]
    allowed = [
        way
        for way in ways(in_order, 12)
        if not rule.breaches(asked.use, asked.units, shares(in_order, way))
    ]

    assert bool(allowed) is not bool(found.problems)
    assert bool(allowed) is bool(found.picks)
    if allowed:
        mine = taken(found, in_order)
        assert mine in allowed
        courses = sum(lot.family is Family.TRAINING for lot in in_order)
        best = max(way[:courses] for way in allowed)
        assert mine[:courses] == best or not _certificates_fit(lots)
        assert sum(mine) == 12


def _certificates_fit(lots: Sequence[Lot]) -> bool:
    """Whether all certificates may be used together, so that none has to be chosen first."""
    held = {lot.outcome.occupation for lot in lots if lot.family is Family.CERTIFICATE}
    return len(held) <= 3 and len(held - {ELECTRICIAN}) <= 1


@settings(max_examples=40)
@given(drawn=LOTS, order=st.randoms(use_true_random=False))
def test_the_order_in_which_lots_come_changes_nothing(drawn, order):
    lots = [one.lot for one in drawn]
    mixed = order.sample(lots, len(lots))
    assert planned(lots, wanted(8)).picks == planned(mixed, wanted(8)).picks
