"""Accounts of the bureau take two administrators; nobody raises oneself."""

import pytest
from sqlmodel import Session

from archive.errors import NotAllowedError
from archive.people import account_opening, activations, approvals, sessions, sign_in_care
from archive.people.account_opening import (
    ALONE,
    BY_TWO,
    AccountRoleError,
    AdministratorsApartError,
    OwnRoleError,
)
from archive.people.activations import ActivationUnknownError
from archive.people.last_administrators import ADMINISTRATORS, LastOfThreeError
from archive.people.models import Account
from archive.people.sign_in_care import Care
from archive.people.staff import UnknownStaffError
from schemas.ids import new_id
from schemas.vocabulary import OrganisationKind, Role
from tests.builders import NOW, an_account, an_organisation
from tests.command_line import CommandLine

PASSWORD = "right horse battery"


@pytest.fixture
def system(session: Session) -> Account:
    """The system administrator."""
    bureau = an_organisation(session, "HR01", OrganisationKind.BUREAU)
    return an_account(session, "system", Role.ADMINISTRATOR, bureau)


@pytest.fixture
def guard(session: Session) -> Account:
    """The security administrator."""
    return an_account(session, "guard", Role.SECURITY_ADMINISTRATOR)


@pytest.mark.parametrize("kind", sorted(OrganisationKind))
@pytest.mark.parametrize("role", sorted(Role))
def test_a_role_is_given_alone_or_by_two_or_not_at_all(session, kind, role):
    body = an_organisation(session, "X1", kind)
    by = an_account(session, "system", Role.ADMINISTRATOR)
    if role in ALONE.get(kind, ()):
        code = account_opening.invite(session, "X1", role, by=by, now=NOW)
        begun = activations.begin_account(session, code, "new", PASSWORD, now=NOW)
        assert (begun.role, begun.organisation_id) == (role, body.id)
    else:
        with pytest.raises(AccountRoleError):
            account_opening.invite(session, "X1", role, by=by, now=NOW)
    if role in BY_TWO.get(kind, ()):
        account_opening.propose_opening(session, "X1", role, by=by, now=NOW)
    else:
        with pytest.raises(AccountRoleError):
            account_opening.propose_opening(session, "X1", role, by=by, now=NOW)


def test_an_account_of_the_bureau_opens_when_the_security_administrator_agrees(
    session, system, guard
):
    asked = account_opening.propose_opening(session, "HR01", Role.APPROVER, by=system, now=NOW)
    clerk, approver = (an_account(session, one.value, one) for one in (Role.CLERK, Role.APPROVER))
    for other in (system, clerk, approver):
        with pytest.raises(NotAllowedError):
            approvals.answer(session, asked.id, is_approved=True, by=other, now=NOW)
    (code,) = approvals.answer(session, asked.id, is_approved=True, by=guard, now=NOW).made
    begun = activations.begin_account(session, code, "new", PASSWORD, now=NOW)
    assert (begun.role, begun.organisation_id) == (Role.APPROVER, system.organisation_id)
    (told,) = account_opening.proposals(session, by=guard)
    assert (told.is_approved, told.made, code in str(told)) == (True, (), False)


def test_what_is_declined_opens_nothing(session, system, guard):
    asked = account_opening.propose_opening(session, "HR01", Role.CLERK, by=system, now=NOW)
    answered = approvals.answer(session, asked.id, is_approved=False, by=guard, now=NOW)
    assert answered.made == ()


def test_a_role_changes_when_two_agree_and_ends_what_began_under_the_old_one(
    session, system, guard
):
    clerk = an_account(session, "clerk", Role.CLERK)
    token = sessions.begin(session, clerk, now=NOW)
    asked = account_opening.propose_role(session, clerk.id, Role.APPROVER, by=system, now=NOW)
    roles = [clerk.role]
    approvals.answer(session, asked.id, is_approved=True, by=guard, now=NOW)
    session.expire_all()
    assert [*roles, clerk.role] == [Role.CLERK, Role.APPROVER]
    assert sessions.find(session, token, now=NOW) is None


@pytest.mark.parametrize("is_closed", [True, False])
def test_codes_end_with_the_office_of_who_handed_them_out(session, system, guard, is_closed):
    an_organisation(session, "DP01", OrganisationKind.DEPARTMENT)
    asked = (session, "DP01", Role.DEPARTMENT_CLERK)
    code = account_opening.invite(*asked, by=system, now=NOW)
    other = an_account(session, "other system", Role.ADMINISTRATOR)
    kept = account_opening.invite(*asked, by=other, now=NOW)

    if is_closed:
        sign_in_care.take(session, system.id, Care.CLOSE, by=guard, now=NOW)
    else:
        moved = account_opening.propose_role(session, system.id, Role.CLERK, by=other, now=NOW)
        approvals.answer(session, moved.id, is_approved=True, by=guard, now=NOW)

    with pytest.raises(ActivationUnknownError):
        activations.begin_account(session, code, "back again", PASSWORD, now=NOW)
    assert activations.begin_account(session, kept, "new", PASSWORD, now=NOW).is_active


