"""Sessions, tokens and passwords."""

from datetime import timedelta

import pytest
from sqlmodel import select

from archive.people import accounts, passwords, sessions
from archive.people.accounts import AccountNameTakenError, SignInFailedError
from archive.people.models import SignIn
from archive.people.passwords import (
    PasswordCommonError,
    PasswordNamesAccountError,
    PasswordUnfitError,
    SignInBusyError,
)
from archive.people.sessions import (
    ProofNeededError,
    SignInNeededError,
    UnknownSessionError,
)
from archive.web.deps import fresh
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


@pytest.mark.parametrize("password", ["password1", "PassWord1", "1qaz2wsx", "qwertyuiop"])
def test_what_everybody_tries_first_is_no_password(password):
    with pytest.raises(PasswordCommonError):
        passwords.hashed(password)


@pytest.mark.parametrize(
    "password",
    [
        "lin-guangming",
        "Lin-Guangming2026!",
        "skills archive 1",
        "Jineng-Dangan#88",
        "技能人才电子档案2026",
    ],
)
def test_the_name_of_the_account_is_no_password(session, password):
    with pytest.raises(PasswordNamesAccountError):
        accounts.add(session, "lin-guangming", Role.CLERK, password=password, now=NOW)


def test_a_password_counts_to_its_last_character(session):
    account = accounts.add(session, "lin", Role.CLERK, password="x" * 256, now=NOW)
    with pytest.raises(SignInFailedError):
        accounts.proved(account, "x" * 257)


@pytest.mark.parametrize("password", ["三只黑猫 喝 绿茶吧", "        tab and space ", "x" * 256])
def test_a_passphrase_may_hold_anything(session, password):
    account = accounts.add(session, "lin", Role.CLERK, password=password, now=NOW)
    assert accounts.proved(account, password) == account


def test_three_thousand_common_passwords_of_the_right_length_are_known():
    assert sum(len(one) >= passwords.SHORTEST for one in passwords.common()) >= 3000
    assert not any(one.startswith("#: ") for one in passwords.common())


def test_a_third_check_at_once_is_told_to_wait(monkeypatch):
    monkeypatch.setattr(passwords, "WAIT_SECONDS", 0.01)
    with passwords._places, passwords._places, pytest.raises(SignInBusyError):
        passwords.is_right(None, PASSWORD)


def test_a_name_is_taken_once(session):
    an_account(session, "lin")
    with pytest.raises(AccountNameTakenError):
        an_account(session, "lin")


def test_the_list_of_sessions_tells_which_is_this_one_and_no_secret(session):
    account = an_account(session)
    tokens = [
        sessions.begin(session, account, now=NOW, device="chrome/windows"),
        sessions.begin(session, account, now=NOW + timedelta(minutes=1), device="wechat/android"),
        sessions.issue_bearer(session, account, now=NOW),
    ]
    this = sessions.find(session, tokens[1], now=NOW + timedelta(minutes=2))
    assert this is not None
    found = sessions.listed(
        session, account, now=NOW + timedelta(minutes=2), this=this.token_digest
    )
    told = [(one.device, one.is_this, one.is_bearer) for one in found]
    assert told[0] == ("wechat/android", True, False)
    assert sorted(told[1:]) == [("chrome/windows", False, False), ("other", False, True)]
    assert not any(token in one.handle for token in tokens for one in found)


def test_the_list_leaves_out_what_has_ended(session):
    account = an_account(session)
    sessions.begin(session, account, now=NOW)
    ended = sessions.begin(session, account, now=NOW)
    sessions.end(session, sessions.digest_of(ended), now=NOW)
    assert len(sessions.listed(session, account, now=NOW)) == 1
    assert sessions.listed(session, account, now=NOW + timedelta(minutes=30)) == ()


def test_one_session_is_ended_from_another_in_every_process(archive):
    with archive.transaction() as session:
        account = an_account(session)
        here, there = (sessions.begin(session, account, now=NOW) for _ in range(2))
        rest = sessions.listed(session, account, now=NOW, this=sessions.digest_of(here))
        handle = next(one.handle for one in rest if not one.is_this)
    with archive.transaction() as session:
        assert sessions.end_one(session, account, handle, now=NOW) == sessions.digest_of(there)
    with archive.reading() as session:
        assert sessions.find(session, there, now=NOW) is None
        assert sessions.find(session, here, now=NOW) is not None
    with archive.transaction() as session, pytest.raises(UnknownSessionError):
        sessions.end_one(session, account, handle, now=NOW)


def test_nobody_ends_the_session_of_another(session):
    one, other = (an_account(session, name) for name in ("lin", "wang"))
    sessions.begin(session, other, now=NOW)
    [theirs] = sessions.listed(session, other, now=NOW)
    with pytest.raises(UnknownSessionError):
        sessions.end_one(session, one, theirs.handle, now=NOW)


def test_signing_out_elsewhere_leaves_only_this_one(session):
    account = an_account(session)
    here = sessions.begin(session, account, now=NOW)
    sessions.begin(session, account, now=NOW)
    sessions.issue_bearer(session, account, now=NOW)
    sessions.end_others(session, account, sessions.digest_of(here), now=NOW)
    session.expire_all()
    assert len(sessions.listed(session, account, now=NOW)) == 1
    assert sessions.find(session, here, now=NOW) is not None


def test_a_proof_is_fresh_for_ten_minutes_and_a_program_proves_nothing(session):
    account = an_account(session)
    signed = sessions.find(session, sessions.begin(session, account, now=NOW), now=NOW)
    program = sessions.find(session, sessions.issue_bearer(session, account, now=NOW), now=NOW)
    assert signed is not None
    assert program is not None
    assert signed.is_fresh(NOW + timedelta(minutes=9, seconds=59))
    assert not signed.is_fresh(NOW + timedelta(minutes=10))
    assert not program.is_fresh(NOW)


def test_what_is_sensitive_asks_for_a_fresh_proof(session):
    account = an_account(session)
    signed = sessions.find(session, sessions.begin(session, account, now=NOW), now=NOW)
    program = sessions.find(session, sessions.issue_bearer(session, account, now=NOW), now=NOW)
    assert fresh(signed, NOW) is signed
    for asker, now in ((signed, NOW + timedelta(minutes=10)), (program, NOW)):
        with pytest.raises(ProofNeededError):
            fresh(asker, now)
    with pytest.raises(SignInNeededError):
        fresh(None, NOW)


def test_proving_again_changes_the_token_and_lengthens_nothing(session):
    account = an_account(session)
    old = sessions.begin(session, account, now=NOW, device="firefox/linux")
    signed = sessions.find(session, old, now=NOW)
    assert signed is not None
    later = NOW + timedelta(minutes=20)
    new = sessions.renew(session, signed, now=later)
    session.expire_all()
    assert sessions.find(session, old, now=later) is None
    found = sessions.find(session, new, now=later)
    assert found is not None
    assert found.is_fresh(later)
    [kept] = sessions.listed(session, account, now=later)
    assert (kept.device, kept.created_at) == ("firefox/linux", NOW)
    assert kept.expires_at == NOW + timedelta(hours=12)
    with pytest.raises(SignInNeededError):
        sessions.renew(session, signed, now=later)
