"""Courses and classes on pages: published, filed, filled, held, closed, spot-checked."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from starlette.testclient import TestClient

from archive.dossiers.classes import opening
from archive.people.accounts import named
from archive.people.organisations import coded
from schemas.classes import ClassAsked
from tests.builders import TODAY, an_identity
from tests.doors import Door

COURSE = {
    "code": "K-9",
    "title": "可编程控制器进阶",
    "title_en": "PLC II",
    "occupation": "电工",
    "hours": "40",
    "fee": "12.50",
    "mode": "blended",
    "asks_attendance": "yes",
    "resource": "https://lms.example.cn/k-9",
    "identifiers": "https://lms.example.cn/a/k-9\nurn:uuid:1",
    "is_published": "yes",
    "in_force_from": "2024-01-01",
}


def days() -> tuple[str, str, str]:
    """Return a day of last month, yesterday, and one next month."""
    today = _today()
    last_month, yesterday, next_month = (today + timedelta(days=by) for by in (-20, -1, 9))
    return str(last_month), str(yesterday), str(next_month)


def _today() -> date:
    """Return the day here: after 16:00 UTC it is the next one."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def a_class(door: Door, trainer: TestClient) -> str:
    """Return the address of a class of the trainer that ended yesterday."""
    assert trainer.post("/trainer/courses/new", data=COURSE).status_code == 303
    first, last, _ = days()
    told = {"number": "2025-3", "course": "K-9", "place": "实训楼", "planned": 30}
    asked = ClassAsked.model_validate({**told, "first_on": first, "last_on": last})
    with door.house.archive.transaction() as session:
        by, body = named(session, "trainer"), coded(session, "TP01")
        now = datetime.now(UTC)
        opened = opening.open_class(session, body, asked, by=by, now=now, today=TODAY)
    return f"/trainer/classes/{opened.id}"


def test_a_course_is_published_by_a_form_and_found_in_the_public_catalogue(door: Door):
    trainer, stranger = door.visit("trainer"), door.visit()
    wrong = trainer.post(
        "/trainer/courses/new", data={**COURSE, "fee": "gratis", "resource": "javascript:x"}
    )
    assert wrong.status_code == 422
    assert "收费（元）" in wrong.text
    assert "数字资源" in wrong.text
    assert trainer.post("/trainer/courses/new", data=COURSE).status_code == 303
    taken = {**COURSE, "code": "K-10"}
    assert trainer.post("/trainer/courses/new", data=taken).status_code == 409
    assert 'value="12.5"' in trainer.get("/trainer/courses/new?code=K-9").text

    assert "可编程控制器进阶" in stranger.get("/courses").text
    assert trainer.post("/trainer/courses/new", data=COURSE | {"fee": "0"}).status_code == 303
    assert "免费" in stranger.get("/courses").text
    found = stranger.get("/courses?text=plc&mode=blended&occupation=6-31-01-03&at=1").text
    assert "https://lms.example.cn/k-9" in found
    assert "可编程控制器进阶" not in stranger.get("/courses?mode=online").text
    draft = {name: text for name, text in COURSE.items() if name != "is_published"}
    assert trainer.post("/trainer/courses/new", data=draft).status_code == 303
    assert "可编程控制器进阶" not in stranger.get("/courses").text
    assert "未公开" in trainer.get("/trainer/courses").text
    assert stranger.get("/api/v1/courses").json()["total"] == 0
    [own] = door.program("trainer").get("/api/v1/organisations/TP01/courses").json()["courses"]
    assert (own["is_published"], own["fee_fen"], len(own["identifiers"])) == (False, 1250, 2)


