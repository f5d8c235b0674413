"""Signing in against a real identity service, npm's ``oidc-provider``, with its own forms."""

import re

import httpx2
import pytest

from tests.builders import an_identity
from tests.doors import Door, a_door
from tests.identity_services import real_service
from tests.test_web_vouching import settings_for

PEOPLE = {
    "ours": {"name": an_identity().name, "id_number": an_identity().document_number},
    "renamed": {"name": "某某某", "id_number": an_identity().document_number},
}
_ABORT = re.compile(r'href="([^"]+/abort)"')
_FORM = re.compile(r'action="([^"]+)"')


def _walked(door: Door, login: str, *, cancels: bool = False):
    """Sign in as somebody, all the way; return our browser and our last answer."""
    client = door.visit()
    there = client.get("/sign-in/identity").headers["location"]
    with httpx2.Client() as browser:  # Of the same person, at the service.
        answer = browser.get(there)
        prompts = iter(["login", "consent"])
        while not (goal := answer.headers.get("location", "")).startswith("http://testserver"):
            if goal:
                answer = browser.get(answer.url.join(goal))
                continue
            assert answer.status_code == 200
            if cancels:
                [abort] = _ABORT.findall(answer.text)
                answer = browser.get(answer.url.join(abort))
                continue
            form = _FORM.search(answer.text)
            assert form
            told = {"prompt": next(prompts), "login": login, "password": "any"}
            answer = browser.post(answer.url.join(form[1]), data=told)
    return client, client.get(goal.removeprefix("http://testserver"))


@pytest.fixture(scope="module")
def issuer():
    with real_service(PEOPLE) as issuer:
        yield issuer


@pytest.fixture
def city(issuer, sqlite_settings):
    door = a_door(settings_for(sqlite_settings, issuer))
    yield door
    door.house.close()


def test_a_worker_signs_in_and_comes_back(city):
    for _ in range(2):
        client, response = _walked(city, "ours")
        assert (response.status_code, response.headers["location"]) == (303, "/me")
        assert client.get("/me").status_code == 200


def test_a_worker_of_another_name_is_told_what_to_do(city):
    _, response = _walked(city, "renamed")
    assert response.status_code == 403
    assert "identity_mismatch" in response.text


def test_who_breaks_off_is_told_so(city):
    _, response = _walked(city, "ours", cancels=True)
    assert response.status_code == 401
    assert "identity_cancelled" in response.text
