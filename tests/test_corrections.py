"""Requests for correction and addition: asked, answered truly, escalated, decided; their clocks."""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, select

from archive.bureau import nightly
from archive.dossiers import correction_answers as answers
from archive.dossiers import correction_views as views
from archive.dossiers import corrections, corrections_found, merging, records
from archive.dossiers.correction_clock import clock_on
from archive.dossiers.correction_models import CorrectionStep
from archive.dossiers.correction_refusals import (
    AnsweredItselfError,
    CorrectionActRefusedError,
    CorrectionEmptyError,
    CorrectionsTooManyError,
    CorrectionWaitingError,
    NotAddedError,
    NotCorrectedError,
    PassedOnOftenError,
    UnknownCorrectionError,
)
from archive.dossiers.correction_steps import Sent
from archive.dossiers.corrections_found import run_out
from archive.dossiers.merging import Deed
from archive.dossiers.redemptions import Moment
from archive.errors import NotAllowedError, UnknownRecordError
from archive.files import Evidence
from archive.jobs.desk import PlainSteps
from archive.notices.messages import Notice
from archive.people import counter, look_ups, tidings
from archive.people.at_counter import OpenVisit
from archive.people.counter import Seen
from archive.scans import Scans
from schemas.corrections import CorrectionTold
from schemas.vocabulary import (
    CorrectionState,
    DocumentType,
    OrganisationKind,
    Role,
    VisitPurpose,
)
from tests.builders import NOW, TODAY, a_training, an_account, an_organisation, workers

ZONE = ZoneInfo("Asia/Shanghai")
WRONG = CorrectionTold(text="签到表上是48学时，只登记了36学时", right="48学时")
MISSING = CorrectionTold(text="2024年11月的叉车班没有登记")
WHY = CorrectionTold(text="经核对签到表，登记无误")
LAST = date(2025, 3, 21)
"""15 working days after 1 March 2025, a Saturday."""


