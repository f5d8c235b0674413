"""Which records an organisation may post: judged on the day of the outcome, with the reason."""

from datetime import date
from typing import Any, Final
from uuid import UUID

import pytest
from sqlmodel import Session

from archive.bureau import accreditation_views, accreditations
from archive.dossiers import intake, records
from archive.dossiers.occupation_refusals import OccupationCodeUnknownError
from archive.errors import NotAllowedError
from archive.people import approvals
from archive.people.accreditation import REQUIRED, Accredited
from archive.people.accreditation_refusals import (
    AccreditationDaysError,
    AccreditationNotNarrowerError,
    NotAccreditedError,
    UnknownAccreditationError,
)
from archive.people.opening import open_archive
from archive.people.privacy import vault_of
from archive.people.synthetic import resident_number
from schemas.accreditation import AccreditationAsked, AccreditationChangeAsked, PostingScope
from schemas.ids import new_id
from schemas.vocabulary import (
    AccreditationAct,
    AccreditationState,
    OrganisationKind,
    Rank,
    RecordKind,
    Role,
    RowState,
)
from tests.builders import (
    ELECTRICIAN,
    NOW,
    TODAY,
    WELDER,
    a_certificate,
    a_training,
    an_account,
    an_organisation,
    workers,
)
from tests.command_line import CommandLine

FIRST, LAST = date(2024, 1, 1), date(2024, 12, 31)
TRAINING: Final = RecordKind.TRAINING
CERTIFICATE: Final = RecordKind.CERTIFICATE


