"""Agreements through the doors: pages in both languages, the API, the command line."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from schemas.agreements import AgreementList
from tests.builders import ELECTRICIAN
from tests.command_line import CommandLine

FORM = {
    "giver": "TP02",
    "receiver": "TP01",
    "effect": "transfer",
    "occupation": "电工",
    "overlap": "80",
    "factor": "3/4",
    "credits": "6",
    "requirement": "属于另一种效力",
    "in_force_from": "2025-01-01",
    "notice_days": "30",
    "source": "（示例）互认协议〔2025〕1号",
}
ASKED = {
    **{name: text for name, text in FORM.items() if name != "requirement"},
    "occupation": ELECTRICIAN,
    "notice_days": 30,
}


def test_an_agreement_is_proposed_accepted_and_ended_on_pages(door):
    trainer, rival = door.visit("trainer"), door.visit("rival")
    told = {**FORM, "giver": "TP02", "receiver": "TP01"}

    assert trainer.post("/agreements/desk/new", data=told).status_code == 303
    waiting = trainer.get("/agreements/desk?lang=zh").text
    assert "待对方确认" in waiting
    assert "由对方答复" in waiting
    (answer,) = _actions(rival.get("/agreements/desk").text, "/agreements/proposals/")
    assert "电工" not in door.visit().get("/agreements").text
    assert rival.post(answer, data={"decision": "accept"}).status_code == 303

    matrix = door.visit().get("/agreements?on=2025-06-01&lang=zh").text
    assert "× 3/4" in matrix
    assert "2025年6月1日生效中的协议" in matrix
    assert "没有生效的协议" in door.visit().get("/agreements?on=2024-12-31&lang=zh").text
    (ending,) = _actions(trainer.get("/agreements/desk").text, "/agreements/agreement-")
    far = (datetime.now(UTC).date() + timedelta(days=40)).isoformat()
    assert trainer.post(ending, data={"first_day": far, "reason": "课程停办"}).status_code == 303
    (confirm,) = _actions(door.visit("approver").get("/agreements/desk").text, "/agreements/prop")
    assert door.visit("approver").post(confirm, data={"decision": "accept"}).status_code == 303


def _actions(html: str, begins: str) -> list[str]:
    found = [part.split('"')[0] for part in html.split('action="')[1:]]
    return sorted({one for one in found if one.startswith(begins)})


@pytest.mark.parametrize(
    ("changed", "status", "told"),
    [
        ({"overlap": "79"}, 422, "未通过互认审查"),
        ({"factor": "1.5"}, 422, "3/4"),
        ({"occupation": "没有这个职业"}, 422, "职业"),
        ({"overlap": "much", "source": ""}, 422, "部分字段缺失"),
        ({"giver": "HR01", "receiver": "TP02"}, 403, "没有此项权限"),
    ],
)
def test_what_is_wrong_with_a_proposal_is_told_beside_its_form(door, changed, status, told):
    answered = door.visit("trainer").post("/agreements/desk/new?lang=zh", data={**FORM, **changed})

    assert answered.status_code == status
    assert told in answered.text
    assert "（示例）" in answered.text or "source" in changed


def test_the_bureau_keeps_the_directory_of_other_credit_banks(door):
    clerk = door.visit("clerk")
    told = {"code": "sz-cb", "name": "某市学分银行", "name_en": "A City's Credit Bank"}

    assert clerk.post("/agreements/desk/schemes", data=told).status_code == 303
    assert "scheme:SZ-CB" in clerk.get("/agreements/desk").text
    assert clerk.post("/agreements/desk/schemes", data={**told, "code": "!"}).status_code == 422
    assert door.visit("trainer").post("/agreements/desk/schemes", data=told).status_code == 403
    assert "某市学分银行" in door.visit("trainer").get("/agreements/desk/new?lang=zh").text


def test_a_program_proposes_accepts_and_reads(door):
    trainer, rival = door.program("trainer"), door.program("rival")

    proposed = trainer.post("/api/v1/agreements/proposals", json=ASKED)
    assert proposed.status_code == 201
    path = f"/api/v1/agreements/proposals/{proposed.json()['id']}"
    assert trainer.post(path, json={"decision": "approve"}).json()["code"] == "not_allowed"
    assert rival.post(path, json={"decision": "decline"}).status_code == 422
    assert rival.post(path, json={"decision": "approve"}).status_code == 200

    listed = AgreementList.model_validate(door.visit().get("/api/v1/agreements").json())
    (one,) = listed.agreements
    assert (one.factor, str(one.credits), one.proposed_by) == ("3/4", "6", None)
    assert door.visit().get("/api/v1/agreements?party=HR01").json()["agreements"] == []
    ended = trainer.post(
        f"/api/v1/agreements/{one.id}/end",
        json={"first_day_without": "2025-01-02", "reason": "课程停办"},
    )
    assert ended.json()["code"] == "agreement_notice_short"
    unknown = trainer.post(
        "/api/v1/agreements/none/end", json={"first_day_without": "2099-01-02", "reason": "无"}
    )
    assert (unknown.status_code, unknown.json()["code"]) == (404, "agreement_unknown")


def test_a_program_of_the_bureau_keeps_the_directory(door):
    told = {"code": "SZ-CB", "name": "某市学分银行", "name_en": "A City's Credit Bank"}

    assert door.program("clerk").post("/api/v1/schemes", json=told).status_code == 201
    again = door.program("clerk").post("/api/v1/schemes", json=told)
    assert (again.status_code, again.json()["code"]) == (409, "scheme_taken")
    assert door.program("trainer").post("/api/v1/schemes", json=told).status_code == 403
    (one,) = door.visit().get("/api/v1/schemes").json()["schemes"]
    assert one["name"]["en"] == "A City's Credit Bank"


def test_a_gaining_circle_is_refused_and_printed_to_a_program(door):
    trainer, rival = door.program("trainer"), door.program("rival")
    there = trainer.post("/api/v1/agreements/proposals", json={**ASKED, "factor": "3/2"})
    rival.post(f"/api/v1/agreements/proposals/{there.json()['id']}", json={"decision": "approve"})

    back = {**ASKED, "giver": "TP01", "receiver": "TP02", "factor": "4/5"}
    refused = trainer.post("/api/v1/agreements/proposals", json=back)

    assert (refused.status_code, refused.json()["code"]) == (409, "agreement_cycle_gains")
    assert "TP01 –×4/5→ TP02 –×3/2→ TP01" in json.dumps(refused.json(), ensure_ascii=False)
    assert "6/5" in refused.text


def test_agreements_on_the_command_line(monkeypatch, sqlite_settings, tmp_path):
    cli = CommandLine(monkeypatch, sqlite_settings)
    for code, account in (("TP01", "one"), ("TP02", "two")):
        words = ("--name", "示范", "--name-en", "Demo", "--kind", "training_provider")
        cli.done("organisation", "add", code, *words)
        cli.done("account", "add", account, "--role", "trainer", "--organisation", code)
    bank = ("--name", "某市学分银行", "--name-en", "A City's Credit Bank")
    cli.done("agreements", "scheme", "SZ-CB", *bank)
    assert [one["code"] for one in cli.asked("agreements", "schemes")["schemes"]] == ["SZ-CB"]
    draft = tmp_path / "draft.toml"
    lines = [f"{name} = {json.dumps(value)}" for name, value in ASKED.items()]
    draft.write_text("\n".join(lines), encoding="utf-8")

    proposed = cli.asked("agreements", "propose", draft, "--as", "one")
    shown = cli.done("agreements", "list", "--for", "two")
    assert f"Waits for your answer: {proposed['id']}" in shown
    assert cli.refused("agreements", "accept", proposed["id"], "--as", "one") == "not_allowed"
    cli.asked("agreements", "accept", proposed["id"], "--as", "two")
    (one,) = cli.asked("agreements", "list")["agreements"]
    assert one["state"] == "in_force"
    told = cli.done("agreements", "list", "--party", "TP01")
    assert "× 3/4" in told
    assert "折合TP01的3/4学分" in cli.done("rules", "show", "--json")
    far = (datetime.now(UTC).date() + timedelta(days=40)).isoformat()
    notice = ("--from", far, "--reason", "停办", "--as", "two")
    ending = cli.asked("agreements", "end", one["id"], *notice)
    assert "Declined" in cli.done(
        "agreements", "decline", ending["id"], "--reason", "另议", "--as", "one"
    )
    draft.write_text('giver = "TP01"', encoding="utf-8")
    assert cli.refused("agreements", "propose", draft) == "fields_invalid"
    draft.write_text("giver = ", encoding="utf-8")
    assert cli.refused("agreements", "propose", draft) == "not_json"
