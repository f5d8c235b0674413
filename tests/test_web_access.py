"""Who may open what: every route names its audience; other's and missing are the same."""

import inspect
from datetime import UTC, datetime, timedelta
from typing import Annotated, get_args, get_origin, get_type_hints
from uuid import uuid4

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import delete, update
from sqlmodel import select
from starlette.testclient import TestClient

from archive.people import accounts, look_ups
from archive.people.key_store import WRAPPED_KEY
from archive.people.models import SignIn, StreetOf
from archive.people.privacy import vault_of
from archive.settings import Settings
from archive.web import audiences
from archive.web.app import create_app
from archive.web.navigation import entries_for, home_of
from archive.web.routers import ALL
from schemas.ids import new_archive_number
from schemas.vocabulary import Role
from tests.builders import NOW
from tests.doors import OWN_PAGE, STAFF

AUDIENCES = {
    name: alias
    for name, alias in vars(audiences).items()
    if get_origin(alias) is Annotated and isinstance(get_args(alias)[1].dependency, audiences.May)
}
ROUTES = [route for router in ALL for route in router.routes if isinstance(route, APIRoute)]
WORKER = {"worker"}
TRAINERS = {"trainer", "trainer administrator"}
EMPLOYERS = {"employer", "employer administrator"}
POSTERS = TRAINERS | {"department"}
MEMBERS = TRAINERS | EMPLOYERS
BUREAU = {"clerk", "approver", "second approver"}
PAGES = {
    "/me": WORKER,
    "/me/credits": WORKER,
    "/me/visits": WORKER,
    "/counter": BUREAU | {"street"},
    "/me/eligibility": WORKER,
    "/me/credits/next-step": WORKER,
    "/organisation/applications": MEMBERS,
    "/organisation/offers": MEMBERS,
    "/organisation/offers/new": MEMBERS,
    "/me/statement": WORKER,
    "/trainer/appeals": POSTERS | BUREAU,
    "/bureau/cases": BUREAU,
    "/bureau/cases/pairs": BUREAU,
    "/bureau/cases/nightly": BUREAU,
    "/bureau/mergers": BUREAU,
    "/bureau/cases/suspensions": BUREAU,
    "/trainer/intake": POSTERS,
    "/employer": EMPLOYERS,
    "/bureau/records": BUREAU | {"street"},
    "/bureau/organisations": BUREAU,
    "/bureau/redemptions": BUREAU,
    "/agreements/desk/exchange": POSTERS | BUREAU,
    "/agreements/desk": MEMBERS | BUREAU,
    "/bureau/rules": BUREAU,
    "/bureau/approvals": BUREAU,
}
NOBODYS_NUMBER = "0000-0000-0001"


def audiences_of(route: APIRoute) -> list[str]:
    hints = get_type_hints(route.endpoint, include_extras=True)
    del hints["return"]
    return [
        name
        for hint in hints.values()
        for name, audience in AUDIENCES.items()
        if get_origin(hint) is Annotated and get_args(hint)[1:] == get_args(audience)[1:]
    ]


def test_every_route_names_exactly_one_audience():
    assert len(ROUTES) > 30
    assert [route.path for route in ROUTES if len(audiences_of(route)) != 1] == []


def test_every_route_is_a_plain_function():
    assert [route.path for route in ROUTES if inspect.iscoroutinefunction(route.endpoint)] == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_for_its_audience_and_for_nobody_else(door, path):
    for name in ("worker", *STAFF):
        status = door.visit(name).get(path).status_code
        assert status == (200 if name in PAGES[path] else 403), name


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_signs_in_first_and_then_goes_on(door, path):
    response = door.visit().get(path)
    assert (response.status_code, response.headers["location"]) == (303, f"/sign-in?next={path}")


def test_everyone_finds_all_of_the_own_navigation(door):
    for name, role in {"worker": Role.WORKER, **STAFF}.items():
        client = door.visit(name)
        assert entries_for(role)[0].path == home_of(role)
        assert [
            entry.path for entry in entries_for(role) if client.get(entry.path).status_code != 200
        ] == []


def test_that_a_person_was_erased_is_told_to_nobody_who_may_not_see_the_record(door):
    with vault_of(door.house.archive).store.transaction() as keys:
        keys.execute(delete(WRAPPED_KEY))
    path = f"/api/v1/workers/{door.numbers[0]}/records/{door.record_ids[0]}"

    answers = {
        name: door.program(name).get(path).json()["code"]
        for name in ("clerk", "worker", "trainer", "rival", "other worker", "employer")
    }

    assert {name for name, code in answers.items() if code == "dossier_erased"} == {
        "clerk",
        "worker",
        "trainer",
    }
    assert {answers[name] for name in ("rival", "other worker", "employer")} == {"record_unknown"}


