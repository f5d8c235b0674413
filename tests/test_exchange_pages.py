"""The exchange with other credit banks on pages, without a script."""

import json

import pytest
from httpx2 import Response

from tests.doors import Door
from tests.test_exchange import CERTIFICATE, CREDIT

HERE = "/agreements/desk/exchange"


@pytest.fixture
def known(door: Door) -> Door:
    """Return a door behind which another credit bank is known."""
    told = {"code": "SZ-CB", "name": "某市学分银行", "name_en": "A city's credit bank"}
    assert door.visit("clerk").post("/agreements/desk/schemes", data=told).status_code == 303
    return door


def upload(door: Door, content: bytes, by: str = "clerk") -> Response:
    """Upload a file of the other bank."""
    told = {"scheme": "SZ-CB", "organisation": "TP01"}
    return door.visit(by).post(HERE, data=told, files={"file": ("theirs.json", content)})


def theirs(door: Door, **lists: object) -> bytes:
    """Return a file about the worker."""
    return json.dumps({"holders": [{"archive_number": door.numbers[0], **lists}]}).encode()


def test_an_organisation_downloads_what_it_posted_and_nobody_elses(known):
    trainer = known.visit("trainer")
    page = trainer.get(HERE).text
    assert "主管部门" in page
    assert 'type="file"' not in page
    file = trainer.get(f"{HERE}/file")
    assert 'filename="exchange-TP01.json"' in file.headers["content-disposition"]
    (first, *_) = file.json()["holders"]
    assert first["credits"]
    assert "name" not in first
    assert trainer.get(f"{HERE}/file?organisation=TP02").status_code == 403
    assert trainer.get(f"{HERE}/file?worker={known.numbers[0]}").status_code == 404
    assert trainer.get("/agreements/desk").text.count(HERE) == 1
    assert HERE not in known.visit("employer").get("/agreements/desk").text


def test_the_bureau_downloads_one_worker(known):
    file = known.visit("clerk").get(f"{HERE}/file?worker={known.numbers[1]}")
    assert [one["archive_number"] for one in file.json()["holders"]] == [known.numbers[1]]


def test_a_file_is_looked_at_then_written_and_then_changes_nothing(known):
    clerk = known.visit("clerk")
    sent = upload(known, theirs(known, credits=[CREDIT]))
    assert sent.status_code == 303
    address = sent.headers["location"]
    page = clerk.get(address).text
    assert "第1人" in page
    assert CREDIT["course_name"] in page
    assert CREDIT["course_name"] not in known.visit("worker").get("/me").text
    assert known.visit("approver").get(address).status_code == 410  # Another's upload.
    assert "已写入" in clerk.post(address).text
    assert CREDIT["course_name"] in known.visit("worker").get("/me").text
    again = upload(known, theirs(known, credits=[CREDIT])).headers["location"]
    assert "没有需要写入的内容" in clerk.get(again).text
    assert clerk.post(f"{again}/discard").headers["location"] == HERE


def test_what_is_wrong_is_told_by_person_and_list_and_nothing_is_written(known):
    wrong = {**CERTIFICATE, "time": "2099-01-01"}
    address = upload(known, theirs(known, credits=[CREDIT], certificates=[wrong])).headers[
        "location"
    ]
    clerk = known.visit("clerk")
    page = clerk.get(address).text
    assert "证书 1" in page
    assert "暂不能写入" in clerk.post(address).text
    assert CREDIT["course_name"] not in known.visit("worker").get("/me").text
    misspelt = upload(known, theirs(known, credit=[CREDIT])).headers["location"]
    assert "extra_forbidden" in clerk.get(f"{misspelt}?lang=en").text


def test_what_is_no_file_of_the_exchange_and_who_is_not_the_bureau_are_refused(known):
    assert upload(known, b"[]").status_code == 422
    assert upload(known, theirs(known), by="trainer").status_code == 403
    assert upload(known, theirs(known), by="employer").status_code == 403
