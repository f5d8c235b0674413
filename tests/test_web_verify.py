"""Verifying, over HTTP: five answers, and what must never be told."""


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
