"""The security administrator stops who should not be in; nobody else does, nor to themselves."""

from datetime import UTC, datetime

import pytest
from sqlmodel import Session

from archive.errors import NotAllowedError
from archive.people import accounts, attempts, factors, sessions, sign_in_care, totp
from archive.people.last_administrators import ADMINISTRATORS, LastOfThreeError
from archive.people.models import Account
from archive.people.sign_in_care import Care, OwnSignInError, UnknownSignInError
from schemas.ids import new_id
from schemas.vocabulary import Role
from tests.builders import NOW, an_account


@pytest.fixture
def guard(session: Session) -> Account:
    """The security administrator."""
    return an_account(session, "guard", Role.SECURITY_ADMINISTRATOR)


@pytest.fixture
def clerk(session: Session) -> Account:
    """Somebody of the bureau with a second factor, signed in."""
    clerk = an_account(session, "clerk", Role.CLERK)
    totp.give(session, clerk.id, totp.new_secret(), now=NOW)
    return clerk


@pytest.mark.parametrize("care", sorted(Care))
def test_each_care_does_what_it_is_called_and_no_more(session, guard, clerk, care):
    token = sessions.begin(session, clerk, now=NOW)
    for _ in range(attempts.FREE):
        attempts.count(session, attempts.of_name(session, "clerk"), now=NOW)
    sign_in_care.take(session, clerk.id, care, by=guard, now=NOW)
    session.expire_all()
    assert attempts.waits(session, clerk, now=NOW) == (care is not Care.UNLOCK)
    assert (sessions.find(session, token, now=NOW) is None) == (care is not Care.UNLOCK)
    assert factors.has_any(session, clerk) == (care is not Care.RESET)
    assert (accounts.candidate(session, "clerk") is None) == (care is Care.CLOSE)


def test_nobody_closes_or_resets_the_own_account(session, guard):
    for care in (Care.CLOSE, Care.RESET):
        with pytest.raises(OwnSignInError):
            sign_in_care.take(session, guard.id, care, by=guard, now=NOW)
    sign_in_care.take(session, guard.id, Care.END, by=guard, now=NOW)


def test_the_last_of_each_of_the_three_administrators_is_not_closed(session, guard):
    for role in ADMINISTRATORS:
        last = an_account(session, f"last {role}", role)
        if role is not guard.role:
            with pytest.raises(LastOfThreeError):
                sign_in_care.take(session, last.id, Care.CLOSE, by=guard, now=NOW)
        another = an_account(session, f"another {role}", role)
        sign_in_care.take(session, last.id, Care.CLOSE, by=guard, now=NOW)
        sign_in_care.take(session, last.id, Care.CLOSE, by=guard, now=NOW)
        assert another.is_active
        assert not last.is_active


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SECURITY_ADMINISTRATOR, Role.CONSOLE}))
def test_no_other_role_cares_for_sign_ins(session, guard, role):
    other = an_account(session, "other", role)
    with pytest.raises(NotAllowedError):
        sign_in_care.take(session, guard.id, Care.END, by=other, now=NOW)
    with pytest.raises(NotAllowedError):
        sign_in_care.staff_listed(session, by=other)
    with pytest.raises(NotAllowedError):
        sign_in_care.called(session, "guard", by=other)


def test_workers_are_found_by_name_only_and_programs_and_the_console_not_at_all(session, guard):
    worker = an_account(session, "someone", Role.WORKER)
    program = an_account(session, "key-1", Role.TRAINER)
    program.scopes = "record.read"
    session.flush()
    console = accounts.ensure_console(session, now=NOW)
    assert [one.name for one in sign_in_care.staff_listed(session, by=guard)] == ["guard"]
    assert sign_in_care.called(session, " someone ", by=guard).id == worker.id
    for unknown in ("key-1", "console", "nobody"):
        with pytest.raises(UnknownSignInError):
            sign_in_care.called(session, unknown, by=guard)
    for unknown_id in (program.id, console.id, new_id()):
        with pytest.raises(UnknownSignInError):
            sign_in_care.take(session, unknown_id, Care.END, by=guard, now=NOW)


def test_the_pages_find_and_close_and_take_no_other_field(door):
    guard = door.visit("security administrator")
    page = guard.get("/security").text
    assert ("工作人员账号" in page, "other worker" in page) == (True, False)
    assert ("退出全部登录" in page, ">查看账号</button>" in page) == (False, True)
    found = guard.post("/security", data={"name": "other worker"}).text
    assert ("other worker" in found, "退出全部登录" in found) == (True, True)
    stranger = door.visit("security administrator")
    unknown = stranger.post("/security?lang=en", data={"name": "nobody"})
    assert (unknown.status_code, "This account is not known here" in unknown.text) == (404, True)
    with door.house.archive.transaction() as session:
        clerk = accounts.named(session, "clerk")
        token = sessions.begin(session, clerk, now=datetime.now(UTC))
    more = {"role": "administrator", "is_active": "true", "organisation_id": "1"}
    for care, word in (
        ("unlock", "已解锁"),
        ("end", "已退出"),
        ("reset", "已重置"),
        ("close", "已停用"),
    ):
        gone = guard.post(f"/security/accounts/{clerk.id}/{care}", data=more)
        assert word in guard.get(gone.headers["location"]).text
    with door.house.archive.reading() as session:
        kept = session.get_one(Account, clerk.id)
        assert (kept.is_active, kept.role, kept.organisation_id) == (
            False,
            Role.CLERK,
            clerk.organisation_id,
        )
        assert sessions.find(session, token, now=datetime.now(UTC)) is None
    assert guard.post(f"/security/accounts/{clerk.id}/raise").status_code == 404
