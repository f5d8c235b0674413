"""What a file does to the archive: what is reported, what is written, what is refused."""

import time
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session, col, func, select

from archive.dossiers import intake, records
from archive.dossiers.models import IntakeBatch, Record
from archive.dossiers.names_on_file import names_of
from archive.dossiers.records import content_of
from archive.dossiers.sealing import unseal
from archive.dossiers.writing import Posting, writing
from archive.errors import NotAllowedError
from archive.people import synthetic
from archive.people.models import Worker
from archive.people.privacy import vault_of
from credit_bank import bank
from schemas.identities import NameChange
from schemas.records import CLASS_OF, Certificate, Competition
from schemas.reports import IntakeReport
from schemas.vocabulary import (
    Account,
    ContestTier,
    Instrument,
    OrganisationKind,
    Prize,
    Rank,
    RecordKind,
    RowState,
    Severity,
    Step,
)
from tests.builders import NOW, TODAY, an_account, an_identity, an_organisation

EXAMPLES = Path(__file__).parent.parent / "docs" / "examples"
BORN = date(1990, 5, 17)
NUMBER = synthetic.resident_number(BORN, 1)
OTHER = synthetic.resident_number(BORN, 2)
TRAINING = "姓名,身份证号,课程名称,职业（工种）,学时,结业日期,业务编号"
CERTIFICATE = "姓名,身份证号,职业,等级,证书编号,发证日期,有效期至"
COMPETITION = "姓名,身份证号,竞赛名称,竞赛级别,奖项,名次,获奖日期"
ROW = f"李明华,{NUMBER},电工技能提升,电工,36,2025-02-01,"


class Scene:
    """A training provider, and its trainer with files."""

    def __init__(self, session: Session) -> None:
        """Set the scene."""
        self.session = session
        self.organisation = an_organisation(session)
        self.trainer = an_account(session, organisation=self.organisation)

    def check(self, header: str, *rows: str, kind: RecordKind | None = None) -> IntakeReport:
        """Check a text file."""
        return self.check_file("\n".join((header, *rows)).encode(), kind=kind)

    def check_file(self, content: bytes, kind: RecordKind | None = None, **chosen) -> IntakeReport:
        """Check a file."""
        return intake.check(
            self.session,
            content,
            self.organisation,
            choice=intake.Choice(kind=kind, **chosen),
            by=self.trainer,
            today=TODAY,
        )

    def commit(self, header: str, *rows: str) -> IntakeReport:
        """Commit a text file."""
        return self.commit_file("\n".join((header, *rows)).encode())

    def commit_file(self, content: bytes, name: str = "名单.csv") -> IntakeReport:
        """Commit a file."""
        return intake.commit(
            self.session, content, name, self.organisation, by=self.trainer, now=NOW, today=TODAY
        )

    def records(self, kind: RecordKind | None = None) -> list[Record]:
        """Return the rows of all dossiers, in order."""
        query = select(Record).order_by(col(Record.id))
        found = self.session.exec(query).all()
        return [row for row in found if kind in (None, row.kind)]

    def only_content(self, kind: RecordKind):
        """Return the content of the only record of a kind."""
        (row,) = self.records(kind)
        return content_of(self.session, row)


@pytest.fixture
def scene(session: Session) -> Scene:
    """Return a provider with a trainer."""
    return Scene(session)


@pytest.fixture
def sqlite_scene(sqlite_archive):
    """Return a provider with a trainer, where the database does not matter."""
    with sqlite_archive.transaction() as opened:
        yield Scene(opened)


def told(report: IntakeReport) -> list[tuple[int | None, str | None, str]]:
    return [(one.row, one.column, one.code) for one in report.findings]


def test_an_example_file_is_checked_written_and_the_second_time_changes_nothing(scene):
    content = (EXAMPLES / "training-2024.xlsx").read_bytes()
    wrong = [(15, "身份证号", "id_check_digit"), (26, "学时", "hours_not_positive")]

    checked = scene.check_file(content)
    assert scene.records() == []
    committed = scene.commit_file(content, "training-2024.xlsx")
    again = scene.commit_file(content, "training-2024.xlsx")

    assert told(checked) == told(committed) == told(again) == wrong
    assert checked.counts[RowState.NEW] == committed.written == 28
    assert (checked.committed, committed.committed) == (False, True)
    assert (again.written, again.counts[RowState.SAME], again.batch_id) == (0, 28, None)
    assert len(scene.records(RecordKind.TRAINING)) == 28
    assert len(scene.session.exec(select(Worker)).all()) == 28
    assert len(scene.session.exec(select(IntakeBatch)).all()) == 1
    assert all(row.record_id for row in committed.rows if row.state is RowState.NEW)


