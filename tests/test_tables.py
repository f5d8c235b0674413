"""Files as they come: what is read from them, and by which code a file as a whole is refused."""

import threading
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, datetime
from io import BytesIO
from itertools import count
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter

from archive.dossiers.tables import child, workbooks
from archive.dossiers.tables.reading import MOST_MEGABYTES, read_table
from archive.dossiers.tables.refusals import FileRefusedError
from archive.dossiers.tables.table import TableFormat, TableNote
from archive.dossiers.tables.workbooks import WorkbookBusyError
from schemas.refusals import Refusal
from schemas.vocabulary import RecordKind

CASES = Path(__file__).parent / "cases"
HEADERS = ("姓名", "身份证号", "学时", "结业日期")
ROW = ("张三", "990000199001311135", "36", "2024-03-05")
CSV = "\n".join((",".join(HEADERS), ",".join(ROW)))


def workbook(fill: Callable[..., None], **options) -> bytes:
    """Return a workbook whose first sheet ``fill`` has written."""
    packed = BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True, **options}) as book:
        fill(book, book.add_worksheet("名单"))
    return packed.getvalue()


def rows(*lines) -> bytes:
    def fill(_book, sheet) -> None:
        for number, line in enumerate(lines):
            sheet.write_row(number, 0, line)

    return workbook(fill)


def archive_of(**entries: bytes) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as opened:
        for name, content in entries.items():
            opened.writestr(name.replace("__", "/").replace("_", "."), content)
    return packed.getvalue()


def code_of(content: bytes) -> str:
    with pytest.raises(Refusal) as refused:
        read_table(content)
    return refused.value.code


def test_a_table_is_found_between_its_title_and_its_notes() -> None:
    def fill(_book, sheet) -> None:
        sheet.merge_range("A1:D1", "2024年电工培训结业人员名单")
        sheet.write_row("A3", HEADERS)
        sheet.write_row("A4", ROW)
        sheet.write_row("A6", ("李四", "", "40", ""))
        sheet.merge_range("A8:D8", "备注：共2人")
        sheet.write("C9", "填表人：王五")
        sheet.write("A10", "本表由培训机构据实填写并对其真实性负责")

    table = read_table(workbook(fill))

    assert (table.format, table.sheet, table.header_row) == (TableFormat.XLSX, "名单", 3)
    assert table.headers == HEADERS
    assert [(row.number, row.cells) for row in table.rows] == [
        (4, ROW),
        (6, ("李四", "", "40", "")),
    ]
    assert table.notes == (
        TableNote(8, "备注：共2人"),
        TableNote(9, "填表人：王五"),
        TableNote(10, "本表由培训机构据实填写并对其真实性负责"),
    )


def test_rows_have_the_numbers_of_the_spreadsheet_wherever_the_table_begins() -> None:
    def fill(_book, sheet) -> None:
        sheet.write_row("C4", HEADERS)
        sheet.write_row("C5", ROW)

    table = read_table(workbook(fill))

    assert (table.header_row, table.headers) == (4, ("", "", *HEADERS))
    assert (table.rows[0].number, table.rows[0].cells) == (5, ("", "", *ROW))


def test_sums_numbered_remarks_and_the_day_of_signing_are_notes() -> None:
    below = (
        ("合  计", "2人", "72"),
        ("平均", "", "36"),
        ("注：1.本表一式两份",),
        ("2.请勿涂改",),
        ("", "经办人：", "审核人："),
        ("", "", "", "2024年4月1日"),
    )
    table = read_table(rows(HEADERS, ROW, *below))

    assert [row.number for row in table.rows] == [2]
    assert [note.number for note in table.notes] == [3, 4, 5, 6, 7, 8]


def test_a_last_row_with_a_person_is_no_note() -> None:
    lost = ("1.李四", "9.9E+17", "36", "2024-03-05")
    table = read_table(rows(HEADERS, ("合计", ROW[1], "", ""), lost, ("张三", "", "", "")))

    assert len(table.rows) == 3
    assert table.notes == ()


def test_numbers_and_days_come_as_the_workbook_holds_them() -> None:
    def fill(book, sheet) -> None:
        sheet.write_row(0, 0, HEADERS)
        sheet.write_row(1, 0, ("张三", 9.9e17, 36))
        sheet.write_datetime(1, 3, datetime(2024, 3, 5), book.add_format({"num_format": "d.m.yy"}))

    assert read_table(workbook(fill)).rows[0].cells == (
        "张三",
        9.9e17,
        36.0,
        date(2024, 3, 5),
    )


