"""What organisations offer: published, changed and ended by themselves, without a script."""

from datetime import UTC, date, datetime, timedelta

import pytest

from archive.dossiers import offers, redemption_views
from archive.dossiers.redemption_refusals import OfferEndPastError, UnknownOfferError
from archive.errors import NotAllowedError
from archive.people.accounts import named
from archive.people.organisations import coded
from schemas.redemptions import CourseAsked
from schemas.vocabulary import Account, Role
from tests.builders import NOW, TODAY, an_account
from tests.command_line import CommandLine
from tests.doors import Door
from tests.test_redemption_doors import OFFER, form_of
from tests.test_redemptions import an_offer as any_offer
from tests.test_redemptions import applied, balances, house, publish

__all__ = ["house"]
NEXT_MONTH = TODAY + timedelta(days=30)
TYPED = {
    "kind": "offer",
    "code": "MOD-9",
    "title": "《工业机器人》模块",
    "title_en": "Industrial robots",
    "use": "module",
    "credits": "12",
    "occupation": "电工",
    "rank": "",
    "in_force_from": "2024-01-01",
    "in_force_until": "",
}


def end(session, code: str, last_day: date, *, by: str = "school", kind: offers.Kind = "offer"):
    """End an offer of the school."""
    whose, account = coded(session, "TS01"), named(session, by)
    return offers.end(
        session, kind, code, whose, last_day=last_day, by=account, now=NOW, today=TODAY
    )


def asked_on(session, day: date) -> list[int]:
    """Return what the offers of a day ask for."""
    return [one.units // 10_000 for one in offers.on_day(session, day)]


def test_a_change_counts_from_its_first_day_on_and_what_was_there_until_then(house):
    with house.transaction() as session:
        school, by = coded(session, "TS01"), named(session, "school")
        later = any_offer(credits_asked="5", in_force_from=NEXT_MONTH)
        offers.publish(session, later, school, by=by, now=NOW)

        assert (asked_on(session, TODAY), asked_on(session, NEXT_MONTH)) == ([2], [5])
        found = offers.of_organisation(session, school.id, TODAY)
        assert [one.credits for one in found.in_force.offers] == [2]
        assert [one.credits for one in found.coming.offers] == [5]

        sooner = any_offer(credits_asked="3", in_force_from=TODAY)
        offers.publish(session, sooner, school, by=by, now=NOW)
        assert (asked_on(session, TODAY), asked_on(session, NEXT_MONTH)) == ([3], [3])


def test_an_offer_ends_and_what_was_to_come_does_not_come(house):
    with house.transaction() as session:
        school, by = coded(session, "TS01"), named(session, "school")
        later = any_offer(credits_asked="5", in_force_from=NEXT_MONTH)
        offers.publish(session, later, school, by=by, now=NOW)
        case_id = applied(session)

        end(session, "M1", TODAY)

        assert asked_on(session, TODAY) == [2]
        assert asked_on(session, TODAY + timedelta(days=1)) == []
        assert asked_on(session, NEXT_MONTH) == []
        found = offers.of_organisation(session, school.id, TODAY + timedelta(days=1))
        assert [one.code for one in found.ended.offers] == ["M1"]
        in_a_week = TODAY + timedelta(days=7)
        view = redemption_views.shown(session, case_id, by, today=in_a_week)
        assert view.waits_days == 7
        assert balances(session)[Account.HELD] == 2


def test_an_end_is_refused_in_the_past_of_what_nobody_offers_and_of_others(house):
    with house.transaction() as session:
        with pytest.raises(OfferEndPastError):
            end(session, "M1", TODAY - timedelta(days=1))
        with pytest.raises(UnknownOfferError):
            end(session, "M2", TODAY)
        with pytest.raises(UnknownOfferError):
            end(session, "M1", TODAY, kind="course")
        with pytest.raises(NotAllowedError):
            end(session, "M1", TODAY, by="rival")


def test_an_employer_offers_for_credits_but_no_course_for_it_posts_no_records(house):
    course = {"code": "C", "title": "课", "title_en": "C", "hours": "8", "in_force_from": TODAY}
    with house.transaction() as session:
        school = coded(session, "TS01")
        employer = an_account(session, "master", Role.EMPLOYER, school)
        offers.publish(session, any_offer("E1"), school, by=employer, now=NOW)
        asked = CourseAsked.model_validate(course)
        with pytest.raises(NotAllowedError):
            offers.publish(session, asked, school, by=employer, now=NOW)
        assert publish(session, any_offer("E2")).code == "E2"


def test_an_offer_is_published_changed_and_ended_on_pages(door: Door):
    trainer = door.visit("trainer")
    wrong = trainer.post("/organisation/offers/new", data={**TYPED, "code": "", "credits": "viele"})
    assert wrong.status_code == 422
    assert "本机构编号" in wrong.text
    assert "viele" in wrong.text  # What was typed stays to be corrected.
    assert trainer.post("/organisation/offers/new", data=TYPED).status_code == 303
    unfit = trainer.post("/organisation/offers/new", data={**TYPED, "use": "entitlement"})
    assert unfit.status_code in (409, 422)

    listed = trainer.get("/organisation/offers").text
    assert "《工业机器人》模块" in listed
    again = trainer.get("/organisation/offers/new?kind=offer&code=MOD-9").text
    assert 'value="12"' in again
    changed = trainer.post("/organisation/offers/new", data={**TYPED, "credits": "11"})
    assert changed.status_code == 303
    assert "11 " in door.visit("worker").get("/me/credits").text

    today = datetime.now(UTC).date() + timedelta(days=1)
    told = {"kind": "offer", "code": "MOD-9", "last_day": str(today)}
    assert trainer.post("/organisation/offers/end", data=told).status_code == 303
    told["last_day"] = "2024-01-01"
    assert trainer.post("/organisation/offers/end", data=told).status_code == 409


def test_an_employer_answers_in_an_inbox_that_tells_how_long_it_waited(door: Door):
    employer, worker = door.visit("employer"), door.visit("worker")
    published = door.program("employer").post("/api/v1/offers", json=OFFER)
    assert published.status_code == 201, published.text
    (found,) = door.program("worker").get("/api/v1/offers").json()["offers"]
    address = f"/me/credits/offers/{found['id']}"
    fields = form_of(worker.get(address).text)
    sent = worker.post(address, data={name: fields[name] for name in ("pick", "reference")})
    case_id = sent.headers["location"].rpartition("/")[2]

    inbox = employer.get("/organisation/applications").text
    assert "今天提交" in inbox
    assert door.numbers[0] in inbox
    assert case_id not in door.visit("trainer").get("/organisation/applications").text
    answer = f"/organisation/applications/{case_id}/decline"
    assert employer.post(answer, data={"reason": ""}).status_code == 422
    assert employer.post(answer, data={"reason": "人数已满"}).status_code == 303
    assert "人数已满" in worker.get(sent.headers["location"]).text
    assert "已等待" not in employer.get("/organisation/applications").text


def test_an_offer_is_ended_by_program_and_on_the_command_line(
    monkeypatch, door: Door, sqlite_settings
):
    program = door.program("trainer")
    assert program.post("/api/v1/offers", json=OFFER).status_code == 201
    tomorrow = str(datetime.now(UTC).date() + timedelta(days=1))
    ended = program.post("/api/v1/offers/EX-1/end", json={"last_day": tomorrow})
    assert ended.status_code == 201
    assert ended.json()["replaces"]
    run = CommandLine(monkeypatch, sqlite_settings)
    told = run.done("redemption", "end", "EX-1", "--organisation", "TP01", "--last-day", tomorrow)
    assert "EX-1" in told