def test_the_other_example_files_report_what_their_readme_promises(sqlite_scene):
    expected = {
        "training-gb18030.csv": [(row, "工种", "occupation_unknown") for row in (4, 8, 12)],
        "competition-results.xlsx": [(10, "身份证号", "id_digits_lost")],
        "certificates.xlsx": [(11, "证书编号", "certificate_level_differs")],
    }
    for name, findings in expected.items():
        report = sqlite_scene.commit_file((EXAMPLES / name).read_bytes(), name)
        assert told(report) == findings
        assert report.written == len(report.rows) - report.counts[RowState.FAULTY]


def test_one_person_in_several_files_has_one_dossier_whatever_the_number_s_age(sqlite_scene):
    old = synthetic.old_resident_number(BORN, 1)

    sqlite_scene.commit(TRAINING, ROW)
    report = sqlite_scene.commit(TRAINING, ROW.replace(NUMBER, old).replace("电工技能", "安全"))

    assert report.written == 1
    assert len(sqlite_scene.session.exec(select(Worker)).all()) == 1


def test_a_committed_row_earns_its_credits_and_tells_where_it_came_from(scene):
    header = TRAINING.replace("业务编号", "成绩") + ",出勤率"
    scene.commit(header, ROW + "88,95%")

    (row,) = scene.records(RecordKind.TRAINING)
    key = vault_of(scene.session).keys_of([row.worker_id])[row.worker_id]
    source = unseal(key, row.sealed).source
    assert bank.balances(scene.session, row.worker_id)[Account.AVAILABLE] == 22_500
    assert source is not None
    assert (source.file_name, source.row) == ("名单.csv", 2)
    assert (source.cells or {})["身份证号"] == NUMBER


def test_a_row_that_differs_from_its_record_supersedes_it_and_says_so(scene):
    scene.commit(TRAINING, ROW)

    report = scene.commit(TRAINING, ROW.replace(",36,", ",40,"))

    assert report.counts[RowState.CHANGED] == report.written == 1
    assert [one.code for one in report.findings] == ["record_changes"]
    assert [row.hours for row in scene.records(RecordKind.TRAINING)] == [36, 40]


def test_the_outer_id_recognises_a_record_whatever_else_changed(sqlite_scene):
    sqlite_scene.commit(TRAINING, ROW + "GM1")
    renamed = (ROW + "GM1").replace("电工技能提升", "电工技能提升（二期）")

    assert sqlite_scene.check(TRAINING, renamed).counts[RowState.CHANGED] == 1
    other = f"王芳,{OTHER},电工技能提升,电工,36,2025-02-01,GM1"
    assert told(sqlite_scene.check(TRAINING, other)) == [(2, "业务编号", "outer_id_taken")]


def test_a_withdrawn_record_is_not_brought_back_by_its_old_file(sqlite_scene):
    sqlite_scene.commit(TRAINING, ROW)
    (row,) = sqlite_scene.records(RecordKind.TRAINING)
    circumstances = {"reason": "误报", "by": sqlite_scene.trainer, "now": NOW}
    records.withdraw(sqlite_scene.session, row.worker_id, row.id, **circumstances)

    report = sqlite_scene.commit(TRAINING, ROW)

    assert told(report) == [(2, None, "record_withdrawn")]
    assert report.written == 0


def test_rows_that_say_the_same_twice_are_written_once(sqlite_scene):
    report = sqlite_scene.commit(TRAINING, ROW, ROW, ROW.replace(",36,", ",40,"))

    assert [row.state for row in report.rows] == [
        RowState.NEW,
        RowState.DUPLICATE,
        RowState.FAULTY,
    ]
    assert told(report) == [(3, None, "row_repeated"), (4, None, "row_contradicts")]
    assert len(sqlite_scene.records(RecordKind.TRAINING)) == 1


