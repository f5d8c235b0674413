"""A list becomes dossiers, and a dossier is read, corrected and checked, all by commands."""

import json
import sqlite3

import pytest

from archive.people.synthetic import resident_number
from tests.command_line import EXAMPLES, CommandLine

TRAINING = EXAMPLES / "training-2024.xlsx"
CLEAN = EXAMPLES / "training-gb18030.csv"
HEADERS = "姓名,身份证号,课程名称,职业（工种）,学时,出勤率,成绩,开班日期,结业日期"


@pytest.fixture
def empty(monkeypatch, settings):
    cli = CommandLine(monkeypatch, settings)
    cli.done(
        *("organisation", "add", "TP01", "--name", "光明示范培训中心", "--name-en", "Demo"),
        *("--kind", "training_provider"),
    )
    return cli


@pytest.fixture
def cli(empty, tmp_path):
    """One worker with one course of 36 hours."""
    from datetime import date  # noqa: PLC0415  # For the number only.

    number = resident_number(date(1990, 5, 17), 1)
    row = f"李明华,{number},电工技能提升,电工,36,95,85,2024-02-01,2024-03-01"
    (tmp_path / "list.csv").write_text(f"{HEADERS}\n{row}\n", encoding="utf-8")
    empty.done("intake", tmp_path / "list.csv", "--organisation", "TP01", "--commit")
    return empty


@pytest.fixture
def worker(cli):
    [line] = cli.done("worker", "list").split()
    return line


def _record(cli, worker):
    return cli.asked("dossier", worker)["records"][0]


def test_a_list_is_checked_first_and_written_only_on_request(empty):
    asked = empty.asked("intake", TRAINING, "--organisation", "TP01", status=1)
    assert (asked["counts"]["faulty"], asked["committed"], asked["written"]) == (2, False, 0)
    assert empty.asked("worker", "list") == {"workers": []}

    done = empty.asked("intake", TRAINING, "--organisation", "TP01", "--commit", status=1)
    again = empty.asked("intake", TRAINING, "--organisation", "TP01", "--commit", status=1)

    assert (done["committed"], done["written"]) == (True, asked["counts"]["new"])
    assert (again["counts"]["same"], again["written"]) == (done["written"], 0)
    assert empty.done("chain", "verify").endswith("All are as they were written.\n")


def test_every_fault_of_a_list_is_told_with_row_column_and_code(empty):
    answered = empty("intake", TRAINING, "--organisation", "TP01")
    lines = [line.split() for line in answered.stdout.splitlines()]
    assert ["15", "身份证号", "990000********9341"] in [line[:3] for line in lines]
    assert any(line[:2] == ["26", "学时"] and line[-1] == "hours_not_positive" for line in lines)


def test_what_stands_below_a_list_is_told_and_an_unreadable_list_has_no_rows(empty, tmp_path):
    assert (
        "read as remarks and not as rows"
        in empty("intake", TRAINING, "--organisation", "TP01").stdout
    )
    (tmp_path / "empty.xlsx").touch()
    told = empty("intake", tmp_path / "empty.xlsx", "--organisation", "TP01").stdout
    assert "file_empty" in told
    assert "Rows" not in told


def test_a_list_without_fault_ends_with_0(empty):
    assert empty("intake", CLEAN, "--organisation", "TP01", "--kind", "training").status == 0


def test_what_stands_between_the_cells_of_a_list_is_told_by_its_word(empty, tmp_path):
    (tmp_path / "bar.csv").write_text("姓名|身份证号|课程名称|学时|结业日期\n", encoding="utf-8")
    command = ("intake", tmp_path / "bar.csv", "--organisation", "TP01", "--delimiter")
    assert "no_rows" in empty(*command, "bar").stdout
    assert empty(*command, "|").status == 2


def test_a_list_holds_what_people_did_and_never_who_they_are(empty):
    answered = empty("intake", CLEAN, "--organisation", "TP01", "--kind", "identity")
    assert (answered.status, answered.stdout) == (2, "")
    assert "training, certificate" in " ".join(answered.stderr.split())


