"""Suspended organisations: two persons decide, credits are held, what ends meanwhile is barred."""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from archive.bureau import suspension_views, suspensions
from archive.bureau.suspension_refusals import (
    ExtensionsUsedUpError,
    SuspensionDaysError,
    SuspensionIncompleteError,
    SuspensionWithoutRuleError,
    UnknownSuspensionError,
)
from archive.dossiers import intake, reading, records
from archive.dossiers.barred import IssuerSuspendedError, IssuerWasSuspendedError
from archive.errors import NotAllowedError
from archive.people import approvals
from archive.people.approvals import OwnProposalError
from archive.people.synthetic import resident_number
from credit_bank import bank
from credit_bank.errors import CaseActRefusedError
from credit_bank.families import SuspensionRule
from credit_bank.publishing import rule_book
from schemas.dossiers import DossierView, IssuerNote
from schemas.ids import new_id
from schemas.reports import RowReport
from schemas.suspensions import SuspensionAsked, SuspensionFollowing
from schemas.vocabulary import Account, Family, IssuerAct, Rank, Role, RowState
from tests.builders import (
    NOW,
    TODAY,
    a_certificate,
    a_training,
    an_account,
    an_organisation,
    workers,
)

ZONE = ZoneInfo("Asia/Shanghai")
AVAILABLE, HELD, REVOKED = Account.AVAILABLE, Account.HELD, Account.REVOKED
DECIDED = date(2025, 2, 20)
APRIL = date(2025, 4, 10)


class Scene:
    """A worker with a course of an organisation, completed on 1 February 2025."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.organisation = an_organisation(session)
        self.trainer = an_account(session, organisation=self.organisation)
        (self.worker_id,) = workers(session, self.organisation, self.trainer)
        self.clerk = an_account(session, "clerk", Role.CLERK)
        self.approver = an_account(session, "approver", Role.APPROVER)
        self.record_id = self.add("电工技能提升")

    def add(
        self, name: str, completed_on: date = date(2025, 2, 1), on: date = TODAY, **told
    ) -> UUID:
        return records.add(
            self.session,
            self.worker_id,
            a_training(hours="16", course_name=name, completed_on=completed_on, **told),
            organisation_id=self.organisation.id,
            by=self.trainer,
            now=at(on),
            today=on,
        ).record_id

    def add_certificate(self) -> UUID:
        return records.add(
            self.session,
            self.worker_id,
            a_certificate(Rank.SENIOR),
            organisation_id=self.organisation.id,
            by=self.trainer,
            now=at(TODAY),
            today=TODAY,
        ).record_id

    @property
    def dossier(self) -> DossierView:
        return reading.dossier(self.session, self.worker_id, today=TODAY)

    def asked(self, **told) -> SuspensionAsked:
        return SuspensionAsked(
            **{
                "organisation": "TP01",
                "begins_on": date(2025, 1, 1),
                "ends_on": date(2025, 3, 31),
                "number": "示例决〔2025〕3号",
                "decided_on": DECIDED,
                "reason": "培训签到记录待核查",
                **told,
            }
        )

    def suspended(self, **told) -> UUID:
        """Let a clerk propose and an approver approve; return the case."""
        proposal = suspensions.propose(
            self.session, self.asked(**told), by=self.clerk, now=at(TODAY), today=TODAY
        )
        self.approved(proposal.id)
        return UUID(proposal.payload["fact"]["case_id"])

    def following(self, case: UUID, act: IssuerAct, on: date = APRIL) -> None:
        asked = SuspensionFollowing(
            act=act, number="示例决〔2025〕9号", decided_on=on, reason="核查需要"
        )
        proposal = suspensions.propose_next(
            self.session, case, asked, by=self.clerk, now=at(on), today=on
        )
        self.approved(proposal.id, on)

    def approved(self, proposal_id: UUID, on: date = TODAY) -> None:
        approvals.answer(self.session, proposal_id, is_approved=True, by=self.approver, now=at(on))

    @property
    def accounts(self):
        found = bank.balances(self.session, self.worker_id)
        return {one: units for one, units in found.items() if units and one is not Account.ISSUED}

    @property
    def shown(self):
        [found] = suspension_views.listed(self.session)
        return found


@pytest.fixture
def scene(session: Session) -> Scene:
    """Return the scene on each database."""
    return Scene(session)


def at(day: date) -> datetime:
    """Return noon of a local day."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZONE)


