"""Documents at the doors of workers and programs: chosen, made once, awaited, fetched again."""

import pytest

from archive.transcripts.own_works import OwnWorks
from archive.transcripts.refusals import DocumentsBusyError
from archive.transcripts.signing_refusals import SigningUnavailableError


def test_a_worker_chooses_a_part_and_is_told_that_it_is_the_same_document(door):
    me = door.visit("worker")
    asked = {"scope": "records", "record": [str(door.record_ids[0])], "purpose": "应聘"}
    first, again = me.post("/me/documents", data=asked), me.post("/me/documents", data=asked)
    assert (first.status_code, again.status_code) == (303, 303)
    assert again.headers["location"] == f"{first.headers['location']}?again=yes"
    shown = me.get(again.headers["location"]).text
    assert "内容没有变化" in shown
    file = me.get(f"{first.headers['location']}/file")
    assert file.content.startswith(b"%PDF")
    assert me.get("/me/documents").text.count("应聘") == 1
    other = door.visit("other worker").get(f"{first.headers['location']}/file")
    assert other.status_code == 404


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"scope": "occupation"}, "document_nothing_chosen"),
        ({"scope": "period", "first_day": "x"}, "2024-03-05"),
        ({"scope": "certificate", "certificate": "x"}, "API"),
    ],
)
def test_a_form_that_cannot_be_is_shown_again_with_the_reason(door, asked, told):
    answer = door.visit("worker").post("/me/documents?lang=en", data={**asked, "purpose": "Job"})
    assert answer.status_code == 422
    assert told in answer.text or "Nothing was chosen" in answer.text
    assert 'value="Job"' in answer.text


def test_while_nothing_signs_the_page_says_that_it_comes_later(door, monkeypatch):
    def down(*_told, **_more):
        raise SigningUnavailableError

    monkeypatch.setattr(OwnWorks, "make", down)
    me = door.visit("worker")
    accepted = me.post("/me/documents", data={"scope": "dossier"})
    assert accepted.status_code == 303
    assert "已受理" in me.get(accepted.headers["location"]).text
    assert me.get(f"{accepted.headers['location']}/file").status_code == 410
    assert me.post("/me/transcript").headers["location"] == accepted.headers["location"]

    address = f"/api/v1/workers/{door.numbers[0]}/transcripts"
    program = door.program("worker")
    later = program.post(address, json={})
    assert (later.status_code, later.json()["state"]) == (202, "awaited")
    assert program.get(later.headers["location"]).json() == later.json()
    assert program.get(address).json()["documents"] == [later.json()]


def test_who_finds_the_press_busy_is_told_when_to_come_back_and_leaves_no_intent(door, monkeypatch):
    def busy(_works):
        raise DocumentsBusyError

    monkeypatch.setattr(OwnWorks, "place", busy)
    answer = door.visit("worker").post("/me/transcript")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert "应聘" not in door.visit("worker").get("/me/documents").text
    listed = door.program("worker").get(f"/api/v1/workers/{door.numbers[0]}/transcripts")
    assert listed.json()["documents"] == []
