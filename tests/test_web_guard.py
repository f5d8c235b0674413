"""The cross-site guard: forms of other sites change nothing."""

import pytest
from starlette.testclient import TestClient

from archive.people.sessions import form_token
from archive.web.guard import Origin, told


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"sec-fetch-site": "same-origin"}, Origin.OURS),
        ({"sec-fetch-site": "none"}, Origin.OURS),
        ({"sec-fetch-site": "same-site"}, Origin.FOREIGN),
        ({"sec-fetch-site": "cross-site"}, Origin.FOREIGN),
        ({"sec-fetch-site": "cross-site", "origin": "https://skills.example"}, Origin.FOREIGN),
        ({"origin": "https://skills.example"}, Origin.OURS),
        ({"origin": "https://skills.example.evil.example"}, Origin.FOREIGN),
        ({"origin": "https://evil.example/skills.example"}, Origin.FOREIGN),
        ({"origin": "null"}, Origin.FOREIGN),
        ({"origin": "http://[skills.example"}, Origin.FOREIGN),
        ({}, Origin.UNTOLD),
    ],
)
def test_headers_tell_where_a_form_comes_from(headers, expected):
    assert told(headers, frozenset({"skills.example"})) is expected


def test_a_form_of_another_site_is_refused_and_the_session_goes_on(door):
    client = door.visit("worker")
    response = client.post("/sign-out", headers={"sec-fetch-site": "cross-site"})
    assert response.status_code == 403
    assert "cross_site" in response.text
    assert client.get("/me").status_code == 200


def test_the_api_takes_no_cookie_along_from_another_site(door):
    client = door.visit("approver")
    response = client.post(
        "/api/v1/verify", headers={"sec-fetch-site": "cross-site"}, files={"file": b"x"}
    )
    assert (response.status_code, response.json()["code"]) == (403, "cross_site")


def test_an_old_browser_that_tells_nothing_needs_the_token_of_the_form(door):
    token = door.token("worker")
    client = TestClient(door.app, follow_redirects=False)
    client.cookies.set(door.house.session_cookie, token)

    assert client.post("/sign-out").status_code == 403
    of_a_proxy = {"authorization": "Basic bWU6bWU="}
    assert client.post("/sign-out", headers=of_a_proxy).status_code == 403
    assert client.post("/sign-out", data={"form_token": form_token("another")}).status_code == 403
    assert client.post("/sign-out", data={"form_token": form_token(token)}).status_code == 303


def test_every_form_of_a_page_carries_the_token(door):
    token = door.token("worker")
    client = door.visit()
    client.cookies.set(door.house.session_cookie, token)
    html = client.get("/me").text
    forms = html.count('method="post"')
    assert forms >= 2
    assert html.count(form_token(token)) == forms


def test_a_program_without_a_cookie_needs_no_page(door):
    assert door.program("clerk").post("/api/v1/verify", files={"file": b"x"}).status_code == 200
