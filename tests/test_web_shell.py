"""What lies round every request: headers, limits, the log, the last resort, languages."""

import json
from collections.abc import Iterator

import pytest
import structlog
from fastapi import FastAPI
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from archive.files import LARGEST_BYTES
from archive.web.app import create_app
from archive.web.shell import HEADERS
from schemas.vocabulary import Language
from tests.doors import OWN_PAGE, a_door

SECRET = "990000199005170018"


def test_every_answer_carries_the_security_headers(door):
    client = door.visit()
    for path in ("/", "/verify", "/nowhere", "/api/v1/me", "/healthz", "/api/v1/openapi.json"):
        headers = client.get(path).headers
        assert {name: headers[name] for name in HEADERS} == HEADERS


def test_no_page_has_a_script_or_style_that_the_policy_would_stop(door):
    html = door.visit("worker").get("/me").text
    assert "<script>" not in html
    assert "style=" not in html
    assert "onclick" not in html


def test_a_static_file_is_kept_for_ever_under_an_address_with_its_digest(door):
    client = door.visit()
    address = client.get("/").text.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "?v=" in address
    assert "immutable" in client.get(address).headers["cache-control"]


def test_https_makes_cookies_secure_and_asks_browsers_to_stay(sqlite_settings):
    settings = sqlite_settings.model_copy(update={"base_url": "https://skills.example"})
    opened = a_door(settings)
    assert opened.house.session_cookie == "__Host-session"
    assert "strict-transport-security" in opened.visit().get("/").headers
    opened.house.close()


@pytest.mark.parametrize("path", ["/verify", "/api/v1/verify"])
def test_a_body_larger_than_any_file_is_refused_before_it_is_read(door, path):
    response = door.visit().post(path, files={"file": ("a.pdf", b"0" * (LARGEST_BYTES + 2**21))})
    assert response.status_code == 413
    assert "20 MB" in response.text


def test_a_body_without_an_announced_length_is_counted_while_it_comes(door):
    def endless() -> Iterator[bytes]:
        for _ in range(30):
            yield b"0" * 2**20

    response = door.visit().post(
        "/api/v1/verify",
        content=endless(),
        headers={"content-type": "multipart/form-data; boundary=x"},
    )
    assert response.status_code == 413
    assert response.json()["code"] == "upload_too_large"


def test_a_form_may_not_be_as_large_as_a_file(door):
    response = door.visit().post("/sign-in", data={"name": "x" * 2**21})
    assert response.status_code == 413


def test_what_nobody_foresaw_is_answered_without_a_traceback_and_logged_without_its_text(door):
    client = TestClient(_with_a_fault(door.app), headers=OWN_PAGE)
    with capture_logs() as lines:
        response = client.get("/fault")
    assert response.status_code == 500
    assert "Traceback" not in response.text
    assert SECRET not in response.text + json.dumps(lines)
    [told] = [line for line in lines if line["event"] == "unforeseen"]
    assert told["error"] == "RuntimeError"
    assert told["request"] in response.text


def test_the_log_tells_the_template_of_the_route_and_never_path_or_query(door):
    with capture_logs() as lines:
        door.visit("clerk").get(f"/bureau/records/{door.numbers[0]}?note={SECRET}")
    [line] = [line for line in lines if line["event"] == "request"]
    assert line["route"] == "/bureau/records/{number}"
    assert line["status"] == 200
    assert SECRET not in json.dumps(lines)
    assert door.numbers[0] not in json.dumps(lines)


def test_the_language_is_asked_for_then_remembered_then_preferred_then_ours(door):
    client = door.visit()
    chinese, english = 'lang="zh-CN"', 'lang="en"'
    assert f"<html {chinese}" in client.get("/").text
    assert f"<html {english}" in client.get("/", headers={"accept-language": "fr,en;q=0.5"}).text
    assert f"<html {chinese}" in client.get("/", headers={"accept-language": "zh,en;q=0.5"}).text
    assert f"<html {english}" in client.get("/?lang=en").text
    assert f"<html {english}" in client.get("/", headers={"accept-language": "zh"}).text
    assert f"<html {chinese}" in client.get("/?lang=zh").text


def test_an_installation_can_speak_english_when_nothing_is_asked(sqlite_settings):
    settings = sqlite_settings.model_copy(update={"lang": Language.ENGLISH})
    opened = a_door(settings)
    assert '<html lang="en"' in opened.visit().get("/").text
    opened.house.close()


def test_the_banner_stands_on_every_page_only_while_there_is_demo_data(sqlite_settings):
    opened = a_door(sqlite_settings)
    assert "Demo data" not in opened.visit().get("/").text
    with opened.house.archive.transaction() as session:
        from archive.people.organisations import coded  # noqa: PLC0415

        coded(session, "TP01").is_demo = True
    opened.house.demo._until = 0.0
    for path in ("/", "/verify", "/sign-in", "/nowhere"):
        assert "演示数据 Demo data" in opened.visit().get(path).text
    opened.house.close()


def test_making_the_application_opens_no_connection(sqlite_settings):
    app = create_app(sqlite_settings)
    assert app.state.house.archive.engine.pool.checkedin() == 0
    app.state.house.close()


def _with_a_fault(app: FastAPI) -> FastAPI:
    @app.get("/fault")
    def fault() -> None:
        raise RuntimeError(SECRET)

    return app


@pytest.fixture(autouse=True)
def log_as_it_was() -> Iterator[None]:
    yield
    structlog.reset_defaults()