def test_a_list_that_cannot_be_read_is_a_report_and_no_traceback(empty, tmp_path):
    (tmp_path / "empty.xlsx").touch()
    report = empty.asked("intake", tmp_path / "empty.xlsx", "--organisation", "TP01", status=1)
    assert [finding["row"] for finding in report["findings"]] == [None]


def test_a_list_that_is_not_there_or_of_nobody_is_refused(empty, tmp_path):
    missing, folder = tmp_path / "none.xlsx", tmp_path
    assert empty.refused("intake", missing, "--organisation", "TP01") == "file_missing"
    assert empty.refused("intake", folder, "--organisation", "TP01") == "file_unreadable"
    assert empty.refused("intake", CLEAN, "--organisation", "XX") == "organisation_unknown"
    nobody = ("intake", CLEAN, "--organisation", "TP01", "--as", "nobody")
    assert empty.refused(*nobody) == "account_unknown"


def test_a_dossier_shows_records_credits_and_why(cli, worker):
    dossier = cli.asked("dossier", worker)
    assert (dossier["name"], dossier["balances"]["available"]) == ("李明华", "2.25")
    told = cli.done("dossier", worker)
    assert "电工技能提升" in told
    assert "2.25" in told


def test_a_worker_is_found_by_the_number_on_standard_input_only(cli, worker):
    from datetime import date  # noqa: PLC0415  # For the number only.

    number = resident_number(date(1990, 5, 17), 1)
    assert cli.asked("dossier", "-", given=f"{number}\n")["archive_number"] == worker
    assert cli.refused("dossier", number) == "number_as_argument"
    assert cli.refused("dossier", "-", given="123\n") == "id_length"
    assert cli.refused("dossier", "7K3M-9QXT-4D2P") == "worker_unknown"


def test_a_record_is_added_once(cli, worker, tmp_path):
    honour = {"kind": "honour", "title": "区技术能手", "awarded_on": "2024-05-01"}
    (tmp_path / "honour.json").write_text(json.dumps(honour), encoding="utf-8")
    words = ("record", "add", worker, tmp_path / "honour.json", "--organisation", "TP01")

    first, second = cli.asked(*words), cli.asked(*words)

    assert (first["state"], second["state"]) == ("new", "same")
    assert first["record_id"] == second["record_id"]
    assert cli.asked("record", "show", first["record_id"])["record"]["title"] == "区技术能手"


def test_a_correction_names_changed_fields_and_a_reason(cli, worker):
    record = _record(cli, worker)["id"]

    given = '{"hours": 40, "score": null, "grade": "good"}'
    receipt = cli.asked("record", "correct", record, "-", "--reason", "登记有误", given=given)

    shown = cli.asked("record", "show", record)["record"]
    assert receipt["record_id"] == record
    assert (shown["record"]["hours"], shown["record"]["score"]) == ("40", None)
    assert [version["act"] for version in shown["versions"]] == ["add", "correct"]
    told = cli.done("record", "show", record)
    assert "登记有误" in told
    assert "40 class hours ÷ 16 = 2.5 credits." in told


def test_a_correction_that_cannot_be_names_the_fields(cli, worker):
    record = _record(cli, worker)["id"]
    words = ("record", "correct", record, "-", "--reason", "x")
    wrong = '{"hours": -1, "completed_on": "gestern", "colour": "red"}'
    assert cli.refused(*words, given=wrong) == "record_invalid"
    faults = cli(*words, "--json", given=wrong).document["errors"]
    assert [fault["field"] for fault in faults] == ["colour", "completed_on", "hours"]
    assert cli.refused(*words, given='{"kind": "honour"}') == "record_kind_changed"
    assert cli.refused(*words, given='{"completed_on": "2999-01-01"}') == "day_in_future"
    assert cli.refused(*words, given="[]") == "not_json"
    assert cli.refused(*words[:-1], " ", given='{"hours": 8}') == "reason_missing"


