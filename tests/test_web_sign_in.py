"""Signing in, over HTTP, with real passwords, codes and passkeys."""

import html
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import event, select
from starlette.testclient import TestClient
from webauthn.helpers import base64url_to_bytes

from archive.audit.tables import ACCESS_EVENT, AUDIT_EVENT
from archive.people import accounts, attempts, organisations, passkeys, totp
from archive.people.accounts import PasswordOutlivedError
from archive.people.models import Account
from archive.people.trail import trail_of
from archive.settings import Settings
from archive.texts import explained
from archive.web.app import create_app
from schemas.vocabulary import Role
from tests.authenticators import PARTY, SoftPasskey
from tests.builders import NOW
from tests.doors import OWN_PAGE, Door
from tests.test_factors import CHALLENGE, SECRET

PASSWORD = "right horse battery"
FORM = {"name": "lin", "password": PASSWORD}


@pytest.fixture
def worker_door(door):
    add(door, "lin", Role.WORKER)
    return door


@pytest.fixture
def clerk_door(door):
    account = add(door, "lin", Role.CLERK)
    with door.house.archive.transaction() as session:
        totp.give(session, account.id, SECRET, now=NOW)
    return door


def add(door: Door, name: str, role: Role) -> Account:
    with door.house.archive.transaction() as session:
        bureau = organisations.coded(session, "HR01")
        return accounts.add(
            session, name, role, password=PASSWORD, organisation_id=bureau.id, now=NOW
        )


def code(steps: int = 0, secret: str = SECRET) -> str:
    return totp.code_of(secret, totp.step_at(datetime.now(UTC)) + steps)


def cookies(response) -> str:
    return " ".join(response.headers.get_list("set-cookie"))


def on_localhost(door: Door) -> TestClient:
    """Return a browser that uses a host name, as passkeys need."""
    return TestClient(door.app, "http://localhost:8000", headers=OWN_PAGE, follow_redirects=False)


def challenge_on(page: str) -> bytes:
    found = re.search(r'data-options="([^"]+)"', page)
    assert found
    told = json.loads(html.unescape(found[1]))["challenge"]
    return base64url_to_bytes(told)


def test_a_password_signs_a_worker_in_and_leads_to_the_page_that_was_asked_for(worker_door):
    client = worker_door.visit()
    response = client.post("/sign-in", data=FORM | {"next": "/verify"})
    assert (response.status_code, response.headers["location"]) == (303, "/verify")
    assert "HttpOnly" in cookies(response)
    assert "samesite=lax" in cookies(response).lower()
    assert 'action="/sign-out"' in client.get("/verify").text


@pytest.mark.parametrize("goal", ["//evil.example", "https://evil.example", "/\\evil.example", ""])
def test_signing_in_leads_nowhere_else(worker_door, goal):
    response = worker_door.visit().post("/sign-in", data=FORM | {"next": goal})
    assert response.headers["location"] == "/me"


def test_a_wrong_password_and_an_unknown_name_get_the_same_page(worker_door):
    answers = [
        worker_door.visit().post("/sign-in", data={"name": name, "password": "wrong horse"})
        for name in ("lin", "nil")
    ]
    assert [one.status_code for one in answers] == [401, 401]
    assert answers[0].text.replace('value="lin"', 'value="nil"') == answers[1].text
    assert "wrong horse" not in answers[0].text
    assert "set-cookie" not in answers[0].headers


def statements(door: Door, ask: Callable[[], object]) -> list[str]:
    heard: list[str] = []

    def hear(_connection, _cursor, statement, *_rest):
        heard.append(statement)

    event.listen(door.house.archive.engine, "before_cursor_execute", hear)
    ask()
    event.remove(door.house.archive.engine, "before_cursor_execute", hear)
    return heard


@pytest.mark.parametrize("failed", [0, 4, 5])
def test_a_known_and_an_unknown_name_cost_the_same_statements(worker_door, failed):
    def tried(name: str) -> list[str]:
        form = {"name": name, "password": "wrong horse"}
        with worker_door.house.archive.transaction() as session:
            for _ in range(failed):
                attempts.count(session, attempts.of_name(session, name), now=datetime.now(UTC))
        return statements(worker_door, lambda: worker_door.visit().post("/sign-in", data=form))

    tried("warm-up")
    known = tried("lin")
    assert known
    assert known == tried("nil")


