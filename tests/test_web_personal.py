"""Personal data at the doors: masked until someone says why, closed when it was decided."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlmodel import col, select

from archive.bureau import dossier_closures
from archive.notices.messages import Message
from archive.people import access, accounts, approvals, contacts, look_ups, outbox
from archive.people.outbox_models import Outbox
from archive.people.personal_models import Contact, Reveal
from schemas.vocabulary import ClosureAct, ContactKind, Permission
from tests.builders import NOW, TODAY
from tests.doors import Door

DOCUMENT = re.compile(r"99000019900517\d{3}[\dX]")


def records_of(door: Door, which: int = 0) -> str:
    return f"/bureau/records/{door.numbers[which]}"


def told_phone(door: Door, phone: str = "13800138000") -> None:
    """Staff have written down a telephone number."""
    with door.house.archive.transaction() as session:
        worker_id = look_ups.worker_numbered(session, door.numbers[0]).worker_id
        clerk = accounts.named(session, "clerk")
        contacts.tell(session, worker_id, {ContactKind.PHONE: phone}, by=clerk, now=NOW)


def sent(door: Door) -> list[Message]:
    """Return what was sent to the first worker."""
    with door.house.archive.reading() as session:
        worker_id = look_ups.worker_numbered(session, door.numbers[0]).worker_id
        key = contacts.key_of(session, worker_id)
        mine = select(Outbox).where(Outbox.owner_id == worker_id)
        rows = session.exec(mine.order_by(col(Outbox.id)))
        return [outbox.opened(row, key) for row in rows]


def closed(door: Door, act: ClosureAct) -> None:
    """Decide on the first worker's dossier, as two persons of the bureau."""
    with door.house.archive.transaction() as session:
        worker = look_ups.worker_numbered(session, door.numbers[0])
        clerk, approver = (accounts.named(session, one) for one in ("clerk", "approver"))
        view = dossier_closures.propose(
            session, worker, act, reason="本人申请", by=clerk, now=NOW, today=TODAY
        )
        approvals.answer(session, view.id, is_approved=True, by=approver, now=NOW)


def test_a_worker_tells_the_own_phone_and_sees_it_masked(door):
    me, clerk = door.visit("worker"), door.visit("clerk")
    told = {"kind": "phone", "value": "13800138000"}
    assert me.post("/me/contact", data=told).status_code == 303
    page = me.get("/me/contact")
    assert "138****8000" in page.text
    assert "待验证" in page.text
    assert "13800138000" not in page.text
    assert "138****8000" not in me.get("/me/privacy").text
    assert "待验证" in clerk.get(f"{records_of(door)}/contact").text
    wrong = me.post("/me/contact/confirm", data={"code": "nonsense"})
    assert wrong.status_code == 422
    assert me.post("/me/contact/code", data={"kind": "phone"}).status_code == 303
    code = sent(door)[-1].facts["code"]
    assert me.post("/me/contact/confirm", data={"code": code}).status_code == 303
    assert "待验证" not in me.get("/me/contact").text
    shown = me.post("/me/contact/shown")
    assert "13800138000" in shown.text
    assert DOCUMENT.search(shown.text)
    assert shown.headers["cache-control"] == "no-store"
    bad = me.post("/me/contact", data={"kind": "email", "value": "nobody"})
    assert bad.status_code == 422
    assert "nobody" not in bad.text


def test_staff_see_masked_values_and_reveal_them_with_a_reason_on_record(door):
    told_phone(door)
    me = door.visit("clerk")
    page = me.get(records_of(door)).text
    assert "138****8000" in page
    assert "13800138000" not in page
    assert not DOCUMENT.search(page)
    assert me.get(f"{records_of(door)}/reveal").status_code == 200

    told = {"fields": ["phone"], "reason": "reach_worker", "note": "补贴核查"}
    shown = me.post(f"{records_of(door)}/reveal", data=told)
    assert "13800138000" in shown.text
    assert not DOCUMENT.search(shown.text)  # Only what was ticked.
    assert shown.headers["cache-control"] == "no-store"
    nothing = me.post(f"{records_of(door)}/reveal", data={"reason": "reach_worker"})
    assert (nothing.status_code, "reveal_empty" in nothing.text) == (422, True)
    assert me.post(f"{records_of(door)}/reveal", data={"fields": "phone"}).status_code == 422
    with door.house.archive.reading() as session:
        [row] = session.exec(select(Reveal))
        assert (row.fields, row.reason) == ("phone", "reach_worker")
        assert row.sealed is not None
        assert "补贴核查".encode() not in row.sealed


@pytest.mark.parametrize("who", ["worker", "other worker", "trainer", "employer", "administrator"])
def test_nobody_else_reveals_or_closes_anything(door, who):
    me = door.visit(who)
    told = {"fields": ["document"], "reason": "identity_check"}
    assert me.post(f"{records_of(door)}/reveal", data=told).status_code == 403
    closing = {"act": "erase", "reason": "x"}
    assert me.post(f"{records_of(door)}/closure", data=closing).status_code == 403
    with door.house.archive.reading() as session:
        assert session.exec(select(Reveal)).all() == []


def test_another_workers_contacts_are_not_there(door):
    told_phone(door)
    me = door.visit("other worker")
    assert me.get(f"{records_of(door)}/contact").status_code == 404
    told = {"kind": "phone", "value": "13900139000"}
    assert me.post(f"{records_of(door)}/contact", data=told).status_code == 404
    with door.house.archive.reading() as session:
        assert len(session.exec(select(Contact)).all()) == 1


