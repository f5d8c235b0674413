"""Near relatives of a dead person: taken by one, decided by another, handed over at the counter."""

import io
import zipfile

import pytest
from sqlmodel import select

from archive.audit.tables import ACCESS_EVENT, AUDIT_EVENT
from archive.bureau.relative_refusals import (
    RelativeArrangedError,
    RelativeArrangementUnseenError,
    RelativeIncompleteError,
)
from archive.errors import ArchiveError
from archive.people import accounts, contacts, finding, look_ups
from archive.people.outbox_models import Outbox
from archive.people.personal_models import RelativeHandover
from archive.people.trail import trail_of
from archive.texts import both
from schemas.vocabulary import ContactKind
from tests.builders import NOW
from tests.doors import Door
from tests.test_staff import CODE

SCAN = b"%PDF-1.7 death, kinship, identity\n%%EOF"
ASKED = {
    "name": "李小华",
    "document": "990000199005171234",
    "kinship": "child",
    "right": "copy",
    "purpose": "办理抚恤金",
    "died_on": "2025-01-05",
    "arrangement": "none",
}


def address(door: Door) -> str:
    return f"/bureau/records/{door.numbers[0]}/relatives"


def taken(door: Door, **told: str) -> str:
    """Take a request about the first worker; return the address of its page."""
    files = {"evidence": ("proof.pdf", SCAN, "application/pdf")}
    response = door.visit("clerk").post(address(door), data=ASKED | told, files=files)
    assert response.status_code == 303, response.text
    return response.headers["location"]


def answered(door: Door, case: str, decision: str = "approve", who: str = "approver") -> int:
    told = {"decision": decision, "reason": "证明不足"}
    path = f"/bureau/approvals/{case.rpartition('/')[2]}"
    return door.visit(who).post(path, data=told).status_code


def refused(door: Door, refusal: type[ArchiveError], **told: str) -> bool:
    """Whether a request is refused on its form, in just these words."""
    files = {"evidence": ("proof.pdf", SCAN, "application/pdf")}
    response = door.visit("clerk").post(address(door), data=ASKED | told, files=files)
    return response.status_code in (409, 422) and both(refusal.template).zh in response.text


def test_a_copy_is_handed_over_once_two_persons_have_granted_it(door: Door) -> None:
    case = taken(door)
    clerk = door.visit("clerk")
    page = clerk.get(case).text
    for told in ("李小华", "办理抚恤金", "子女", "复制"):
        assert told in page
    assert clerk.get(f"{case}/evidence").content == SCAN
    assert case in door.visit("approver").get("/bureau/approvals").text
    assert "relative_not_granted" in problem(door, case)
    assert answered(door, case, who="clerk") == 403
    me = door.visit("worker")
    assert me.get("/me").status_code == 200
    with door.house.archive.transaction() as session:
        whose = look_ups.worker_numbered(session, door.numbers[0]).worker_id
        by = accounts.named(session, "clerk")
        contacts.tell(session, whose, {ContactKind.PHONE: "13800138000"}, by=by, now=NOW)

    assert answered(door, case) == 303

    assert me.get("/me").status_code == 303
    handed = clerk.post(f"{case}/handover")
    with zipfile.ZipFile(io.BytesIO(handed.content)) as copy:
        assert {"transcript.pdf", "dossier.json"} <= set(copy.namelist())
    assert "交付记录" in clerk.get(case).text
    with door.house.archive.reading() as session:
        [row] = session.exec(select(RelativeHandover))
        assert (row.worker_id, row.handed_by) == (whose, by.id)
        assert finding.reached_at(session, "phone", "13800138000", most=1) == []
        assert session.exec(select(Outbox)).all() == []
        purposes = set(session.execute(select(AUDIT_EVENT.c.purpose)).scalars())
    with trail_of(door.house.archive).store.reading() as store:
        purposes |= set(store.execute(select(ACCESS_EVENT.c.purpose)).scalars())
    assert "relative_copy" in purposes


def problem(door: Door, case: str) -> str:
    program = door.program("clerk")
    return program.post(f"{case}/handover", headers={"accept": "application/json"}).text


def test_what_the_person_arranged_in_life_comes_first(door: Door) -> None:
    me = door.visit("worker")
    told = {"kind": "arrange", "text": "档案仅供女儿查阅"}
    assert me.post("/me/privacy/requests", data=told).status_code == 303

    assert "档案仅供女儿查阅" in door.visit("clerk").get(address(door)).text
    assert refused(door, RelativeArrangementUnseenError)
    assert refused(door, RelativeArrangedError, arrangement="forbids")
    assert "档案仅供女儿查阅" in door.visit("approver").get(taken(door, arrangement="allows")).text


@pytest.mark.parametrize(
    "told", [{"name": " "}, {"purpose": ""}, {"died_on": "2999-01-01"}, {"died_on": "x"}]
)
def test_a_request_that_nobody_could_decide_is_not_taken(door: Door, told: dict[str, str]) -> None:
    assert refused(door, RelativeIncompleteError, **told)


def test_declined_nothing_is_handed_over_and_granted_a_deletion_erases(door: Door) -> None:
    viewed = taken(door, right="view")
    assert answered(door, viewed, "decline") == 303
    assert "relative_not_granted" in problem(door, viewed)
    shown = taken(door, right="view")
    deleted = taken(door, right="delete")
    clerk = door.visit("clerk")
    page = clerk.post(f"/bureau/records/{door.numbers[0]}/activation").text
    on_paper = {"code": CODE.findall(page.replace(door.numbers[0], ""))[0]}
    assert answered(door, shown) == 303
    account = {"name": "heir", "password": "right horse battery"}
    assert door.visit().post("/join/activate", data=account | on_paper).status_code == 422
    assert clerk.post(f"{shown}/handover").headers["location"].endswith(door.numbers[0])
    assert answered(door, deleted) == 303
    assert clerk.get(f"/bureau/records/{door.numbers[0]}").status_code == 410
    gone = clerk.get(deleted)
    assert (gone.status_code, "李小华" in gone.text) == (200, False)
    assert clerk.post(f"{shown}/handover").status_code == 410
