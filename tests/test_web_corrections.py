"""Requests for correction and addition over HTTP: the whole way on pages without scripts."""

import re
from datetime import UTC, datetime

from archive.dossiers import records
from archive.people import accounts
from tests.builders import a_training
from tests.doors import Door

SCAN = b"%PDF-1.7 sheet %%EOF"


def test_a_record_is_corrected_at_the_workers_request(door: Door):
    me, record = door.visit("worker"), door.record_ids[0]
    assert f"/me/records/{record}/correction" in me.get(f"/me/records/{record}").text
    address = f"/me/records/{record}/correction"
    assert "15个工作日内答复" in me.get(address).text
    empty = me.post(address, data={"text": "学时有误"})
    assert empty.status_code == 422
    assert "学时有误" in empty.text  # What was typed is not lost.
    wrong = me.post(address, data={"text": "学时", "right": "48"}, files={"file": ("a.png", b"x")})
    assert wrong.status_code == 422
    told = {"text": "签到表上是48学时", "right": "48学时"}
    asked = me.post(address, data=told, files={"file": ("签到表.pdf", SCAN)})
    case = asked.headers["location"]
    assert "签到表.pdf" in me.get(case).text
    assert me.get(f"{case}/evidence").content == SCAN

    there = door.visit("trainer")
    desk = case.replace("/me/corrections", "/trainer/cases")
    assert "电工技能提升" in there.get("/trainer/cases").text
    assert "签到表上是48学时" in there.get(desk).text
    assert there.get(f"{desk}/evidence").content == SCAN
    assert there.post(desk, data={"act": "corrected"}).status_code == 409
    assert door.visit("rival").get(desk).status_code == 404
    [form] = re.findall(r'href="(/trainer/records/[^"]+/correction)"', there.get(desk).text)
    assert there.get(form).status_code == 200
    now = datetime.now(UTC)
    with door.house.archive.transaction() as session:
        by, whose = accounts.named(session, "trainer"), accounts.named(session, "worker").worker_id
        assert whose is not None
        right = a_training(hours="48")
        records.correct(
            session, whose, record, right, reason="漏报", by=by, now=now, today=now.date()
        )
    assert there.post(desk, data={"act": "corrected"}).status_code == 303
    assert "已更正" in me.get(case).text
    assert "您的申请有新进展" in me.get("/me").text


def test_a_missing_record_goes_to_the_bureau_which_prints_the_ways_of_appeal(door: Door):
    me = door.visit("worker")
    assert "以曾用名或原证件号码报送" in me.get("/me/missing").text
    told = {"organisation": "TP01", "text": "叉车班没有登记"}
    case = me.post("/me/corrections/new", data=told).headers["location"]
    there = door.visit("trainer")
    desk = case.replace("/me/corrections", "/trainer/cases")
    assert there.post(desk, data={"act": "decline", "text": "未参加"}).status_code == 303
    assert me.post(case, data={"act": "escalate", "text": "有照片"}).status_code == 303

    bureau, at_bureau = door.visit("clerk"), case.replace("/me/", "/bureau/cases/")
    assert "待本部门决定" in bureau.get("/bureau/cases/corrections").text
    told = {"act": "direct", "organisation": "TP01", "text": "请核实"}
    assert bureau.post(at_bureau, data=told).status_code == 303
    assert "责成机构办理" in there.get(desk).text
    assert bureau.post(at_bureau, data={"act": "dismiss", "text": "x"}).status_code == 409

    other = me.post(
        "/me/corrections/new", data={"organisation": "HR01", "text": "缺纸质证书"}
    ).headers["location"]
    at_bureau = other.replace("/me/", "/bureau/cases/")
    assert bureau.post(at_bureau, data={"act": "decline", "text": "无依据"}).status_code == 303
    me.post(other, data={"act": "escalate", "text": "请再看"})
    assert bureau.post(at_bureau, data={"act": "dismiss", "text": "x"}).status_code == 403
    second = door.visit("approver")
    assert second.post(at_bureau, data={"act": "dismiss", "text": "无依据"}).status_code == 303
    assert "60日" in me.get(other).text
    assert "更正申请" in door.visit().get("/ways").text


def test_a_code_that_leads_to_nothing_tells_the_causes(door: Door):
    anyone = door.visit()
    unknown = anyone.get("/verify/X4494TBJB89PNZEK").text
    typed = anyone.post("/verify", data={"code": "S000044030001244000001"}).text
    for html in (unknown, typed):
        assert "可能查不到的原因" in html
        assert 'href="/me/missing"' in html


def test_programs_of_an_organisation_answer_requests_and_declarations(door: Door):
    me, there = door.visit("worker"), door.program("trainer")
    cases = []
    for text in ("缺叉车班", "缺焊接班", "缺安全班"):
        told = {"organisation": "TP01", "text": text}
        asked = me.post("/me/corrections/new", data=told)
        cases.append(asked.headers["location"].rpartition("/")[2])
    listed = there.get("/api/v1/corrections").json()["requests"]
    assert {one["case_id"] for one in listed} == set(cases)
    address = f"/api/v1/corrections/{cases[0]}/answer"
    assert there.post(address, json={"act": "added"}).json()["code"] == "addition_not_done"
    assert there.post(address, json={"act": "corrected"}).json()["code"] == "correction_not_done"
    posted = there.post(
        f"/api/v1/workers/{door.numbers[0]}/records",
        json={
            "organisation": "TP01",
            "record": {
                "kind": "training",
                "course_name": "叉车操作",
                "hours": "24",
                "completed_on": "2024-11-20",
            },
        },
    ).json()
    told = {"act": "added", "record_id": posted["record_id"]}
    assert there.post(address, json=told).json()["state"] == "added"
    on = {"act": "hand_on", "organisation": "TP02", "text": "另一家开的班"}
    address = f"/api/v1/corrections/{cases[1]}/answer"
    assert there.post(address, json=on).status_code == 200
    assert there.post(address, json=on).status_code == 404
    mine = door.program("worker").get(f"/api/v1/workers/{door.numbers[0]}/corrections").json()
    assert len(mine["requests"]) == 3

    form = {"kind": "honour", "title": "技术能手", "awarded_on": "2024-05-01"}
    own = me.post("/me/declarations/new", data=form).headers["location"]
    me.post(own, data={"act": "send", "organisation": "TP01"})
    [declared] = there.get("/api/v1/declarations").json()["declarations"]
    address = f"/api/v1/declarations/{declared['id']}/answer"
    assert (
        there.post(address, json={"act": "decline"}).json()["code"] == "declaration_reason_missing"
    )
    assert there.post(address, json={"act": "confirm"}).json()["state"] == "confirmed"
