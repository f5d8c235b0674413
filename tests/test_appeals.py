"""Appeals against a line: held at once, answered, taken to the bureau, over; and their clocks."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, datetime, timedelta
from threading import Barrier
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, select

from archive.dossiers import appeal_views, appeals, chains, records
from archive.dossiers.appeal_refusals import (
    AppealLateError,
    AppealNotHereError,
    AppealPendingError,
    AppealRepeatedError,
    AppealWithoutRuleError,
    EscalationLateError,
    NotPutRightError,
    OwnAnswerError,
    UnknownAppealError,
    UnknownLineError,
    WhyMissingError,
)
from archive.dossiers.appealed import appeal_rule, filed_lately
from archive.dossiers.notes import note_holds, seal_note
from archive.errors import NotAllowedError
from archive.people.accounts import named
from archive.people.privacy import vault_of
from credit_bank import bank
from credit_bank.errors import AppealOpenError, CaseActRefusedError
from credit_bank.models import CaseEvent
from credit_bank.publishing import publish, rule_book
from credit_bank.rule_files import read_content
from schemas.appeals import AppealView
from schemas.vocabulary import Account, AppealState, Cause, Role
from tests.builders import NOW, TODAY, a_training, an_account, an_organisation, workers

ZONE = ZoneInfo("Asia/Shanghai")
AVAILABLE, HELD = Account.AVAILABLE, Account.HELD
WHY = "签到表上是48学时，只登记了36学时"


SHORT_CLOCKS = """
family = "appeal"
[[rule]]
id = "appeal-2025-03"
in_force_from = 2025-03-02
replaces = "appeal-2022"
title = { zh = "学分异议的期限", en = "Clock of an appeal" }
clause = { zh = "从短。", en = "Shorter." }
source = "（示例）"
file_within_days = 4
answer_within_days = 5
second_instance = "bureau"
second_file_within_days = 6
second_answer_within_days = 7
[[rule.example]]
name = "Four working days"
given = { told_on = 2024-07-01 }
expect = { file_until = 2024-07-05 }
"""


class Scene:
    """A worker with one course of 36 hours, recorded on 1 March 2025, and all who may act."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.organisation = an_organisation(session)
        self.trainer = an_account(session, organisation=self.organisation)
        self.worker_id, self.other_id = workers(session, self.organisation, self.trainer, count=2)
        self.worker = an_account(session, "worker", Role.WORKER, worker_id=self.worker_id)
        self.other = an_account(session, "other", Role.WORKER, worker_id=self.other_id)
        self.clerk = an_account(session, "clerk", Role.CLERK)
        self.approver = an_account(session, "approver", Role.APPROVER)
        rival = an_organisation(session, "TP02")
        self.rival = an_account(session, "rival", organisation=rival)
        self.record_id = records.add(
            session,
            self.worker_id,
            a_training(hours="36"),
            organisation_id=self.organisation.id,
            by=self.trainer,
            now=NOW,
            today=TODAY,
        ).record_id

    def add(self, name: str, now: datetime) -> UUID:
        """Add a course at a moment; return the line that grants its credits."""
        records.add(
            self.session,
            self.worker_id,
            a_training(course_name=name),
            organisation_id=self.organisation.id,
            by=self.trainer,
            now=now,
            today=now.date(),
        )
        line: UUID = self.lines[-1].entry_id
        return line

    @property
    def lines(self):
        return bank.statement(self.session, self.worker_id).lines

    @property
    def accounts(self):
        found = bank.balances(self.session, self.worker_id)
        return {one: units for one, units in found.items() if units and one is not Account.ISSUED}

    def filed(self, on: date = TODAY, text: str = WHY, by=None, line: UUID | None = None) -> UUID:
        return appeals.file_appeal(
            self.session,
            self.worker_id,
            line or self.lines[0].entry_id,
            text=text,
            by=by or self.worker,
            now=at(on),
            zone=ZONE,
        )

    def answered(self, case: UUID, on: date = TODAY, by=None, **told: bool) -> None:
        told = {"is_upheld": False, **told}
        appeals.answer(
            self.session,
            case,
            text="按签到记录核对无误",
            by=by or self.trainer,
            now=at(on),
            zone=ZONE,
            **told,
        )

    def escalated(self, case: UUID, on: date = TODAY, by=None) -> None:
        appeals.escalate(
            self.session, case, text="请复核", by=by or self.worker, now=at(on), zone=ZONE
        )

    def decided(self, case: UUID, *, is_upheld: bool, by=None, on: date = TODAY) -> None:
        appeals.decide(
            self.session,
            case,
            is_upheld=is_upheld,
            text="经查",
            by=by or self.approver,
            now=at(on),
            zone=ZONE,
        )

    def view(self, on: date = TODAY) -> AppealView:
        [found] = appeal_views.of_worker(self.session, self.worker_id, today=on)
        return found


