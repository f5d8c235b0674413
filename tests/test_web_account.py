"""The own account over HTTP: password, sessions, factors, and the fresh proof they want."""

import html
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from fastapi import APIRouter
from starlette.testclient import TestClient
from webauthn.helpers import base64url_to_bytes

from archive.people import accounts, passkeys, recovery, totp
from archive.people.factors import FactorMissingError
from archive.texts import explained
from archive.web.audiences import OwnAccount
from archive.web.deps import Fresh
from archive.web.refusals import PasswordsDifferError
from schemas.vocabulary import Role
from tests.authenticators import PARTY, SoftPasskey
from tests.builders import NOW
from tests.doors import OWN_PAGE, Door
from tests.test_factors import CHALLENGE, SECRET
from tests.test_web_sign_in import PASSWORD, add, code

STALE = timedelta(minutes=11)


@pytest.fixture
def passkey():
    return SoftPasskey()


@pytest.fixture
def clerk(door, passkey):
    """Return a browser of a clerk with an app and a passkey, at a host name."""
    add(door, "lin", Role.CLERK)
    with door.house.archive.transaction() as session:
        account = accounts.named(session, "lin")
        totp.give(session, account.id, SECRET, now=NOW)
        register(session, account, passkey)
        recovery.make(session, account, now=NOW)
    return browser(door, "lin")


def register(session, account, passkey: SoftPasskey) -> None:
    passkeys.register(
        session,
        account,
        passkey.registered(CHALLENGE),
        "手机",
        challenge=CHALLENGE,
        party=PARTY,
        now=NOW,
    )


def browser(door: Door, name: str) -> TestClient:
    client = TestClient(door.app, "http://localhost:8000", headers=OWN_PAGE, follow_redirects=False)
    client.cookies.set("session", door.token(name), "localhost.local", "/")
    return client


def challenge_on(client: TestClient, path: str) -> bytes:
    found = re.search(r'data-options="([^"]+)"', client.get(path).text)
    assert found
    return base64url_to_bytes(json.loads(html.unescape(found[1]))["challenge"])


def handles(client: TestClient, action: str) -> list[str]:
    page = client.get("/account").text
    found = re.findall(rf'action="{action}".*?name="handle" value="(\w+)"', page, re.DOTALL)
    assert found
    return found


def later() -> time_machine.travel:
    return time_machine.travel(datetime.now(UTC) + STALE)


def test_the_account_page_shows_factors_and_sessions_and_no_secret(door, clerk):
    page = clerk.get("/account").text
    for told in ("lin", "手机", "本设备", "剩余10个"):
        assert told in page
    assert SECRET not in page
    assert clerk.cookies["session"] not in page


def test_a_stranger_has_no_account_page(door):
    assert door.visit().get("/account").headers["location"] == "/sign-in?next=/account"


def test_a_new_password_asks_for_the_old_one_and_ends_all_other_sessions(door, clerk):
    other, program = browser(door, "lin"), door.program("lin")
    form = {"old": PASSWORD, "new": "three black cats", "again": "three black cats"}

    done = clerk.post("/account/password", data=form)

    assert done.headers["location"] == "/account?done=password"
    assert "密码已更改" in clerk.get("/account?done=password").text
    assert other.get("/account").status_code == 303
    assert program.get("/api/v1/me").status_code == 401
    with door.house.archive.reading() as session:
        accounts.proved(accounts.candidate(session, "lin"), "three black cats")


@pytest.mark.parametrize(
    ("changed", "code_told"),
    [
        ({"old": "wrong horse"}, "账号或密码不正确"),
        ({"again": "something else"}, explained(PasswordsDifferError()).zh),
        ({"new": "password1", "again": "password1"}, "过于常见"),
        ({"new": "short", "again": "short"}, "长度"),
    ],
)
def test_a_password_that_does_not_do_changes_nothing(door, clerk, changed, code_told):
    other = browser(door, "lin")
    form = {"old": PASSWORD, "new": "three black cats", "again": "three black cats"}
    refused = clerk.post("/account/password", data=form | changed)
    assert refused.status_code in (401, 422)
    assert code_told in refused.text
    assert other.get("/account").status_code == 200


def test_whoever_found_an_open_session_guesses_the_password_five_times(door, clerk):
    form = {"old": "wrong horse", "new": "three black cats", "again": "three black cats"}
    told = [clerk.post("/account/password", data=form).status_code for _ in range(6)]
    assert told == [401, 401, 401, 401, 429, 429]


