"""Proofs at the doors: made by their holder's page and by programs, verified by anyone."""

import json

from sqlmodel import col, select

from archive.people import accounts
from credit_bank.models import Entry


def test_the_holder_sees_all_before_anything_is_opened_and_the_page_takes_the_file(door):
    me, record = door.visit("worker"), door.record_ids[0]
    address = f"/me/proofs/{record}"
    assert f'href="{address}"' in me.get(f"/me/records/{record}").text
    shown = me.get(f"{address}?lang=en").text
    assert "What the file tells" in shown
    assert "all or nothing" in shown
    plain, opened = me.post(address), me.post(address, data={"opened": "yes"})
    assert "attachment" in plain.headers["content-disposition"]
    assert door.numbers[0] in plain.headers["content-disposition"]
    assert plain.headers["cache-control"] == "no-store"
    assert json.loads(plain.content)["opening"] is None
    assert json.loads(opened.content)["opening"] is not None
    title = json.loads(json.loads(opened.content)["opening"])["record"]["course_name"]
    for file, is_told in ((plain, False), (opened, True)):
        told = door.visit().post("/verify", files={"file": ("p.json", file.content)}).text
        assert "verdict-valid" in told
        assert (title in told) is is_told
        assert "开发" in told
        assert 'name="ticket"' not in told  # A report is made of a PDF alone.
    changed = opened.content.replace(title.encode(), title[::-1].encode())
    told = door.visit().post("/verify", files={"file": ("p.json", changed)}).text
    assert "verdict-differs" in told
    assert title not in told
    looks = door.program("worker").get(f"/api/v1/workers/{door.numbers[0]}/access").json()
    others = [one for day in looks["days"] for one in day["looks"]]
    assert len(others) == 2  # Of the two that held; nobody is told of one that was edited.


def test_an_entry_is_proved_from_the_statement_and_by_a_program(door):
    me = door.visit("worker")
    with door.house.archive.reading() as session:
        worker_id = accounts.named(session, "worker").worker_id
        query = select(Entry.id).where(col(Entry.worker_id) == worker_id)
        entry = session.exec(query).first()
    assert f'href="/me/proofs/{entry}"' in me.get("/me/statement").text
    assert "all or nothing" not in me.get(f"/me/proofs/{entry}?lang=en").text
    address, program = f"/api/v1/workers/{door.numbers[0]}/proofs", door.program("worker")
    preview = program.get(f"{address}/{entry}").json()
    made = program.post(address, json={"subject_id": str(entry)})
    report = program.post("/api/v1/verify", files={"file": ("p.json", made.content)}).json()
    assert report["verdict"] == "valid"
    for name in ("body", "clear", "sequence", "subject_id"):
        assert report["proof"][name] == preview[name]
    sealed = program.post(address, json={"subject_id": str(entry), "is_opened": True})
    assert (sealed.status_code, sealed.json()["code"]) == (422, "proof_nothing_sealed")
    clerk, record = door.program("clerk"), str(door.record_ids[0])
    assert clerk.get(f"{address}/{record}").json()["opening"] is None
    refused = clerk.post(address, json={"subject_id": record, "is_opened": True})
    assert (refused.status_code, refused.json()["code"]) == (403, "proof_opening_not_yours")
    assert clerk.post(address, json={"subject_id": record}).status_code == 200
    other = f"/api/v1/workers/{door.numbers[1]}/proofs"
    unknown = clerk.post(other, json={"subject_id": record})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "proof_subject_unknown")