def test_days_of_a_1904_workbook_are_right_and_its_counting_is_told() -> None:
    def fill(book, sheet) -> None:
        sheet.write_row(0, 0, HEADERS)
        sheet.write_row(1, 0, ("张三", "1", 43894))
        sheet.write_datetime(1, 3, datetime(2024, 3, 5), book.add_format({"num_format": "yyyy-m"}))

    table = read_table(workbook(fill, date_1904=True))

    assert table.rows[0].cells[3] == date(2024, 3, 5)
    assert table.date_1904
    assert not read_table(rows(HEADERS, ROW)).date_1904


def test_a_number_in_a_format_of_hours_stays_a_number() -> None:
    def fill(book, sheet) -> None:
        sheet.write_row(0, 0, HEADERS)
        sheet.write_row(1, 0, ROW)
        sheet.write_number(1, 2, 36, book.add_format({"num_format": "[h]:mm"}))

    assert read_table(workbook(fill)).rows[0].cells[2] == 36.0


def test_a_value_that_is_merged_downwards_counts_for_each_row() -> None:
    def fill(_book, sheet) -> None:
        sheet.write_row(0, 0, HEADERS)
        for row, name in enumerate(("张三", "李四", "王五"), start=1):
            sheet.write(row, 0, name)
        sheet.merge_range(1, 2, 2, 2, "36")

    assert [row.cells[2] for row in read_table(workbook(fill)).rows] == ["36", "36", ""]


def test_a_header_over_two_rows_and_headers_repeated_for_print_are_no_data() -> None:
    def fill(_book, sheet) -> None:
        sheet.merge_range("A1:A2", "姓名")
        sheet.merge_range("B1:B2", "身份证号")
        sheet.merge_range("C1:D1", "成绩")
        sheet.write_row("C2", ("理论", "实操"))
        sheet.write_row("A3", ("张三", "1", "80", "90"))
        sheet.write_row("A4", ("姓名", "身份证号", "成绩"))
        sheet.write_row("A5", ("李四", "2", "70", "75"))

    assert [row.cells[0] for row in read_table(workbook(fill)).rows] == ["张三", "李四"]


def test_the_sheet_with_the_table_is_read_and_other_tables_are_named() -> None:
    def fill(book, sheet) -> None:
        sheet.write(0, 0, "填表说明：姓名必填")
        hidden = book.add_worksheet("旧")
        hidden.hide()
        hidden.write_row(0, 0, HEADERS)
        hidden.write_row(1, 0, ROW)
        for name in ("一班", "二班"):
            added = book.add_worksheet(name)
            added.write_row(0, 0, HEADERS)
            added.write_row(1, 0, ROW)

    table = read_table(workbook(fill))

    assert (table.sheet, table.unread_sheets) == ("一班", ("二班",))


def test_an_old_xls_workbook_is_read() -> None:
    table = read_table(CASES / "training-97.xls")

    assert (table.format, table.header_row, len(table.rows)) == (TableFormat.XLS, 2, 2)
    assert table.rows[1].cells[2:] == ("电工基础培训", 36.0, date(2024, 3, 5), "合格")


def test_an_open_document_is_read() -> None:
    def line(texts) -> str:
        cells = "".join(
            f'<table:table-cell office:value-type="string"><text:p>{text}</text:p>'
            "</table:table-cell>"
            for text in texts
        )
        return f"<table:table-row>{cells}</table:table-row>"

    names = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{names}:office:1.0"'
        f' xmlns:table="{names}:table:1.0" xmlns:text="{names}:text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="名单">{line(HEADERS)}{line(ROW)}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    mimetype = b"application/vnd.oasis.opendocument.spreadsheet"

    manifest = {"META-INF__manifest_xml": b"<manifest/>"}
    packed = archive_of(mimetype=mimetype, content_xml=content.encode(), **manifest)

    table = read_table(packed)

    assert (table.format, table.sheet, table.rows[0].cells) == (TableFormat.ODS, "名单", ROW)


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (CSV.encode(), "utf-8"),
        (CSV.encode("utf-8-sig"), "utf-8-sig"),
        (CSV.encode("gb18030"), "gb18030"),
        (CSV.encode("utf-16"), "utf-16"),
        (CSV.encode("utf-16-le"), "utf-16-le"),
        (CSV.encode("utf-16-be"), "utf-16-be"),
        (CSV.replace("\n", "\r").encode("gb18030"), "gb18030"),
        (CSV.replace(",", "\t").encode("utf-16"), "utf-16"),
        (CSV.replace(",", ";").replace("\n", "\r\n").encode(), "utf-8"),
    ],
    ids=["utf-8", "mark", "gb18030", "16", "16-le", "16-be", "cr-only", "tabs", "semicolons"],
)
def test_a_text_file_is_read_in_the_encodings_and_manners_of_offices(content, encoding) -> None:
    table = read_table(content)

    assert table.encoding == encoding
    assert table.headers == HEADERS
    assert table.rows[0].cells == ROW


