"""Second factors: codes accepted once, recovery codes, passkeys, and the last one kept."""

import threading
from datetime import timedelta

import pytest
import webauthn
from sqlmodel import select

from archive.errors import SealBrokenError
from archive.people import factors, passkeys, recovery, sessions, totp, unfinished
from archive.people.factor_models import Passkey, RecoveryCode, Totp
from archive.people.factors import LastFactorError
from archive.people.passkeys import (
    Party,
    PasskeyRefusedError,
    PasskeysFullError,
    PasskeyUnknownError,
)
from archive.people.privacy import vault_of
from archive.people.totp import CodeWrongError
from schemas.vocabulary import Role
from tests.authenticators import PARTY, SoftPasskey
from tests.builders import NOW, an_account

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
CHALLENGE = bytes(range(32))


def code(steps: int = 0, secret: str = SECRET) -> str:
    return totp.code_of(secret, totp.step_at(NOW) + steps)


@pytest.fixture
def clerk(session):
    account = an_account(session, "lin", Role.CLERK)
    totp.give(session, account.id, SECRET, now=NOW)
    return account


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_code_of_the_present_or_a_neighbouring_step_is_accepted_once(session, clerk, steps):
    totp.prove(session, clerk.id, code(steps), now=NOW)
    with pytest.raises(CodeWrongError):
        totp.prove(session, clerk.id, code(steps), now=NOW)


@pytest.mark.parametrize("steps", [-2, 2])
def test_a_code_of_another_step_is_refused(session, clerk, steps):
    with pytest.raises(CodeWrongError):
        totp.prove(session, clerk.id, code(steps), now=NOW)


@pytest.mark.parametrize("written", ["", "000000", "１２３４５６", "12345", "1" * 300])
def test_what_is_no_code_of_the_app_is_refused(session, clerk, written):
    with pytest.raises(CodeWrongError):
        totp.prove(session, clerk.id, written, now=NOW)


def test_a_code_may_be_typed_in_two_groups(session, clerk):
    totp.prove(session, clerk.id, f" {code()[:3]} {code()[3:]} ", now=NOW)


def test_an_account_without_an_app_has_no_code(session):
    with pytest.raises(CodeWrongError):
        totp.prove(session, an_account(session).id, code(), now=NOW)


def test_a_used_code_stays_used_while_it_could_be_accepted_and_is_forgotten_then(session, clerk):
    totp.prove(session, clerk.id, code(1), now=NOW)
    later = NOW + timedelta(seconds=60)
    with pytest.raises(CodeWrongError):
        totp.prove(session, clerk.id, code(1), now=later)
    totp.prove(session, clerk.id, code(3), now=NOW + timedelta(seconds=90))


