"""The pages of the system administrator, and of who answers what is proposed there."""

import re

import pytest
from sqlmodel import Session, col, select

from archive.people import account_opening, accounts, approvals
from archive.people.models import Account, Organisation, Proposal
from schemas.vocabulary import OrganisationKind, Role
from tests.builders import NOW
from tests.doors import Door

CODE = re.compile(
    r"(?<![0-9a-z-])[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}(?![0-9a-z-])"
)  # No id has it.
PASSWORD = "right horse battery"
NEW = {"code": "EP77", "name": "示范制造有限公司", "name_en": "Demo Works", "kind": "employer"}


def _account(session: Session, name: str) -> Account:
    return session.exec(select(Account).where(col(Account.name) == name)).one()


def _proposals(door: Door) -> list[str]:
    with door.house.archive.reading() as session:
        return [str(one.id) for one in approvals.listed(session, "account.open", "account.role")]


def test_an_organisation_is_opened_with_its_first_administrator(door):
    system = door.visit("administrator")
    more = {"id": "1", "is_demo": "true", "created_at": "2000-01-01"}
    assert system.post("/admin/organisations", data=NEW | more).status_code == 303
    page = system.get("/admin/organisations").text
    assert ("示范制造有限公司" in page, "开设机构" in page) == (True, True)
    address = "/admin/organisations/EP77/invite"
    refused = system.post(address, data={"role": "approver"})
    assert (refused.status_code, "account_role" in refused.text) == (422, True)
    told = {"role": "employer_administrator", "organisation_id": "1", "is_active": "false"}
    [code] = CODE.findall(system.post(address, data=told).text)
    newcomer = {"code": code, "name": "head", "password": PASSWORD, "role": "approver"}
    assert door.visit().post("/join/activate", data=newcomer).status_code == 303
    with door.house.archive.reading() as session:
        head = _account(session, "head")
        body = session.get_one(Organisation, head.organisation_id)
        assert (head.role, head.is_active) == (Role.EMPLOYER_ADMINISTRATOR, True)
        assert (body.code, body.kind, body.is_demo) == ("EP77", OrganisationKind.EMPLOYER, False)
    assert system.post("/admin/organisations", data=NEW).status_code == 409


@pytest.mark.parametrize("wrong", [{"code": "a b"}, {"kind": "king"}, {"name": ""}])
def test_an_organisation_that_is_not_told_rightly_is_not_opened(door, wrong):
    system = door.visit("administrator")
    assert system.post("/admin/organisations", data=NEW | wrong).status_code == 422
    faulty = {"credit_code": "91440300000000000X"}
    answer = system.post("/admin/organisations", data=NEW | {"code": "EP78"} | faulty)
    assert answer.status_code == 422
    with door.house.archive.reading() as session:
        codes = session.exec(select(Organisation.code)).all()
    assert not {"EP77", "EP78", "a b"} & set(codes)


def test_an_account_of_the_bureau_is_proposed_and_answered_by_the_other_administrator(door):
    system, guard = door.visit("administrator"), door.visit("security administrator")
    told = {"organisation": "HR01", "role": "approver", "is_approved": "true"}
    assert system.post("/admin/accounts", data=told).status_code == 303
    [asked] = _proposals(door)
    page = guard.get("/security/proposals").text
    assert ("开通账号" in page, "人力资源部门审批人" in page or "HR01" in page) == (True, True)
    address = f"/security/proposals/{asked}"
    assert guard.post(address, data={"decision": "decline"}).status_code == 422
    opened = guard.post(address, data={"decision": "approve", "role": "administrator"})
    [code] = CODE.findall(opened.text)
    newcomer = {"code": code, "name": "new approver", "password": PASSWORD}
    assert door.visit().post("/join/activate", data=newcomer).status_code == 303
    with door.house.archive.reading() as session:
        assert _account(session, "new approver").role is Role.APPROVER
    for client, path in ((guard, "/security/proposals"), (system, "/admin/accounts")):
        assert code not in client.get(path).text
    assert guard.post(address, data={"decision": "approve"}).status_code == 409


def test_a_role_is_proposed_and_declined_and_nobody_raises_oneself(door):
    system, guard = door.visit("administrator"), door.visit("security administrator")
    with door.house.archive.reading() as session:
        ids = {name: _account(session, name).id for name in ("clerk", "administrator")}
    own = system.post(f"/admin/accounts/{ids['administrator']}/role", data={"role": "approver"})
    assert (own.status_code, "account_own_role" in own.text) == (403, True)
    asked = system.post(f"/admin/accounts/{ids['clerk']}/role", data={"role": "approver"})
    assert asked.status_code == 303
    [proposal] = _proposals(door)
    declined = {"decision": "decline", "reason": "未说明理由"}
    assert guard.post(f"/security/proposals/{proposal}", data=declined).status_code == 303
    assert "未说明理由" in system.get("/admin/accounts").text
    with door.house.archive.reading() as session:
        assert _account(session, "clerk").role is Role.CLERK


def test_the_bureau_neither_sees_nor_answers_what_is_proposed_about_accounts(door):
    with door.house.archive.transaction() as session:
        by = accounts.named(session, "administrator")
        asked = account_opening.propose_opening(session, "HR01", Role.CLERK, by=by, now=NOW).id
    approver = door.visit("approver")
    assert str(asked) not in approver.get("/bureau/approvals").text
    assert str(asked) not in approver.get("/api/v1/approvals").text
    answer = approver.post(f"/bureau/approvals/{asked}", data={"decision": "approve"})
    assert answer.status_code == 403


def test_the_security_administrator_answers_nothing_but_accounts_there(door):
    with door.house.archive.transaction() as session:
        clerk = _account(session, "clerk")
        other = Proposal(action="annul", payload=b"{}", proposed_by=clerk.id, proposed_at=NOW)
        session.add(other)
        session.flush()
        asked = other.id
    guard = door.visit("security administrator")
    answer = guard.post(f"/security/proposals/{asked}", data={"decision": "approve"})
    assert answer.status_code == 404