def test_the_counter_keeps_a_phone_for_a_worker(door):
    me = door.visit("clerk")
    address = f"{records_of(door)}/contact"
    assert me.post(address, data={"kind": "phone", "value": "13900139000"}).status_code == 303
    assert "139****9000" in me.get(address).text
    bad = me.post(address, data={"kind": "phone", "value": "1"})
    assert (bad.status_code, "phone_form" in bad.text) == (422, False)


def test_the_bureau_lists_who_bears_a_name(door):
    me = door.visit("clerk")
    page = me.post("/bureau/records", data={"name": "李 明华"})
    assert page.status_code == 200
    assert all(number in page.text for number in door.numbers)
    assert not DOCUMENT.search(page.text)
    assert me.post("/bureau/records", data={"name": "李明"}).status_code == 404
    program = door.program("clerk")
    found = program.post("/api/v1/workers/named", json={"name": "李明华"}).json()
    assert {one["archive_number"] for one in found["people"]} == set(door.numbers)


def test_whoever_finds_an_open_session_changes_no_contact(door):
    me, told = door.visit("worker"), {"kind": "phone", "value": "13800138000"}
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=11)):
        for path in ("/me/contact", "/me/contact/confirm"):
            asked = me.post(path, data=told).headers["location"]
            assert asked.startswith("/prove?next="), path
        assert "未设置密码" in me.get("/prove").text
        by_api = {"contacts": {"phone": ""}}
        address = f"/api/v1/workers/{door.numbers[0]}/contacts"
        for client in (me, door.program("worker")):
            refused = client.put(address, json=by_api)
            assert (refused.status_code, refused.json()["code"]) == (403, "proof_needed")


def test_programs_tell_contacts_and_reveal_with_a_reason(door):
    address = f"/api/v1/workers/{door.numbers[0]}"
    program = door.program("clerk")
    told = {"contacts": {"phone": "+86 13800138000", "email": "Li@Example.COM"}}
    answer = program.put(f"{address}/contacts", json=told).json()
    assert answer["contacts"] == {"phone": "138****8000", "email": "L***@example.com"}
    assert program.get(f"{address}/contacts").json() == answer
    bad = program.put(f"{address}/contacts", json={"contacts": {"address": "x"}})
    assert (bad.status_code, bad.json()["code"]) == (422, "address_form")
    asked = {"fields": ["email", "document"], "reason": "legal_request"}
    shown = program.post(f"{address}/reveals", json=asked).json()
    assert shown["values"]["email"] == "Li@example.com"
    assert DOCUMENT.fullmatch(shown["values"]["document"])


def test_a_frozen_dossier_is_told_to_those_who_may_see_it_and_missing_to_others(door):
    closed(door, ClosureAct.FREEZE)
    api = f"/api/v1/workers/{door.numbers[0]}"
    me = door.visit("clerk")
    page = me.get(records_of(door))
    assert (page.status_code, "dossier_frozen" in page.text) == (423, True)
    assert "李明华" not in page.text
    assert me.get(f"{records_of(door)}/closure").status_code == 200
    assert me.get(f"{records_of(door)}/statement").status_code == 423
    assert me.get(f"{records_of(door)}/{door.record_ids[0]}").status_code == 423
    assert me.get(f"{records_of(door)}/reveal").status_code == 423
    program = door.program("clerk")
    for what in ("dossier", "statement", "contacts"):
        assert program.get(f"{api}/{what}").json()["code"] == "dossier_frozen"
    me = door.visit("worker")
    for path in ("/me", "/me/statement", "/me/credits", "/me/eligibility", "/me/contact"):
        assert me.get(path).status_code == 423, path
    assert me.post("/me/transcript").status_code == 423
    program = door.program("other worker")
    missing = program.get("/api/v1/workers/7K3M-9QXT-4D2Y/dossier")
    frozen = program.get(f"{api}/dossier")
    assert (frozen.status_code, frozen.json()) == (missing.status_code, missing.json())


def test_a_transcript_of_an_erased_person_is_told_truthfully_and_without_content(door):
    me = door.visit("worker")
    issued = me.post("/me/transcript")
    code, pdf = issued.headers["x-transcript-code"], issued.content
    closed(door, ClosureAct.ERASE)
    stranger = door.visit()
    files = {"file": ("transcript.pdf", pdf, "application/pdf")}
    for page in (stranger.get(f"/verify/{code}"), stranger.post("/verify", files=files)):
        assert "删除或限制使用" in page.text
        assert "李明华" not in page.text
        assert "电工技能提升" not in page.text
    me = door.visit("clerk")
    page = me.get(records_of(door))
    assert (page.status_code, "dossier_erased" in page.text) == (410, True)
    assert me.get(f"{records_of(door)}/closure").status_code == 200


def test_two_persons_of_the_bureau_erase_on_their_pages(door):
    me = door.visit("clerk")
    form = me.get(f"{records_of(door)}/closure").text
    assert "会计凭证" in form
    told = {"act": "erase", "reason": "本人书面申请"}
    assert me.post(f"{records_of(door)}/closure", data=told).status_code == 303
    second = door.visit("approver")
    page = second.get("/bureau/approvals").text
    assert "本人书面申请" in page
    [address] = set(re.findall(r"/bureau/approvals/[0-9a-f-]{36}", page))
    assert second.post(address, data={"decision": "approve"}).status_code == 303
    assert second.get("/bureau/approvals").status_code == 200
    with door.house.archive.reading() as session:
        gone = look_ups.worker_numbered(session, door.numbers[0])
        by = accounts.named(session, "clerk")
        assert access.reaches_worker(session, by, Permission.READ_DOSSIER, gone.worker_id)
    me = door.visit("clerk")
    assert me.get(records_of(door)).status_code == 410
