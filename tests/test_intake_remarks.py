"""What is odd in a file is told by its code, also where nothing stops it."""

import io
from collections.abc import Iterator
from decimal import Decimal
from zipfile import ZipFile

import pytest
import xlsxwriter
from sqlmodel import Session

from archive.db import Database
from archive.dossiers.course_models import OfferedCourse
from archive.people import synthetic
from schemas.ids import new_id
from tests.builders import NOW, TODAY
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


def test_one_number_on_the_papers_of_two_people_is_worth_a_look(sqlite_scene):
    header = TRAINING.replace(",备注", "") + ",证书编号"
    other = synthetic.resident_number(BORN, 3)
    report = sqlite_scene.check(header, ROW + ",PX-1", f"王芳,{other},安全,电工,8,2025-02-01,,PX-1")

    assert [(one.row, one.code) for one in report.findings] == [(3, "number_shared")]
    assert report.counts["new"] == 2


def test_a_validity_without_end_and_a_post_that_goes_on_are_no_faults(sqlite_scene):
    number = ROW.split(",")[1]
    held = sqlite_scene.check(
        "姓名,身份证号,证书类型,证书编号,发证日期,有效期至",
        f"李明华,{number},专项职业能力证书,ZX-1,2024-03-05,长期有效",
    )
    post = sqlite_scene.check(
        "姓名,身份证号,工作单位,岗位,入职日期,离职日期",
        f"李明华,{number},示范厂,电工,2013-01-01,至今",
    )

    assert [*held.findings, *post.findings] == []


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


def test_a_workbook_with_macros_is_read_and_said_to_have_them(sqlite_scene):
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed) as book:
        sheet = book.add_worksheet("名单")
        for at, line in enumerate((TRAINING, ROW)):
            sheet.write_row(at, 0, line.split(","))
    with ZipFile(packed, "a") as opened:
        opened.writestr("xl/vbaProject.bin", b"x")

    report = sqlite_scene.check_file(packed.getvalue())

    assert [(one.row, one.code, one.severity) for one in report.findings] == [
        (None, "macros_left_out", "warning")
    ]
    assert report.counts["new"] == 1


def test_attendance_that_a_course_asks_for_is_not_taken_as_not_asked_for(sqlite_scene):
    version = OfferedCourse(
        id=new_id(),
        organisation_id=sqlite_scene.organisation.id,
        code="C-1",
        title="电工技能提升",
        title_en="Electricians",
        hours=Decimal(36),
        asks_attendance=True,
        in_force_from=TODAY,
        published_at=NOW,
        published_by=sqlite_scene.trainer.id,
    )
    sqlite_scene.session.add(version)
    sqlite_scene.session.flush()
    header = TRAINING + ",课程编号"

    report = sqlite_scene.check(header, ROW + ",C-1", ROW.replace("电工技能", "安全") + ",C-2")
    told = sqlite_scene.check(header + ",出勤率", ROW + ",C-1,95%")

    assert [(one.row, one.code, one.severity) for one in report.findings] == [
        (2, "attendance_missing", "warning")
    ]
    assert (report.counts["new"], told.counts["new"]) == (2, 1)
    assert told.findings == ()
