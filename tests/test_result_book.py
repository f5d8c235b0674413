"""Workbooks that trainers get: results to correct and send again, and empty lists to fill in."""

import subprocess
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from archive.dossiers.columns import columns_of, detect_kind
from archive.dossiers.headers import Field
from archive.dossiers.intake import posted_files, result_book
from archive.dossiers.intake.choices import FOUND, Choice
from archive.dossiers.intake.kept_files import kept_files
from archive.dossiers.intake.list_templates import columns_of_template, list_template
from archive.dossiers.intake.plan import Readable, Unreadable, candidates_of, read
from archive.dossiers.intake.result_book import ResultBookError
from archive.dossiers.intake.results import Found
from archive.dossiers.tables.table import Table
from archive.people.synthetic import EXAMPLE_NUMBER, resident_number
from schemas.vocabulary import LEARNING_KINDS, Language, RecordKind
from tests.builders import TODAY
from tests.test_intake_runs import Provider

NUMBER = resident_number(date(1990, 5, 17), 1)
OTHER = resident_number(date(1990, 5, 17), 2)


@pytest.fixture
def small(sqlite_archive) -> Provider:
    return Provider(sqlite_archive)


def a_workbook(*, hours: object = 36, epoch: bool = False) -> bytes:
    out = BytesIO()
    with Workbook(out, {"in_memory": True, "date_1904": epoch}) as book:
        sheet = book.add_worksheet("学员 名单")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write(0, 0, "2025年学员名册")
        sheet.write_row(2, 0, ["姓名", "身份证号", "课程名称", "学时", "结业日期", "备注"])
        for at, (number, told) in enumerate(((NUMBER, 36), (OTHER, hours)), start=3):
            sheet.write_row(at, 0, ["李明华", number, "电工技能提升", told])
            sheet.write_datetime(at, 4, date(2025, 2, 1), day)
            sheet.write_string(at, 5, "=HYPERLINK(1)")
        sheet.write(5, 0, "制表：张三")
    return out.getvalue()


def corrected(book: bytes, wrong: str, right: str) -> bytes:
    """Return a workbook in which a text was corrected, as a spreadsheet program would save it."""
    out = BytesIO()
    with ZipFile(BytesIO(book)) as packed, ZipFile(out, "w") as again:
        for name in packed.namelist():
            again.writestr(name, packed.read(name).decode().replace(wrong, right))
    return out.getvalue()


def book_of(provider: Provider, run, language=Language.CHINESE) -> bytes:
    return result_book.result_book(*told(provider, run), language)


def readable(content: bytes, choice: Choice = FOUND) -> Readable:
    found = read(content, choice)
    assert isinstance(found, Readable)
    return found


def told(provider: Provider, run) -> tuple[Table, Found]:
    """Return the table of a run's file, and what was found in its rows."""
    with provider.archive.reading() as session:
        file, found = posted_files.found(session, run)
        content = kept_files(session).content(file)
    return readable(content, file.choice).table, found


@pytest.mark.parametrize("epoch", [False, True])
def test_the_rows_come_back_with_what_became_of_them_and_only_what_was_wrong_is_new(small, epoch):
    run = small.post(a_workbook(hours="三十六学时", epoch=epoch))
    assert (run.new, run.faulty) == (1, 1)

    book = book_of(small, run)

    opened = CalamineWorkbook.from_filelike(BytesIO(book))
    rows = opened.get_sheet_by_name("学员 名单").to_python(skip_empty_area=False)
    assert rows[2][-3:] == ["处理结果", "处理代码", "处理说明"]
    assert rows[3][:4] == ["李明华", NUMBER, "电工技能提升", 36]
    assert rows[3][4] == date(2025, 2, 1)
    assert rows[3][5] == "=HYPERLINK(1)"
    assert rows[3][6:8] == ["新增", ""]
    assert rows[4][6:8] == ["有错误", "number_unreadable"]
    assert "学时" in str(rows[4][8])

    again = small.post(corrected(book, "三十六学时", "36"))
    assert (again.same, again.new, again.faulty, again.codes) == (1, 1, 0, "{}")
    assert len(small.trainings()) == 2
    twice = book_of(small, again, Language.ENGLISH)
    heads = CalamineWorkbook.from_filelike(BytesIO(twice)).get_sheet_by_index(0).to_python()[0]
    assert heads.count("row result") == 1
    assert "处理结果" not in heads


def test_a_program_that_was_stopped_says_so(small, monkeypatch):
    table, found = told(small, small.post(a_workbook(hours=40)))

    def stopped(*_told: object, **_more: object) -> None:
        raise subprocess.TimeoutExpired("book", 1)

    monkeypatch.setattr(subprocess, "run", stopped)
    with pytest.raises(ResultBookError):
        result_book.result_book(table, found, Language.CHINESE)


@pytest.mark.parametrize("kind", LEARNING_KINDS)
def test_an_empty_list_is_of_its_kind_and_its_example_is_never_posted(kind):
    book = list_template(kind, Language.CHINESE)
    sheet = CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_index(0)
    headers, example = ([str(one) for one in row] for row in sheet.to_python())

    assert detect_kind(headers) == kind
    assert columns_of(headers, kind).unused == ()
    assert EXAMPLE_NUMBER in example
    assert isinstance(refused := read(book), Unreadable)
    assert [one.code for one in refused.refusals] == ["no_rows"]


def test_where_one_of_two_columns_suffices_neither_is_said_to_be_needed():
    columns = {one.field: one for one in columns_of_template(RecordKind.COMPETITION)}
    award, placement = columns[Field.AWARD], columns[Field.PLACEMENT]
    book = list_template(RecordKind.COMPETITION, Language.CHINESE)
    headers = CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_index(0).to_python()[0]

    assert (award.instead, placement.instead) == (Field.PLACEMENT, Field.AWARD)
    assert (award.is_needed, placement.is_needed) == (False, False)
    assert {f"(*){award.header}", f"(*){placement.header}"} < set(headers)


@pytest.mark.parametrize("kind", LEARNING_KINDS)
def test_every_choice_of_a_drop_down_is_understood(kind):
    columns = columns_of_template(kind)
    chosen = [(one, choice) for one in columns for choice in one.choices]
    rows = [[one.header for one in columns]]
    for field, choice in chosen:
        cells = {one.field: one.example for one in columns} | {Field.DOCUMENT_NUMBER: NUMBER}
        rows.append([str((cells | {field.field: choice})[one.field]) for one in columns])
    found = readable("\n".join(",".join(row) for row in rows).encode())

    candidates = list(candidates_of(found, found.table.rows, TODAY))

    assert len(candidates) == len(chosen)
    for (column, choice), candidate in zip(chosen, candidates, strict=True):
        codes = [one.refusal.code for one in candidate.faults if one.field is column.field]
        assert (choice, codes) == (choice, [])
