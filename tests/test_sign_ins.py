"""Signing in step by step: no session before everything is proved, each step once."""

import threading
import time
from datetime import datetime, timedelta
from typing import TypedDict

import pytest

from archive.people import (
    accounts,
    attempts,
    factors,
    passkeys,
    recovery,
    sessions,
    sign_ins,
    totp,
    unfinished,
)
from archive.people.attempts import SignInLockedError
from archive.people.factors import LastFactorError
from archive.people.passkeys import PasskeyRefusedError
from archive.people.sign_ins import Enrolled, Partial, Whole
from archive.people.totp import CodeWrongError
from archive.people.unfinished import SignInExpiredError
from schemas.vocabulary import Role
from tests.authenticators import PARTY, SoftPasskey
from tests.builders import NOW, an_account
from tests.test_factors import CHALLENGE, SECRET, code


class Circumstances(TypedDict):
    device: str
    now: datetime


HERE: Circumstances = {"device": "chrome/windows", "now": NOW}


@pytest.fixture
def clerk(session):
    account = an_account(session, "lin", Role.CLERK)
    totp.give(session, account.id, SECRET, now=NOW)
    return account


def pending(session, account, *, now=NOW):
    begun = sign_ins.after_first_proof(session, account, device="other", now=now)
    assert isinstance(begun, Partial)
    return unfinished.found(session, begun.token, now=now)


def test_a_worker_without_a_factor_is_signed_in_by_the_password(session):
    worker = an_account(session, "wang", Role.WORKER)
    begun = sign_ins.after_first_proof(session, worker, **HERE)
    assert isinstance(begun, Whole)
    found = sessions.find(session, begun.token, now=NOW)
    assert found is not None
    assert found.is_fresh(NOW)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.WORKER])
def test_staff_without_a_factor_must_enrol_one_and_have_no_session_before(session, role):
    account = an_account(session, "lin", role)
    begun = sign_ins.after_first_proof(session, account, **HERE)
    assert isinstance(begun, Partial)
    assert begun.must_enrol
    assert sessions.find(session, begun.token, now=NOW) is None


@pytest.mark.parametrize("role", [Role.WORKER, Role.CLERK])
def test_whoever_has_a_factor_is_asked_for_it(session, role):
    account = an_account(session, "lin", role)
    totp.give(session, account.id, SECRET, now=NOW)
    begun = sign_ins.after_first_proof(session, account, **HERE)
    assert isinstance(begun, Partial)
    assert not begun.must_enrol
    assert sessions.find(session, begun.token, now=NOW) is None


def test_a_code_finishes_a_sign_in_once(session, clerk):
    one = pending(session, clerk)
    whole = sign_ins.by_code(session, one, code(), **HERE)
    [kept] = sessions.listed(session, clerk, now=NOW)
    assert (kept.device, kept.is_bearer) == ("chrome/windows", False)
    assert sessions.find(session, whole.token, now=NOW) is not None
    with pytest.raises(SignInExpiredError):
        sign_ins.by_code(session, one, code(1), **HERE)


def test_a_code_from_paper_finishes_it_too(session, clerk):
    codes = recovery.make(session, clerk, now=NOW)
    sign_ins.by_code(session, pending(session, clerk), codes[3], **HERE)
    with pytest.raises(CodeWrongError):
        sign_ins.by_code(session, pending(session, clerk), codes[3], **HERE)


def test_a_passkey_finishes_a_sign_in_and_answers_no_second_time(session, clerk):
    passkey = SoftPasskey()
    passkeys.register(
        session,
        clerk,
        passkey.registered(CHALLENGE),
        "x",
        challenge=CHALLENGE,
        party=PARTY,
        now=NOW,
    )
    one = pending(session, clerk)
    sign_ins.by_passkey(session, one, passkey.signed(one.challenge), PARTY, **HERE)
    with pytest.raises(SignInExpiredError):
        sign_ins.by_passkey(session, one, passkey.signed(one.challenge), PARTY, **HERE)
    token = unfinished.begin(session, None, now=NOW)
    anyone = unfinished.found(session, token, now=NOW)
    with pytest.raises(SignInExpiredError):
        _ = anyone.whose
    told = sign_ins.by_passkey(session, anyone, passkey.signed(anyone.challenge), PARTY, **HERE)
    assert told.account == clerk


def test_a_passkey_of_another_is_no_second_factor(session, clerk):
    other, passkey = an_account(session, "wang", Role.CLERK), SoftPasskey()
    passkeys.register(
        session,
        other,
        passkey.registered(CHALLENGE),
        "x",
        challenge=CHALLENGE,
        party=PARTY,
        now=NOW,
    )
    one = pending(session, clerk)
    with pytest.raises(PasskeyRefusedError):
        sign_ins.by_passkey(session, one, passkey.signed(one.challenge), PARTY, **HERE)