@pytest.mark.parametrize("name", ["lin", "nil"])
def test_the_fifth_failure_begins_a_wait_that_has_its_own_page(worker_door, name):
    form = {"name": name, "password": "wrong horse"}
    codes = [worker_door.visit().post("/sign-in", data=form).status_code for _ in range(5)]
    assert codes == [401, 401, 401, 401, 429]

    refused = worker_door.visit().post("/sign-in", data=form | {"password": PASSWORD})

    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "60"
    assert "sign_in_locked" in refused.text
    assert name not in refused.text.split("<main")[1]


def test_a_password_that_another_has_made_leads_to_an_own_one_and_ends_within_a_week(worker_door):
    with worker_door.house.archive.transaction() as session:
        lin, until = accounts.named(session, "lin"), datetime.now(UTC) + accounts.MADE_UP_LASTS
        accounts.set_password(session, lin, PASSWORD, until=until)
    mine, late = worker_door.visit(), worker_door.visit()
    assert mine.post("/sign-in", data=FORM).headers["location"] == "/account"
    assert "请设置您自己的密码" in mine.get("/account").text
    with time_machine.travel(until):
        refused = late.post("/sign-in", data=FORM)
        why = explained(PasswordOutlivedError()).zh
        assert (refused.status_code, why in refused.text) == (401, True)
    own = {"old": PASSWORD, "new": "three black cats", "again": "three black cats"}
    mine.post("/account/password", data=own)
    assert "请设置您自己的密码" not in mine.get("/account").text
    with time_machine.travel(until):
        form = FORM | {"password": "three black cats"}
        assert late.post("/sign-in", data=form).headers["location"] == "/me"


def test_a_password_that_is_right_ends_the_counting(worker_door):
    for password in ["wrong horse"] * 4 + [PASSWORD] + ["wrong horse"] * 4:
        code_of = worker_door.visit().post("/sign-in", data=FORM | {"password": password})
        assert code_of.status_code != 429


def test_the_session_is_there_before_the_answer_leaves(either_door):
    add(either_door, "lin", Role.WORKER)
    client = either_door.visit()
    client.post("/sign-in", data=FORM)
    assert client.get("/account").status_code == 200


def test_signing_in_again_ends_the_session_before(worker_door):
    client = worker_door.visit("worker")
    before = client.cookies[worker_door.house.session_cookie]
    client.post("/sign-in", data=FORM)
    again = worker_door.visit()
    again.cookies.set(worker_door.house.session_cookie, before)
    assert again.get("/me").status_code == 303


def test_a_password_that_is_replaced_while_it_is_checked_signs_nobody_in(worker_door, monkeypatch):
    checked = accounts.proved

    def replaced_meanwhile(account: Account | None, password: str) -> Account:
        found = checked(account, password)
        with worker_door.house.archive.transaction() as session:
            accounts.set_password(session, accounts.named(session, "lin"), "left horse battery")
        return found

    monkeypatch.setattr(accounts, "proved", replaced_meanwhile)
    response = worker_door.visit().post("/sign-in", data=FORM)
    assert response.status_code == 401
    assert "set-cookie" not in response.headers


def test_an_old_browser_with_an_ended_session_can_sign_in_again(worker_door):
    client = TestClient(worker_door.app, follow_redirects=False)
    client.cookies.set(worker_door.house.session_cookie, "ended long ago")
    token = client.get("/sign-in").text.split('name="form_token" value="')[1].split('"')[0]
    assert client.post("/sign-in", data=FORM).status_code == 403
    assert client.post("/sign-in", data=FORM | {"form_token": token}).status_code == 303


def test_a_logged_out_cookie_opens_nothing(worker_door):
    client = worker_door.visit()
    client.post("/sign-in", data=FORM)
    kept = client.cookies[worker_door.house.session_cookie]
    client.post("/sign-out")
    again = worker_door.visit()
    again.cookies.set(worker_door.house.session_cookie, kept)
    assert again.get("/account").headers["location"] == "/sign-in?next=/account"


def test_staff_come_in_by_password_and_code_with_another_token_at_each_step(clerk_door):
    client = clerk_door.visit()
    asked = client.post("/sign-in", data=FORM | {"next": "/bureau/rules"})
    assert asked.headers["location"] == "/sign-in/code?next=%2Fbureau%2Frules"
    step = client.cookies["step"]
    assert "session" not in client.cookies
    assert "验证码" in client.get("/sign-in/code").text

    signed = client.post("/sign-in/code", data={"code": code(), "next": "/bureau/rules"})

    assert signed.headers["location"] == "/bureau/rules"
    assert client.cookies["session"] != step
    assert "step" not in client.cookies
    assert client.get("/bureau/rules").status_code == 200


def test_between_the_steps_no_page_opens(clerk_door):
    client = clerk_door.visit()
    client.post("/sign-in", data=FORM)
    client.cookies.set("session", client.cookies["step"])
    for path in ("/account", "/bureau/records", "/prove", "/api/v1/me"):
        assert client.get(path).status_code in (303, 401), path


