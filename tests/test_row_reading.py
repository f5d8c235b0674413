"""Rows that are read fast say what they say when they are read one by one, whatever is in them."""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.dossiers.columns import columns_of
from archive.dossiers.headers import BY_KIND, EVERYWHERE, Field
from archive.dossiers.intake.findings import findings_of_row
from archive.dossiers.intake.matching import Candidate
from archive.dossiers.intake.row_reading import RowReader, read_row
from archive.dossiers.sealing import told_apart_by
from archive.dossiers.tables.table import CellValue, Rows, Table, TableFormat, rows_of
from archive.people.identity import NumberReader, birth_date, read_document
from archive.people.synthetic import old_resident_number, resident_number
from schemas.refusals import Refusal
from schemas.vocabulary import RecordKind
from tests.builders import TODAY

PEOPLE = [resident_number(date(1990, 5, 17), serial) for serial in (1, 2, 3)]
YOUNG = resident_number(date(2024, 3, 10), 1)
NUMBERS: tuple[CellValue, ...] = (
    *PEOPLE,
    YOUNG,
    PEOPLE[0][:-1] + ("1" if PEOPLE[0][-1] == "0" else "0"),
    f" {PEOPLE[1]}' ",
    old_resident_number(date(1990, 5, 17), 1),
    "４" + PEOPLE[0][1:],
    "123456199005170011",
    "9.90000E+17",
    9.9e17,
    "K1234567",
    "",
)
DAYS: tuple[CellValue, ...] = (
    *("2024-03-05", "2024年3月20日", date(2024, 3, 5), datetime(2024, 3, 9, 8), 45356.0),
    *("24.3.5", "2030-01-01", "2024-03", "2020-01-01", "", 1.0),
)
WRITTEN: dict[Field, tuple[CellValue, ...]] = {
    Field.NAME: ("李明华", "王芳", "暂无", "张 三", "Anna  Kim", "买买提.艾力", "李4", "", 3.0),
    Field.DOCUMENT_NUMBER: NUMBERS,
    Field.DOCUMENT_TYPE: ("", "居民身份证", "护照", "驾驶证", "台胞证"),
    Field.STREET: ("", "光明街道", "光明街道 ", "/"),
    Field.OUTER_ID: ("", "GM-2024-0001", "GM1", "x" * 201, 12345.0, 1e16, "a\x80b1234567", "无"),
    Field.NOTE: ("", "补考", "长" * 201, "a\x80b"),
    Field.OCCUPATION: ("电工", "电器工", "6-31-01-03 车工", "", "不存在的工种"),
    Field.OCCUPATION_CODE: ("", "6-31-01-03", "9-99-99-99"),
    Field.TRADE: ("", "维修电工"),
    Field.RANK: ("初级工", "三级", "三级/中级工", "高级", "大师", ""),
    Field.HOURS: (36.0, "36", "36小时", "0", "7.125", "", "36学时"),
    Field.ATTENDANCE: ("95%", 0.95, 95.0, "全勤", "120%", "", "x"),
    Field.SCORE: (88.0, "合格", "118", "甲", "-1", "", "缺考", "89.55"),
    Field.MODE: ("线下", "线上", "空中", ""),
    Field.CERTIFICATE_NUMBER: (
        *("S000044030001244000001", "S000044030001244000002", "S000044030001203000003"),
        *("S00004403000124T000004", "S00004403000124400000", "T" + PEOPLE[0], "T" + PEOPLE[1]),
        *("GM2024-000001", "gm2024-000002", "４GM2024", "1234567890123456", 1e16, "", "4.4E+17"),
        *("培字001", "s000044030001244000001", "A" * 18, "''", "N" * 205),
    ),
    Field.INSTRUMENT: ("", "职业技能等级证书", "1+X证书", "职称证书", "纸"),
    Field.TIER: ("市级一类", "区级", "村级", ""),
    Field.AWARD: ("一等奖", "第3名", "一等奖（第2名）", "参与奖", ""),
    Field.PLACEMENT: ("", "3", "第三名", "0"),
    Field.TEAM: ("", "团体", "个人", "?"),
    Field.GROUP: ("", "职工组", "?"),
    Field.IS_SELECTION_TRIAL: ("", "是", "?"),
    Field.IS_REGISTERED: ("", "是", "?"),
    Field.DEGREE: ("大专", "博士后", ""),
    Field.CLASS_KIND: ("", "高级工班", "?"),
    Field.TITLE_GRADE: ("", "中级", "?"),
    Field.PERIOD: ("2024年3月5日至3月20日", "2024-03-05", "2023-12-01至2030-01-02", ""),
    Field.VALID_UNTIL: ("", "长期", "2030-01-01", "2020-01-01", "?"),
    Field.ENDED_ON: ("", "至今", "2024-05-01", "2030-01-01"),
}
OF_DAYS = frozenset(
    {
        *(Field.STARTED_ON, Field.COMPLETED_ON, Field.ISSUED_ON, Field.AWARDED_ON),
        *(Field.GRADUATED_ON, Field.EXPECTED_ON),
    }
)
TEXTS = ("电工初级班", "焊工 中级班", "", "长" * 201, "a\x80b", 7.0)