def test_nothing_is_held_before_a_second_person_agrees(scene):
    proposal = suspensions.propose(
        scene.session, scene.asked(), by=scene.clerk, now=at(TODAY), today=TODAY
    )
    with pytest.raises(NotAllowedError):
        approvals.answer(
            scene.session, proposal.id, is_approved=True, by=scene.clerk, now=at(TODAY)
        )
    assert scene.accounts == {AVAILABLE: 10_000}

    scene.approved(proposal.id)

    assert scene.accounts == {HELD: 10_000}
    assert (scene.shown.state, scene.shown.due_on) == (IssuerAct.SUSPEND, date(2025, 4, 21))
    assert scene.shown.steps[0].source == "示例决〔2025〕3号 (2025-02-20)"
    assert scene.shown.reason == "培训签到记录待核查"


def test_who_proposes_does_not_approve(scene):
    proposal = suspensions.propose(
        scene.session, scene.asked(), by=scene.approver, now=at(TODAY), today=TODAY
    )
    with pytest.raises(OwnProposalError):
        scene.approved(proposal.id)


def test_only_the_bureau_proposes(scene):
    with pytest.raises(NotAllowedError):
        suspensions.propose(
            scene.session, scene.asked(), by=scene.trainer, now=at(TODAY), today=TODAY
        )


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        ({"ends_on": date(2024, 12, 31)}, SuspensionDaysError),
        ({"decided_on": TODAY + timedelta(days=1)}, SuspensionDaysError),
        ({"number": " "}, SuspensionIncompleteError),
        ({"reason": ""}, SuspensionIncompleteError),
        ({"decided_on": date(2020, 1, 1)}, SuspensionWithoutRuleError),
    ],
)
def test_a_decision_that_cannot_be_is_not_proposed(scene, told, refusal):
    with pytest.raises(refusal):
        suspensions.propose(
            scene.session, scene.asked(**told), by=scene.clerk, now=at(TODAY), today=TODAY
        )


def test_only_the_courses_that_a_decision_names_are_meant_however_they_are_spelt(scene):
    scene.add("焊工 基础（一）")
    scene.suspended(courses=("焊工基础(一)",))
    assert scene.accounts == {AVAILABLE: 10_000, HELD: 10_000}


def test_a_hold_is_extended_once_with_a_reason(scene):
    case = scene.suspended()
    scene.following(case, IssuerAct.EXTEND)
    assert scene.shown.due_on == date(2025, 5, 21)
    assert scene.shown.can_be_extended is False
    with pytest.raises(CaseActRefusedError):
        scene.following(case, IssuerAct.EXTEND)


def test_credits_are_released_or_revoked_by_decision(scene):
    scene.following(scene.suspended(), IssuerAct.RELEASE)
    assert scene.accounts == {AVAILABLE: 10_000}
    again = scene.suspended()
    scene.following(again, IssuerAct.REVOKE)
    assert scene.accounts == {REVOKED: 10_000}


def test_a_decision_under_a_clock_that_was_set_back_still_follows_the_last_one(scene):
    case = scene.suspended()
    proposal = suspensions.propose_next(
        scene.session,
        case,
        SuspensionFollowing(
            act=IssuerAct.RELEASE, number="示例决〔2025〕9号", decided_on=DECIDED, reason="已核实"
        ),
        by=scene.clerk,
        now=at(TODAY),
        today=TODAY,
    )
    approvals.answer(
        scene.session,
        proposal.id,
        is_approved=True,
        by=scene.approver,
        now=at(TODAY) - timedelta(hours=1),
    )
    assert (scene.shown.state, scene.accounts) == (IssuerAct.RELEASE, {AVAILABLE: 10_000})


def test_a_level_of_a_suspended_issuer_stays_valid_and_is_noted_until_the_release(scene):
    certificate_id = scene.add_certificate()
    case = scene.suspended(begins_on=date(2022, 1, 1))
    [level] = scene.dossier.levels
    told = IssuerNote(is_revoked=False, since=DECIDED, source="示例决〔2025〕3号 (2025-02-20)")
    assert (level.rank, level.issuer_note) == (Rank.SENIOR, told)
    notes = {view.id: view.issuer_note for view in scene.dossier.records}
    assert notes == {certificate_id: told, scene.record_id: told}

    scene.following(case, IssuerAct.RELEASE)
    assert [one.issuer_note for one in scene.dossier.records] == [None, None]


