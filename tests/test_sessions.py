"""Sessions, tokens and passwords."""

from datetime import timedelta

import pytest
from sqlmodel import select

from archive.people import accounts, passwords, sessions
from archive.people.accounts import AccountNameTakenError, SignInFailedError
from archive.people.models import SignIn
from archive.people.passwords import PasswordUnfitError, SignInBusyError
from schemas.vocabulary import Role
from tests.builders import NOW, an_account, an_organisation

PASSWORD = "right horse battery"


def test_a_token_finds_its_account_and_organisation(session):
    organisation = an_organisation(session)
    token = sessions.begin(session, an_account(session, organisation=organisation), now=NOW)
    found = sessions.find(session, token, now=NOW)
    assert found is not None
    assert (found.account.name, found.organisation) == ("trainer", organisation)


def test_only_the_digest_of_a_token_is_kept(session):
    token = sessions.begin(session, an_account(session), now=NOW)
    kept = session.exec(select(SignIn)).one()
    assert token.encode() not in kept.token_digest
    assert len(kept.token_digest) == 32
    assert len(token) >= 43


def test_an_unknown_token_finds_nobody(session):
    assert sessions.find(session, "nonsense", now=NOW) is None


def test_a_session_ends_after_half_an_hour_without_use(session):
    token = sessions.begin(session, an_account(session), now=NOW)
    assert sessions.find(session, token, now=NOW + timedelta(minutes=29)) is not None
    assert sessions.find(session, token, now=NOW + timedelta(minutes=30)) is None


def test_a_session_in_use_ends_after_twelve_hours(session):
    token = sessions.begin(session, an_account(session), now=NOW)
    at = NOW
    while at < NOW + timedelta(hours=12):
        found = sessions.find(session, token, now=at)
        assert found is not None
        sessions.seen(session, found.token_digest, now=at)
        session.expire_all()
        at += timedelta(minutes=20)
    assert sessions.find(session, token, now=at) is None


def test_signing_out_makes_the_token_worthless(session):
    token = sessions.begin(session, an_account(session), now=NOW)
    found = sessions.find(session, token, now=NOW)
    assert found is not None
    sessions.end(session, found.token_digest, now=NOW)
    session.expire_all()
    assert sessions.find(session, token, now=NOW) is None


def test_closing_an_account_ends_its_sessions(session):
    account = an_account(session)
    token = sessions.begin(session, account, now=NOW)
    account.is_active = False
    session.flush()
    assert sessions.find(session, token, now=NOW) is None


def test_a_program_may_pause_and_its_token_ends_on_its_day(session):
    token = sessions.issue_bearer(session, an_account(session), now=NOW)
    assert sessions.find(session, token, now=NOW + timedelta(days=89)) is not None
    assert sessions.find(session, token, now=NOW + timedelta(days=90)) is None


def test_the_right_password_proves_an_account(session):
    accounts.add(session, "lin", Role.WORKER, password=PASSWORD, now=NOW)
    assert accounts.proved(accounts.candidate(session, " lin "), PASSWORD).name == "lin"


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("lin", "wrong horse battery"),
        ("nobody", PASSWORD),
        ("machine", PASSWORD),
        ("closed", PASSWORD),
    ],
)
def test_whatever_is_wrong_the_answer_is_the_same(session, name, password):
    accounts.add(session, "lin", Role.WORKER, password=PASSWORD, now=NOW)
    accounts.add(session, "machine", Role.CLERK, now=NOW)
    accounts.add(session, "closed", Role.CLERK, password=PASSWORD, now=NOW).is_active = False
    session.flush()
    with pytest.raises(SignInFailedError):
        accounts.proved(accounts.candidate(session, name), password)


def test_a_password_is_kept_only_as_an_argon2id_digest(session):
    account = accounts.add(session, "lin", Role.WORKER, password=PASSWORD, now=NOW)
    assert account.password_hash is not None
    assert account.password_hash.startswith("$argon2id$")


@pytest.mark.parametrize("password", ["short", "x" * 257])
def test_a_password_of_the_wrong_length_is_refused(password):
    with pytest.raises(PasswordUnfitError):
        passwords.hashed(password)


def test_a_third_check_at_once_is_told_to_wait(monkeypatch):
    monkeypatch.setattr(passwords, "WAIT_SECONDS", 0.01)
    with passwords._places, passwords._places, pytest.raises(SignInBusyError):
        passwords.is_right(None, PASSWORD)


def test_a_name_is_taken_once(session):
    an_account(session, "lin")
    with pytest.raises(AccountNameTakenError):
        an_account(session, "lin")
