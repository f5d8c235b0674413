"""Share links through the web door: strangers, PINs, headers, and the worker who sees it all."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from archive.people import attempts
from tests.doors import Door

PIN = "246810"
NEW = {
    "for_whom": "示范用人单位",
    "purpose": "应聘电工",
    "part": "whole",
    "credits": "yes",
    "levels": "yes",
    "days": "30",
    "download": "yes",
}
TOKEN = re.compile(r'class="share-url">[^<]*/s/([A-Za-z0-9_-]{43})<')
OTHER_TITLE = "S00004403000124400000"


def _made(door: Door, **fields: object) -> tuple[str, str]:
    """Make a share; return its address and its id."""
    answer = door.visit("worker").post("/me/shares/new", data={**NEW, **fields})
    assert answer.status_code == 201, answer.text
    token = TOKEN.search(answer.text)
    share = re.search(r'href="/me/shares/([0-9a-f-]{36})"', answer.text)
    assert token
    assert share
    return f"/s/{token[1]}", share[1]


def _code(answer) -> str:
    found = re.search(r"<code>([a-z_]+)</code></p>", answer.text)
    assert found, answer.text
    return found[1]


def test_a_stranger_sees_what_was_shared_and_nothing_leaks_the_link(either_door: Door):
    address, share = _made(either_door)

    seen = either_door.visit().get(address)

    assert seen.status_code == 200
    assert seen.headers["referrer-policy"] == "no-referrer"
    assert seen.headers["cache-control"] == "no-store"
    assert "noindex" in seen.headers["x-robots-tag"]
    for told in ("李明华", "电工技能提升", "示范用人单位", "本链接有效至", "在档，未变更"):
        assert told in seen.text
    links = re.findall(r'(?:href|src|action)="([^"]+)"', seen.text)
    leaking = [one for one in links if address in one and not one.startswith(address)]
    assert leaking == []
    assert not [one for one in links if one.startswith(("http:", "https:", "//"))]
    data = either_door.visit().get(f"{address}/data")
    assert data.json()["for_whom"] == "示范用人单位"
    assert data.headers["referrer-policy"] == "no-referrer"

    mine = either_door.visit("worker").get(f"/me/shares/{share}")
    assert "被打开2次" in mine.text
    assert "访问者1" in mine.text
    assert "testclient" not in mine.text


def test_the_log_of_requests_tells_the_route_and_never_the_token(door: Door):
    address, _ = _made(door)
    visitor = door.visit()
    with capture_logs() as lines:
        for path in (address, f"{address}/data", address + "x", f"{address}x/data"):
            visitor.get(path)
        visitor.post(address, data={"pin": "1"})
    told = repr(lines)
    assert len(lines) == 5
    assert "/s/{token}" in told
    assert address.removeprefix("/s/")[:20] not in told


def test_what_closes_a_share_has_its_own_page_and_code(either_door: Door):
    address, share = _made(either_door, days="7")
    worker, visitor = either_door.visit("worker"), either_door.visit()
    unknown = visitor.get("/s/" + "A" * 43)
    foreign = visitor.get("/s/short")
    assert (unknown.status_code, _code(unknown)) == (404, "share_unknown")
    path = re.compile(r"/s/[A-Za-z0-9]+")
    assert path.sub("", unknown.text) == path.sub("", foreign.text)

    with time_machine.travel(datetime.now(UTC) + timedelta(days=7, minutes=1)):
        ended = visitor.get(address)
        assert (ended.status_code, _code(ended)) == (410, "share_expired")
        assert "与证书本身的有效期无关" in ended.text
        assert "李明华" not in ended.text
        assert "示范用人单位" not in ended.text
    assert worker.post(f"/me/shares/{share}/revoke").status_code == 303
    for closed in (visitor.get(address), visitor.get(f"{address}/data")):
        assert (closed.status_code, _code(closed)) == (410, "share_revoked")
        assert closed.headers["referrer-policy"] == "no-referrer"
        assert "李明华" not in closed.text


def test_an_old_link_is_unknown_once_it_was_replaced(door: Door):
    address, share = _made(door)
    answer = door.visit("worker").post(f"/me/shares/{share}/rotate")
    token = TOKEN.search(answer.text)
    assert token
    visitor = door.visit()
    assert _code(visitor.get(address)) == "share_unknown"
    assert visitor.get(f"/s/{token[1]}").status_code == 200


def test_a_link_can_be_extended(door: Door):
    address, share = _made(door, days="7")
    worker = door.visit("worker")
    assert worker.post(f"/me/shares/{share}/extend", data={"days": "180"}).status_code == 303
    assert worker.post(f"/me/shares/{share}/extend", data={"days": "9999"}).status_code == 303
    with time_machine.travel(datetime.now(UTC) + timedelta(days=179)):
        assert door.visit().get(address).status_code == 200
    with time_machine.travel(datetime.now(UTC) + timedelta(days=181)):
        assert _code(door.visit().get(address)) == "share_expired"


def test_a_share_with_a_pin_shows_nothing_before_it(door: Door):
    address, share = _made(door, pin=PIN)
    visitor = door.visit()
    for path in (address, f"{address}/data"):
        asked = visitor.get(path)
        assert (asked.status_code, _code(asked)) == (401, "share_pin_needed")
        assert "李明华" not in asked.text
    wrong = visitor.post(address, data={"pin": "111111"})
    assert (wrong.status_code, _code(wrong)) == (401, "share_pin_wrong")

    right = visitor.post(address, data={"pin": PIN})
    assert (right.status_code, right.headers["location"]) == (303, address)
    cookie = right.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert PIN not in cookie
    assert visitor.get(address).status_code == 200
    assert door.visit().get(address).status_code == 401
    other, _ = _made(door, pin=PIN)
    assert visitor.get(other).status_code == 401
    open_one, _ = _made(door)
    assert visitor.post(open_one, data={"pin": "1"}).headers["location"] == open_one

    mine = door.visit("worker").get(f"/me/shares/{share}")
    assert "被打开1次" in mine.text  # Neither the PIN nor a refusal is a look.


def test_too_many_wrong_pins_lock_the_share_for_everybody_for_a_while(door: Door):
    address, _ = _made(door, pin=PIN)
    visitor = door.visit()
    codes = [_code(visitor.post(address, data={"pin": "1"})) for _ in range(attempts.FREE)]
    assert codes == ["share_pin_wrong"] * (attempts.FREE - 1) + ["share_pin_locked"]
    locked = door.visit().post(address, data={"pin": PIN})
    assert (locked.status_code, _code(locked)) == (429, "share_pin_locked")
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2)):
        assert door.visit().post(address, data={"pin": PIN}).status_code == 303


def test_a_share_without_download_says_so_and_has_no_file(door: Door):
    address, _ = _made(door, download="")
    visitor = door.visit()
    seen = visitor.get(address)
    assert "仅供在线查看" in seen.text
    assert "截屏和拍照无法从技术上阻止" in seen.text
    assert "/data" not in seen.text
    refused = visitor.get(f"{address}/data")
    assert (refused.status_code, _code(refused)) == (403, "share_no_download")


def test_a_share_tells_nothing_outside_its_scope_in_any_of_its_forms(door: Door):
    record = str(door.record_ids[0])
    address, _ = _made(door, part="chosen", record=[record], credits="", levels="")
    visitor = door.visit()
    whole = json.loads(visitor.get(f"{_made(door)[0]}/data").text)["content"]
    hidden = [one for one in whole["records"] if one["record_id"] != record]
    assert hidden
    forms = (visitor.get(address).text, visitor.get(f"{address}/data").text)
    for text in (*forms, visitor.get(f"{address}?lang=en").text):
        assert "电工技能提升" in text
        for one in hidden:
            assert one["record_id"] not in text
            assert one["certificate_number"] not in text
        assert door.numbers[0] not in text
        assert str(whole["levels"][0]["rank_name"]["zh"]) not in text


def test_a_frozen_share_is_marked_as_such(door: Door):
    address, _ = _made(door, shows="frozen")
    assert "此为固定内容" in door.visit().get(address).text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"for_whom": " "}, "分享给谁"),
        ({"pin": "12345"}, "PIN码"),
        ({"days": "8"}, "有效期"),
        ({"part": "chosen"}, "选定的记录"),
        ({"part": "filter", "begins_on": "2025-01-02", "ends_on": "2025-01-01"}, "时间段"),
        ({"part": "filter", "kind": "identity"}, "记录类别"),
        ({"part": "filter", "occupation": "没有这种职业"}, "职业"),
    ],
)
def test_a_form_that_cannot_be_used_says_which_field(door: Door, fields, told):
    answer = door.visit("worker").post("/me/shares/new", data={**NEW, **fields})
    assert answer.status_code == 422
    alert = answer.text.split('role="alert"')[1].split("</div>")[0]
    assert told in alert
    assert "接口" not in alert


def test_another_workers_share_answers_as_a_missing_one(door: Door):
    _, share = _made(door)
    other = door.visit("other worker")
    pages = [
        [other.get(f"/me/shares/{one}"), other.post(f"/me/shares/{one}/revoke")]
        for one in (share, "01890000-0000-7000-8000-000000000000")
    ]
    for mine, missing in zip(*pages, strict=True):
        assert mine.status_code == missing.status_code == 404
        assert re.sub("[0-9a-f-]{36}", "", mine.text) == re.sub("[0-9a-f-]{36}", "", missing.text)
    assert "示范用人单位" not in other.get("/me/shares").text
    assert isinstance(other, TestClient)