class Scene:
    """A worker with one course, and all who may act on a request about it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.body = an_organisation(session)
        self.bureau = an_organisation(session, "HR01", OrganisationKind.BUREAU)
        self.other_body = an_organisation(session, "TP02")
        self.trainer = an_account(session, organisation=self.body)
        self.rival = an_account(session, "rival", organisation=self.other_body)
        self.worker_id, self.twin_id = workers(session, self.body, self.trainer, count=2)
        self.me = an_account(session, "worker", Role.WORKER, worker_id=self.worker_id)
        self.twin = an_account(session, "twin", Role.WORKER, worker_id=self.twin_id)
        self.clerk = an_account(session, "clerk", Role.CLERK, self.bureau)
        self.second = an_account(session, "second", Role.CLERK, self.bureau)
        self.record_id = self.posted("电工技能提升", on=TODAY - timedelta(days=1)).record_id

    def posted(self, course: str, by=None, on: date = TODAY):
        by = by or self.trainer
        return records.add(
            self.session,
            self.worker_id,
            a_training(course_name=course),
            organisation_id=by.organisation_id,
            by=by,
            now=at(on).now,
            today=on,
        )

    def corrects(self, on: date = TODAY) -> None:
        records.correct(
            self.session,
            self.worker_id,
            self.record_id,
            a_training(hours="48"),
            reason="学时登记错误",
            by=self.trainer,
            now=at(on).now,
            today=on,
        )

    def asked(self, told: CorrectionTold = WRONG, on: date = TODAY, **more: Sent) -> UUID:
        return corrections.ask_correction(
            self.session, self.worker_id, self.record_id, told, by=self.me, at=at(on), **more
        )

    def missed(self, told: CorrectionTold = MISSING, code: str = "TP01") -> UUID:
        return corrections.ask_addition(
            self.session, self.worker_id, code, told, by=self.me, at=at(TODAY)
        )

    def view(self, on: date = TODAY):
        return views.of_worker(self.session, self.worker_id, today=on)[0]

    def desk(self, by, on: date = TODAY):
        return views.in_hand(self.session, by.organisation_id, today=on)


def at(day: date) -> Moment:
    """Return noon of a local day."""
    return Moment(datetime(day.year, day.month, day.day, 12, tzinfo=ZONE), ZONE)


@pytest.fixture
def scene(sqlite_archive):
    """Return the scene; what depends on the database is asked of both elsewhere."""
    with sqlite_archive.transaction() as session:
        yield Scene(session)


def test_who_posted_a_record_is_asked_to_correct_it_by_a_dated_day_and_all_is_sealed(
    scene, tmp_path
):
    scan = b"%PDF-1.7 sheet %%EOF"
    case = scene.asked(sent=Sent(scan, Evidence(tmp_path)))
    shown = scene.view()
    assert (shown.state, shown.organisation.code) == (CorrectionState.WAITING, "TP01")
    assert (shown.due_on, shown.counts_on_weekdays) == (LAST, False)
    assert clock_on(TODAY).source.startswith("《个人信息保护法》第四十六条")
    assert shown.steps[0].told == WRONG
    [row] = scene.session.exec(select(CorrectionStep)).all()
    assert row.sealed is not None
    assert WRONG.right.encode() not in row.sealed
    kept = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert kept
    assert not any(scan in one for one in kept)
    found = corrections_found.addressed(scene.session, case, by=scene.trainer, today=TODAY)
    assert views.evidence_of(scene.session, found, Evidence(tmp_path)) == scan


def test_a_request_says_something_and_one_record_has_one_open_request(scene):
    for told in (CorrectionTold(text="错"), CorrectionTold(right="对"), CorrectionTold(text="  ")):
        with pytest.raises(CorrectionEmptyError):
            scene.asked(told)
    case = scene.asked()
    with pytest.raises(CorrectionWaitingError):
        scene.asked()
    corrections.withdraw(scene.session, case, by=scene.me, at=at(TODAY))
    scene.asked()
    for _ in range(corrections.MOST_OPEN - 1):
        scene.missed()
    with pytest.raises(CorrectionsTooManyError):
        scene.missed()


def test_corrected_is_answered_only_when_there_is_a_newer_version(scene):
    case = scene.asked()
    with pytest.raises(NotCorrectedError):
        answers.corrected(scene.session, case, CorrectionTold(), by=scene.trainer, at=at(TODAY))
    scene.corrects()
    answers.corrected(scene.session, case, CorrectionTold(), by=scene.trainer, at=at(TODAY))
    shown = scene.view()
    newest = records.newest_version(scene.session, scene.worker_id, scene.record_id)
    assert (shown.state, shown.answer_id) == (CorrectionState.CORRECTED, newest.id)
    assert [one.notice for one in tidings.unread(scene.session, scene.worker_id)] == [
        Notice.CORRECTION_MOVED
    ]
    with pytest.raises(CorrectionActRefusedError):
        corrections.withdraw(scene.session, case, by=scene.me, at=at(TODAY))


def test_added_names_a_record_that_the_organisation_posted_since(scene):
    case = scene.missed()
    theirs = scene.posted("别家的课", by=scene.rival).record_id
    for wrong in (None, scene.record_id, theirs):
        with pytest.raises(NotAddedError):
            answers.added(
                scene.session, case, wrong, CorrectionTold(), by=scene.trainer, at=at(TODAY)
            )
    with pytest.raises(NotCorrectedError):
        answers.corrected(scene.session, case, WHY, by=scene.trainer, at=at(TODAY))
    new = scene.posted("叉车操作", on=TODAY + timedelta(days=1)).record_id
    shown = views.addable(scene.session, case, by=scene.trainer, today=TODAY)
    assert [one.title for one in shown] == ["叉车操作"]
    answers.added(scene.session, case, new, CorrectionTold(), by=scene.trainer, at=at(TODAY))
    assert (scene.view().state, scene.view().answer_id) == (CorrectionState.ADDED, new)


def test_only_who_has_a_request_in_hand_sees_and_answers_it(scene):
    case = scene.asked()
    for stranger in (scene.rival, scene.me, scene.twin):
        with pytest.raises(UnknownCorrectionError):
            answers.decline(scene.session, case, WHY, by=stranger, at=at(TODAY))
    with pytest.raises(UnknownCorrectionError):
        corrections.withdraw(scene.session, case, by=scene.twin, at=at(TODAY))
    with pytest.raises(UnknownRecordError):
        corrections.ask_correction(
            scene.session, scene.twin_id, scene.record_id, WRONG, by=scene.twin, at=at(TODAY)
        )
    assert [one.case_id for one in scene.desk(scene.trainer)] == [case]
    assert scene.desk(scene.rival) == ()

    with pytest.raises(CorrectionEmptyError):
        answers.pass_on(
            scene.session, case, "TP02", CorrectionTold(), by=scene.trainer, at=at(TODAY)
        )
    answers.pass_on(scene.session, case, "TP02", WHY, by=scene.trainer, at=at(TODAY))
    assert scene.desk(scene.trainer) == ()
    assert [one.case_id for one in scene.desk(scene.rival)] == [case]
    with pytest.raises(PassedOnOftenError):
        answers.pass_on(scene.session, case, "TP01", WHY, by=scene.rival, at=at(TODAY))
    assert scene.view().passes_left == 1


def test_what_an_employer_vouched_for_the_bureau_puts_right(scene):
    an_organisation(scene.session, "EP01", OrganisationKind.EMPLOYER)
    scene.missed(code="EP01")
    assert scene.view().organisation.code == "HR01"


def test_a_refusal_can_be_taken_to_the_bureau_for_some_days_and_then_lapses(scene):
    case = scene.asked()
    with pytest.raises(CorrectionActRefusedError):
        corrections.go_on(scene.session, case, WHY, by=scene.me, at=at(TODAY))
    with pytest.raises(CorrectionEmptyError):
        answers.decline(scene.session, case, CorrectionTold(), by=scene.trainer, at=at(TODAY))
    answers.decline(scene.session, case, WHY, by=scene.trainer, at=at(TODAY))
    assert (scene.view().state, scene.view().due_on) == (CorrectionState.DECLINED, LAST)
    late = LAST + timedelta(days=1)
    assert scene.view(late).state is CorrectionState.LAPSED
    with pytest.raises(CorrectionActRefusedError), scene.session.begin_nested():
        corrections.go_on(scene.session, case, WHY, by=scene.me, at=at(late))

    corrections.go_on(scene.session, case, WHY, by=scene.me, at=at(LAST))
    shown = scene.view(LAST)
    # 21 March to 8 May 2025: 4 April is a holiday, 1 to 5 May are, 27 April is worked.
    assert (shown.state, shown.due_on) == (CorrectionState.WITH_BUREAU, date(2025, 5, 7))
    assert scene.view(date(2025, 5, 8)).is_late


def test_what_nobody_answers_is_with_the_bureau_at_once_and_written_down_by_the_nightly_run(
    archive,
):
    with archive.transaction() as session:
        scene = Scene(session)
        case = scene.asked()
    late = LAST + timedelta(days=1)
    with archive.reading() as session:
        scene.session = session
        assert scene.view(LAST).state is CorrectionState.WAITING
        before = scene.view(late + timedelta(days=4))
        assert before.state is CorrectionState.WITH_BUREAU
        assert (before.steps[-1].recorded_at, before.steps[-1].is_by_clock) == (None, True)
    noon = at(late + timedelta(days=5)).now
    key = f"{late + timedelta(days=5)}"
    reports = [nightly.run(PlainSteps(archive, lambda: noon), key, ZONE) for _ in range(2)]
    assert [one.corrections_escalated for one in reports] == [1, 0]
    with archive.transaction() as session:
        scene.session = session
        after = scene.view(late + timedelta(days=4))
        assert (after.state, after.due_on) == (before.state, before.due_on)
        assert after.steps[-1].effective_on == late
        assert run_out(session, late + timedelta(days=30), most=9) == []
        # It helps the worker, so that the organisation can put it right even now.
        scene.corrects(late)
        answers.corrected(session, case, CorrectionTold(), by=scene.trainer, at=at(late))


def test_the_bureau_directs_decides_itself_or_declines_and_who_declined_does_not_decide(scene):
    case = scene.asked()
    answers.decline(scene.session, case, WHY, by=scene.clerk, at=at(TODAY))
    corrections.go_on(scene.session, case, WHY, by=scene.me, at=at(TODAY))
    with pytest.raises(NotAllowedError):
        answers.direct(scene.session, case, "TP01", WHY, by=scene.trainer, at=at(TODAY))
    with pytest.raises(NotAllowedError):
        answers.dismiss(scene.session, case, WHY, by=scene.trainer, at=at(TODAY))
    with pytest.raises(AnsweredItselfError):
        answers.dismiss(scene.session, case, WHY, by=scene.clerk, at=at(TODAY))

    answers.direct(scene.session, case, "TP01", WHY, by=scene.clerk, at=at(TODAY))
    assert (scene.view().state, scene.view().due_on) == (CorrectionState.DIRECTED, LAST)
    with pytest.raises(CorrectionActRefusedError):
        answers.decline(scene.session, case, WHY, by=scene.trainer, at=at(TODAY))
    late = LAST + timedelta(days=3)
    assert scene.view(late).state is CorrectionState.WITH_BUREAU

    answers.dismiss(scene.session, case, WHY, by=scene.second, at=at(late))
    shown = scene.view(late)
    assert shown.state is CorrectionState.DISMISSED
    # What the clock did stands before what was done after it.
    assert [one.act.value for one in shown.steps[-2:]] == ["escalate", "dismiss"]
    assert not shown.is_open


def test_at_the_counter_a_clerk_asks_for_who_is_present_and_it_bears_the_mark(scene, tmp_path):
    worker = look_ups.worker_known_as(scene.session, scene.worker_id)
    seen = Seen(DocumentType.RESIDENT_ID, VisitPurpose.OTHER, b"%PDF-1.7 %%EOF")
    visit = counter.begin(
        scene.session, worker, seen, scans=Scans(tmp_path), by=scene.clerk, now=NOW
    )
    acting = OpenVisit(visit.id, worker.worker_id, worker.archive_number, visit.until).acting(
        scene.clerk
    )
    corrections.ask_addition(
        scene.session, scene.worker_id, "TP01", MISSING, by=acting, at=at(TODAY)
    )
    first = scene.view().steps[0]
    assert first.counter is not None
    assert (first.counter.account, first.by) == ("clerk", None)


def test_a_merger_keeps_the_requests_of_the_dossier_that_closes(scene):
    case = scene.asked()
    merging.merge(
        scene.session, scene.worker_id, scene.twin_id, Deed(scene.clerk.id, NOW, ZONE, bytes(32))
    )
    [shown] = views.of_worker(scene.session, scene.twin_id, today=TODAY)
    assert (shown.case_id, shown.title) == (case, "电工技能提升")
    with pytest.raises(NotCorrectedError):
        answers.corrected(scene.session, case, CorrectionTold(), by=scene.trainer, at=at(TODAY))
    heir = records.newest_version(scene.session, scene.twin_id, scene.record_id)
    records.correct(
        scene.session,
        scene.twin_id,
        heir.id,
        a_training(hours="48"),
        reason="学时登记错误",
        by=scene.trainer,
        now=NOW + timedelta(days=1),
        today=TODAY,
    )
    answers.corrected(scene.session, case, CorrectionTold(), by=scene.trainer, at=at(TODAY))
    corrections.ask_addition(
        scene.session, scene.twin_id, "TP01", MISSING, by=scene.twin, at=at(TODAY)
    )
    assert len(views.of_worker(scene.session, scene.twin_id, today=TODAY)) == 2