def test_a_name_must_match_the_number_on_file_and_is_not_given_away(sqlite_scene):
    sqlite_scene.commit(TRAINING, ROW)

    report = sqlite_scene.check(TRAINING, ROW.replace("李明华", "王小芳"))

    (finding,) = report.findings
    assert (finding.row, finding.column, finding.code) == (2, "姓名", "name_differs")
    assert finding.value == "王**"
    assert "李" not in finding.message.zh + finding.message.en


def test_two_names_for_one_new_number_are_refused(sqlite_scene):
    report = sqlite_scene.check(TRAINING, ROW, ROW.replace("李明华", "王小芳"))

    assert told(report) == [(3, "姓名", "name_differs_in_file")]


def test_a_renamed_worker_is_found_under_both_names(sqlite_scene):
    sqlite_scene.commit(TRAINING, ROW)
    (row,) = sqlite_scene.records(RecordKind.TRAINING)
    change = NameChange(name="李清照", former_name="李明华", changed_on=date(2025, 2, 20))
    posting = Posting(sqlite_scene.organisation.id, sqlite_scene.trainer.id, NOW)
    with writing(sqlite_scene.session, [row.worker_id]) as writer:
        writer.add(row.worker_id, change, posting)

    former = sqlite_scene.check(TRAINING, ROW)
    present = sqlite_scene.check(TRAINING, ROW.replace("李明华", "李清照"))

    assert told(former) == [(2, "姓名", "name_former")]
    assert former.counts[RowState.SAME] == 1
    assert told(present) == []
    keys = vault_of(sqlite_scene.session).keys_of([row.worker_id])
    names = names_of(sqlite_scene.session, [row.worker_id], keys)[row.worker_id]
    assert (names.present, names.is_former("李明华")) == ("李清照", True)


def test_all_faults_of_all_rows_are_told_with_what_to_do(sqlite_scene):
    report = sqlite_scene.check(
        TRAINING,
        f"李明华1,{NUMBER[:-1]},,电器工,0,2099-01-01,",
        f"李明华,{NUMBER},电工,6-31-01-03 车工,36小时,1989-01-01,",
        f"王芳,{OTHER},电工,电工,36,2025-02-01,{'9' * 201}",
    )

    assert told(report) == [
        (2, "姓名", "name_unreadable"),
        (2, "身份证号", "id_length"),
        (2, "课程名称", "value_missing"),
        (2, "职业（工种）", "occupation_misspelt"),
        (2, "学时", "hours_not_positive"),
        (2, "结业日期", "day_in_future"),
        (3, "职业（工种）", "occupation_contradictory"),
        (3, "学时", "hours_unit"),
        (3, "结业日期", "day_before_birth"),
        (4, "业务编号", "text_too_long"),
    ]
    assert all(one.message.zh != one.message.en for one in report.findings)
    assert report.counts[RowState.FAULTY] == 3
    assert not report.is_clean


def test_nothing_personal_is_shown_in_clear(sqlite_scene):
    permit = f"T{NUMBER}"
    report = sqlite_scene.check(
        CERTIFICATE,
        f"李明华,{NUMBER}9,电工,,{permit},2024-06-01,",
        f"王小芳,{OTHER},{NUMBER},,{permit},2024-06-01,2020-01-01",
    )

    text = report.model_dump_json()
    assert NUMBER not in text
    assert OTHER not in text
    assert "王小芳" not in text
    assert "certificate_holder_differs" in text


def test_a_file_that_cannot_be_read_is_a_report_and_no_exception(sqlite_scene):
    empty = sqlite_scene.check_file(b"")
    headless = sqlite_scene.check("甲,乙", "1,2")
    missing = sqlite_scene.check("姓名,课程名称,成绩", "李明华,电工,88")
    unclear = sqlite_scene.check("姓名,身份证号,性别", f"李明华,{NUMBER},男")
    picture = sqlite_scene.commit_file(b"\x89PNG\r\n")

    assert [told(one) for one in (empty, headless, missing, unclear, picture)] == [
        [(None, None, "file_empty")],
        [(None, None, "header_not_found")],
        [(None, None, "columns_missing")],
        [(None, None, "kind_unclear")],
        [(None, None, "file_type_unknown")],
    ]
    for column in ("身份证号", "学时", "结业日期"):
        assert column in missing.findings[0].message.zh
    assert not picture.committed
    assert not picture.is_clean