def test_who_may_not_change_a_record_learns_nothing(cli, worker):
    record = _record(cli, worker)["id"]
    cli.done("account", "add", "stranger", "--role", "employer", "--no-password")
    words = ("--reason", "x", "--as", "stranger")
    assert cli.refused("record", "withdraw", record, *words) == "record_unknown"
    correct = ("record", "correct", record, "-", *words)
    assert cli.refused(*correct, given="{}") == "record_unknown"


def test_a_withdrawn_record_stays_and_its_credits_go(cli, worker):
    record = _record(cli, worker)["id"]

    cli.done("record", "withdraw", record, "--reason", "误报")

    shown = cli.asked("record", "show", record)["record"]
    assert (shown["is_withdrawn"], shown["versions"][-1]["reason"]) == (True, "误报")
    assert cli.asked("dossier", worker)["balances"]["available"] == "0"
    assert cli.refused("record", "withdraw", record, "--reason", "x") == "record_withdrawn"


def test_a_statement_tells_what_had_effect_and_what_was_known(cli, worker):
    whole = cli.asked("statement", worker)
    before = cli.asked("statement", worker, "--as-of", "2024-02-29")
    unknown = cli.asked("statement", worker, "--known-on", "2020-01-01")

    assert (whole["balances"]["available"], whole["units"]["available"]) == ("2.25", 22_500)
    assert [line["title"] for line in whole["lines"]] == ["电工技能提升"]
    assert (before["lines"], unknown["lines"]) == ([], [])
    assert "2.25" in cli.done("statement", worker)
    assert "No entries." in cli.done("statement", worker, "--as-of", "2024-02-29")


def test_an_edited_row_is_named(monkeypatch, sqlite_settings, tmp_path):
    cli = CommandLine(monkeypatch, sqlite_settings)
    cli.done(
        *("organisation", "add", "TP01", "--name", "光", "--name-en", "G"),
        *("--kind", "training_provider"),
    )
    cli.done("intake", CLEAN, "--organisation", "TP01", "--commit")
    checkpoint = tmp_path / "checkpoint.json"
    assert cli.asked("chain", "checkpoint", "-o", checkpoint)["dossiers"] > 0
    assert cli.asked("chain", "verify", "--checkpoint", checkpoint)["faults"] == []

    with sqlite3.connect(cli.home / "archive.db") as database:
        database.execute("DROP TRIGGER record_no_update")
        database.execute(
            "UPDATE record SET hours = '999' WHERE id = "
            "(SELECT id FROM record WHERE kind = 'training' LIMIT 1)"
        )
    database.close()

    report = cli.asked("chain", "verify", status=1)
    [fault] = report["faults"]
    assert (fault["table"], fault["code"]) == ("record", "row_changed")
    assert cli.asked("chain", "verify", fault["archive_number"], status=1)["faults"] == [fault]
    assert fault["row_id"] in cli("chain", "verify").stdout
    [problem] = cli.asked("db", "check", status=1)["problems"]
    assert (problem["code"], problem["subject"]) == ("trigger_missing", "record")


def test_what_goes_into_a_pipe_is_neither_wrapped_nor_coloured(cli, worker, tmp_path):
    long = {"kind": "honour", "title": "区" * 190, "awarded_on": "2024-05-01"}
    (tmp_path / "long.json").write_text(json.dumps(long), encoding="utf-8")
    cli.done("record", "add", worker, tmp_path / "long.json", "--organisation", "TP01")
    told = cli.done("dossier", worker)
    assert long["title"] in told
    assert "\x1b" not in told


def test_an_activation_code_is_told_once_to_whoever_may_invite(cli, worker):
    receipt = cli.asked("account", "invite", worker)
    assert receipt["archive_number"] == worker
    assert len(receipt["code"]) == 14
    assert receipt["code"] not in cli.done("account", "invite", worker)
    assert cli.refused("account", "invite", "0000-0000-0001") == "worker_unknown"