def test_enrolling_an_app_signs_in_and_tells_ten_codes(session):
    account = an_account(session, "lin", Role.CLERK)
    one = pending(session, account)
    secret = sign_ins.secret_of(session, one, now=NOW)
    with pytest.raises(CodeWrongError):
        sign_ins.enrol_totp(session, one, "000000", **HERE)
    done = sign_ins.enrol_totp(session, one, code(secret=secret), **HERE)
    assert isinstance(done, Enrolled)
    assert len(done.recovery_codes) == 10
    assert sessions.find(session, done.token, now=NOW) is not None
    assert factors.of(session, account, now=NOW).count == 1


def test_enrolling_a_passkey_signs_in_too(session):
    account, passkey = an_account(session, "lin", Role.CLERK), SoftPasskey()
    one = pending(session, account)
    done = sign_ins.enrol_passkey(
        session, one, passkey.registered(one.challenge), "钥匙", PARTY, **HERE
    )
    assert sessions.find(session, done.token, now=NOW) is not None
    with pytest.raises(LastFactorError):
        factors.remove_passkey(session, account, passkey.credential_id.hex())


def test_who_has_a_factor_enrols_no_other_before_it_was_asked_for(session, clerk):
    one = pending(session, clerk)
    with pytest.raises(SignInExpiredError):
        sign_ins.enrol_totp(session, one, code(), **HERE)
    with pytest.raises(SignInExpiredError):
        sign_ins.enrol_passkey(
            session, one, SoftPasskey().registered(one.challenge), "x", PARTY, **HERE
        )


def test_an_unfinished_sign_in_ends_after_ten_minutes(session, clerk):
    begun = unfinished.begin(session, clerk, now=NOW)
    unfinished.found(session, begun, now=NOW + timedelta(minutes=9))
    with pytest.raises(SignInExpiredError):
        unfinished.found(session, begun, now=NOW + timedelta(minutes=10))
    unfinished.begin(session, clerk, now=NOW + timedelta(minutes=10))
    session.expire_all()
    with pytest.raises(SignInExpiredError):
        unfinished.found(session, begun, now=NOW)  # It is not even kept.


def test_it_has_five_tries(session, clerk):
    one = pending(session, clerk)
    for _ in range(5):
        unfinished.tried(session, one)
    with pytest.raises(SignInExpiredError):
        unfinished.tried(session, one)


@pytest.mark.parametrize("token", [None, "", "nonsense"])
def test_no_other_token_finds_it(session, clerk, token):
    pending(session, clerk)
    with pytest.raises(SignInExpiredError):
        unfinished.found(session, token, now=NOW)


def test_a_closed_account_finishes_nothing(session, clerk):
    begun = unfinished.begin(session, clerk, now=NOW)
    clerk.is_active = False
    session.flush()
    with pytest.raises(SignInExpiredError):
        unfinished.found(session, begun, now=NOW)


def test_of_two_who_finish_at_once_one_is_signed_in(archive):
    with archive.transaction() as session:
        account = an_account(session, "lin", Role.CLERK)
        totp.give(session, account.id, SECRET, now=NOW)
        one = pending(session, account)
    told: list[str] = []
    ready = threading.Barrier(3)

    def finish(step: int) -> None:
        ready.wait()
        try:
            with archive.transaction() as session:
                sign_ins.by_code(session, one, code(step), **HERE)
        except SignInExpiredError:
            told.append("refused")
        else:
            told.append("signed in")

    threads = [threading.Thread(target=finish, args=(step,)) for step in (-1, 0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["refused", "refused", "signed in"]


def test_ten_thousand_guesses_of_codes_are_stopped_by_waits_after_five(session, clerk):
    """A day of guessing gets a hundred judged, of a million codes of which three are right."""
    subject = attempts.of_name(session, clerk.name)
    judged, now = 0, NOW
    for guess in range(10_000):
        now = NOW + guess * timedelta(seconds=8)
        try:
            attempts.count(session, subject, now=now)
        except SignInLockedError:
            continue
        judged += 1
        if f"{guess:06}" not in {code(step) for step in (-1, 0, 1)}:
            with pytest.raises(CodeWrongError):
                totp.prove(session, clerk.id, f"{guess:06}", now=NOW)
    assert 5 <= judged <= 140


def test_ten_thousand_guessed_tokens_find_nobody(session, clerk):
    sessions.begin(session, clerk, now=NOW)
    unfinished.begin(session, clerk, now=NOW)
    started = time.monotonic()
    for _ in range(10_000):
        assert sessions.find(session, sessions.new_token(), now=NOW) is None
    assert time.monotonic() - started < 120


def test_a_whole_sign_in_ends_the_counting(session, clerk):
    for _ in range(4):
        attempts.count(session, attempts.of_name(session, "lin"), now=NOW)
    sign_ins.by_code(session, pending(session, clerk), code(), **HERE)
    session.expire_all()
    assert attempts.count(session, attempts.of_name(session, "lin"), now=NOW).until is None


def test_a_new_password_ends_the_unfinished_sign_ins_too(session, clerk):
    begun = unfinished.begin(session, clerk, now=NOW)
    accounts.set_password(session, clerk, "right horse battery")
    with pytest.raises(SignInExpiredError):
        unfinished.found(session, begun, now=NOW)
