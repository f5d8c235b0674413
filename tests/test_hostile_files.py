"""Files that are made to do harm, or broken by accident: each is an answer with its cause, no more.

What must hold of every one: a report or a refusal by name, the caller lives on, and the child that
read it stayed within its memory and its time.
"""

import io
import os
import struct
import warnings
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter

from archive.dossiers.tables import forking, parsing, workbooks
from archive.dossiers.tables.reading import read_table
from schemas.refusals import Refusal

HEADERS = ("姓名", "身份证号", "学时", "结业日期")
ROW = ("张三", "990000199001311135", "36", "2024-03-05")
SHEET, TEXTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
CSV = f"{','.join(HEADERS)}\n{','.join(ROW)}\n"
READ = "read"
SPACE = "urn:oasis:names:tc:opendocument:xmlns"


@cache
def good() -> bytes:
    return book(lambda _sheet: None)


def book(fill: Callable[[Any], None]) -> bytes:
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as opened:
        sheet = opened.add_worksheet("名单")
        sheet.write_row(0, 0, HEADERS)
        sheet.write_row(1, 0, ROW)
        fill(sheet)
    return packed.getvalue()


def packed(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as opened:
        for name, content in entries.items():
            opened.writestr(name, content)
    return out.getvalue()


def changed(name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return the good workbook with one part changed."""
    with ZipFile(io.BytesIO(good())) as opened:
        entries = {one: opened.read(one) for one in opened.namelist()}
    return packed(**entries | {name: change(entries.get(name, b""))})


def instead(name: str, old: str, new: str) -> bytes:
    return changed(name, lambda content: content.replace(old.encode(), new.encode()))


def sized(size: int) -> bytes:
    """Return the good workbook with a directory that lies about how large its parts are."""
    content, at = bytearray(good()), 0
    while (at := content.find(b"PK\x01\x02", at)) >= 0:
        struct.pack_into("<I", content, at + 24, size)
        at += 4
    return bytes(content)


def flagged() -> bytes:
    content = bytearray(good())
    content[content.find(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def doubled() -> bytes:
    out = io.BytesIO(good())
    with warnings.catch_warnings(), ZipFile(out, "a") as opened:
        warnings.simplefilter("ignore")
        opened.writestr(SHEET, opened.read(SHEET).replace(b"<v>4</v>", b"<v>0</v>"))
    return out.getvalue()


def entities() -> bytes:
    names = "abcdefghij"
    told = "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairwise(names))
    head = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">{told}]>'
    return changed(
        TEXTS, lambda old: head.encode() + old.split(b"?>", 1)[1].replace("张三".encode(), b"&j;")
    )


def outside() -> bytes:
    head = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    return changed(
        TEXTS, lambda old: head + old.split(b"?>", 1)[1].replace("张三".encode(), b"&e;")
    )


def ods(rows: str) -> bytes:
    content = (
        f'<office:document-content xmlns:office="{SPACE}:office:1.0"'
        f' xmlns:table="{SPACE}:table:1.0" xmlns:text="{SPACE}:text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="名单">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = {"META-INF/manifest.xml": b"<manifest/>", "content.xml": content.encode()}
    return packed(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", **manifest)


def line(cells, repeated: str = "", cell_repeated: str = "") -> str:
    told = "".join(
        f'<table:table-cell office:value-type="string"{cell_repeated}><text:p>{cell}</text:p>'
        "</table:table-cell>"
        for cell in cells
    )
    return f"<table:table-row{repeated}>{told}</table:table-row>"


def rows_of_ods(many: str = "", wide: str = "") -> bytes:
    repeated = f' table:number-rows-repeated="{many}"' if many else ""
    across = f' table:number-columns-repeated="{wide}"' if wide else ""
    return ods(line(HEADERS) + line(("x",) if wide else ROW, repeated, across))


def scattered(column: int) -> Callable[[Any], None]:
    def fill(sheet) -> None:
        for row in range(10, 1_048_000, 9_000):
            sheet.write(row, column, "x")

    return fill


FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    # Bombs.
    "corners": (
        lambda: book(lambda sheet: sheet.write(1_048_575, 16_383, "x")),
        "workbook_too_large",
    ),
    "sparse and wide": (lambda: book(scattered(150)), "workbook_too_large"),
    "sparse": (lambda: book(scattered(3)), READ),
    "one giant cell": (
        lambda: instead(TEXTS, "张三", os.urandom(8_100_000).hex()),
        "workbook_too_large",
    ),
    "ratio": (lambda: changed("xl/media/a.bin", lambda _: bytes(50_000_000)), "workbook_too_large"),
    "entries": (
        lambda: packed(**{f"xl/{at}.xml": b"x" for at in range(300)}),
        "workbook_too_large",
    ),
    "repeated rows": (lambda: rows_of_ods(many="200000"), "too_many_rows"),
    "repeated cells": (lambda: rows_of_ods(wide="2000000000"), "too_many_columns"),
    "repeated both": (lambda: rows_of_ods("1048576", "16384"), "workbook_unreadable"),
    "entities": (entities, "workbook_unreadable"),
    "an entity outside": (outside, "workbook_unreadable"),
    # Locked, with programs, renamed, nested.
    "flagged as locked": (flagged, "workbook_encrypted"),
    "macros": (lambda: changed("xl/vbaProject.bin", lambda _: b"x" * 99), READ),
    "a zip in a zip": (lambda: packed(**{"a.xlsx": good()}), "file_type_unknown"),
    "a text document": (lambda: packed(**{"word/document.xml": b"<w/>"}), "file_type_unknown"),
    "slides": (lambda: packed(**{"ppt/presentation.xml": b"<p/>"}), "file_type_unknown"),
    "a program": (
        lambda: packed(**{"META-INF/MANIFEST.MF": b"x", "A.class": b"y"}),
        "file_type_unknown",
    ),
    "before 1993": (lambda: b"\x09\x00\x04\x00\x02\x00\x10\x00" + bytes(64), "file_type_unknown"),
    # Lies.
    "no sizes": (lambda: sized(0), "workbook_unreadable"),
    "huge sizes": (lambda: sized(2**31), "workbook_too_large"),
    "a lying extent": (lambda: instead(SHEET, "A1:D2", "A1:XFD1048576"), READ),
    "a mad extent": (lambda: instead(SHEET, "A1:D2", "ZZZZZZ99999999999:@"), "workbook_unreadable"),
    "a text that is not there": (
        lambda: instead(SHEET, "<v>4</v>", "<v>4000000000</v>"),
        "workbook_unreadable",
    ),
    "no content types": (lambda: changed("[Content_Types].xml", lambda _: b"<Types/>"), READ),
    "no relations": (
        lambda: changed("xl/_rels/workbook.xml.rels", lambda _: b"<R/>"),
        "workbook_unreadable",
    ),
    "a sheet elsewhere": (
        lambda: instead(
            "xl/_rels/workbook.xml.rels", "worksheets/sheet1.xml", "../../../etc/passwd"
        ),
        "workbook_unreadable",
    ),
    "a sheet abroad": (
        lambda: instead(
            "xl/_rels/workbook.xml.rels", "worksheets/sheet1.xml", "http://127.0.0.1:9/x"
        ),
        "workbook_unreadable",
    ),
    "two parts of one name": (doubled, "workbook_ambiguous"),
    # Text files.
    "NUL": (lambda: CSV.replace("36", "3\x006").encode(), "file_holds_nul"),
    "1 MB cells": ((CSV + f"{'长' * 350_000},1,36,2024\n").encode, READ),
    "10,000 columns": ((CSV + "x," * 10_000).encode, "too_many_columns"),
    "an open quote": ((CSV + '"李四,2').encode, "csv_unreadable"),
    "CR only": (lambda: CSV.replace("\n", "\r").encode(), READ),
    "mixed line ends": ((CSV + "李四,1,36,2024\r\n王五,2,36,2024\r").encode, READ),
    "two headers": ((CSV + CSV).encode, READ),
    "blank tails": ((CSV + ",,,\n" * 500 + " , ,\n\n\n").encode, READ),
    "UTF-16 without a mark": (lambda: CSV.encode("utf-16-le"), READ),
    "a character of somebody's own": (lambda: CSV.replace("张三", "张\ue863").encode(), READ),
    "the same in GB18030": (lambda: CSV.replace("张三", "张\ue7c7").encode("gb18030"), READ),
    "one row too many": (
        (CSV + "张三,1,36,2024\n" * 100_000).encode,
        "too_many_rows",
    ),
    "four bytes of GB18030": (lambda: CSV.replace("张三", "㐂𠀀").encode("gb18030"), READ),
    "a mark in the middle": (lambda: CSV.encode() + b"\xef\xbb\xbf" + CSV.encode(), READ),
    "sep=;": (("sep=;\r\n" + CSV.replace(",", ";")).encode, READ),
    "sep=|": (("sep=|\n" + CSV.replace(",", "|")).encode, READ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_read_or_refused_by_its_cause(name) -> None:
    make, expected = FILES[name]
    if expected != READ:
        with pytest.raises(Refusal) as refused:
            read_table(make())
        assert refused.value.code == expected
        return
    table = read_table(make())
    assert len(table.rows[0].cells) == 4
    assert table.has_macros is (name == "macros")


@pytest.mark.parametrize("name", ["sep=;", "sep=|", "two headers", "a mark in the middle"])
def test_what_programs_write_around_a_text_file_is_no_row(name) -> None:
    table = read_table(FILES[name][0]())

    assert (table.header_row, table.headers) == (1, HEADERS)
    assert {row.cells for row in table.rows} == {ROW}


def test_rows_repeated_beyond_all_memory_are_refused_wherever_the_memory_ends() -> None:
    with pytest.raises(Refusal) as refused:
        read_table(rows_of_ods(many="2000000000"))

    assert refused.value.code in {"workbook_too_large", "workbook_unreadable"}


def test_a_workbook_that_is_cut_off_anywhere_is_damaged_and_nothing_else() -> None:
    content = good()
    for length in range(4, len(content) - 1, len(content) // 25):
        with pytest.raises(Refusal) as refused:
            read_table(content[:length])
        assert refused.value.code in {"workbook_unreadable", "file_type_unknown"}, length


def test_a_child_has_neither_memory_nor_time_nor_anything_to_open() -> None:
    limits = forking.MEMORY_BYTES, forking.CPU_SECONDS
    assert limits == (768 * 2**20, 20)
    read, write = os.pipe()
    child = os.fork()
    if not child:
        for one in (3, 4):  # What a child keeps are three pipes; here a fourth to tell the truth.
            os.dup2(write, one)
        forking._limit()
        told = b""
        for what in (lambda: os.open("/etc/hostname", os.O_RDONLY), os.pipe, os.fork):
            try:
                what()
            except OSError:
                told += b"refused "
        os.write(3, told)
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as listening:
        told = listening.read()
    os.waitpid(child, 0)
    assert told.count(b"refused") >= 2  # Whoever is all-powerful may fork as often as it likes.


def test_a_server_that_was_ended_from_without_is_begun_again() -> None:
    assert workbooks.read_workbook(good()).sheets
    program = parsing._server._program
    assert program is not None
    program.kill()
    program.wait()

    assert workbooks.read_workbook(good()).sheets
