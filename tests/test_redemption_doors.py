"""Using credits through the doors: pages without a script, the API, the command line."""

import json
import re
from uuid import uuid4

import pytest

from tests.command_line import CommandLine
from tests.doors import Door

OFFER = {
    "kind": "offer",
    "code": "EX-1",
    "use": "exemption",
    "title": "《电工基础》免修",
    "title_en": "Exemption from Basic Electrics",
    "credits": "2",
    "in_force_from": "2024-01-01",
}
MODULE = {**OFFER, "code": "MOD-1", "use": "module", "credits": "20", "title": "电气模块"}
LEVEL = {
    **{name: OFFER[name] for name in ("kind", "title_en", "in_force_from")},
    "code": "L3",
    "use": "level_application",
    "title": "申报电工三级",
    "occupation": "6-31-01-03",
    "rank": 3,
}
COURSE = {
    "kind": "course",
    "code": "C-1",
    "title": "智能楼宇电气",
    "title_en": "Smart Building Electrics",
    "hours": "160",
    "fee_fen": 120000,
    "mode": "classroom",
    "in_force_from": "2024-01-01",
}


@pytest.fixture
def offered(door: Door) -> Door:
    """Return a door behind which the training provider offers something."""
    for body in (OFFER, MODULE, LEVEL, COURSE):
        answer = door.program("trainer").post("/api/v1/offers", json=body)
        assert answer.status_code == 201, answer.text
    return door


def form_of(html: str) -> dict[str, list[str]]:
    """Return the hidden fields of a page's forms."""
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', html):
        fields.setdefault(name, []).append(value)
    return fields


def preview_of(door: Door, code: str) -> str:
    """Return the address of the preview of an offer."""
    listed = door.program("worker").get("/api/v1/offers").json()["offers"]
    (found,) = [one["id"] for one in listed if one["code"] == code]
    return f"/me/credits/offers/{found}"


def test_a_worker_sees_applies_and_the_organisation_accepts_without_a_script(offered):
    worker, trainer = offered.visit("worker"), offered.visit("trainer")
    assert "《电工基础》免修" in worker.get("/me/credits").text
    address = preview_of(offered, "EX-1")
    page = worker.get(address).text
    assert "将使用" in page
    assert "先到期的先使用" in page
    fields = form_of(page)
    sent = worker.post(address, data={name: fields[name] for name in ("pick", "reference")})
    again = worker.post(address, data={name: fields[name] for name in ("pick", "reference")})
    assert sent.status_code == 303
    assert sent.headers["location"] == again.headers["location"]
    assert "待答复" in worker.get(sent.headers["location"]).text

    case_id = sent.headers["location"].rpartition("/")[2]
    inbox = trainer.get("/organisation/applications").text
    assert offered.numbers[0] in inbox
    assert trainer.post(f"/organisation/applications/{case_id}/accept").status_code == 303
    assert "双方均不能撤销" in worker.get(sent.headers["location"]).text
    assert worker.post(f"{sent.headers['location']}/withdraw").status_code == 409

    clerk = offered.visit("clerk")
    assert "依决定撤销" in clerk.get("/bureau/redemptions").text
    done = clerk.post(f"/bureau/redemptions/{case_id}/annul", data={"reason": "录入有误"})
    assert done.headers["location"] == "/bureau/approvals"
    approver = offered.visit("approver")
    proposals = approver.get("/bureau/approvals").text
    assert "撤销学分使用" in proposals
    (proposal,) = re.findall(r"/bureau/approvals/([0-9a-f-]{36})", proposals)[:1]
    approver.post(f"/bureau/approvals/{proposal}", data={"decision": "approve"})
    assert "已依决定撤销" in worker.get(sent.headers["location"]).text


