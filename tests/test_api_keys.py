"""Keys of organisations: each opens what it names and nothing else, until it is revoked."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from archive.errors import NotAllowedError
from archive.people import accounts, api_keys, organisations, sessions
from archive.people.api_key_models import ApiKey
from archive.people.api_keys import KeyLifetimeError, KeyScopeError, UnknownKeyError
from archive.people.models import SignIn
from schemas.ids import new_id
from schemas.vocabulary import OrganisationKind, Permission, Role
from tests.builders import NOW, an_account, an_organisation
from tests.command_line import CommandLine
from tests.doors import Door

READ = [Permission.READ_RECORD]
POST = [Permission.POST_RECORD, Permission.READ_RECORD]
RECORD = {
    "kind": "training",
    "course_name": "新课",
    "hours": "16",
    "completed_on": "2025-02-02",
}


def secret_of(door: Door, scopes: list[Permission], by: str = "trainer administrator") -> str:
    with door.house.archive.transaction() as session:
        body = organisations.coded(session, "TP01")
        who = accounts.named(session, by)
        return api_keys.make(session, body, "系统", scopes, by=who, now=datetime.now(UTC)).secret


def bearer(secret: str) -> dict[str, str]:
    return {"authorization": f"Bearer {secret}"}


def test_a_key_opens_what_it_names_and_nothing_else(door):
    client = door.visit()
    record = f"/api/v1/workers/{door.numbers[0]}/records/{door.record_ids[0]}"
    records = f"/api/v1/workers/{door.numbers[0]}/records"
    reading, posting = bearer(secret_of(door, READ)), bearer(secret_of(door, POST))
    assert client.get(record, headers=reading).status_code == 200
    assert client.post(records, json={"record": RECORD}, headers=reading).status_code == 403
    assert client.post(records, json={"record": RECORD}, headers=posting).status_code == 201
    assert client.get("/api/v1/me", headers=posting).status_code == 403
    assert client.get("/api/v1/appeals", headers=posting).status_code == 403
    assert client.get("/trainer/intake", headers=posting).headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("scope", sorted(Permission))
def test_every_permission_is_given_by_a_key_only_to_whom_the_operators_have_it(session, scope):
    body = an_organisation(session)
    boss = an_account(session, "boss", Role.TRAINER_ADMINISTRATOR, body)
    if scope not in api_keys.allowed_to(body):
        with pytest.raises(KeyScopeError):
            api_keys.make(session, body, "x", [scope], by=boss, now=NOW)
        return
    made = api_keys.make(session, body, "x", [scope], by=boss, now=NOW)
    found = sessions.find(session, made.secret, now=NOW)
    assert found
    assert found.actor.narrowed_to == frozenset({scope})
    assert (found.actor.role, found.actor.organisation_id) == (Role.TRAINER, body.id)


def test_nobody_makes_a_key_for_another_organisation_or_beyond_their_own(session):
    body, rival = an_organisation(session), an_organisation(session, "TP02")
    boss = an_account(session, "boss", Role.TRAINER_ADMINISTRATOR, body)
    operator = an_account(session, "operator", Role.TRAINER, body)
    bureau = an_organisation(session, "HR01", OrganisationKind.BUREAU)
    console = accounts.ensure_console(session, now=NOW)
    for by, whose in ((boss, rival), (operator, body)):
        with pytest.raises(NotAllowedError):
            api_keys.make(session, whose, "x", READ, by=by, now=NOW)
    for whose, scopes in ((body, []), (bureau, READ), (body, [Permission.LIST_DOSSIERS])):
        with pytest.raises(KeyScopeError):
            api_keys.make(session, whose, "x", scopes, by=console, now=NOW)
    for days in (0, 731):
        lasts = timedelta(days=days)
        with pytest.raises(KeyLifetimeError):
            api_keys.make(session, body, "x", READ, lasts=lasts, by=boss, now=NOW)
    theirs = api_keys.make(session, rival, " ", READ, by=console, now=NOW).key
    assert theirs.title == "-"
    for unknown in (theirs.id, new_id()):
        with pytest.raises(UnknownKeyError):
            api_keys.revoke(session, unknown, by=boss, now=NOW)
        with pytest.raises(UnknownKeyError):
            api_keys.rotate(session, unknown, by=boss, now=NOW)
    assert api_keys.listed(session, by=boss) == []
    with pytest.raises(NotAllowedError):
        api_keys.listed(session, by=operator)


def test_a_key_makes_and_revokes_no_keys(session):
    body = an_organisation(session)
    boss = an_account(session, "boss", Role.TRAINER_ADMINISTRATOR, body)
    made = api_keys.make(session, body, "x", READ, by=boss, now=NOW)
    boss.scopes = str(Permission.MANAGE_KEYS)
    with pytest.raises(NotAllowedError):
        api_keys.make(session, body, "x", READ, by=boss, now=NOW)
    with pytest.raises(UnknownKeyError):
        api_keys.revoke(session, made.key.id, by=boss, now=NOW)


def test_a_rotated_key_opens_by_both_for_seven_days_and_a_revoked_one_at_once_by_none(session):
    body = an_organisation(session)
    boss = an_account(session, "boss", Role.TRAINER_ADMINISTRATOR, body)
    security = an_account(session, "security", Role.SECURITY_ADMINISTRATOR)
    old = api_keys.make(session, body, "系统", READ, by=boss, now=NOW)
    new = api_keys.rotate(session, old.key.id, by=boss, now=NOW)
    with pytest.raises(KeyLifetimeError):
        api_keys.rotate(session, old.key.id, lasts=timedelta(days=800), by=boss, now=NOW)
    session.expire_all()
    week = NOW + api_keys.OVERLAP
    just_before = week - timedelta(seconds=1)
    assert sessions.find(session, old.secret, now=just_before)
    assert sessions.find(session, old.secret, now=week) is None
    assert sessions.find(session, new.secret, now=week)
    (told,) = api_keys.listed(session, by=security)
    assert (told.key.prefix, told.last_used_at) == (new.secret[:10], None)
    assert told.expires_at == NOW + api_keys.USUAL

    later = NOW + timedelta(hours=5, minutes=17)
    found = sessions.find(session, new.secret, now=later)
    assert found
    sessions.seen(session, found.token_digest, now=later)
    (told,) = api_keys.listed(session, by=boss)
    assert told.last_used_at == NOW + timedelta(hours=5)

    api_keys.revoke(session, old.key.id, by=security, now=later)
    session.expire_all()
    assert [sessions.find(session, one.secret, now=later) for one in (old, new)] == [None, None]
    assert api_keys.listed(session, by=security) == []
    with pytest.raises(UnknownKeyError):
        api_keys.rotate(session, old.key.id, by=boss, now=later)


def test_of_a_secret_only_the_digest_is_kept(session):
    body = an_organisation(session)
    console = accounts.ensure_console(session, now=NOW)
    made = api_keys.make(session, body, "x", READ, by=console, now=NOW)
    assert made.secret.startswith(api_keys.MARK)
    assert len(made.secret) >= len(api_keys.MARK) + 43
    (kept,) = session.exec(select(SignIn).where(col(SignIn.account_id) == made.key.account_id))
    assert made.secret.encode() not in kept.token_digest
    assert made.secret not in str(session.exec(select(ApiKey)).one())


def test_keys_on_the_command_line(monkeypatch, sqlite_settings):
    cli = CommandLine(monkeypatch, sqlite_settings)
    cli.done("organisation", "add", "TP01", "--name", "甲", "--name-en", "A",
             "--kind", "training_provider")  # fmt: skip
    made = cli.asked("key", "make", "系统", "--organisation", "TP01", "--scope", "record.read")
    (told,) = cli.asked("key", "list")["keys"]
    assert (told["key"], told["scopes"]) == (made["key"], ["record.read"])
    assert made["secret"] not in cli.done("key", "list")
    rotated = cli("key", "rotate", made["key"])
    assert rotated.stdout.startswith("ska_")
    assert (made["client_id"], made["key"] in rotated.stderr) == (made["key"], True)
    assert cli.done("key", "revoke", made["key"]) == "The key is revoked.\n"
    assert cli.refused("key", "revoke", made["key"]) == "key_unknown"
    wrong = ("key", "make", "x", "--organisation", "TP01", "--scope", "dossier.list")
    assert cli.refused(*wrong) == "key_scope"
    late = ("key", "make", "x", "--organisation", "TP01", "--scope", "record.read", "--days", "900")
    assert cli.refused(*late) == "key_lifetime"