def test_a_session_is_ended_from_the_list_and_this_one_signs_out(door, clerk):
    other = browser(door, "lin")
    this, that = handles(clerk, "/account/sessions/end")
    if "本设备" not in clerk.get("/account").text.split(this)[0]:
        this, that = that, this
    assert clerk.post("/account/sessions/end", data={"handle": that}).status_code == 303
    assert other.get("/account").status_code == 303
    gone = clerk.post("/account/sessions/end", data={"handle": that})
    assert (gone.status_code, "session_unknown" in gone.text) == (404, True)
    assert clerk.post("/account/sessions/end", data={"handle": this}).headers["location"] == "/"
    assert clerk.get("/account").status_code == 303


def test_signing_out_everywhere_else_leaves_this_one(door, clerk):
    other = browser(door, "lin")
    assert clerk.post("/account/sessions/end-others").status_code == 303
    assert other.get("/account").status_code == 303
    assert clerk.get("/account?done=sessions").status_code == 200


SENSITIVE = (
    "/account/password",
    "/account/authenticator/new",
    "/account/authenticator",
    "/account/authenticator/remove",
    "/account/passkeys/new",
    "/account/passkeys",
    "/account/passkeys/remove",
    "/account/recovery-codes",
    "/account/sessions/end",
    "/account/sessions/end-others",
)


@pytest.mark.parametrize("path", SENSITIVE)
def test_what_is_sensitive_wants_a_fresh_proof_and_comes_back(door, clerk, path):
    clerk.cookies.set("step", "none")
    with later():
        asked = clerk.post(path, headers={"referer": "http://localhost:8000/account"})
    assert (asked.status_code, asked.headers["location"]) == (303, "/prove?next=/account")


@pytest.mark.parametrize(
    "referer", ["", "https://evil.example/x", "http://localhost:8000", "http://[localhost"]
)
def test_a_proof_leads_to_no_other_site(door, clerk, referer):
    with later():
        asked = clerk.post("/account/recovery-codes", headers={"referer": referer})
    assert asked.headers["location"] == "/prove?next=/account"


def test_a_page_that_is_sensitive_is_opened_after_the_proof(door, clerk):
    router = APIRouter()

    @router.get("/sensitive-page")
    def sensitive(asker: OwnAccount, _: Fresh) -> str:
        return asker.account.name

    door.app.include_router(router)
    with later():
        assert clerk.get("/sensitive-page").headers["location"] == "/prove?next=/sensitive-page"
        clerk.post("/prove", data={"code": code()})
        assert clerk.get("/sensitive-page").text == '"lin"'
    program = door.program("lin").get("/sensitive-page")
    assert (program.status_code, "proof_needed" in program.text) == (403, True)


def test_a_code_proves_again_with_a_new_token_and_works_once(door, clerk):
    before = clerk.cookies["session"]
    with later():
        assert "验证码" in clerk.get("/prove?next=/account").text
        now = code()
        assert clerk.post("/prove", data={"code": "000000"}).status_code == 401
        done = clerk.post("/prove", data={"code": now, "next": "/account"})
        assert done.headers["location"] == "/account"
        assert clerk.cookies["session"] != before
        came = {"referer": str(clerk.base_url.join("/prove?next=/account"))}
        assert "请重新提交一次" in clerk.get("/account", headers=came).text
        assert "请重新提交一次" not in clerk.get("/account").text
        assert clerk.post("/account/recovery-codes").status_code == 200
        assert clerk.post("/prove", data={"code": now}).status_code == 401
        again = door.visit()
        again.cookies.set("session", before)
        assert again.get("/account").status_code == 303


def test_five_wrong_proofs_begin_a_wait_inside_and_none_at_the_door(door, clerk):
    told = [clerk.post("/prove", data={"code": "000000"}).status_code for _ in range(6)]
    assert told == [401, 401, 401, 401, 429, 429]
    form = {"name": "lin", "password": PASSWORD}
    assert door.visit().post("/sign-in", data=form).status_code == 303


def test_a_passkey_proves_again(door, clerk, passkey):
    with later():
        assert "通行密钥" in clerk.get("/prove").text
        begun = clerk.post("/prove/passkey", data={"next": "/account"})
        challenge = challenge_on(clerk, begun.headers["location"])
        wrong = clerk.post("/prove/passkey/answer", data={"credential": "{}"})
        assert wrong.status_code == 401
        answer = {"credential": passkey.signed(challenge), "next": "/account"}
        done = clerk.post("/prove/passkey/answer", data=answer)
        assert done.headers["location"] == "/account"
        assert clerk.post("/account/recovery-codes").status_code == 200


