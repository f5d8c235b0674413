"""Posted files by the command line and by programs: watched, taken along, undone."""

import pytest
from python_calamine import CalamineWorkbook

from archive.dossiers.intake import runs
from archive.web.api import intake as intake_api
from schemas.intake import PostedFile, PostedFiles
from schemas.reports import IntakeReport
from tests.command_line import EXAMPLES, CommandLine
from tests.doors import Door

EXAMPLE = EXAMPLES / "training-2024.xlsx"


@pytest.fixture
def line(monkeypatch, sqlite_settings) -> CommandLine:
    found = CommandLine(monkeypatch, sqlite_settings)
    name = ("--name", "光明示范培训中心", "--name-en", "Demo", "--kind", "training_provider")
    found.done("organisation", "add", "TP01", *name)
    return found


def test_a_file_posted_by_a_command_is_listed_taken_along_and_undone(line, tmp_path, monkeypatch):
    monkeypatch.setattr(runs, "STEP_ROWS", 10)
    line("intake", EXAMPLE, "--organisation", "TP01", "--commit")
    [one] = line.asked("posted", "list", "--organisation", "TP01")["files"]
    assert (one["file_name"], one["state"], one["written"]) == (EXAMPLE.name, "done", 28)
    assert EXAMPLE.name in line.done("posted", "list", "--organisation", "TP01")

    number, book = one["id"], tmp_path / "book.xlsx"
    line.done("posted", "workbook", number, "-o", book)
    rows = CalamineWorkbook.from_path(book).get_sheet_by_index(0).to_python()
    assert [row[-2] for row in rows if row[-3] == "Faulty"] == [
        "id_check_digit",
        "hours_not_positive",
    ]
    assert line.refused("posted", "cancel", number) == "run_over"
    assert line.done("posted", "resume", number)
    assert "28" in line.done("posted", "show", number)
    undone = line.asked("posted", "undo", number, "--reason", "wrong class")
    assert (undone["state"], undone["undone"]) == ("undone", 28)
    line.done("posted", "template", "training", "-o", tmp_path / "list.xlsx")
    assert line("posted", "template", "identity", "-o", tmp_path / "x.xlsx").status == 2


def test_a_command_says_how_a_file_is_to_be_read(line, tmp_path):
    odd = tmp_path / "odd.csv"
    odd.write_text(
        "谁,身份证号,课程名称,学时,结业日期,备用\n李明华,990000199005170018,电工,36,2024-02-01,x\n",
        encoding="gb18030",
    )
    asked = ("intake", odd, "--organisation", "TP01", "--encoding", "gb18030", "--header-row", "1")
    assert line.asked(*asked, status=1)["kind"] is None
    read = (*asked, "--column", "谁=name", "--column", "备用=")
    assert line.asked(*read)["counts"]["new"] == 1
    assert line.asked(*read, "--commit", "--all-or-none")["written"] == 1
    assert line(*asked, "--column", "谁=nobody").status == 2


def test_all_or_none_by_a_command_writes_nothing_when_a_row_is_faulty(line):
    asked = ("intake", EXAMPLE, "--organisation", "TP01", "--commit", "--all-or-none")
    report = line.asked(*asked, status=1)
    assert (report["committed"], report["written"], report["counts"]["faulty"]) == (False, 0, 2)


def test_a_program_posts_watches_and_undoes(door: Door, monkeypatch):
    program, rival = door.program("trainer"), door.program("rival")
    file = {"file": (EXAMPLE.name, EXAMPLE.read_bytes())}
    posted = program.post("/api/v1/intake?commit=true", files=file)
    report = IntakeReport.model_validate_json(posted.content)
    where = f"/api/v1/intake/runs/{report.batch_id}"

    listed = PostedFiles.model_validate_json(program.get("/api/v1/intake/runs").content)
    assert [(one.id, one.written) for one in listed.files] == [(report.batch_id, 28)]
    assert rival.get(where).status_code == 404
    assert rival.get("/api/v1/intake/runs?organisation=TP01").status_code == 403
    told = IntakeReport.model_validate_json(program.get(f"{where}/report").content)
    assert (told.findings, told.counts) == (report.findings, report.counts)
    assert program.get(f"{where}/workbook").content.startswith(b"PK")
    assert program.get("/api/v1/intake/templates/honour").content.startswith(b"PK")
    assert program.post(f"{where}/cancel").json()["code"] == "run_over"
    undone = program.post(f"{where}/undo", json={"reason": "wrong class"})
    assert PostedFile.model_validate_json(undone.content).undone == 28

    monkeypatch.setattr(intake_api, "MOST_WHILE_ONE_WAITS", 10)
    later = program.post("/api/v1/intake?commit=true", files=file)
    assert later.status_code == 202
    waiting = program.get(later.headers["location"])
    assert PostedFile.model_validate_json(waiting.content).is_under_way
    assert program.post(f"{later.headers['location']}/cancel").json()["state"] == "cancelled"
    refused = program.post("/api/v1/intake?sheet=none", files=file).json()
    assert [one["code"] for one in refused["findings"]] == ["sheet_unknown"]
