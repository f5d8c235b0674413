"""Staff of organisations: their administrator looks after them, and after nobody else's."""

import re
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from archive.errors import NotAllowedError
from archive.people import accounts, activations, factors, sessions, staff, totp
from archive.people.activations import ActivationUnknownError
from archive.people.models import Account, Organisation
from archive.people.staff import (
    LastAdministratorError,
    OwnFactorError,
    StaffRoleError,
    UnknownStaffError,
)
from schemas.ids import new_id
from schemas.vocabulary import OrganisationKind, Role
from tests.builders import NOW, an_account, an_organisation
from tests.doors import Door

PASSWORD = "right horse battery"
CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


@pytest.fixture
def body(session: Session) -> Organisation:
    """A training provider."""
    return an_organisation(session)


@pytest.fixture
def boss(session: Session, body: Organisation) -> Account:
    """Its administrator."""
    return an_account(session, "boss", Role.TRAINER_ADMINISTRATOR, body)


def test_whom_an_administrator_invites_begins_an_account_of_that_organisation(session, body, boss):
    for role, name in ((Role.TRAINER, "first"), (Role.TRAINER_ADMINISTRATOR, "second")):
        code = staff.invite(session, role, by=boss, now=NOW)
        (told,) = staff.invitations(session, by=boss, now=NOW)
        assert (told.role, told.expires_at) == (role, NOW + activations.LASTS)
        begun = activations.begin_account(session, code, name, PASSWORD, now=NOW)
        assert (begun.role, begun.organisation_id) == (role, body.id)
        assert staff.invitations(session, by=boss, now=NOW) == []
    members = staff.listed(session, by=boss)
    assert [(one.name, one.is_self) for one in members] == [
        ("boss", True),
        ("first", False),
        ("second", False),
    ]


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.TRAINER, Role.TRAINER_ADMINISTRATOR}))
def test_nobody_is_raised_beyond_the_own_kind_of_organisation(session, boss, role):
    with pytest.raises(StaffRoleError):
        staff.invite(session, role, by=boss, now=NOW)


@pytest.mark.parametrize("kind", sorted(OrganisationKind))
def test_only_bodies_that_look_after_their_staff_give_roles(session, kind):
    head = an_account(
        session, "head", Role.EMPLOYER_ADMINISTRATOR, an_organisation(session, "X1", kind)
    )
    given = staff.roles_given(session, by=head)
    assert len(given) == (2 if kind in staff.ROLES_OF else 0)


def test_an_unused_code_can_be_taken_back(session, boss):
    code = staff.invite(session, Role.TRAINER, by=boss, now=NOW)
    staff.end_invitations(session, by=boss, now=NOW)
    assert staff.invitations(session, by=boss, now=NOW) == []
    with pytest.raises(ActivationUnknownError):
        activations.begin_account(session, code, "late", PASSWORD, now=NOW)


def test_a_closed_account_is_out_at_once_with_the_codes_that_it_handed_out(session, body, boss):
    other = an_account(session, "other", Role.TRAINER_ADMINISTRATOR, body)
    token = sessions.begin(session, other, now=NOW)
    code = staff.invite(session, Role.TRAINER_ADMINISTRATOR, by=other, now=NOW)
    kept = staff.invite(session, Role.TRAINER, by=boss, now=NOW)
    staff.close(session, other.id, by=boss, now=NOW)
    session.expire_all()
    assert accounts.candidate(session, "other") is None
    assert sessions.find(session, token, now=NOW) is None
    with pytest.raises(ActivationUnknownError):
        activations.begin_account(session, code, "friend", PASSWORD, now=NOW)
    begun = activations.begin_account(session, kept, "operator", PASSWORD, now=NOW)
    assert begun.is_active
    staff.reopen(session, other.id, by=boss)
    assert accounts.candidate(session, "other") == other
    assert sessions.find(session, token, now=NOW) is None


def test_one_administrator_always_stays(session, body, boss):
    operator = an_account(session, "operator", Role.TRAINER, body)
    with pytest.raises(LastAdministratorError):
        staff.close(session, boss.id, by=boss, now=NOW)
    other = an_account(session, "other", Role.TRAINER_ADMINISTRATOR, body)
    staff.close(session, boss.id, by=boss, now=NOW)
    with pytest.raises(LastAdministratorError):
        staff.close(session, other.id, by=other, now=NOW)
    staff.close(session, operator.id, by=other, now=NOW)
    assert [one.is_active for one in staff.listed(session, by=other)] == [True, False, False]