def test_every_offer_says_whether_it_can_be_applied_for_today(offered):
    worker = offered.visit("worker")
    page = worker.get("/me/credits").text
    exemption, module, level = (page.index(one) for one in ("《电工基础》", "电气模块", "申报电工"))
    assert exemption < page.index("今日可申请") < module < page.index("尚缺") < level
    assert level < page.index("条件尚未具备")

    address = preview_of(offered, "EX-1")
    fields = form_of(worker.get(address).text)
    worker.post(address, data={name: fields[name] for name in ("pick", "reference")})
    assert "已申请" in worker.get("/me/credits").text
    assert "今日可申请" not in worker.get("/me/credits").text
    assert "Applied for already" in worker.get("/me/credits?lang=en").text


def test_a_reference_that_no_form_of_ours_holds_is_refused(offered):
    worker, address = offered.visit("worker"), preview_of(offered, "EX-1")
    picks = form_of(worker.get(address).text)["pick"]

    for odd, status in (("a\0b", 400), ("a b", 422), ("-" * 61, 422)):
        assert worker.post(address, data={"pick": picks, "reference": odd}).status_code == status


def test_a_refusal_needs_a_reason_which_the_worker_reads(offered):
    worker, trainer = offered.visit("worker"), offered.visit("trainer")
    address = preview_of(offered, "EX-1")
    fields = form_of(worker.get(address).text)
    sent = worker.post(address, data={name: fields[name] for name in ("pick", "reference")})
    case_id = sent.headers["location"].rpartition("/")[2]
    refused = trainer.post(f"/organisation/applications/{case_id}/decline", data={"reason": ""})
    assert refused.status_code == 422
    trainer.post(f"/organisation/applications/{case_id}/decline", data={"reason": "内容不符"})
    assert "内容不符" in worker.get(sent.headers["location"]).text


def test_a_limit_that_bites_is_told_in_both_languages_with_a_way_on(offered):
    worker, address = offered.visit("worker"), preview_of(offered, "MOD-1")
    assert "尚缺" in worker.get(f"{address}?lang=zh").text
    english = worker.get(f"{address}?lang=en").text
    assert "At most 75 % of the credits, here 15 of 20" in english
    way = worker.get(address.replace("/me/credits/offers/", "/me/credits/next-step?offer="))
    assert way.status_code == 200


def test_the_next_step_is_told_on_the_page(offered):
    offered.program("trainer").post(
        "/api/v1/offers", json={**OFFER, "code": "EX-2", "credits": "35"}
    )
    found = offered.visit("worker").get(
        preview_of(offered, "EX-2").replace("/me/credits/offers/", "/me/credits/next-step?offer=")
    )
    assert "智能楼宇电气" in found.text
    assert "1200.00" in found.text
    level = offered.visit("worker").get("/me/credits/next-step?occupation=电工&rank=3")
    assert "尚缺" in level.text
    assert (
        offered.visit("worker").get("/me/credits/next-step?occupation=wizard&rank=3").status_code
        == 422
    )


def test_others_find_nothing_and_cannot_tell_it_from_what_is_missing(offered):
    made = offered.program("worker").post(
        f"/api/v1/workers/{offered.numbers[0]}/redemptions", json={"offer": "EX-1"}
    )
    assert made.status_code == 201
    case_id = made.json()["id"]
    for name in ("rival", "other worker"):
        other = offered.program(name).get(f"/api/v1/redemptions/{case_id}")
        missing = offered.program(name).get(f"/api/v1/redemptions/{uuid4()}")
        assert (other.status_code, missing.status_code) == (404, 404)
        assert other.json()["code"] == missing.json()["code"] == "case_unknown"
        assert offered.program(name).get("/api/v1/redemptions").json() == {"redemptions": []}
    refused = offered.program("other worker").post(
        f"/api/v1/workers/{offered.numbers[0]}/redemptions", json={"offer": "EX-1"}
    )
    assert refused.status_code == 404
    answered = f"/api/v1/redemptions/{case_id}/acceptance"
    assert offered.program("rival").post(answered).status_code == 404
    assert offered.program("worker").post(answered).status_code == 403


