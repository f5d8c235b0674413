"""Every refusal has its status, its page and its problem; none repeats what was sent."""

import importlib
import pkgutil

import pytest

import archive
import credit_bank
from archive.texts import explained, in_language
from archive.web.pages.interface import answerable
from archive.web.refusals import CodeUnreadableError
from archive.web.statuses import STATUS_OF, status_of
from schemas.refusals import Refusal, all_refusals
from schemas.vocabulary import Language

SECRET = "990000199005170018"


def everything_that_can_be_refused() -> list[type[Refusal]]:
    for package in (archive, credit_bank):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "migrations" not in module.name:
                importlib.import_module(module.name)
    never_here = ("archive.cli.", "archive.demo.")
    return [
        kind
        for kind in all_refusals()
        if kind is not Refusal and not kind.__module__.startswith(never_here)
    ]


def test_every_refusal_has_a_status():
    refusals = everything_that_can_be_refused()
    assert len(refusals) > 100
    assert [kind for kind in refusals if status_of(kind) is None] == []


def test_every_status_is_one_that_tells_of_a_refusal():
    assert all(400 <= status < 600 for status in STATUS_OF.values())


def test_codes_are_unique():
    codes = [kind.code for kind in everything_that_can_be_refused()]
    assert len(codes) == len(set(codes))


def test_the_page_of_codes_lists_every_refusal_in_both_languages(door):
    kinds = [kind for kind, _ in answerable()]
    assert len(kinds) > 100
    client = door.visit()
    for language in ("zh", "en"):
        html = client.get(f"/problems?lang={language}").text
        assert [kind.code for kind in kinds if f'id="{kind.code}"' not in html] == []


def test_a_missing_page_says_what_to_do(door):
    response = door.visit().get("/nowhere")
    assert response.status_code == 404
    assert "请核对网址" in response.text
    assert "not_found" in response.text


def test_the_page_of_a_refusal_still_knows_who_is_signed_in(door):
    html = door.visit("clerk").get("/nowhere").text
    assert "/bureau/records" in html
    assert 'action="/sign-out"' in html


def test_the_api_answers_problems_in_both_languages(door):
    response = door.visit().get("/api/v1/nowhere", headers={"accept-language": "en"})
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert (problem["status"], problem["code"]) == (404, "not_found")
    assert problem["detail"] == problem["messages"]["en"]
    assert "网址" in problem["messages"]["zh"]
    assert problem["type"] == "/problems#not_found"


def test_a_wrong_method_is_told_with_the_right_ones(door):
    response = door.visit("clerk").put("/api/v1/rules")
    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
    assert response.headers["allow"] == "GET"


def test_nobody_signed_in_is_told_how_to_be(door):
    response = door.visit().get("/api/v1/me")
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"


def test_faulty_fields_are_named_without_what_they_held(door):
    body = {"record": {"kind": "training", "hours": SECRET, SECRET: "x"}, "organisation": 5}
    path = f"/api/v1/workers/{door.numbers[0]}/records"
    response = door.program("trainer").post(path, json=body)
    assert response.status_code == 422
    assert response.json()["code"] == "request_invalid"
    assert SECRET not in response.text
    faults = {fault["field"]: fault for fault in response.json()["errors"]}
    assert "body.record.training.course_name" in faults
    assert faults["body.record.training.completed_on"]["code"] == "missing"
    assert all(fault["messages"]["zh"] != fault["messages"]["en"] for fault in faults.values())


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff\xfe", b""])
def test_a_body_that_is_no_json_object_is_told_so(door, body):
    path = f"/api/v1/workers/{door.numbers[0]}/transcripts"
    response = door.program("clerk").post(
        path, content=body, headers={"content-type": "application/json"}
    )
    assert response.json()["code"] in {"request_unreadable", "request_invalid"}
    assert response.headers["content-type"] == "application/problem+json"


def test_a_nul_in_a_field_is_refused_and_no_fault_of_ours(either_door):
    typed = either_door.visit().post("/sign-in", data={"name": "a\0b", "password": "x"})
    sent = either_door.visit().get("/verify/a%00b")
    found = either_door.visit("security administrator").get("/security?name=a%00")
    assert {typed.status_code, sent.status_code, found.status_code} == {400}
    key = {"title": "a\0", "scopes": ["record.read"], "days": 9}
    told = either_door.visit("trainer administrator").post("/api/v1/organisation/keys", json=key)
    assert told.status_code < 500


def test_an_address_that_cannot_be_one_is_a_missing_page(door):
    assert door.visit("worker").get("/me/records/12345").status_code == 404
    answer = door.program("clerk").get(f"/api/v1/workers/{door.numbers[0]}/records/12345")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_both_sides_of_a_refusal_are_filled_in():
    for kind in everything_that_can_be_refused():
        names = [name for _, name, _, _ in _fields(kind.template) if name]
        told = explained(kind(**dict.fromkeys(names, "7")))
        assert "{" not in told.zh + told.en, kind


def _fields(template: str):
    from string import Formatter  # noqa: PLC0415

    return Formatter().parse(template)


def test_a_code_that_is_none_is_told_on_the_page_of_verification(door):
    answer = door.visit().post("/verify", data={"code": "no-code-at-all"})
    assert answer.status_code == 422
    assert in_language(CodeUnreadableError.template, Language.CHINESE) in answer.text


def test_a_program_without_a_token_is_told_to_sign_in(door):
    answer = door.visit().get("/api/v1/me")
    assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_needed")


def test_a_fault_of_our_own_tells_its_number_and_nothing_else(door, monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr("archive.people.organisations.listed", fail)
    answer = door.program("clerk").get("/api/v1/organisations")
    assert (answer.status_code, answer.json()["code"]) == (500, "unexpected")
    assert SECRET not in answer.text