def test_of_two_processes_with_one_code_one_is_let_in(archive):
    with archive.transaction() as session:
        account = an_account(session, "lin", Role.CLERK)
        totp.give(session, account.id, SECRET, now=NOW)
    told = []
    ready = threading.Barrier(4)

    def try_it() -> None:
        ready.wait()
        try:
            with archive.transaction() as session:
                totp.prove(session, account.id, code(), now=NOW)
        except CodeWrongError:
            told.append("refused")
        else:
            told.append("let in")

    threads = [threading.Thread(target=try_it) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(told) == ["let in", "refused", "refused", "refused"]


def test_the_secret_stands_nowhere_in_clear_and_opens_for_its_account_only(session, clerk):
    kept = session.exec(select(Totp)).one()
    assert SECRET.encode() not in kept.secret
    assert totp.opened(session, clerk.id, kept.secret, now=NOW) == SECRET
    other = an_account(session, "wang", Role.CLERK)
    with pytest.raises(SealBrokenError):
        totp.opened(session, other.id, kept.secret, now=NOW)


def test_an_account_has_one_key_however_often_it_is_asked_for(session, clerk):
    vault = vault_of(session)
    sealed = vault.key_of_account(clerk.id, now=NOW).seal("a.b", b"told")
    assert vault.key_of_account(clerk.id, now=NOW).open("a.b", sealed) == b"told"


def test_an_app_is_enrolled_by_its_first_code_which_is_used_up(session):
    account = an_account(session, "lin", Role.CLERK)
    with pytest.raises(CodeWrongError):
        totp.enrol(session, account.id, SECRET, "000000", now=NOW)
    assert not factors.has_any(session, account)
    totp.enrol(session, account.id, SECRET, code(), now=NOW)
    assert factors.has_any(session, account)
    with pytest.raises(CodeWrongError):
        totp.prove(session, account.id, code(), now=NOW)


def test_an_app_learns_the_secret_from_an_address(session):
    assert totp.address(SECRET, "lin").startswith("otpauth://totp/Skills%20Archive:lin?secret=JBS")
    assert len(totp.new_secret()) == 32


def test_ten_recovery_codes_work_once_each_as_people_write_them(session, clerk):
    codes = recovery.make(session, clerk, now=NOW)
    assert len(set(codes)) == 10
    assert all(len(one.replace("-", "")) == 24 for one in codes)  # 120 bits.
    factors.prove_by_code(session, clerk, codes[0].lower().replace("-", " "), now=NOW)
    with pytest.raises(CodeWrongError):
        factors.prove_by_code(session, clerk, codes[0], now=NOW)
    factors.prove_by_code(session, clerk, codes[9], now=NOW)
    assert recovery.left(session, clerk) == 8
    kept = session.exec(select(RecoveryCode)).all()
    assert all(codes[0].encode() not in one.digest and len(one.digest) == 32 for one in kept)


def test_new_recovery_codes_make_the_old_ones_worthless_and_fit_nobody_else(session, clerk):
    old, new = (recovery.make(session, clerk, now=NOW) for _ in range(2))
    other = an_account(session, "wang", Role.CLERK)
    recovery.make(session, other, now=NOW)
    for account, written in ((clerk, old[0]), (other, new[0])):
        with pytest.raises(CodeWrongError):
            recovery.prove(session, account, written, now=NOW)


def registered(session, account, passkey: SoftPasskey, name: str = "手机") -> None:
    answer = passkey.registered(CHALLENGE)
    passkeys.register(session, account, answer, name, challenge=CHALLENGE, party=PARTY, now=NOW)


def proved(session, answer, whose=None, challenge=CHALLENGE, party=PARTY):
    return passkeys.prove(session, answer, whose=whose, challenge=challenge, party=party, now=NOW)


def test_a_passkey_proves_its_account_by_itself_or_as_the_second_factor(session, clerk):
    passkey = SoftPasskey()
    registered(session, clerk, passkey)
    assert proved(session, passkey.signed(CHALLENGE, clerk.id.bytes)) == clerk
    assert proved(session, passkey.signed(CHALLENGE), whose=clerk) == clerk
    [kept] = passkeys.listed(session, clerk, now=NOW)
    assert (kept.name, kept.used_at) == ("手机", NOW)
    assert "手机".encode() not in session.exec(select(Passkey)).one().name


def test_a_copied_key_is_found_by_its_count(session, clerk):
    passkey = SoftPasskey()
    registered(session, clerk, passkey)
    proved(session, passkey.signed(CHALLENGE))
    passkey.counter = 0
    with pytest.raises(PasskeyRefusedError):
        proved(session, passkey.signed(CHALLENGE))


def test_a_passkey_answers_only_this_challenge_of_this_site_for_this_account(session, clerk):
    passkey, other = SoftPasskey(), an_account(session, "wang", Role.CLERK)
    registered(session, clerk, passkey)
    for wrong in ({"challenge": bytes(32)}, {"whose": other}):
        with pytest.raises(PasskeyRefusedError):
            proved(session, passkey.signed(CHALLENGE), **wrong)
    with pytest.raises(PasskeyRefusedError):
        proved(session, passkey.signed(CHALLENGE, other.id.bytes))
    passkey.party = Party("localhost", "http://localhost:9000", "a proxy")
    with pytest.raises(PasskeyRefusedError):
        proved(session, passkey.signed(CHALLENGE))


def test_a_passkey_that_does_not_verify_its_user_is_refused(session, clerk):
    lazy = SoftPasskey(verifies=False)
    with pytest.raises(PasskeyRefusedError):
        registered(session, clerk, lazy)
    lazy.verifies = True
    registered(session, clerk, lazy)
    lazy.verifies = False
    with pytest.raises(PasskeyRefusedError):
        proved(session, lazy.signed(CHALLENGE))


@pytest.mark.parametrize(
    "answer",
    ["", "[]", "null", "{}", '{"rawId": 7}', '{"rawId": "AA", "response": {}}', "not json", "7"],
)
def test_what_is_no_answer_of_a_passkey_is_refused(session, clerk, answer):
    registered(session, clerk, SoftPasskey(credential_id=b"\0"))
    with pytest.raises(PasskeyRefusedError):
        proved(session, answer)
    with pytest.raises(PasskeyRefusedError):
        passkeys.register(session, clerk, answer, "x", challenge=CHALLENGE, party=PARTY, now=NOW)


def test_an_answer_whose_parts_are_nonsense_is_refused(session, clerk):
    passkey = SoftPasskey()
    registered(session, clerk, passkey)
    told = passkey.signed(CHALLENGE)
    for part in ("authenticatorData", "clientDataJSON", "signature"):
        at = told.index(part) + len(part) + 4
        with pytest.raises(PasskeyRefusedError):
            proved(session, told[:at] + "!!" + told[at + 2 :])


def test_a_key_of_a_closed_account_or_registered_before_is_refused(session, clerk):
    passkey = SoftPasskey()
    registered(session, clerk, passkey)
    with pytest.raises(PasskeyRefusedError):
        registered(session, clerk, passkey)
    clerk.is_active = False
    session.flush()
    with pytest.raises(PasskeyRefusedError):
        proved(session, passkey.signed(CHALLENGE))


def test_of_two_answers_that_were_judged_by_one_count_one_counts(session, clerk, monkeypatch):
    passkey = SoftPasskey()
    registered(session, clerk, passkey)
    judge = webauthn.verify_authentication_response

    def overtaken(**asked):
        judged = judge(**asked)
        session.exec(select(Passkey)).one().sign_count = 7
        session.flush()
        return judged

    monkeypatch.setattr(passkeys, "verify_authentication_response", overtaken)
    with pytest.raises(PasskeyRefusedError):
        proved(session, passkey.signed(CHALLENGE))


def test_an_account_has_at_most_ten_passkeys_with_names_of_sixty_letters(session, clerk):
    for _ in range(10):
        registered(session, clerk, SoftPasskey(), "x\n" * 100)
    with pytest.raises(PasskeysFullError):
        registered(session, clerk, SoftPasskey())
    assert passkeys.listed(session, clerk, now=NOW)[0].name == "x" * 60


def test_browsers_are_asked_to_verify_the_user_and_told_which_keys_there_are(session, clerk):
    passkey = SoftPasskey()
    registered(session, clerk, passkey)
    made = passkeys.registration(session, clerk, CHALLENGE, PARTY)
    asked = passkeys.request(session, clerk, CHALLENGE, PARTY)
    anyone = passkeys.request(session, None, CHALLENGE, PARTY)
    assert '"userVerification": "required"' in made
    assert '"excludeCredentials": [{' in made
    assert '"allowCredentials": [{' in asked
    assert '"allowCredentials": []' in anyone


def test_the_last_factor_of_staff_stays_and_a_worker_may_remove_it(session, clerk):
    with pytest.raises(LastFactorError):
        factors.remove_totp(session, clerk, now=NOW)


def test_a_factor_beside_another_can_be_removed(session, clerk):
    passkey = SoftPasskey()
    registered(session, clerk, passkey)
    factors.remove_totp(session, clerk, now=NOW)
    assert factors.of(session, clerk, now=NOW).count == 1
    with pytest.raises(PasskeyUnknownError):
        factors.remove_passkey(session, clerk, "00")
    with pytest.raises(LastFactorError):
        factors.remove_passkey(session, clerk, passkey.credential_id.hex())


def test_a_worker_who_removes_the_last_factor_has_no_recovery_codes_either(session):
    worker = an_account(session, "wang", Role.WORKER)
    passkey = SoftPasskey()
    registered(session, worker, passkey)
    recovery.make(session, worker, now=NOW)
    factors.remove_passkey(session, worker, passkey.credential_id.hex())
    left = factors.of(session, worker, now=NOW)
    assert (left.count, left.recovery_codes) == (0, 0)


def test_a_reset_removes_every_factor_and_ends_every_session(session, clerk):
    registered(session, clerk, SoftPasskey())
    recovery.make(session, clerk, now=NOW)
    token = sessions.begin(session, clerk, now=NOW)
    begun = unfinished.begin(session, clerk, now=NOW)
    factors.reset(session, clerk, now=NOW)
    session.expire_all()
    assert not factors.has_any(session, clerk)
    assert recovery.left(session, clerk) == 0
    assert sessions.find(session, token, now=NOW) is None
    with pytest.raises(unfinished.SignInExpiredError):
        unfinished.found(session, begun, now=NOW)


def test_everyone_but_workers_needs_a_second_factor():
    assert [role for role in Role if not factors.needed(role)] == [Role.WORKER]


def test_the_next_acceptable_code_is_none_where_no_app_is_or_all_were_used(session, clerk):
    assert totp.acceptable(session, an_account(session).id, now=NOW) is None
    for _ in range(2):
        told = totp.acceptable(session, clerk.id, now=NOW)
        assert told is not None
        totp.prove(session, clerk.id, told, now=NOW)
    assert totp.acceptable(session, clerk.id, now=NOW) is None