def test_nobody_takes_part_in_changing_the_own_role(session, system, guard):
    an_account(session, "second guard", Role.SECURITY_ADMINISTRATOR)
    with pytest.raises(OwnRoleError):
        account_opening.propose_role(session, system.id, Role.APPROVER, by=system, now=NOW)
    asked = account_opening.propose_role(session, guard.id, Role.APPROVER, by=system, now=NOW)
    with pytest.raises(OwnRoleError):
        approvals.answer(session, asked.id, is_approved=True, by=guard, now=NOW)


def test_an_office_of_the_three_is_not_left_empty_by_a_change_of_role(session, system, guard):
    auditor = an_account(session, "auditor", Role.AUDIT_ADMINISTRATOR)
    with pytest.raises(LastOfThreeError):
        account_opening.propose_role(session, auditor.id, Role.CLERK, by=system, now=NOW)
    second = an_account(session, "second auditor", Role.AUDIT_ADMINISTRATOR)
    asked = account_opening.propose_role(session, auditor.id, Role.CLERK, by=system, now=NOW)
    second.is_active = False
    session.add(second)
    session.flush()
    with pytest.raises(LastOfThreeError):
        approvals.answer(session, asked.id, is_approved=True, by=guard, now=NOW)


@pytest.mark.parametrize("before", ADMINISTRATORS)
@pytest.mark.parametrize("after", ADMINISTRATORS)
def test_the_three_administrators_stay_apart(session, system, before, after):
    one = an_account(session, "one", before)
    refusal = AccountRoleError if before is after else AdministratorsApartError
    with pytest.raises(refusal):
        account_opening.propose_role(session, one.id, after, by=system, now=NOW)


def test_a_role_that_can_no_longer_be_given_is_not_given(session, system, guard):
    clerk = an_account(session, "clerk", Role.CLERK)
    asked = account_opening.propose_role(session, clerk.id, Role.ADMINISTRATOR, by=system, now=NOW)
    clerk.role = Role.AUDIT_ADMINISTRATOR
    session.flush()
    with pytest.raises(AdministratorsApartError):
        approvals.answer(session, asked.id, is_approved=True, by=guard, now=NOW)


def test_only_accounts_of_the_bureau_change_their_role(session, system):
    others = [an_account(session, one.value, one) for one in (Role.WORKER, Role.TRAINER)]
    for unknown in (*(one.id for one in others), new_id()):
        with pytest.raises(UnknownStaffError):
            account_opening.propose_role(session, unknown, Role.CLERK, by=system, now=NOW)
    clerk = an_account(session, "clerk", Role.CLERK)
    for role in set(Role) - set(BY_TWO[OrganisationKind.BUREAU]):
        with pytest.raises(AccountRoleError):
            account_opening.propose_role(session, clerk.id, role, by=system, now=NOW)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR, Role.CONSOLE}))
def test_no_other_role_opens_accounts(session, system, role):
    other = an_account(session, "other", role)
    with pytest.raises(NotAllowedError):
        account_opening.listed(session, by=other)
    with pytest.raises(NotAllowedError):
        account_opening.invite(session, "HR01", Role.CLERK, by=other, now=NOW)
    with pytest.raises(NotAllowedError):
        account_opening.propose_opening(session, "HR01", Role.CLERK, by=other, now=NOW)
    with pytest.raises(NotAllowedError):
        account_opening.propose_role(session, system.id, Role.CLERK, by=other, now=NOW)


def test_the_command_line_lists_and_answers_what_is_proposed_of_accounts(
    monkeypatch, sqlite_settings, sqlite_archive
):
    cli = CommandLine(monkeypatch, sqlite_settings)
    with sqlite_archive.transaction() as opened:
        bureau = an_organisation(opened, "HR01", OrganisationKind.BUREAU)
        by = an_account(opened, "system", Role.ADMINISTRATOR, bureau)
        account_opening.propose_opening(opened, "HR01", Role.CLERK, by=by, now=NOW)
    [waiting] = cli.asked("proposals", "list", "--open")["proposals"]
    assert waiting["action"] == account_opening.OPEN
    assert "HR01: clerk" in cli.done("proposals", "list")
    assert cli.refused("approve", waiting["id"], "--as", "system") == "not_allowed"
    assert len(cli.asked("approve", waiting["id"])["made"]) == 1
    assert cli.asked("proposals", "list", "--open") == {"proposals": []}
