"""The example files say what their README promises, and can be made again as they are."""

import runpy
from datetime import date
from pathlib import Path

import pytest

from archive.dossiers.cells import days, figures, people, words
from archive.dossiers.certificate_numbers import check_rank, read_skill_level
from archive.dossiers.columns import columns_of, detect_kind
from archive.dossiers.headers import Field
from archive.dossiers.tables.reading import read_table
from archive.dossiers.tables.table import CellValue, Table
from schemas.refusals import Refusal
from schemas.vocabulary import RecordKind

EXAMPLES = Path(__file__).parent.parent / "docs" / "examples"
FILES = (
    "training-2024.xlsx",
    "training-gb18030.csv",
    "competition-results.xlsx",
    "certificates.xlsx",
)
TODAY = date(2026, 6, 1)


def cells(table: Table, field: Field) -> dict[int, CellValue]:
    kind = detect_kind(table.headers)
    assert kind is not None
    place = columns_of(table.headers, kind).places[field]
    return {row.number: row.cells[place] for row in table.rows}


def refused(reader, values: dict[int, CellValue], **circumstances) -> dict[int, str]:
    codes = {}
    for row, value in values.items():
        try:
            reader(value, **circumstances)
        except Refusal as fault:
            codes[row] = fault.code
    return codes


def test_making_the_examples_again_makes_the_same_content(tmp_path) -> None:
    runpy.run_path(str(EXAMPLES / "make_examples.py"))["make"](tmp_path)

    for name in FILES:
        assert read_table(tmp_path / name) == read_table(EXAMPLES / name)


def test_the_training_list_is_as_institutions_send_them_with_two_wrong_rows() -> None:
    table = read_table(EXAMPLES / "training-2024.xlsx")

    assert table.header_row == 3
    assert "、".join(table.headers) == (
        "姓名、身份证号、课程名称、职业（工种）、等级、学时、出勤率、成绩、开班日期、结业日期、证书编号"
    )
    assert len(table.rows) == 30
    assert [note.number for note in table.notes] == [35, 36]
    numbers = cells(table, Field.DOCUMENT_NUMBER)
    assert refused(people.document, numbers, today=TODAY) == {15: "id_check_digit"}
    assert refused(figures.hours, cells(table, Field.HOURS)) == {26: "hours_not_positive"}
    finished = cells(table, Field.COMPLETED_ON)
    assert refused(days.day, finished) == {}
    assert {type(value) for value in finished.values()} == {str, float, date}
    assert any("９" in str(value) for value in numbers.values())


def test_the_csv_is_gb18030_with_a_character_that_older_encodings_lack() -> None:
    table = read_table(EXAMPLES / "training-gb18030.csv")

    assert table.encoding == "gb18030"
    assert "刘䶮" in cells(table, Field.NAME).values()
    assert refused(days.period, cells(table, Field.PERIOD)) == {}
    with pytest.raises(UnicodeDecodeError):
        (EXAMPLES / "training-gb18030.csv").read_bytes().decode("gbk")


def test_the_other_lists_have_one_wrong_row_each() -> None:
    results = read_table(EXAMPLES / "competition-results.xlsx")
    certificates = read_table(EXAMPLES / "certificates.xlsx")

    assert detect_kind(results.headers) is RecordKind.COMPETITION
    numbers = cells(results, Field.DOCUMENT_NUMBER)
    assert refused(people.document, numbers, today=TODAY) == {10: "id_digits_lost"}
    assert detect_kind(certificates.headers) is RecordKind.CERTIFICATE
    levels = cells(certificates, Field.RANK)
    told = cells(certificates, Field.CERTIFICATE_NUMBER)
    assert [row for row, number in told.items() if not _fits(number, levels[row])] == [11]


def test_one_number_is_one_person_in_all_files() -> None:
    names: dict[str, set[str]] = {}
    for file in FILES:
        table = read_table(EXAMPLES / file)
        named = cells(table, Field.NAME)
        for row, value in cells(table, Field.DOCUMENT_NUMBER).items():
            try:
                document = people.document(value, today=TODAY)
            except Refusal:
                continue
            names.setdefault(document.upgraded().number, set()).add(str(named[row]))

    assert len(names) >= 30
    assert all(len(known) == 1 for known in names.values())
    assert all(number.startswith("990000") for number in names)


def test_the_readme_names_every_file() -> None:
    text = (EXAMPLES / "README.md").read_text(encoding="utf-8")

    assert all(f"`{name}`" in text for name in FILES)


def _fits(number, level) -> bool:
    try:
        check_rank(read_skill_level(number), words.rank(level))
    except Refusal:
        return False
    return True
