"""Searching and exporting the audit: by whom it may be, told itself, inert in office programs."""

import csv
import json

from archive.people import audit_search
from archive.people.trail import trail_of
from schemas.audit import AuditLine
from tests.command_line import CommandLine
from tests.test_audit import accesses, an_act, worker_of


def test_the_audit_is_searched_by_worker_account_action_period_and_refusal(
    monkeypatch, either_door, settings
):
    door, run = either_door, CommandLine(monkeypatch, settings)
    door.visit("clerk").get(f"/api/v1/workers/{door.numbers[0]}/dossier")
    door.visit("employer").get(f"/api/v1/workers/{door.numbers[0]}/dossier")

    def lines(*words):
        found = run.asked("audit", "search", *words)["lines"]
        return [one for one in found if not one["action"].startswith("command:")]

    assert {one["account"] for one in lines()} == {"clerk", "employer"}
    assert [one["worker"] for one in lines("--worker", door.numbers[0])] == [door.numbers[0]]
    assert [one["outcome"] for one in lines("--account", "clerk")] == ["done"]
    assert [one["code"] for one in lines("--refused")] == ["not_allowed"]
    assert len(lines("--action", "dossier.read", "--since", "2026-01-01")) == 2
    assert lines("--until", "2020-01-01") == []
    number = lines("--account", "clerk")[0]["request"]
    assert len(lines("--request", number)) == 1
    assert door.numbers[0] in run.done("audit", "search")


def test_a_search_is_told_and_an_export_too(monkeypatch, door, sqlite_settings, tmp_path):
    run = CommandLine(monkeypatch, sqlite_settings)
    run.done("audit", "search", "--worker", door.numbers[1])
    [told] = accesses(door.house.archive)
    assert (told.action, told.worker_id) == ("command:audit search", worker_of(door, 1))
    run.done("audit", "export", "-o", tmp_path / "log.csv")
    assert accesses(door.house.archive)[-1].action == "command:audit export"


def test_only_who_looks_after_the_audit_searches_it(monkeypatch, door, sqlite_settings, tmp_path):
    run = CommandLine(monkeypatch, sqlite_settings)
    assert run.refused("audit", "search", "--as", "clerk") == "not_allowed"
    export = ("audit", "export", "--as", "administrator", "-o", tmp_path / "log.csv")
    assert run.refused(*export) == "not_allowed"
    assert list(tmp_path.glob("*.csv")) == []


def test_an_export_is_whole_in_both_forms(monkeypatch, door, sqlite_settings, tmp_path):
    run, log = CommandLine(monkeypatch, sqlite_settings), trail_of(door.house.archive).log
    log.write([an_act().row(worker_id=worker_of(door)) for _ in range(1_500)])
    wide, lines = tmp_path / "log.csv", tmp_path / "log.jsonl"
    assert run.asked("audit", "export", "-o", wide)["events"] == 1_500
    run.done("audit", "export", "-o", lines, "--action", "dossier.read")
    rows = list(csv.DictReader(wide.read_text(encoding="utf-8-sig").splitlines()))
    told = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]
    assert len(rows) == len(told) == 1_500
    assert {one["id"] for one in told} == {one["id"] for one in rows}
    assert rows[0]["worker"] == told[0]["worker"] == door.numbers[0]


def test_no_cell_of_an_export_is_a_formula(door):
    with door.house.archive.reading() as session:
        log = trail_of(door.house.archive).log
        log.write([an_act().row(code="=cmd|x")])
        [line] = audit_search._lines(session, accesses_as_rows(door))
    assert isinstance(line, AuditLine)
    assert b",'=cmd|x" in b"".join(audit_search.as_csv([line]))


def accesses_as_rows(door):
    return [row._mapping for row in accesses(door.house.archive)]
