"""The next step of a worker: by hours or by fee, after what is owed and what is taken off."""

from datetime import date

import pytest

from archive.dossiers import next_steps, offers, reading, records, redemptions
from archive.dossiers.next_steps import Goal
from archive.people.accounts import named
from archive.people.organisations import coded
from credit_bank.next_step import By
from schemas.careers import Experience
from schemas.redemptions import CourseAsked, NextStep
from schemas.vocabulary import Account, Rank, RecordKind
from tests.builders import ELECTRICIAN, NOW, TODAY, a_certificate
from tests.test_lowering import MODULE, agree
from tests.test_redemptions import AT, ZONE, an_offer, applied, balances, house, me, publish

__all__ = ["house"]


def offered(session, code: str, hours: str, fee: int | None = None, **told: object) -> None:
    """Let the school offer a course."""
    asked = CourseAsked.model_validate(
        {
            "code": code,
            "title": f"课程{code}",
            "title_en": f"Course {code}",
            "hours": hours,
            "fee_fen": fee,
            "occupation": ELECTRICIAN,
            "in_force_from": date(2015, 1, 1),
            **told,
        }
    )
    offers.publish(session, asked, coded(session, "TS01"), by=named(session, "school"), now=NOW)


def stepped(session, goal: Goal, *, on: date = TODAY, by: By = "hours") -> NextStep:
    """Return the worker's next step."""
    return next_steps.next_step(session, me(session), goal, on=on, zone=ZONE, by=by)


def codes(found: NextStep) -> list[str]:
    """Return the codes of the chosen courses."""
    assert found.is_reached
    assert not found.is_cut
    return [one.course.code for one in found.courses]


def test_the_courses_that_are_shortest_or_that_cost_least_are_told_as_asked(house):
    with house.transaction() as session:
        goal = Goal(offer=publish(session, an_offer("EX", "32")))  # 30 are there.
        offered(session, "SHORT", "32", 90_000)
        offered(session, "CHEAP", "48", 10_000)
        offered(session, "UNTOLD", "40")

        assert codes(stepped(session, goal)) == ["SHORT"]
        assert codes(stepped(session, goal, by="fee")) == ["CHEAP"]


def test_courses_toward_a_level_are_chosen_by_fee_too(house):
    """Before 2018 training of 160 class hours opened 三级 to who had worked long enough."""
    with house.transaction() as session:
        clerk = named(session, "clerk")
        rival, mine = coded(session, "TP02").id, me(session).worker_id
        level = a_certificate(number="S000044030001124000077", issued_on=date(2012, 6, 1))
        work = Experience(employer_name="某厂", occupation=ELECTRICIAN, started_on=date(2005, 1, 1))
        for record in (level, work):
            records.add(
                session, mine, record, organisation_id=rival, by=clerk, now=NOW, today=TODAY
            )
        told = {"rank": Rank.SENIOR}
        offered(session, "SHORT", "160", 90_000, **told)
        offered(session, "CHEAP", "170", 10_000, **told)
        goal, then = Goal(occupation=ELECTRICIAN, rank=Rank.SENIOR), date(2017, 6, 1)

        assert codes(stepped(session, goal, on=then)) == ["SHORT"]
        assert codes(stepped(session, goal, on=then, by="fee")) == ["CHEAP"]


def test_what_is_owed_has_to_be_earned_first(house):
    with house.transaction() as session:
        publish(session, an_offer("EX", "20"))
        redemptions.accept(session, applied(session, "EX"), by=named(session, "school"), at=AT)
        _withdraw_certificate(session)
        assert balances(session)[Account.OWED] == pytest.approx(17.5)
        offered(session, "A", "288")
        offered(session, "B", "16")
        goal = Goal(offer=publish(session, an_offer("ONE", "1")))

        assert codes(stepped(session, goal)) == ["A", "B"]


def test_what_an_agreement_takes_off_needs_no_course(house):
    with house.transaction() as session:
        agree(session)
        offered(session, "A", "64")
        lowered = Goal(offer=publish(session, an_offer("LESS", "34", title=MODULE)))
        in_full = Goal(offer=publish(session, an_offer("FULL", "34")))

        assert codes(stepped(session, lowered)) == []
        assert codes(stepped(session, in_full)) == ["A"]


def _withdraw_certificate(session) -> None:
    mine, clerk = me(session).worker_id, named(session, "clerk")
    (known,) = (
        one.id
        for one in reading.dossier(session, mine, today=TODAY).records
        if one.record.kind is RecordKind.CERTIFICATE
    )
    records.withdraw(session, mine, known, reason="证书有误", by=clerk, now=NOW)