def test_quotes_and_empty_lines_of_a_text_file_keep_the_numbers_of_rows() -> None:
    table = read_table(f'名单\n\n{",".join(HEADERS)}\n"张,""三""\n",1,36,2024\n'.encode())

    assert table.header_row == 3
    assert table.rows[0].number == 4
    assert table.rows[0].cells == ('张,"三"\n', "1", "36", "2024")


def test_a_number_that_a_program_has_kept_from_being_rounded_is_its_text() -> None:
    table = read_table(f'{",".join(HEADERS)}\n张三,="{ROW[1]}",36,2024-03-05'.encode())

    assert table.rows[0].cells == ROW


def test_a_long_cell_of_a_text_file_is_a_cell_and_no_missing_quotation_mark() -> None:
    long = "长" * 350_000

    table = read_table(f"{','.join(HEADERS)}\n{long},1,36,2024\n".encode())

    assert table.rows[0].cells[0] == long


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"\xef\xbb\xbf \r\n", "file_empty"),
        (b"x" * (MOST_MEGABYTES * 2**20 + 1), "file_too_large"),
        (b"%PDF-1.7 ...", "file_type_unknown"),
        (b"\n<html><table><tr><td>", "file_is_web_page"),
        (b"\xef\xbb\xbf<meta charset=utf-8><table>", "file_is_web_page"),
        (b'<?xml version="1.0"?><Workbook>', "file_is_web_page"),
        (b"MIME-Version: 1.0\r\n", "file_is_web_page"),
        (f"{CSV}\n李四".encode()[:-1], "file_cut_off"),
        (f"{CSV}\n李四".encode("gb18030")[:-1], "file_cut_off"),
        (f"{CSV}\n李四".encode("utf-16")[:-1], "file_cut_off"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "file_type_unknown"),
        (archive_of(word__document_xml=b"<w/>"), "file_type_unknown"),
        (b"PK\x03\x04 cut off", "workbook_unreadable"),
        (rows(HEADERS, ROW)[:-500], "workbook_unreadable"),
        (archive_of(xl__workbook_xml=b"<broken"), "workbook_unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x01" * 600, "workbook_unreadable"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "workbook_encrypted",
        ),
        (
            archive_of(content_xml=b"", **{"META-INF__manifest_xml": b"<m:encryption-data/>"}),
            "workbook_encrypted",
        ),
        (archive_of(xl__workbook_xml=b" " * (257 * 2**20)), "workbook_too_large"),
        (archive_of(xl__workbook_xml=b" " * 2**20), "workbook_too_large"),
        (archive_of(**{f"xl__{n}": b"x" for n in range(201)}), "workbook_too_large"),
        (b"\xff\xff\x81\x00\xff" * 50, "encoding_unreadable"),
        ("姓名,身份证号\n".encode("gb18030") + b"\xff\xff\x00", "encoding_unreadable"),
        ((CSV + '\n"李四,2').encode(), "csv_unreadable"),
        (rows(("光明区", "电工"), ("张三", "1")), "header_not_found"),
        (rows(HEADERS), "no_rows"),
        (rows(HEADERS, ROW, ["x"] * 201), "too_many_columns"),
        ((CSV + "\n张三" * 100_101).encode(), "too_many_rows"),
    ],
    ids=count(1),  # Packed files hold the time of day: their bytes must not name a test.
)
def test_a_file_that_cannot_be_read_is_refused_by_name(content, code) -> None:
    assert code_of(content) == code


def test_a_workbook_that_makes_its_reader_fail_is_a_refusal_and_no_traceback() -> None:
    def fill(_book, sheet) -> None:
        sheet.write(0, 0, "姓名")
        sheet.write(1_048_575, 16_383, "x")  # Seventeen thousand million cells, once unfolded.

    assert code_of(workbook(fill)) in {"workbook_unreadable", "workbook_too_large"}


def test_a_third_workbook_at_once_is_told_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "WAIT_SECONDS", 0.01)
    places = threading.BoundedSemaphore(workbooks.AT_ONCE)
    monkeypatch.setattr(workbooks, "_places", places)
    with ExitStack() as others:
        for _ in range(workbooks.AT_ONCE):
            others.enter_context(places)
        with pytest.raises(WorkbookBusyError):
            workbooks.read_workbook(b"PK")
    with pytest.raises(FileRefusedError):
        workbooks.read_workbook(b"PK")


def test_a_missing_header_names_all_that_the_kind_needs() -> None:
    with pytest.raises(Refusal) as refused:
        read_table(rows(("甲", "乙")), kind=RecordKind.TRAINING)

    for column in ("姓名", "身份证号", "课程名称", "学时", "结业日期"):
        assert column in str(refused.value)


def test_twenty_thousand_rows_are_within_what_one_file_may_hold() -> None:
    assert child.MOST_ROWS == 100_000
    many = (CSV + ("\n" + ",".join(ROW)) * 19_999).encode("gb18030")

    assert len(read_table(many).rows) == 20_000