def test_a_worker_sees_no_record_of_another_and_cannot_tell_it_from_none(door):
    client = door.visit("worker")
    assert client.get(f"/me/records/{door.record_ids[0]}").status_code == 200
    other = client.get(f"/me/records/{door.record_ids[1]}")
    missing = client.get(f"/me/records/{uuid4()}")
    assert other.status_code == missing.status_code == 404
    assert other.text.replace(str(door.record_ids[1]), "") == missing.text.replace(
        str(missing.request.url.path).rpartition("/")[2], ""
    )


@pytest.mark.parametrize("what", ["dossier", "statement"])
def test_a_worker_reads_the_own_dossier_by_api_and_no_other(door, what):
    client = door.program("worker")
    assert client.get(f"/api/v1/workers/{door.numbers[0]}/{what}").status_code == 200
    other = client.get(f"/api/v1/workers/{door.numbers[1]}/{what}")
    missing = client.get(f"/api/v1/workers/{NOBODYS_NUMBER}/{what}")
    assert (other.status_code, other.text) == (404, missing.text)


@pytest.mark.parametrize("name", ["trainer", "employer"])
def test_no_dossier_opens_for_those_who_post_or_employ(door, name):
    client = door.program(name)
    answers = {
        client.get(f"/api/v1/workers/{number}/dossier").text
        for number in (door.numbers[0], NOBODYS_NUMBER)
    }
    assert len(answers) == 1
    assert "not_allowed" in answers.pop()


def test_a_trainer_sees_the_records_of_the_own_organisation_only(door):
    path = f"/api/v1/workers/{door.numbers[0]}/records/{door.record_ids[0]}"
    assert door.program("trainer").get(path).status_code == 200
    rival = door.program("rival")
    missing = rival.get(f"/api/v1/workers/{NOBODYS_NUMBER}/records/{uuid4()}")
    assert (rival.get(path).status_code, rival.get(path).text) == (404, missing.text)


def test_a_trainer_changes_no_record_of_another_organisation(door):
    path = f"/api/v1/workers/{door.numbers[0]}/records/{door.record_ids[0]}/withdrawal"
    response = door.program("rival").post(path, json={"reason": "not mine"})
    assert (response.status_code, response.json()["code"]) == (404, "record_unknown")
    assert door.program("trainer").post(path, json={"reason": "twice"}).status_code == 201


def test_a_trainer_posts_for_no_other_organisation(door):
    content = b"name,id\n"
    response = door.program("trainer").post(
        "/api/v1/intake?organisation=TP02", files={"file": ("a.csv", content)}
    )
    assert (response.status_code, response.json()["code"]) == (403, "not_allowed")


def test_a_revoked_session_opens_nothing(door):
    client = door.visit("worker")
    cookie = client.cookies[door.house.session_cookie]
    assert client.post("/sign-out").status_code == 303
    client.cookies.set(door.house.session_cookie, cookie)
    assert client.get("/me").status_code == 303


def test_a_bearer_token_goes_before_a_cookie(door):
    client = door.visit("worker")
    response = client.get("/api/v1/me", headers={"authorization": "Bearer nonsense"})
    assert response.status_code == 401


@pytest.mark.parametrize("what", ["", "/statement", "/eligibility", "/{record}"])
def test_pages_of_a_dossier_open_for_its_street_and_for_no_worker(door, what):
    with door.house.archive.transaction() as session:
        street = accounts.named(session, "street").organisation_id
        assert street is not None
        own = look_ups.worker_numbered(session, door.numbers[0]).worker_id
        assert street is not None
        session.add(StreetOf(worker_id=own, organisation_id=street, since=NOW))
    paths = [
        f"/bureau/records/{number}{what.format(record=record)}"
        for number, record in zip(door.numbers, door.record_ids, strict=True)
    ]

    street_sees = [door.visit("street").get(path).status_code for path in paths]
    worker_sees = [door.visit("worker").get(path).status_code for path in paths]

    assert (street_sees, worker_sees) == ([200, 404], [403, 403])


def test_a_street_finds_nobody_elsewhere(door):
    client = door.visit("street")
    answers = [
        client.post("/bureau/records", data={"archive_number": number})
        for number in (door.numbers[1], new_archive_number())
    ]
    assert [one.status_code for one in answers] == [404, 404]


def test_a_session_in_use_is_seen_at_most_once_a_minute(door):
    client, seen = door.visit("worker"), []
    for back in (30, 120):
        then = datetime.now(UTC) - timedelta(seconds=back)
        with door.house.archive.transaction() as session:
            session.exec(update(SignIn).values(seen_at=then))
        assert client.get("/me").status_code == 200
        with door.house.archive.reading() as session:
            seen.append(session.exec(select(SignIn.seen_at)).one() > then)
    assert seen == [False, True]


def test_without_a_database_who_is_signed_in_gets_the_page_that_says_so(tmp_path):
    app = create_app(Settings(home=tmp_path / "new", demo=False))
    client = TestClient(app, headers=OWN_PAGE)
    client.cookies.set(app.state.house.session_cookie, "x")
    response = client.get("/me")
    assert response.status_code == 503
    assert "database_unavailable" in response.text
