"""Verifying, over HTTP: five answers, and what must never be told."""

import re
from hashlib import sha256


def test_an_unknown_code_is_grey_and_never_red(door):
    html = door.visit().get("/verify/4TQ9-0XKM-7C2W-PD5Q").text
    assert "verdict-cannot_check" in html
    assert "暂时无法查验" in html


def test_what_is_typed_and_is_no_code_stays_out_of_the_address(door):
    response = door.visit().post("/verify", data={"code": "990000199005170018"})
    assert response.status_code == 422
    assert "location" not in response.headers
    assert "这不是有效的查验码" in response.text


def test_verifying_without_a_file_says_so(door):
    response = door.visit().post("/verify", files={"file": ("", b"")})
    assert response.status_code == 422
    assert "尚未选择文件" in response.text


def test_a_file_that_is_no_transcript_cannot_be_checked(door):
    html = door.visit().post("/verify", files={"file": ("a.pdf", b"hello")}).text
    assert "verdict-cannot_check" in html


def test_the_answer_is_taken_away_as_a_signed_report_without_the_file_being_sent_again(door):
    issued = door.visit("worker").post("/me/transcript", data={"language": "zh"})
    stranger = door.visit()
    html = stranger.post("/verify", files={"file": ("t.pdf", issued.content)}).text
    ticket = _ticket(html)
    report = stranger.post("/verify/report", data={"ticket": ticket, "language": "en"})
    assert report.headers["content-type"] == "application/pdf"
    code = report.headers["x-report-code"]
    assert report.headers["content-disposition"].endswith(f'verification-report-{code}.pdf"')

    for answer in (
        stranger.post("/verify", files={"file": ("r.pdf", report.content)}).text,
        stranger.get(f"/verify/{code}").text,
    ):
        assert "verdict-valid" in answer
        assert "报告只说明当时的查验结果" in answer or "请与您手中的报告逐项核对" in answer
        assert sha256(issued.content).hexdigest() in answer
        assert 'name="ticket"' not in answer, "of a report no report is made"

    html = stranger.post("/verify", files={"file": ("t.pdf", issued.content + b" ")}).text
    data = {"ticket": _ticket(html), "language": "zh"}
    of_forged = stranger.post("/verify/report", data=data).content
    answer = stranger.post("/verify", files={"file": ("r.pdf", of_forged)}).text
    assert "<h1>查验报告属实</h1>" in answer
    assert '<div class="notice notice-bad" role="alert">' in answer
    assert '<p class="notice-title">与档案不符</p>' in answer

    by_program = stranger.post(
        "/api/v1/verify/report?language=both", files={"file": ("t.pdf", issued.content)}
    )
    assert by_program.content.startswith(b"%PDF-")
    assert by_program.headers["x-report-code"] != code
    refused = stranger.post("/api/v1/verify/report", files={"file": ("a.pdf", b"hello")})
    assert (refused.status_code, refused.json()["code"]) == (422, "report_of_nothing")


def test_nobody_has_an_answer_signed_that_was_not_given_and_who_tries_often_is_stopped(door):
    stranger = door.visit()
    tries = [
        stranger.post("/verify/report", data={"ticket": "x", "language": "zh"}).status_code
        for _ in range(21)
    ]
    assert tries == [409] * 20 + [429]


def _ticket(html: str) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', html)
    assert found is not None
    return found.group(1)