@pytest.mark.parametrize("kind", [RecordKind.IDENTITY, RecordKind.NAME_CHANGE])
@pytest.mark.parametrize("header", [TRAINING, "", "甲,乙"])
def test_names_and_documents_do_not_come_in_files(sqlite_scene, header, kind):
    report = sqlite_scene.check(header, ROW, kind=kind)

    assert [one.code for one in report.findings] == ["kind_not_listed"]


def test_the_kind_can_be_said_when_the_headers_do_not_tell_it(sqlite_scene):
    header = "姓名,身份证号,用人单位,开始日期,结束日期"
    row = f"李明华,{NUMBER},光明示范电子厂,2020-01-01,2022-01-01"

    assert told(sqlite_scene.check(header, row)) == [(None, None, "kind_unclear")]
    report = sqlite_scene.check(header, row, kind=RecordKind.EXPERIENCE)
    assert (report.kind, report.counts[RowState.NEW]) == (RecordKind.EXPERIENCE, 1)


def test_unknown_columns_are_warnings_and_notes_are_told(sqlite_scene):
    report = sqlite_scene.check(TRAINING + ",幸运数字", ROW + ",7", "备注：共1人")

    assert told(report) == [(None, "幸运数字", "column_unused")]
    assert report.findings[0].severity is Severity.WARNING
    assert report.notes == ("备注：共1人",)
    assert report.columns["学时"] == "hours"
    assert report.is_clean


def test_a_certificate_s_number_is_compared_with_its_row(sqlite_scene):
    report = sqlite_scene.check(
        CERTIFICATE,
        f"李明华,{NUMBER},电工,四级,S000044030001244000001,2024-06-01,",
        f"李明华,{NUMBER},电工,三级,S000044030001244000002,2024-06-01,",
        f"李明华,{NUMBER},电工,四级,S000044030001204000003,2024-06-01,",
        f"李明华,{NUMBER},电工,特级技师,S00004403000124T000004,2024-06-01,",
        f"李明华,{NUMBER},电工,四级,S00004403000124400000,2024-06-01,",
        f"李明华,{NUMBER},电工,四级,培字001,2024-06-01,2024-05-01",
        f"王芳,{OTHER},电工,四级,S000044030001244000001,2024-06-01,",
    )

    assert told(report) == [
        (3, "证书编号", "certificate_level_differs"),
        (4, "证书编号", "certificate_year_differs"),
        (5, "证书编号", "certificate_level_not_allowed"),
        (6, "证书编号", "certificate_number_form"),
        (7, "证书编号", "certificate_kind_unclear"),
        (7, "有效期至", "days_reversed"),
        (8, "证书编号", "number_twice"),
    ]
    assert report.counts[RowState.NEW] == 2


def test_a_certificate_on_file_belongs_to_nobody_else(sqlite_scene):
    row = "电工,四级,S000044030001244000001,2024-06-01,"
    sqlite_scene.commit(CERTIFICATE, f"李明华,{NUMBER},{row}")

    report = sqlite_scene.check(CERTIFICATE, f"王芳,{OTHER},{row}")

    assert told(report) == [(2, "证书编号", "certificate_taken")]


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        (
            CERTIFICATE,
            "电工,,S000044030001243000001,2024-06-01,",
            Certificate(
                certificate_number="S000044030001243000001",
                occupation="6-31-01-03",
                rank=Rank.SENIOR,
                issued_on=date(2024, 6, 1),
            ),
        ),
        (
            CERTIFICATE + ",证书类型",
            "育婴员,中级,XB2024001,2024-06-01,,1+X证书",
            Certificate(
                instrument=Instrument.ONE_PLUS_X,
                certificate_number="XB2024001",
                occupation="4-10-01-02",
                step=Step.MIDDLE,
                issued_on=date(2024, 6, 1),
            ),
        ),
        (
            COMPETITION,
            "第四届职工技能竞赛,市级一类,第3名,,2024-05-18",
            Competition(
                event_name="第四届职工技能竞赛",
                tier=ContestTier.CITY,
                contest_class=1,
                placement=3,
                awarded_on=date(2024, 5, 18),
            ),
        ),
        (
            COMPETITION,
            "第四届职工技能竞赛,区级,二等奖,2,2024-05-18",
            Competition(
                event_name="第四届职工技能竞赛",
                tier=ContestTier.DISTRICT,
                prize=Prize.SECOND,
                placement=2,
                awarded_on=date(2024, 5, 18),
            ),
        ),
    ],
    ids=["rank-from-number", "one-plus-x", "bare-placement", "prize-and-placement"],
)
def test_a_row_becomes_the_record_that_it_describes(sqlite_scene, header, row, expected):
    report = sqlite_scene.commit(header, f"李明华,{NUMBER},{row}")

    assert told(report) == []
    assert sqlite_scene.only_content(expected.kind) == expected