class Scene:
    """An organisation, and two of the bureau who decide what it may post."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.organisation = an_organisation(session)
        self.trainer = an_account(session, organisation=self.organisation)
        (self.worker_id,) = workers(session, self.organisation, self.trainer)
        self.clerk = an_account(session, "clerk", Role.CLERK)
        self.approver = an_account(session, "approver", Role.APPROVER)

    def accredit(self, scope: PostingScope | None = None, **told: Any) -> UUID:
        asked = an_accreditation(scope or PostingScope(), **told)
        proposal = accreditations.propose(self.session, asked, by=self.clerk, now=NOW)
        return UUID(self.approved(proposal.id))

    def change(self, one: UUID, from_on: date, scope: PostingScope | None = None) -> None:
        asked = AccreditationChangeAsked(
            from_on=from_on, scope=scope, reason="年度检查", document="示例撤〔2024〕2号"
        )
        proposal = accreditations.propose_change(self.session, one, asked, by=self.clerk, now=NOW)
        self.approved(proposal.id)

    def approved(self, proposal_id: UUID) -> str:
        answered = approvals.answer(
            self.session, proposal_id, is_approved=True, by=self.approver, now=NOW
        )
        return answered.made[0]

    def refused(self, day: date, kind: RecordKind = TRAINING, **told: Any) -> str | None:
        """Return the code with which a record of a day is refused; None when it may be posted."""
        record = (
            a_training(completed_on=day, **told)
            if kind is TRAINING
            else a_certificate(told.pop("rank", Rank.SENIOR), issued_on=day, **told)
        )
        try:
            Accredited.of(self.session, self.organisation.id).refuse(record)
        except NotAccreditedError as refusal:
            return refusal.code
        return None

    def post(self, name: str, day: date) -> UUID:
        return records.add(
            self.session,
            self.worker_id,
            a_training(course_name=name, completed_on=day),
            organisation_id=self.organisation.id,
            by=self.trainer,
            now=NOW,
            today=TODAY,
        ).record_id


def an_accreditation(scope: PostingScope, **told: Any) -> AccreditationAsked:
    facts = {
        "organisation": "TP01",
        "act": AccreditationAct.FILING,
        "first_on": FIRST,
        "last_on": LAST,
        "document": "示例备〔2023〕7号",
    }
    return AccreditationAsked(scope=scope, **{**facts, **told})


@pytest.fixture
def scene(session: Session) -> Scene:
    """Return the scene on each database."""
    return Scene(session)


@pytest.fixture
def lite(sqlite_archive):
    """Return the scene on one database, for what does not depend on it."""
    with sqlite_archive.transaction() as session:
        yield Scene(session)


def test_nothing_on_record_limits_nothing_unless_the_archive_requires_it(lite):
    assert lite.refused(FIRST) is None
    lite.session.info[REQUIRED] = True
    assert lite.refused(FIRST) == "not_accredited"
    lite.accredit(PostingScope(kinds=(TRAINING,)))
    assert lite.refused(FIRST) is None
    bureau = an_organisation(lite.session, "HR01", OrganisationKind.BUREAU)
    Accredited.of(lite.session, bureau.id).refuse(a_training())


def test_the_setting_reaches_every_session(sqlite_settings):
    archive = open_archive(sqlite_settings.model_copy(update={"accreditation_required": True}))
    with archive.reading() as session:
        assert session.info[REQUIRED] is True
    vault_of(archive).store.close()
    archive.close()


def test_each_limit_is_told_by_its_own_reason(lite):
    electricians = PostingScope(
        kinds=(CERTIFICATE,), occupations=(ELECTRICIAN,), highest_rank=Rank.SENIOR
    )
    lite.accredit(electricians)
    assert lite.refused(date(2024, 5, 1)) == "accreditation_kind"
    for day, told, code in (
        (date(2023, 12, 31), {}, "accreditation_not_yet"),
        (FIRST, {}, None),
        (LAST, {}, None),
        (date(2025, 1, 1), {}, "accreditation_ended"),
        (LAST, {"occupation": WELDER}, "accreditation_occupation"),
        (LAST, {"rank": Rank.TECHNICIAN}, "accreditation_rank"),
        (LAST, {"rank": Rank.JUNIOR}, None),
    ):
        assert lite.refused(day, CERTIFICATE, **told) == code

    lite.accredit(PostingScope(kinds=(TRAINING,), occupations=(WELDER,)), last_on=None)
    assert lite.refused(TODAY) == "accreditation_occupation"
    welding = a_training(completed_on=TODAY).model_copy(update={"occupation": WELDER})
    Accredited.of(lite.session, lite.organisation.id).refuse(welding)


def test_two_persons_record_narrow_and_end_what_may_be_posted(scene):
    one = scene.accredit()
    scene.change(one, date(2024, 7, 1), PostingScope(kinds=(TRAINING,)))
    assert scene.refused(date(2024, 6, 30), CERTIFICATE) is None
    assert scene.refused(date(2024, 7, 1), CERTIFICATE) == "accreditation_ended"
    assert scene.refused(date(2024, 7, 1)) is None
    scene.change(one, date(2024, 10, 1))
    assert scene.refused(date(2024, 9, 30)) is None
    assert scene.refused(date(2024, 10, 1)) == "accreditation_ended"

    found = accreditation_views.listed(scene.session, today=TODAY)
    [view] = found.accreditations
    assert (view.state, view.last_on) == (AccreditationState.OVER, date(2024, 9, 30))
    assert [change.scope is None for change in view.changes] == [False, True]
    assert (view.recorded_by, view.changes[1].reason) == ("clerk", "年度检查")


def test_what_cannot_be_is_not_proposed(lite):
    one = lite.accredit(PostingScope(kinds=(TRAINING,)))
    with pytest.raises(AccreditationDaysError):
        lite.accredit(first_on=LAST, last_on=FIRST)
    with pytest.raises(OccupationCodeUnknownError):
        lite.accredit(PostingScope(occupations=("9-99-99-99",)))
    with pytest.raises(AccreditationNotNarrowerError):
        lite.change(one, date(2024, 6, 1), PostingScope(kinds=(CERTIFICATE,)))
    with pytest.raises(AccreditationDaysError):
        lite.change(one, date(2025, 6, 1))
    with pytest.raises(UnknownAccreditationError):
        lite.change(new_id(), date(2024, 6, 1))
    with pytest.raises(NotAllowedError):
        accreditations.propose(
            lite.session, an_accreditation(PostingScope()), by=lite.trainer, now=NOW
        )
    lite.change(one, date(2024, 6, 1))
    with pytest.raises(AccreditationDaysError):
        lite.change(one, date(2024, 6, 1))


def test_every_way_in_is_judged_and_what_is_on_file_stays_correctable(lite):
    on_file = lite.post("焊工基础", date(2025, 2, 1))
    lite.accredit(PostingScope(kinds=(TRAINING,)), last_on=date(2025, 1, 31))
    with pytest.raises(NotAccreditedError):
        lite.post("钳工基础", date(2025, 2, 1))

    def correct(day: date, **told: Any) -> None:
        record = a_training(course_name="焊工基础", hours="32", completed_on=day)
        records.correct(
            lite.session,
            lite.worker_id,
            on_file,
            record.model_copy(update=told),
            reason="登记错误",
            by=lite.trainer,
            now=NOW,
            today=TODAY,
        )

    correct(date(2025, 2, 1))
    others: list[dict[str, Any]] = [
        {"completed_on": date(2025, 2, 2)},
        {"occupation": WELDER},
        {"rank": Rank.SENIOR},
    ]
    for told in others:
        with pytest.raises(NotAccreditedError):
            correct(date(2025, 2, 1), **told)
    correct(date(2025, 1, 20))


def test_a_file_is_told_which_rows_are_outside_and_the_others_are_written(lite):
    lite.accredit(PostingScope(kinds=(TRAINING,)), last_on=date(2025, 1, 31))
    number = resident_number(date(1991, 1, 1), 30)
    rows = [
        "姓名,身份证号,课程名称,学时,成绩,出勤率,结业日期",
        f"张三,{number},焊工基础,16,90,100,2025-01-31",
        f"张三,{number},钳工基础,16,90,100,2025-02-01",
    ]
    content = "\n".join(rows).encode()
    who = {"by": lite.trainer, "today": TODAY}
    checked = intake.check(lite.session, content, lite.organisation, **who)
    written = intake.commit(lite.session, content, "list.csv", lite.organisation, now=NOW, **who)
    for report in (checked, written):
        assert [row.state for row in report.rows] == [RowState.NEW, RowState.FAULTY]
        [told] = [one for one in report.findings if one.row == 3]
        assert told.code == "accreditation_ended"
        assert "2025-01-31" in told.message.en
        assert "示例备〔2023〕7号" in told.message.zh


FORM = {"act": "filing", "first_on": "2024-01-01", "document": "示例备〔2023〕7号"}


def test_the_bureau_records_it_on_its_pages_and_the_organisation_sees_it(door):
    page = "/bureau/organisations/TP01"
    clerk, approver, trainer = door.visit("clerk"), door.visit("approver"), door.visit("trainer")
    assert "报送不受资质限制" in clerk.get(page).text
    form = FORM | {"kind": ["training"], "occupations": "电工\n6-18-02-04", "highest_rank": "3"}
    assert clerk.post(f"{page}/accreditations", data=form).status_code == 303
    wrong = FORM | {"kind": ["honour"], "occupations": "无此职业", "highest_rank": "2"}
    refused = clerk.post(f"{page}/accreditations", data=wrong)
    assert (refused.status_code, "暂不能提交审批" in refused.text) == (422, True)
    for kept in ("示例备〔2023〕7号", 'value="honour" checked', ">无此职业<", 'value="2" selected'):
        assert kept in refused.text
    approvals_page = approver.get("/bureau/approvals").text
    for told in ("示例备〔2023〕7号", "高级工", "焊工"):
        assert told in approvals_page
    assert "正待审批" in clerk.get(page).text
    (proposal,) = door.program("clerk").get("/api/v1/approvals").json()["proposals"]
    answer = f"/bureau/approvals/{proposal['id']}"
    assert approver.post(answer, data={"decision": "approve"}).status_code == 303

    own = trainer.get("/trainer/accreditations").text
    assert "2024年1月1日 – 长期" in own
    api = "/api/v1/organisations/{}/accreditations"
    [told] = door.program("trainer").get(api.format("TP01")).json()["accreditations"]
    assert (told["scope"]["occupations"], told["state"]) == ([ELECTRICIAN, WELDER], "in_force")
    assert door.program("trainer").get(api.format("TP02")).status_code == 403

    change = {"act": "end", "from_on": "2024-06-01", "reason": "检查", "document": "撤1号"}
    elsewhere = f"/bureau/organisations/TP02/accreditations/{told['id']}"
    assert clerk.post(elsewhere, data=change).status_code == 404
    wider = change | {"act": "narrow", "kind": ["honour"], "reason": "范围有误"}
    refused = clerk.post(f"{page}/accreditations/{told['id']}", data=wider)
    assert refused.status_code in (409, 422)
    assert "<details open" in refused.text
    assert "范围有误" in refused.text
    assert clerk.post(f"{page}/accreditations/{told['id']}", data=change).status_code == 303
    assert "终止资质" in approver.get("/bureau/approvals").text
    record = {
        "kind": "training",
        "course_name": "电工",
        "hours": "16",
        "completed_on": "2024-02-01",
    }
    path = f"/api/v1/workers/{door.numbers[0]}/records"
    answered = door.program("trainer").post(path, json={"record": record})
    assert (answered.status_code, answered.json()["code"]) == (409, "accreditation_occupation")


def test_the_same_on_the_command_line(lite, monkeypatch, sqlite_settings):
    lite.session.commit()
    line = CommandLine(monkeypatch, sqlite_settings)
    assert "No accreditation" in line.done("accreditation", "list")
    paper = ("--document", "7")
    propose = ("accreditation", "propose", "--organisation", "TP01", "--act", "licence", *paper)
    words = (*propose, "--from", "2024-01-01", "--kind", "training", "--as", "clerk")
    line.done("approve", line.asked(*words)["id"], "--as", "approver")
    [one] = line.asked("accreditation", "list", "--organisation", "TP01")["accreditations"]
    why = ("--reason", "检查", *paper, "--as", "clerk")
    wider = ("accreditation", "narrow", one["id"], "--from", "2024-05-01", *why)
    assert line.refused(*wider) == "accreditation_not_narrower"
    narrowed = line.asked(*wider, "--occupation", "电工")
    line.done("approve", narrowed["id"], "--as", "approver")
    ended = line.asked("accreditation", "end", one["id"], "--from", "2024-06-01", *why)
    line.done("approve", ended["id"], "--as", "approver")
    assert "2024-05-31" in line.done("accreditation", "list")