def test_a_class_is_filed_by_a_form_before_it_begins(door: Door):
    trainer = door.visit("trainer")
    assert trainer.post("/trainer/courses/new", data=COURSE).status_code == 303
    first, last, later = days()
    typed = {"number": "2025-4", "course": "K-9", "place": "线上", "planned": "30",
             "first_on": first, "last_on": later, "teacher": "赵老师"}  # fmt: skip
    late = trainer.post("/trainer/classes/new", data=typed)
    assert late.status_code == 409
    assert "开班日前备案" in late.text
    faulty = trainer.post("/trainer/classes/new", data={**typed, "planned": "viele"})
    assert faulty.status_code == 422
    assert "计划人数" in faulty.text
    filed = trainer.post("/trainer/classes/new", data={**typed, "first_on": later})
    assert filed.status_code == 303
    address = filed.headers["location"]
    assert "赵老师" in trainer.get(address).text
    typed["first_on"] = typed["last_on"] = later
    changed = trainer.post(f"{address}/filing", data={**typed, "place": "实训楼"})
    assert changed.status_code == 303
    assert "实训楼" in trainer.get(address).text
    assert trainer.post(f"{address}/filing", data=typed | {"first_on": last}).status_code == 409


def test_a_class_is_filled_held_and_closed_on_pages(door: Door):
    trainer = door.visit("trainer")
    address = a_class(door, trainer)
    one = {"name": "王小芳", "document_number": an_identity(30).document_number}
    assert trainer.post(f"{address}/roster", data=one).status_code == 303
    wrong = trainer.post(f"{address}/roster", data={**one, "document_number": "99000019900101001"})
    assert wrong.status_code == 422
    assert 'value="王小芳"' in wrong.text
    renamed = {**one, "name": "王晓芳"}
    assert "corrects_name" in trainer.post(f"{address}/roster", data=renamed).text
    corrected = trainer.post(f"{address}/roster", data=renamed | {"corrects_name": "yes"})
    assert corrected.status_code == 303
    assert "王晓芳" in trainer.get(address).text
    table = f"姓名,身份证号\n孙丽,{an_identity(31).document_number}\n李四,123\n"
    told = trainer.post(f"{address}/roster/file", files={"file": ("a.csv", table.encode())})
    assert told.status_code == 422
    assert "新登记1人" in told.text

    noted = trainer.post(f"{address}/lessons", data={"held_on": days()[0], "hours": "40"})
    lesson = noted.headers["location"]
    ids = re.findall(r'name="shown" value="([0-9a-f-]{36})"', trainer.get(lesson).text)
    assert len(ids) == 2
    ticked = {"shown": ids, "present": ids, f"hours-{ids[0]}": "36,5"}
    assert trainer.post(lesson, data=ticked).status_code == 422
    ticked[f"hours-{ids[0]}"] = "36.5"
    assert trainer.post(lesson, data=ticked).status_code == 303
    results = {f"shown-{one}": "1" for one in ids} | {f"result-{ids[0]}": "85"}
    bad = trainer.post(f"{address}/results", data={**results, f"left-{ids[1]}": "yes"})
    assert bad.status_code == 422
    results |= {f"result-{ids[1]}": "不合格", f"account-{ids[1]}": "S-2"}
    assert trainer.post(f"{address}/results", data=results).status_code == 303
    assert 'value="85"' in trainer.get(f"{address}/results").text

    preview = trainer.get(f"{address}/closing").text
    assert "91.25 %" in preview
    assert trainer.post(f"{address}/closing").status_code == 303
    closed = trainer.get(address).text
    assert "已结班" in closed
    assert "roster/file" not in closed
    assert trainer.post(f"{address}/roster", data=one).status_code == 409
    clerk, seen = door.visit("clerk"), address.replace("trainer", "bureau")
    assert "S-2" in clerk.get(seen).text
    check = {"checked_on": days()[2], "inspector": "刘科长", "found": "实到2人"}
    assert clerk.post(f"{seen}/checks", data=check).status_code == 422
    assert clerk.post(f"{seen}/checks", data={**check, "found": ""}).status_code == 422
    today = str(_today())
    assert clerk.post(f"{seen}/checks", data={**check, "checked_on": today}).status_code == 303
    assert "实到2人" in trainer.get(address).text
    query = f"?organisation=TP01&first={days()[0]}&last={days()[1]}"
    assert "2025-3" in clerk.get("/bureau/classes" + query).text
    assert "2025-3" not in clerk.get(f"/bureau/classes?first={days()[2]}").text
