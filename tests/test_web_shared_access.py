"""Access by consent through the web door: asking tells nothing, granting shows the text first."""

import re
from datetime import date

import pytest

from archive.people.synthetic import resident_number
from tests.builders import an_identity
from tests.doors import Door

ASKED = {
    "purpose": "招聘电工",
    "contact": "人事部 0755-00000000",
    "reference": "A-1",
    "kind": ["training"],
    "credits": "yes",
    "days": "30",
}
NEW = "/organisation/access/new"
REQUEST = re.compile(r"/me/shares/requests/([0-9a-f-]{36})")


def _asked(door: Door, **fields: object) -> str:
    """Ask as the employer; return the request's id as the worker's page names it."""
    whom = {"archive_number": door.numbers[0]}
    answer = door.visit("employer").post(NEW, data={**ASKED, **whom, **fields})
    assert answer.status_code == 303, answer.text
    found = REQUEST.search(door.visit("worker").get("/me/shares").text)
    assert found
    return found[1]


def _granted(door: Door, request: str, **fields: str) -> None:
    told = {"agrees": "yes", "credits": "yes", "levels": "yes", "days": "30", **fields}
    answer = door.visit("worker").post(f"/me/shares/requests/{request}/grant", data=told)
    assert answer.status_code == 303, answer.text


def test_a_worker_reads_the_text_grants_and_takes_back(either_door: Door):
    request = _asked(either_door)
    worker, employer = either_door.visit("worker"), either_door.visit("employer")
    page = worker.get(f"/me/shares/requests/{request}").text
    for told in ("单独", "光明示范培训中心（EP01；联系方式：人事部", "招聘电工", "记录类别：培训"):
        assert told in page
    address = f"/organisation/access/{request}"
    assert employer.get(address).status_code == 403

    refused = worker.post(f"/me/shares/requests/{request}/grant", data={"days": "30"})
    assert refused.status_code == 422
    _granted(either_door, request)

    seen = employer.get(address)
    assert seen.status_code == 200
    assert "电工技能提升" in seen.text
    assert "S00004403000124400000" not in seen.text
    assert seen.headers["referrer-policy"] == "no-referrer"
    for stranger in ("rival", "trainer", "department"):
        assert either_door.visit(stranger).get(address).status_code == 404
    assert either_door.visit("clerk").get(address).status_code == 403
    assert worker.post(f"/me/shares/requests/{request}/take-back").status_code == 303
    assert employer.get(address).status_code == 410
    assert "同意书版本" in worker.get(f"/me/shares/requests/{request}").text


def test_a_worker_grants_less_and_sees_the_text_for_it(door: Door):
    request = _asked(door, kind=["training", "certificate"])
    less = {"kind": "certificate", "name": "masked", "days": "7"}
    page = door.visit("worker").get(f"/me/shares/requests/{request}", params=less).text
    assert "记录类别：证书；不含学分；不含技能等级；姓名部分隐去" in page
    _granted(door, request, **less)
    seen = door.visit("employer").get(f"/organisation/access/{request}").text
    assert "电工技能提升" not in seen
    assert "李**" in seen


def test_what_leaves_nothing_or_cannot_be_read_is_told_before_the_consent(door: Door):
    request = _asked(door)
    worker = door.visit("worker")
    address = f"/me/shares/requests/{request}"
    empty = worker.get(address, params={"kind": "certificate", "days": "7"})
    assert empty.status_code == 422
    assert "没有交集" in empty.text
    assert "同意查阅" not in empty.text
    wrong = worker.get(address, params={"days": "8"})
    assert "有效期" in wrong.text
    occupation = worker.get(address, params={"days": "7", "occupation": "没有这种职业"})
    assert occupation.status_code == 422
    assert worker.post(f"{address}/grant", data={"days": "8", "agrees": "y"}).status_code == 422
    assert worker.post(f"{address}/decline").status_code == 303
    assert worker.post(f"{address}/decline").status_code == 409


def test_asking_for_nobody_reads_like_asking_for_somebody(door: Door):
    number = an_identity(1).document_number
    nobody = resident_number(date(1990, 5, 17), 77)
    employer = door.visit("employer")
    whom = (
        {"document_number": number, "person": "李明华"},
        {"document_number": nobody, "person": "李明华"},
        {"document_number": number, "person": "王小明"},
        {"archive_number": "0000-0000-0000"},
    )
    answers = [employer.post(NEW, data={**ASKED, **one}) for one in whom]
    assert {(one.status_code, one.headers["location"], one.text) for one in answers} == {
        (303, "/organisation/access?sent=1", "")
    }
    listed = employer.get("/organisation/access?sent=1").text
    assert listed.count(">待答复<") == len(whom)
    assert len(REQUEST.findall(door.visit("worker").get("/me/shares").text)) == 1
    assert number not in listed


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"archive_number": ""}, "申请查阅谁的档案"),
        ({"purpose": ""}, "用途"),
        ({"reference": "张三"}, "本单位编号"),
        ({"reference": "A-138-0013-8000"}, "本单位编号"),
        ({"occupation": "没有这种职业"}, "职业"),
    ],
)
def test_a_request_that_cannot_be_sent_says_why_and_repeats_no_number(door: Door, fields, told):
    sent = {**ASKED, "archive_number": "0000-0000-0000", **fields}
    answer = door.visit("employer").post(NEW, data=sent)
    assert answer.status_code == 422
    assert told in answer.text.split('role="alert"')[1].split("</div>")[0]
    assert "0000-0000-0000" not in answer.text
    assert door.visit("employer").get(NEW).status_code == 200


def test_another_workers_request_answers_as_a_missing_one(door: Door):
    request = _asked(door)
    other = door.visit("other worker")
    answers = [
        (answer.status_code, answer.text.replace(one, ""))
        for one in (request, "01890000-0000-7000-8000-000000000000")
        for answer in (
            other.get(f"/me/shares/requests/{one}"),
            other.post(f"/me/shares/requests/{one}/decline"),
        )
    ]
    assert answers[:2] == answers[2:]
    assert answers[0][0] == 404