def test_a_code_signs_in_once_and_a_used_up_step_no_more(clerk_door):
    client, other = clerk_door.visit(), clerk_door.visit()
    for one in (client, other):
        one.post("/sign-in", data=FORM)
    step = client.cookies["step"]
    assert client.post("/sign-in/code", data={"code": code()}).status_code == 303
    replayed = other.post("/sign-in/code", data={"code": code()})
    assert (replayed.status_code, "重新" in replayed.text) == (401, True)
    again = clerk_door.visit()
    again.cookies.set("step", step)
    gone = again.post("/sign-in/code", data={"code": code(1)})
    assert gone.status_code == 401
    assert "sign_in_expired" in gone.text


def test_five_wrong_codes_close_the_step_and_begin_a_wait(clerk_door):
    client = clerk_door.visit()
    client.post("/sign-in", data=FORM)
    told = [client.post("/sign-in/code", data={"code": "000000"}).status_code for _ in range(5)]
    assert told == [401, 401, 401, 401, 429]
    assert client.post("/sign-in", data=FORM).status_code == 429
    assert "sign_in_expired" in client.post("/sign-in/code", data={"code": code()}).text


def test_a_right_password_does_not_let_codes_be_guessed_for_ever(clerk_door):
    told = []
    for _ in range(5):
        client = clerk_door.visit()
        client.post("/sign-in", data=FORM)
        told.append(client.post("/sign-in/code", data={"code": "000000"}).status_code)
    assert told == [401, 401, 401, 401, 429]


def test_the_second_step_ends_after_ten_minutes(clerk_door):
    client = clerk_door.visit()
    client.post("/sign-in", data=FORM)
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=10)):
        assert client.get("/sign-in/code").status_code == 401


def test_the_step_asks_for_its_form_token_where_a_browser_tells_nothing(clerk_door):
    client = TestClient(clerk_door.app, follow_redirects=False)
    client.post("/sign-in", data=FORM)
    page = client.get("/sign-in/code").text
    token = page.split('name="form_token" value="')[1].split('"')[0]
    assert client.post("/sign-in/code", data={"code": code()}).status_code == 403
    told = client.post("/sign-in/code", data={"code": code(), "form_token": token})
    assert told.status_code == 303


def test_staff_without_a_factor_set_one_up_and_are_told_ten_codes(door):
    add(door, "lin", Role.CLERK)
    client = door.visit()
    asked = client.post("/sign-in", data=FORM | {"next": "/bureau/rules"})
    assert asked.headers["location"] == "/sign-in/enrol?next=%2Fbureau%2Frules"
    page = client.get("/sign-in/enrol").text
    groups = re.search(r'class="secret">([^<]+)<', page)
    assert groups
    secret = groups[1].replace(" ", "")
    picture = client.get("/sign-in/enrol/qr.svg")
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert client.post("/sign-in/enrol", data={"code": "000000"}).status_code == 401

    done = client.post(
        "/sign-in/enrol", data={"code": code(secret=secret), "next": "/bureau/rules"}
    )

    codes = re.findall(r"<code>([0-9A-Z-]{29})</code>", done.text)
    assert len(codes) == 10
    assert client.get("/bureau/rules").status_code == 200
    again = door.visit()
    again.post("/sign-in", data=FORM)
    assert again.get("/sign-in/enrol").status_code == 401
    assert again.get("/sign-in/enrol/qr.svg").status_code == 401
    assert again.post("/sign-in/code", data={"code": codes[0]}).status_code == 303
    once = door.visit()
    once.post("/sign-in", data=FORM)
    assert once.post("/sign-in/code", data={"code": codes[0]}).status_code == 401


def test_five_wrong_codes_while_setting_up_begin_a_wait_too(door):
    add(door, "lin", Role.CLERK)
    client = door.visit()
    client.post("/sign-in", data=FORM)
    told = [client.post("/sign-in/enrol", data={"code": "000000"}).status_code for _ in range(5)]
    assert told[-1] == 429