def test_a_program_goes_the_whole_way(offered):
    worker, trainer = offered.program("worker"), offered.program("trainer")
    base = f"/api/v1/workers/{offered.numbers[0]}"
    seen = worker.get(f"{base}/redemptions/preview?offer=TP01:EX-1").json()
    body = {"offer": "EX-1", "picks": seen["picks"], "reference": "mine-1"}
    made = worker.post(f"{base}/redemptions", json=body).json()
    assert worker.post(f"{base}/redemptions", json=body).json()["id"] == made["id"]
    assert made["credits"] == "2"
    withdrawn = worker.post(f"/api/v1/redemptions/{made['id']}/withdrawal").json()
    assert withdrawn["state"] == "withdraw"
    made = worker.post(f"{base}/redemptions", json={"offer": "EX-1"}).json()
    told = {"reason": "已修同类课程"}
    refused = trainer.post(f"/api/v1/redemptions/{made['id']}/refusal", json=told).json()
    assert refused["events"][-1]["note"] == "已修同类课程"
    step = worker.get(f"{base}/next-step?offer=MOD-1&by=fee").json()
    assert step["is_reached"] is False
    assert worker.get(f"{base}/next-step").status_code == 422
    clerk = offered.program("clerk")
    annulled = clerk.post(f"/api/v1/redemptions/{made['id']}/annulment", json=told)
    assert annulled.json()["code"] == "case_act_refused"


def test_the_command_line_goes_the_whole_way(monkeypatch, door, sqlite_settings, tmp_path):
    run = CommandLine(monkeypatch, sqlite_settings)
    number, file = door.numbers[0], tmp_path / "offer.json"
    for body in (OFFER, COURSE):
        file.write_text(json.dumps(body), encoding="utf-8")
        run.asked("redemption", "publish", file, "--organisation", "TP01", "--as", "trainer")
    file.write_text("{}", encoding="utf-8")
    assert run.refused("redemption", "publish", file, "--organisation", "TP01") == "offer_invalid"

    assert len(run.asked("redemption", "offers")["offers"]) == 1
    assert "EX-1" in run.done("redemption", "offers")
    assert run.asked("redemption", "preview", number, "EX-1")["is_possible"]
    assert "what ends sooner is used first" in run.done("redemption", "preview", number, "EX-1")
    made = run.asked("redemption", "apply", number, "EX-1", "--as", "worker")
    assert run.refused("redemption", "accept", made["id"], "--as", "rival") == "case_unknown"
    why = ("--reason", "not the same")
    run.asked("redemption", "decline", made["id"], *why, "--as", "trainer")
    made = run.asked("redemption", "apply", number, "EX-1", "--as", "worker")
    run.asked("redemption", "withdraw", made["id"], "--as", "worker")
    made = run.asked("redemption", "apply", number, "EX-1", "--as", "worker")
    run.asked("redemption", "accept", made["id"], "--as", "trainer")
    proposal = run.asked("redemption", "annul", made["id"], *why, "--as", "clerk")
    run.asked("approve", proposal["id"], "--as", "approver")
    states = [one["state"] for one in run.asked("redemption", "list")["redemptions"]]
    assert states == ["annul", "withdraw", "decline"]
    assert "annulled by decision" in run.done("redemption", "list", "--as", "trainer")
    found = run.asked("next-step", number, "--offer", "EX-1")
    assert (found["is_reached"], found["courses"]) == (True, [])
    level = run.done("next-step", number, "--occupation", "6-31-01-03", "--rank", "3")
    assert "What is missing" in level
    assert run("next-step", number).status == 2
    assert run("next-step", number, "--offer", "EX-1", "--by", "luck").status == 2


def test_what_an_offer_says_wrong_is_told_by_field(door):
    answer = door.program("trainer").post("/api/v1/offers", json={**OFFER, "credits": "-1"})
    assert answer.status_code == 422
    answer = door.program("trainer").post("/api/v1/offers", json={**OFFER, "use": "entitlement"})
    assert answer.json()["code"] == "offer_unfit"
    assert door.program("employer").post("/api/v1/offers", json=COURSE).status_code == 403