def cells_of(field: Field) -> tuple[CellValue, ...]:
    return WRITTEN.get(field, DAYS if field in OF_DAYS else TEXTS)


@st.composite
def tables(draw: Any) -> tuple[RecordKind, tuple[Field, ...], list[tuple[CellValue, ...]]]:
    """Draw lists of a kind with some of its columns; rows share most of their cells."""
    kind = draw(st.sampled_from(sorted(BY_KIND)))
    possible: list[Field] = [
        field for field in (*EVERYWHERE, *BY_KIND[kind]) if field is not Field.PERIOD
    ]
    left_out = draw(st.sets(st.sampled_from(possible), max_size=4))
    if kind is RecordKind.TRAINING and draw(st.booleans()):
        possible, left_out = [*possible, Field.PERIOD], left_out | {Field.COMPLETED_ON}
    must = {Field.NAME, Field.DOCUMENT_NUMBER, Field.CERTIFICATE_NUMBER}
    fields = tuple(field for field in possible if field in must or field not in left_out)
    lines = st.tuples(*(st.sampled_from(cells_of(field)) for field in fields))
    usual = tuple(cells_of(field)[0] for field in fields)
    changed = st.dictionaries(st.integers(0, len(fields) - 1), st.integers(0, 20), max_size=3)
    rows = []
    for change in draw(st.lists(changed, min_size=1, max_size=6)):
        row = list(usual)
        for at, choice in change.items():
            row[at] = cells_of(fields[at])[choice % len(cells_of(fields[at]))]
        rows.append(tuple(row))
    return kind, fields, rows + draw(st.lists(lines, max_size=2))


def header_of(field: Field, kind: RecordKind) -> str:
    words = EVERYWHERE.get(field) or BY_KIND[kind][field]
    return words.split("|")[0]


def told(one: Candidate, rows: Rows, at: int, table: Table, columns: Any) -> object:
    findings = findings_of_row(one.faults, rows[at], table, columns)
    return one.row, one.person, one.record, one.street, sorted(map(str, findings))


@given(tables())
@settings(max_examples=800, deadline=None)
def test_rows_say_the_same_read_one_by_one_or_all_at_once(drawn) -> None:
    kind, fields, lines = drawn
    headers = tuple(header_of(field, kind) for field in fields)
    said = dict(zip(headers, fields, strict=True))
    columns = columns_of(headers, kind, said)
    rows = rows_of(lines)
    table = Table(TableFormat.XLSX, "名单", None, 1, headers, rows)

    fast = list(RowReader(rows, columns, TODAY, date_1904=False).read(rows))
    slow = [read_row(row, columns, TODAY, date_1904=False) for row in rows]

    for at, (one, other) in enumerate(zip(fast, slow, strict=True)):
        assert told(one, rows, at, table, columns) == told(other, rows, at, table, columns)
        if one.record is not None and one.apart is not None:
            assert one.apart == told_apart_by(one.record)


@pytest.mark.parametrize("first", [0, 1])
def test_a_reader_that_goes_on_says_of_later_rows_what_it_says_of_them_alone(first) -> None:
    lines = [
        ("李明华", PEOPLE[at % 3], f"S0000440300012440000{at:02}", "2024-03-05", "电工")
        for at in range(9)
    ]
    fields = (
        *(Field.NAME, Field.DOCUMENT_NUMBER, Field.CERTIFICATE_NUMBER, Field.ISSUED_ON),
        Field.OCCUPATION,
    )
    kind = RecordKind.CERTIFICATE
    columns = columns_of([header_of(field, kind) for field in fields], kind)
    rows = rows_of(lines)
    reader = RowReader(rows, columns, TODAY, date_1904=False)

    parts = [*reader.read(rows[first:4]), *reader.read(rows[4:])]

    assert [one.row for one in parts] == list(range(first + 1, 10))
    numbers = [getattr(one.record, "certificate_number", None) for one in parts]
    assert numbers == [line[2] for line in lines[first:]]


@given(
    st.text("0123456789X", min_size=17, max_size=18) | st.sampled_from([str(n) for n in NUMBERS])
)
def test_a_number_that_is_read_fast_is_read_right(number) -> None:
    found = NumberReader(TODAY).read(number)
    try:
        document = read_document(number, today=TODAY)
    except Refusal:
        assert found is None
    else:
        if found is not None:
            assert found[:2] == (document, birth_date(document))
