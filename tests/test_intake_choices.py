"""What the report tells of how a file was read, and what a person corrects of it."""

from io import BytesIO

import pytest
import xlsxwriter

from archive.dossiers.headers import Field
from archive.dossiers.intake import mappings
from schemas.vocabulary import RecordKind
from tests.builders import NOW
from tests.test_intake import OTHER, ROW, TRAINING, sqlite_scene, told

__all__ = ["sqlite_scene"]


def test_the_report_tells_how_the_file_was_read_and_a_person_can_correct_it(sqlite_scene):
    text = f"{TRAINING},幸运数字\n{ROW},7".replace(",", "|")
    plain = sqlite_scene.check_file(text.encode("gb18030"))
    said = {"encoding": "gb18030", "delimiter": "|", "header_row": 1, "columns": {"幸运数字": None}}
    told_so = sqlite_scene.check_file(text.encode("gb18030"), **said)

    assert told(plain) == [(None, None, "header_not_found")]
    assert (plain.encoding, plain.delimiter, plain.sheets) == ("gb18030", ",", ())
    assert (told(told_so), told_so.is_clean, told_so.delimiter) == ([], True, "|")
    assert [one.field for one in told_so.headers][-2:] == ["outer_id", None]
    assert [one.header for one in told_so.headers][-1] == "幸运数字"
    assert told_so.kind_found is RecordKind.TRAINING


def test_every_problem_of_a_header_is_told_at_once_with_what_was_found(sqlite_scene):
    report = sqlite_scene.check(
        "姓名,课程名称,学时,总学时,成绩,得分,颜色", "李明华,电工,36,36,88,88,红"
    )

    assert told(report) == [
        (None, None, "column_twice"),
        (None, None, "column_twice"),
        (None, None, "columns_missing"),
        (None, "颜色", "column_unused"),
    ]
    assert report.codes == {"column_twice": 2, "columns_missing": 1, "column_unused": 1}
    assert (report.kind, report.kind_found) == (None, RecordKind.TRAINING)
    assert (report.header_row, len(report.headers), report.is_clean) == (1, 7, False)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"sheet": "名单"}, "sheet_unknown"),
        ({"header_row": 3}, "header_row_empty"),
        ({"header_row": 2}, "kind_unclear"),
        ({"encoding": "rot13"}, "encoding_unknown"),
        ({"encoding": "utf-16"}, "encoding_unfit"),
        ({"delimiter": "x"}, "delimiter_unknown"),
        ({"columns": {"颜色": None}}, "column_unknown"),
        ({"columns": {"学时": Field.TIER}, "kind": RecordKind.TRAINING}, "column_field_unfit"),
    ],
)
def test_a_choice_that_does_not_fit_the_file_is_refused_by_name(sqlite_scene, said, code):
    report = sqlite_scene.check_file(f"{TRAINING}\n{ROW}\n\n王芳,{OTHER}".encode(), **said)

    assert report.findings[0].code == code
    assert not report.is_clean


def test_the_sheet_and_its_header_row_can_be_chosen(sqlite_scene):
    packed = BytesIO()
    with xlsxwriter.Workbook(packed) as book:
        for name, at in (("一班", 0), ("二班", 25)):
            sheet = book.add_worksheet(name)
            sheet.write_row(at, 0, TRAINING.split(","))
            sheet.write_row(at + 1, 0, ROW.replace("电工技能", name).split(","))
    content = packed.getvalue()

    found = sqlite_scene.check_file(content)
    chosen = sqlite_scene.check_file(content, sheet="二班", header_row=26)

    assert (found.sheet, found.sheets, told(found)) == ("一班", ("一班",), [])
    assert told(chosen) == [(None, None, "sheets_unread")]
    assert (chosen.sheet, chosen.sheets, chosen.header_row) == ("二班", ("一班", "二班"), 26)
    assert chosen.rows[0].row == 27
    for said in ({"encoding": "utf-8"}, {"delimiter": ","}):
        refused = sqlite_scene.check_file(content, **said)
        assert told(refused) == [(None, None, "text_choice_unfit")]


def test_what_headers_mean_is_remembered_as_far_as_lists_have_headers(sqlite_scene):
    said = {"甲" * 201: Field.NOTE} | {f"列{at}": Field.NOTE for at in range(mappings.MOST + 1)}
    told_by = {"by": sqlite_scene.trainer.id, "now": NOW}
    session, whose = sqlite_scene.session, sqlite_scene.organisation.id
    for _ in range(2):  # Said again it is said once.
        mappings.remember(session, whose, RecordKind.TRAINING, said, **told_by)
        known = mappings.known(session, whose)[RecordKind.TRAINING]
        assert set(known) == {f"列{at}" for at in range(mappings.MOST)}
    mappings.remember(session, whose, RecordKind.TRAINING, {"列0": None}, **told_by)
    assert mappings.known(session, whose)[RecordKind.TRAINING]["列0"] is None