def test_a_step_of_another_account_proves_nothing(door, clerk):
    other = browser(door, "worker")
    other.post("/account/passkeys/new")
    clerk.cookies.set("step", other.cookies["step"])
    for path in ("/account/authenticator", "/account/passkeys", "/account/authenticator/qr.svg"):
        assert clerk.get(path).status_code == 401, path
    for path in ("/account/authenticator", "/account/passkeys", "/prove/passkey/answer"):
        assert clerk.post(path, data={"code": code()}).status_code == 401, path


def test_a_worker_without_a_factor_proves_by_the_password(door):
    add(door, "wang", Role.WORKER)
    client = browser(door, "wang")
    with later():
        assert "密码" in client.get("/prove").text
        assert client.post("/prove", data={"password": "wrong horse"}).status_code == 401
        assert client.post("/prove", data={"password": PASSWORD}).status_code == 303
        assert client.post("/account/authenticator/new").status_code == 303


def test_a_worker_sets_up_an_app_and_is_asked_for_it_from_then_on(door):
    add(door, "wang", Role.WORKER)
    client, other = browser(door, "wang"), browser(door, "wang")
    refused = client.post("/account/recovery-codes")
    assert (refused.status_code, FactorMissingError.code in refused.text) == (409, True)
    client.post("/account/authenticator/new")
    page = client.get("/account/authenticator").text
    groups = re.search(r'class="secret">([^<]+)<', page)
    assert groups
    assert client.get("/account/authenticator/qr.svg").status_code == 200
    assert client.post("/account/authenticator", data={"code": "000000"}).status_code == 401

    told = client.post(
        "/account/authenticator", data={"code": code(secret=groups[1].replace(" ", ""))}
    )

    assert len(re.findall(r"<code>[0-9A-Z-]{29}</code>", told.text)) == 10
    assert other.get("/account").status_code == 303
    again = door.visit().post("/sign-in", data={"name": "wang", "password": PASSWORD})
    assert again.headers["location"] == "/sign-in/code"
    assert client.post("/account/authenticator/remove").headers["location"].endswith("factor")
    again = door.visit().post("/sign-in", data={"name": "wang", "password": PASSWORD})
    assert again.headers["location"] == "/me"


def test_a_passkey_is_added_under_a_name_and_removed(door, clerk):
    begun = clerk.post("/account/passkeys/new")
    challenge = challenge_on(clerk, begun.headers["location"])
    made = {"credential": SoftPasskey().registered(challenge), "name": "<b>办公室</b>"}
    assert clerk.post("/account/passkeys", data=made).headers["location"].endswith("factor")
    assert "&lt;b&gt;办公室" in clerk.get("/account?done=factor").text
    assert clerk.post("/account/passkeys", data=made).status_code == 401
    gone = [
        clerk.post("/account/passkeys/remove", data={"handle": handle}).status_code
        for handle in handles(clerk, "/account/passkeys/remove")
    ]
    assert gone == [303, 303]
    unknown = clerk.post("/account/passkeys/remove", data={"handle": "00"})
    assert (unknown.status_code, "passkey_unknown" in unknown.text) == (404, True)


def test_the_last_factor_of_staff_stays(door, clerk):
    [handle] = handles(clerk, "/account/passkeys/remove")
    assert clerk.post("/account/passkeys/remove", data={"handle": handle}).status_code == 303
    kept = clerk.post("/account/authenticator/remove")
    assert (kept.status_code, "last_factor" in kept.text) == (409, True)
    assert 'action="/account/authenticator/remove"' not in clerk.get("/account").text


def test_new_recovery_codes_are_told_once_and_end_other_sessions(door, clerk):
    other = browser(door, "lin")
    told = clerk.post("/account/recovery-codes")
    assert len(re.findall(r"<code>[0-9A-Z-]{29}</code>", told.text)) == 10
    assert other.get("/account").status_code == 303


def test_at_an_address_of_numbers_a_passkey_is_neither_offered_nor_made(door):
    client = door.visit("worker")
    assert "/account/passkeys/new" not in client.get("/account").text
    client.post("/account/passkeys/new")
    assert 'data-options=""' in client.get("/account/passkeys").text
    assert client.post("/account/passkeys", data={"credential": "{}"}).status_code == 401
    client.post("/prove/passkey")
    assert 'data-options=""' in client.get("/prove/passkey").text
