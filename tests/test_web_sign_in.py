"""Signing in, over HTTP, with real passwords."""

import pytest
from starlette.testclient import TestClient

from archive.people import accounts, organisations
from schemas.vocabulary import Role
from tests.builders import NOW
from tests.doors import Door


def test_a_password_signs_in_and_leads_to_the_page_that_was_asked_for(door):
    _with_password(door, "lin", "right horse battery")
    client = door.visit()
    form = {"name": "lin", "password": "right horse battery", "next": "/verify"}
    response = client.post("/sign-in", data=form)
    assert (response.status_code, response.headers["location"]) == (303, "/verify")
    cookie = response.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert 'action="/sign-out"' in client.get("/verify").text


@pytest.mark.parametrize("goal", ["//evil.example", "https://evil.example", "/\\evil.example", ""])
def test_signing_in_leads_nowhere_else(door, goal):
    _with_password(door, "lin", "right horse battery")
    form = {"name": "lin", "password": "right horse battery", "next": goal}
    assert door.visit().post("/sign-in", data=form).headers["location"] == "/bureau/records"


def test_a_wrong_password_and_an_unknown_name_get_the_same_page(door):
    _with_password(door, "lin-7", "right horse battery")
    answers = [
        door.visit().post("/sign-in", data={"name": name, "password": "wrong horse battery"})
        for name in ("lin-7", "nil-7")
    ]
    assert [one.status_code for one in answers] == [401, 401]
    assert answers[0].text.replace("lin-7", "nil-7") == answers[1].text
    assert "wrong horse" not in answers[0].text
    assert "set-cookie" not in answers[0].headers


def test_the_session_is_there_before_the_answer_leaves(either_door):
    _with_password(either_door, "lin", "right horse battery")
    client = either_door.visit()
    client.post("/sign-in", data={"name": "lin", "password": "right horse battery"})
    assert client.get("/bureau/records").status_code == 200


def test_signing_in_again_ends_the_session_before(door):
    _with_password(door, "lin", "right horse battery")
    client = door.visit("worker")
    before = client.cookies[door.house.session_cookie]
    client.post("/sign-in", data={"name": "lin", "password": "right horse battery"})
    again = door.visit()
    again.cookies.set(door.house.session_cookie, before)
    assert again.get("/me").status_code == 303


def test_an_old_browser_with_an_ended_session_can_sign_in_again(door):
    _with_password(door, "lin", "right horse battery")
    client = TestClient(door.app, follow_redirects=False)
    client.cookies.set(door.house.session_cookie, "ended long ago")
    form = {"name": "lin", "password": "right horse battery"}
    token = client.get("/sign-in").text.split('name="form_token" value="')[1].split('"')[0]
    assert client.post("/sign-in", data=form).status_code == 403
    assert client.post("/sign-in", data=form | {"form_token": token}).status_code == 303


def _with_password(door: Door, name: str, password: str) -> None:
    with door.house.archive.transaction() as session:
        bureau = organisations.coded(session, "HR01")
        accounts.add(
            session, name, Role.CLERK, password=password, organisation_id=bureau.id, now=NOW
        )
