"""Courses and classes on the command line."""

import json

import pytest

from archive.settings import Settings
from tests.builders import an_identity
from tests.command_line import CommandLine
from tests.doors import Door
from tests.test_web_classes import a_class, days


def test_courses_are_added_and_classes_shown_and_closed_by_command(
    monkeypatch: pytest.MonkeyPatch, door: Door, sqlite_settings: Settings
) -> None:
    trainer = door.visit("trainer")
    class_id = a_class(door, trainer).rpartition("/")[2]
    one = {"name": "王小芳", "document_number": an_identity(30).document_number}
    assert trainer.post(f"/trainer/classes/{class_id}/roster", data=one).status_code == 303
    lesson = {"held_on": days()[0], "hours": "40"}
    assert trainer.post(f"/trainer/classes/{class_id}/lessons", data=lesson).status_code == 303
    run = CommandLine(monkeypatch, sqlite_settings)

    course: dict[str, object] = {"code": "K-7", "title": "课", "title_en": "C", "hours": "8"}
    course |= {"in_force_from": "2024-01-01", "is_published": False}
    words = ("course", "add", "-", "--organisation", "TP01", "--as", "trainer")
    assert run.asked(*words, given=json.dumps(course))["code"] == "K-7"
    wrong = run(*words, given=json.dumps({**course, "kind": "offer"}))
    assert wrong.status == 1
    listed = run.asked("course", "list", "--organisation", "TP01")["courses"]
    assert [one["code"] for one in listed] == ["K-7", "K-9"]
    assert "draft" in run.done("course", "list", "--organisation", "TP01")

    found = run.asked("class", "list", "--organisation", "TP01", "--from", days()[0])
    assert [one["id"] for one in found["classes"]] == [class_id]
    assert class_id in run.done("class", "list")
    assert run.asked("class", "list", "--from", days()[2])["total"] == 0
    shown = run.done("class", "show", class_id)
    assert "2025-3" in shown
    assert "王小芳" not in shown
    closed = run.asked("class", "close", class_id, "--as", "trainer")
    assert (closed["state"], closed["counts"]["absent"]) == ("closed", 1)
    assert "Never there" in run.done("class", "close", class_id, "--without-faulty")