@pytest.mark.parametrize(
    ("header", "row", "kind"),
    [
        (
            "学徒企业,企业导师,培养等级,学时,开始日期,结束日期",
            "光明示范电子厂,张师傅,高级工,120,2022-03-01,2024-03-01",
            RecordKind.APPRENTICESHIP,
        ),
        ("荣誉名称,授予单位,荣誉级别,授予日期", "技术能手,市局,市级,2023-05-01", RecordKind.HONOUR),
        (
            "毕业院校,专业,学历,毕业日期",
            "光明示范技师学院,机电,大专,2012-07-01",
            RecordKind.EDUCATION,
        ),
        ("工作单位,岗位,入职日期,离职日期", "示范厂,电工,2013-01-01,", RecordKind.EXPERIENCE),
    ],
)
def test_every_other_kind_can_be_sent_too(sqlite_scene, header, row, kind):
    report = sqlite_scene.commit(f"姓名,身份证号,{header}", f"李明华,{NUMBER},{row}")

    assert told(report) == []
    assert report.kind is kind
    assert isinstance(sqlite_scene.only_content(kind), CLASS_OF[kind])


def test_a_result_without_any_award_is_refused(sqlite_scene):
    row = f"李明华,{NUMBER},职工技能竞赛,区级,,/,2024-05-18"

    assert told(sqlite_scene.check(COMPETITION, row)) == [(2, "奖项", "award_missing")]


def test_people_without_a_mainland_number_are_enrolled_by_their_document(sqlite_scene):
    header = TRAINING + ",证件类型"

    named = sqlite_scene.commit(header, "Anna Kim,K1234567,安全,电工,8,2025-02-01,,护照")
    bare = sqlite_scene.check(TRAINING, "Anna Kim,K1234567,安全,电工,8,2025-02-01,")
    wrong = sqlite_scene.check(header, "Anna Kim,K1234567,安全,电工,8,2025-02-01,,驾驶证")

    assert named.written == 1
    assert told(bare) == [(2, "身份证号", "id_type_needed")]
    assert told(wrong) == [(2, "证件类型", "id_type_unknown")]


def test_an_erased_person_gets_no_record(sqlite_scene):
    identity = an_identity()
    posting = Posting(sqlite_scene.organisation.id, sqlite_scene.trainer.id, NOW)
    with writing(sqlite_scene.session) as writer:
        writer.enrol([identity], posting)
    vault = vault_of(sqlite_scene.session)
    with vault.store.transaction() as keys:
        keys.connection().exec_driver_sql("DELETE FROM wrapped_key")

    assert told(sqlite_scene.check(TRAINING, ROW)) == [(2, None, "posting_closed")]


def test_only_who_may_post_for_the_organisation_may_check_or_commit(sqlite_scene):
    other = an_organisation(sqlite_scene.session, "EM01", OrganisationKind.EMPLOYER)
    sqlite_scene.trainer = an_account(sqlite_scene.session, "stranger", organisation=other)

    with pytest.raises(NotAllowedError):
        sqlite_scene.check(TRAINING, ROW)
    with pytest.raises(NotAllowedError):
        sqlite_scene.commit(TRAINING, ROW)


def test_a_thousand_rows_are_checked_and_committed_in_ten_seconds_of_work(sqlite_scene):
    # The processor's time, so that the neighbours of a busy machine do not decide.
    rows = [
        f"李明华,{synthetic.resident_number(date(1980, 1 + at // 900, 1 + at % 28), at % 900)},"
        f"课程{at % 7},{'电工' if at % 3 else f'工种{at}'},36,2025-02-01,"
        for at in range(1000)
    ]
    begun = time.process_time()

    assert sqlite_scene.check(TRAINING, *rows).counts[RowState.NEW] == 1000
    assert sqlite_scene.commit(TRAINING, *rows).written == 1000

    assert time.process_time() - begun < 10
    count = select(func.count()).where(col(Record.kind) == RecordKind.TRAINING)
    assert sqlite_scene.session.exec(count).one() == 1000
