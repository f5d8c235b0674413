"""What is odd in a file is told by its code, also where nothing stops it."""

from collections.abc import Iterator

import pytest
import xlsxwriter
from sqlmodel import Session

from archive.db import Database
from archive.people import synthetic
from tests.test_intake import BORN, ROW, TRAINING, Scene

NOWHERE = synthetic.resident_number(BORN, 1, area="870101")  # No province has this number.


@pytest.fixture
def sqlite_session(sqlite_archive: Database) -> Iterator[Session]:
    """Return a writing session."""
    with sqlite_archive.transaction() as session:
        yield session


@pytest.fixture
def sqlite_scene(sqlite_session: Session) -> Scene:
    """Return a training provider and its trainer."""
    return Scene(sqlite_session)


@pytest.mark.parametrize(
    ("header", "row", "code"),
    [
        (
            TRAINING,
            f"李明华,{NOWHERE},电工技能提升,电工,36,2025-02-01,",
            "id_area_unknown",
        ),
        (TRAINING + ",成绩", ROW + ",118", "score_scale"),
        (TRAINING, ROW.replace("电工技能提升", "课" * 201), "text_too_long"),
    ],
)
def test_what_is_odd_is_told_by_its_code(sqlite_scene, header, row, code):
    assert code in {finding.code for finding in sqlite_scene.check(header, row).findings}


def test_sheets_that_are_not_read_are_named(sqlite_scene, tmp_path):
    path = tmp_path / "two.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("一期", "二期"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, TRAINING.split(","))
            sheet.write_row(1, 0, ROW.split(","))

    report = sqlite_scene.check_file(path.read_bytes())

    assert [one.code for one in report.findings] == ["sheets_unread"]
    assert "二期" in report.findings[0].message.zh