def test_revoked_credits_leave_the_level_with_a_note_that_says_so(scene):
    scene.add_certificate()
    scene.following(scene.suspended(begins_on=date(2022, 1, 1)), IssuerAct.REVOKE)
    [level] = scene.dossier.levels
    assert level.issuer_note == IssuerNote(
        is_revoked=True, since=APRIL, source="示例决〔2025〕9号 (2025-04-10)"
    )


def test_records_that_a_decision_does_not_name_have_no_note(scene):
    scene.suspended(courses=("另一门课",))
    assert [view.issuer_note for view in scene.dossier.records] == [None]


def test_a_case_that_is_not_there_has_no_next_decision(scene):
    with pytest.raises(UnknownSuspensionError):
        scene.following(new_id(), IssuerAct.RELEASE)
    case = scene.suspended()
    with pytest.raises(SuspensionDaysError):
        scene.following(case, IssuerAct.RELEASE, DECIDED - timedelta(days=1))


def test_what_ended_while_the_organisation_is_suspended_is_refused(scene):
    scene.suspended()
    with pytest.raises(IssuerSuspendedError):
        scene.add("低压电工", DECIDED)
    scene.add("低压电工", DECIDED - timedelta(days=1))
    assert scene.accounts == {HELD: 20_000}


def test_what_ended_in_a_suspension_that_is_over_is_refused_too(scene):
    scene.following(scene.suspended(), IssuerAct.RELEASE)
    with pytest.raises(IssuerWasSuspendedError):
        scene.add("低压电工", APRIL - timedelta(days=1), on=APRIL)
    scene.add("低压电工", APRIL, on=APRIL)


def test_what_is_on_file_can_be_corrected_but_not_moved_into_the_suspension(scene):
    scene.suspended()

    def correct(hours: str, day: date) -> None:
        records.correct(
            scene.session,
            scene.worker_id,
            scene.record_id,
            a_training(hours=hours, completed_on=day),
            reason="登记错误",
            by=scene.trainer,
            now=at(TODAY),
            today=TODAY,
        )

    correct("32", date(2025, 2, 1))
    assert scene.accounts == {HELD: 20_000}
    with pytest.raises(IssuerSuspendedError):
        correct("32", DECIDED)


def test_a_file_is_told_which_rows_are_barred_and_the_others_are_written(scene):
    scene.suspended()
    number = resident_number(date(1991, 1, 1), 30)
    rows = [
        "姓名,身份证号,课程名称,学时,成绩,出勤率,结业日期",
        f"张三,{number},焊工基础,16,90,100,2025-02-03",
        f"张三,{number},钳工基础,16,90,100,2025-02-25",
    ]
    content = "\n".join(rows).encode()

    who = {"by": scene.trainer, "today": TODAY}
    checked = intake.check(scene.session, content, scene.organisation, **who)
    written = intake.commit(scene.session, content, "list.csv", scene.organisation, now=NOW, **who)

    for report in (checked, written):
        assert [row.state for row in report.rows] == [RowState.NEW, RowState.FAULTY]
        assert [one.code for one in report.findings if one.row == 3] == ["issuer_suspended"]
    late = reading.dossier(scene.session, holder_of(scene, written.rows[0]), today=TODAY)
    credit = late.records[0].credit
    assert credit is not None
    assert credit.accounts.keys() == {HELD}


def holder_of(scene: Scene, row: RowReport) -> UUID:
    """Return whose dossier a row of a file went into."""
    assert row.record_id is not None
    return records.holder_of(scene.session, row.record_id)


def test_a_rule_without_extensions_allows_none(scene):
    published = rule_book(scene.session).in_force(Family.SUSPENSION, TODAY)
    assert published is not None
    assert isinstance(published.rule, SuspensionRule)
    rule = published.rule.model_copy(update={"most_extensions": 0})
    with pytest.raises(ExtensionsUsedUpError):
        suspensions.extended_until(rule, TODAY)
