"""Attacks on the doors as sets: other sites' forms, scripts in fields, names for headers."""

import re

import pytest
from starlette.testclient import TestClient

from archive.web.downloads import attachment
from tests.access_rows import ROUTES
from tests.doors import a_door

SCRIPT = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'"
WRITING = sorted(route for route in ROUTES if not route.startswith("GET "))


def test_no_form_of_another_site_reaches_any_route(door):
    client = door.visit("worker")
    assert len(WRITING) > 50
    let_in = []
    for route in WRITING:
        method, path = route.split(" ")
        address = re.sub(r"\{\w+\}", "x", path)
        for told in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
            stranger = TestClient(door.app, headers=told, follow_redirects=False)
            stranger.cookies.update(client.cookies)
            if stranger.request(method, address).status_code != 403:
                let_in.append((route, told))
    assert let_in == []


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/sign-in", ("name", "password", "next")),
        ("/sign-in/sent", ("contact",)),
        ("/sign-in/sent/code", ("code",)),
        ("/join", ("name", "number", "contact")),
        ("/join/code", ("code",)),
        ("/join/activate", ("code", "name")),
        ("/verify", ("code",)),
    ],
)
def test_a_script_in_a_field_is_shown_as_text(door, path, fields):
    client = door.visit()
    for field in fields:
        told = dict.fromkeys(fields, "x") | {field: SCRIPT}
        html = client.post(path, data=told).text
        assert "<script>alert" not in html, field
        assert "<img src=x" not in html, field


@pytest.mark.parametrize("path", ["/?lang=", "/sign-in?next=", "/verify?", "/nowhere/"])
def test_a_script_in_an_address_is_shown_as_text(door, path):
    assert "<script>alert" not in door.visit().get(path + SCRIPT).text


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("a.pdf", 'attachment; filename="a.pdf"'),
        ('a"; x="b.exe', 'attachment; filename="a__ x=_b.exe"'),
        ("a\r\nSet-Cookie: x=1", 'attachment; filename="a__Set-Cookie_ x=1"'),
        ("../../etc/passwd", 'attachment; filename="_.._etc_passwd"'),
        ("..", 'attachment; filename="file"'),
        (
            "合并证据.pdf",
            (
                'attachment; filename="____.pdf"; '
                "filename*=UTF-8''%E5%90%88%E5%B9%B6%E8%AF%81%E6%8D%AE.pdf"
            ),
        ),
    ],
)
def test_a_file_is_handed_over_under_a_name_that_breaks_no_header(name, header):
    told = attachment(name)["Content-Disposition"]
    assert told == header
    assert told.encode("latin-1").isascii()


def test_programs_find_whom_to_tell_of_a_hole_and_where_passwords_are_changed(sqlite_settings):
    told = sqlite_settings.model_copy(update={"security_contact": "mailto:safe@example.com"})
    opened = a_door(told)
    client = opened.visit()
    text = client.get("/.well-known/security.txt").text
    assert "Contact: mailto:safe@example.com\n" in text
    assert re.search(r"^Expires: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", text, re.MULTILINE)
    assert client.get("/.well-known/change-password").headers["location"] == "/account"
    opened.house.close()


def test_without_a_contact_there_is_no_security_txt_and_a_wrong_one_is_refused(door, monkeypatch):
    from archive.errors import SettingInvalidError  # noqa: PLC0415
    from archive.settings import load_settings  # noqa: PLC0415

    assert door.visit().get("/.well-known/security.txt").status_code == 404
    monkeypatch.setenv("ARCHIVE_SECURITY_CONTACT", "somebody")
    with pytest.raises(SettingInvalidError, match="ARCHIVE_SECURITY_CONTACT"):
        load_settings()


def test_every_cookie_and_redirect_stays_with_this_host(sqlite_settings):
    told = sqlite_settings.model_copy(update={"base_url": "https://archive.example"})
    opened = a_door(told)
    client = opened.visit()
    kept = client.get("/?lang=en").headers["set-cookie"]
    assert kept.startswith("__Host-lang=en;")
    assert "Secure" in kept
    english = client.get("/", headers={"cookie": "__Host-lang=en"})
    assert '<html lang="en"' in english.text
    assert client.get("/sign-in/", headers={"host": "evil.example"}).status_code == 404
    mark = client.get("/static/mark.svg").headers["content-type"]
    assert mark == "image/svg+xml; charset=utf-8"
    opened.house.close()


def test_signing_out_clears_what_the_browser_kept(door):
    response = door.visit("worker").post("/sign-out")
    assert response.headers["clear-site-data"] == '"storage"'