def test_a_lost_second_factor_is_reset_by_another(session, body, boss):
    operator = an_account(session, "operator", Role.TRAINER, body)
    for one in (boss, operator):
        totp.give(session, one.id, totp.new_secret(), now=NOW)
    token = sessions.begin(session, operator, now=NOW + timedelta(hours=1))
    (told, _) = sorted(staff.listed(session, by=boss), key=lambda one: one.is_self)
    assert (told.has_factor, told.signed_in_at) == (True, NOW + timedelta(hours=1))
    staff.reset_factor(session, operator.id, by=boss, now=NOW)
    session.expire_all()
    assert not factors.has_any(session, operator)
    assert sessions.find(session, token, now=NOW + timedelta(hours=1)) is None
    with pytest.raises(OwnFactorError):
        staff.reset_factor(session, boss.id, by=boss, now=NOW)
    assert factors.has_any(session, boss)


def test_others_staff_are_as_unknown_as_nobody_and_operators_look_after_none(session, body, boss):
    rival = an_organisation(session, "TP02")
    theirs = an_account(session, "theirs", Role.TRAINER, rival)
    worker = an_account(session, "someone", Role.CLERK)
    program = an_account(session, "key-1", Role.TRAINER, body)
    program.scopes = "record.read"
    session.flush()
    for unknown in (theirs.id, worker.id, program.id, new_id()):
        with pytest.raises(UnknownStaffError):
            staff.close(session, unknown, by=boss, now=NOW)
        with pytest.raises(UnknownStaffError):
            staff.reopen(session, unknown, by=boss)
        with pytest.raises(UnknownStaffError):
            staff.reset_factor(session, unknown, by=boss, now=NOW)
    assert [one.name for one in staff.listed(session, by=boss)] == ["boss"]
    operator = an_account(session, "operator", Role.TRAINER, body)
    homeless = an_account(session, "homeless", Role.TRAINER_ADMINISTRATOR)
    for by in (operator, homeless, worker):
        with pytest.raises(NotAllowedError):
            staff.listed(session, by=by)
        with pytest.raises(NotAllowedError):
            staff.invite(session, Role.TRAINER, by=by, now=NOW)


def _account(door: Door, name: str) -> Account:
    with door.house.archive.reading() as session:
        return session.exec(select(Account).where(col(Account.name) == name)).one()


def test_the_page_lists_invites_closes_and_reopens(door):
    boss = door.visit("trainer administrator")
    page = boss.get("/organisation/staff").text
    assert ("rival" in page, "单位账号" in page, "Staff" in page) == (False, True, False)
    made = boss.post("/organisation/staff", data={"role": "trainer"})
    assert (made.status_code, made.headers["cache-control"]) == (200, "no-store")
    (code,) = CODE.findall(made.text)
    assert code not in boss.get("/organisation/staff").text
    told = {"code": code, "name": "newcomer", "password": PASSWORD}
    assert door.visit().post("/join/activate", data=told).status_code == 303
    newcomer = _account(door, "newcomer")
    assert newcomer.role is Role.TRAINER
    assert newcomer.organisation_id == _account(door, "trainer").organisation_id
    for what, word in (("close", "账号已停用"), ("reopen", "账号已恢复"), ("reset", "已重置")):
        gone = boss.post(f"/organisation/staff/{newcomer.id}/{what}")
        assert word in boss.get(gone.headers["location"]).text
        assert _account(door, "newcomer").is_active == (what != "close")
    gone = boss.post("/organisation/staff/invitations/end")
    assert "The codes have ended" in boss.get(gone.headers["location"] + "&lang=en").text


def test_fields_that_the_form_does_not_have_change_nothing(door):
    boss = door.visit("trainer administrator")
    rival = _account(door, "rival")
    more = {"organisation_id": str(rival.organisation_id), "is_active": "false", "worker_id": "1"}
    (code,) = CODE.findall(boss.post("/organisation/staff", data={"role": "trainer", **more}).text)
    told = {"code": code, "name": "newcomer", "password": PASSWORD, "role": "administrator", **more}
    assert door.visit().post("/join/activate", data=told).status_code == 303
    newcomer, trainer = _account(door, "newcomer"), _account(door, "trainer")
    assert (newcomer.role, newcomer.organisation_id) == (Role.TRAINER, trainer.organisation_id)
    assert (newcomer.is_active, newcomer.worker_id) == (True, None)
    boss.post(f"/organisation/staff/{trainer.id}/reopen", data={"role": "administrator", **more})
    assert _account(door, "trainer") == trainer


@pytest.mark.parametrize(
    ("role", "status", "code"),
    [("administrator", 422, "staff_role"), ("employer", 422, "staff_role"), ("king", 422, "")],
)
def test_another_role_than_the_organisation_gives_is_refused(door, role, status, code):
    boss = door.visit("trainer administrator")
    answer = boss.post("/organisation/staff", data={"role": role})
    assert answer.status_code == status
    assert code in answer.text
    assert not CODE.search(answer.text)