def test_a_passkey_is_set_up_then_the_second_step_then_the_whole_sign_in(door):
    account, passkey = add(door, "lin", Role.CLERK), SoftPasskey()
    client = on_localhost(door)
    client.post("/sign-in", data=FORM)
    challenge = challenge_on(client.get("/sign-in/enrol").text)
    wrong = {"credential": "nonsense", "name": "钥匙"}
    assert client.post("/sign-in/enrol/passkey", data=wrong).status_code == 401
    made = {"credential": passkey.registered(challenge), "name": "钥匙"}
    assert "<code>" in client.post("/sign-in/enrol/passkey", data=made).text
    assert client.get("/bureau/rules").status_code == 200

    second = on_localhost(door)
    second.post("/sign-in", data=FORM)
    asked = challenge_on(second.get("/sign-in/code").text)
    assert second.post("/sign-in/code/passkey", data={"credential": "{}"}).status_code == 401
    proof = {"credential": passkey.signed(asked, account.id.bytes)}
    assert second.post("/sign-in/code/passkey", data=proof).status_code == 303
    assert second.get("/bureau/rules").status_code == 200

    alone = on_localhost(door)
    assert "使用通行密钥登录" in alone.get("/sign-in").text
    begun = alone.post("/sign-in/passkey", data={"next": "/bureau/rules"})
    asked = challenge_on(alone.get(begun.headers["location"]).text)
    assert alone.post("/sign-in/passkey/answer", data={"credential": "[]"}).status_code == 401
    proof = {"credential": passkey.signed(asked, account.id.bytes), "next": "/bureau/rules"}
    signed = alone.post("/sign-in/passkey/answer", data=proof)
    assert signed.headers["location"] == "/bureau/rules"
    assert alone.get("/bureau/rules").status_code == 200
    assert alone.post("/sign-in/passkey/answer", data=proof).status_code == 401


def test_a_worker_comes_in_by_a_passkey_alone_and_the_session_before_ends(door):
    with door.house.archive.transaction() as session:
        worker, passkey = accounts.named(session, "worker"), SoftPasskey()
        passkeys.register(
            session,
            worker,
            passkey.registered(CHALLENGE),
            "x",
            challenge=CHALLENGE,
            party=PARTY,
            now=NOW,
        )
    before = door.token("clerk")
    client = on_localhost(door)
    client.cookies.set("session", before)
    begun = client.post("/sign-in/passkey")
    asked = challenge_on(client.get(begun.headers["location"]).text)
    client.post("/sign-in/passkey/answer", data={"credential": passkey.signed(asked)})
    assert client.get("/me").status_code == 200
    old = door.visit()
    old.cookies.set("session", before)
    assert old.get("/bureau/rules").status_code == 303


def test_at_an_address_of_numbers_no_passkey_is_offered_or_taken(clerk_door):
    client = clerk_door.visit()  # At http://testserver, and the archive is at 127.0.0.1.
    assert "passkey" not in client.get("/sign-in").text
    client.post("/sign-in", data=FORM)
    told = client.post("/sign-in/code/passkey", data={"credential": "{}"})
    assert told.status_code == 401
    client.post("/sign-in/passkey")
    assert "data-options" in client.get("/sign-in/passkey").text


@pytest.mark.parametrize(
    ("url", "party"),
    [
        ("", ("localhost", "http://localhost:8000")),
        ("https://dossier.example/", ("dossier.example", "https://dossier.example")),
        ("https://dossier.example:8443", ("dossier.example", "https://dossier.example:8443")),
        ("http://192.0.2.7:8000", None),
    ],
)
def test_passkeys_belong_to_the_host_of_the_public_address(home, url, party):
    house = create_app(Settings(home=home, base_url=url, demo=False)).state.house
    told = house.party
    house.close()
    assert (told and (told.id, told.origin)) == party


def test_over_https_both_cookies_are_bound_to_the_host(home):
    house = create_app(Settings(home=home, base_url="https://dossier.example")).state.house
    house.close()
    assert (house.session_cookie, house.unfinished_cookie) == ("__Host-session", "__Host-step")


def test_a_sign_in_is_told_by_whom_and_a_failed_one_without_the_name_that_was_typed(clerk_door):
    client = clerk_door.visit()
    client.post("/sign-in", data=FORM | {"password": "wrong horse"})
    client.post("/sign-in", data=FORM)
    client.post("/sign-in/code", data={"code": "000000"})
    client.post("/sign-in/code", data={"code": code()})

    archive = clerk_door.house.archive
    with trail_of(archive).store.reading() as session:
        failed = session.execute(select(ACCESS_EVENT.c.action, ACCESS_EVENT.c.code)).all()
    with archive.reading() as session:
        lin = accounts.named(session, "lin")
        signed = AUDIT_EVENT.c.action == "sign_in"
        told = session.execute(select(AUDIT_EVENT.c.actor_id).where(signed)).scalars().all()
    assert [tuple(one) for one in failed] == [
        ("sign_in_failed", "sign_in_failed"),
        ("sign_in_failed", "code_wrong"),
    ]
    assert told == [lin.id]