@pytest.fixture
def scene(session: Session) -> Scene:
    """Return the scene on each database."""
    return Scene(session)


def at(day: date) -> datetime:
    """Return noon of a local day."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZONE)


def test_an_appeal_holds_the_records_credits_and_tells_until_when_it_is_answered(scene):
    scene.filed()

    assert scene.accounts == {HELD: 22_500}
    shown = scene.view()
    assert (shown.state, shown.organisation.code) == (AppealState.WAITING, "TP01")
    # 1 March 2025 is a Saturday; 4 April is a holiday: 30 working days end on 14 April.
    assert shown.due_on == date(2025, 4, 14)
    assert shown.counts_on_weekdays is False
    assert (shown.title, shown.steps[0].text) == ("电工技能提升", WHY)


def test_what_the_worker_wrote_is_sealed(scene):
    scene.filed()
    [event] = scene.session.exec(select(CaseEvent)).all()
    assert event.sealed is not None
    assert WHY.encode() not in event.sealed


def test_an_appeal_after_its_last_day_is_refused_with_the_day(scene):
    last = date(2025, 3, 21)
    with pytest.raises(AppealLateError) as refusal:
        scene.filed(last + timedelta(days=1))
    assert refusal.value.facts == {"day": last}
    assert scene.accounts == {AVAILABLE: 22_500}
    scene.filed(last)


def test_the_clock_runs_over_a_holiday_and_the_week_ends_that_are_worked_for_it(scene):
    """Told at half past midnight on 25 September, a Thursday; the world's day is the 24th.

    1 to 8 October are free; Sunday 28 September and Saturday 11 October are worked.
    """
    early, last = datetime(2025, 9, 25, 0, 30, tzinfo=ZONE), date(2025, 10, 22)
    line = scene.add("节前录入", early)
    with pytest.raises(AppealLateError) as refusal:
        scene.filed(last + timedelta(days=1), line=line)
    assert refusal.value.facts == {"day": last}
    scene.filed(last, line=line)


def test_each_step_has_the_clock_that_the_rule_of_its_day_names_for_it(scene):
    """Of 4, 5, 6 and 7 working days each is told where it belongs; 3 March is a Monday."""
    (body,) = read_content(SHORT_CLOCKS.encode(), "draft.toml")
    publish(scene.session, [body], now=NOW)
    line = scene.add("短期限", at(date(2025, 3, 3)))
    with pytest.raises(AppealLateError) as late:
        scene.filed(date(2025, 3, 10), line=line)
    assert late.value.facts == {"day": date(2025, 3, 7)}

    case = scene.filed(date(2025, 3, 7), line=line)
    assert scene.view(date(2025, 3, 7)).due_on == date(2025, 3, 14)
    scene.answered(case, date(2025, 3, 10))
    with pytest.raises(EscalationLateError) as too_late:
        scene.escalated(case, date(2025, 3, 19))
    assert too_late.value.facts == {"day": date(2025, 3, 18)}
    scene.escalated(case, date(2025, 3, 18))
    assert scene.view(date(2025, 3, 18)).due_on == date(2025, 3, 27)


def test_a_record_has_one_open_appeal_at_a_time(scene):
    case = scene.filed()
    with pytest.raises(AppealOpenError):
        scene.filed()
    appeals.withdraw(scene.session, case, by=scene.worker, now=at(TODAY), zone=ZONE)
    assert scene.accounts == {AVAILABLE: 22_500}
    scene.filed()


def test_what_a_case_moved_is_not_appealed_against_here(scene):
    scene.filed()
    held = next(line for line in scene.lines if line.cause is Cause.HOLD)
    with pytest.raises(AppealNotHereError):
        scene.filed(line=held.entry_id)


@pytest.mark.parametrize("text", ["", "  "])
def test_an_appeal_says_why(scene, text):
    with pytest.raises(WhyMissingError):
        scene.filed(text=text)


def test_nobody_appeals_for_another_not_even_the_bureau_without_a_visit_to_its_counter(scene):
    for stranger in (scene.other, scene.trainer, scene.rival, scene.clerk):
        with pytest.raises(UnknownLineError):
            scene.filed(by=stranger)


def test_an_appeal_is_answered_only_by_whom_it_is_addressed_to(scene):
    case = scene.filed()
    for stranger in (scene.rival, scene.worker, scene.other):
        with pytest.raises(UnknownAppealError):
            scene.answered(case, by=stranger)
    assert [one.case_id for one in lists(scene, scene.organisation.id)] == [case]
    assert lists(scene, scene.rival.organisation_id) == []
    assert [one.case_id for one in lists(scene, None)] == [case]


def lists(scene, organisation_id):
    return list(appeal_views.addressed_to(scene.session, organisation_id, today=TODAY))


def test_it_is_upheld_only_after_the_record_was_put_right(scene):
    case = scene.filed()
    with pytest.raises(NotPutRightError):
        scene.answered(case, is_upheld=True)

    records.correct(
        scene.session,
        scene.worker_id,
        scene.record_id,
        a_training(hours="48"),
        reason="学时登记错误",
        by=scene.trainer,
        now=at(TODAY),
        today=TODAY,
    )
    assert scene.accounts == {HELD: 30_000}
    scene.answered(case, is_upheld=True)

    assert scene.accounts == {AVAILABLE: 30_000}
    assert scene.view().state is AppealState.UPHELD
    assert scene.view().is_open is False
    with pytest.raises(CaseActRefusedError):
        scene.escalated(case)


def test_a_record_is_withdrawn_in_the_step_that_upholds(scene):
    case = scene.filed()
    scene.answered(case, is_upheld=True, withdraws_record=True)

    assert scene.accounts == {}
    assert scene.view().state is AppealState.UPHELD
    assert scene.view().is_put_right is True


def test_a_rejected_appeal_goes_to_the_bureau_which_decides(scene):
    case = scene.filed()
    scene.answered(case)
    shown = scene.view()
    assert (shown.state, shown.can_escalate) == (AppealState.REJECTED, True)
    assert shown.due_on == date(2025, 3, 21)
    assert scene.accounts == {HELD: 22_500}

    scene.escalated(case)
    assert scene.view().state is AppealState.WITH_BUREAU
    with pytest.raises(NotAllowedError):
        scene.decided(case, is_upheld=False, by=scene.clerk)
    with pytest.raises(UnknownAppealError):
        scene.decided(case, is_upheld=False, by=scene.rival)
    scene.decided(case, is_upheld=False)

    assert scene.accounts == {AVAILABLE: 22_500}
    assert scene.view().state is AppealState.DISMISSED
    with pytest.raises(AppealRepeatedError):
        scene.filed()


def test_who_answered_does_not_decide(scene):
    case = scene.filed()
    scene.answered(case, by=scene.approver)
    scene.escalated(case)
    with pytest.raises(OwnAnswerError):
        scene.decided(case, is_upheld=True)


def test_the_bureau_is_asked_neither_too_early_nor_too_late(scene):
    case = scene.filed()
    with pytest.raises(AppealPendingError) as refusal:
        scene.escalated(case, date(2025, 4, 14))
    assert refusal.value.facts == {"day": date(2025, 4, 14)}
    assert scene.view(date(2025, 4, 15)).state is AppealState.OVERDUE
    assert scene.view(date(2025, 4, 15)).can_escalate is True

    scene.answered(case, date(2025, 4, 15))
    with pytest.raises(EscalationLateError):
        scene.escalated(case, date(2025, 5, 30))
    scene.escalated(case, date(2025, 4, 20))


def test_an_unanswered_appeal_goes_to_the_bureau(scene):
    case = scene.filed()
    scene.escalated(case, date(2025, 4, 15))
    assert scene.view(date(2025, 4, 15)).state is AppealState.WITH_BUREAU
    with pytest.raises(CaseActRefusedError):
        scene.answered(case, date(2025, 4, 16))


def test_without_a_rule_there_is_no_clock(scene):
    with pytest.raises(AppealWithoutRuleError):
        appeal_rule(rule_book(scene.session), date(2020, 1, 1))


def test_a_years_missing_list_of_holidays_is_told(scene):
    day = date(2026, 12, 20)
    scene.session.flush()
    records.correct(
        scene.session,
        scene.worker_id,
        scene.record_id,
        a_training(hours="48"),
        reason="学时登记错误",
        by=scene.trainer,
        now=at(day),
        today=day,
    )
    scene.filed(day, line=scene.lines[-1].entry_id)
    assert scene.view(day).counts_on_weekdays is True


def test_an_edited_note_is_found(scene):
    scene.filed()
    assert chains.verify(scene.session, scene.worker_id).faults == ()
    [event] = scene.session.exec(select(CaseEvent)).all()
    key = vault_of(scene.session).keys_of([scene.worker_id])[scene.worker_id]
    other = seal_note(key, "别的话").sealed
    for sealed in (other, b"nothing"):
        told = CaseEvent.model_validate(event.model_dump() | {"sealed": sealed})
        assert note_holds(key, told) is False
    assert note_holds(key, event) is True
    assert note_holds(None, event) is True


def test_of_more_appeals_than_a_list_holds_those_that_go_on_come_first(scene):
    waiting = scene.filed()
    records.add(
        scene.session,
        scene.other_id,
        a_training(hours="36"),
        organisation_id=scene.organisation.id,
        by=scene.trainer,
        now=NOW,
        today=TODAY,
    )
    (line,) = bank.statement(scene.session, scene.other_id).lines
    later = at(TODAY + timedelta(days=1))
    told = {"text": WHY, "by": scene.other, "now": later, "zone": ZONE}
    over = appeals.file_appeal(scene.session, scene.other_id, line.entry_id, **told)
    appeals.withdraw(scene.session, over, by=scene.other, now=later, zone=ZONE)

    for whose in (None, scene.organisation.id):
        (first,) = filed_lately(scene.session, whose, most=1)
        assert first.case_id == waiting
    assert len(filed_lately(scene.session, None, most=2)) == 2


def test_an_appeal_that_is_sent_twice_at_once_is_filed_once(archive):
    with archive.transaction() as session:
        scene = Scene(session)
        worker_id, line = scene.worker_id, scene.lines[0].entry_id
    ready = Barrier(2)

    def send(_: int) -> UUID | None:
        ready.wait(60)
        with archive.transaction() as session:
            me = named(session, "worker")
            with suppress(AppealOpenError):
                return appeals.file_appeal(
                    session, worker_id, line, text=WHY, by=me, now=NOW, zone=ZONE
                )
        return None

    with ThreadPoolExecutor(2) as pool:
        said = {one for one in pool.map(send, range(2)) if one}
    with archive.reading() as session:
        [filed] = appeal_views.of_worker(session, worker_id, today=TODAY)
    assert said == {filed.case_id}
