"""Classes: filed before they begin, rosters, attendance, closing, spot checks."""

from collections import Counter
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, col, select

from archive.bureau import dossier_closures, nightly
from archive.db import Database
from archive.dossiers import courses, records
from archive.dossiers.classes import (
    attendance,
    checks,
    closing,
    enrolment,
    forgetting,
    marks,
    opening,
    roster_views,
    views,
)
from archive.dossiers.classes.models import ClassMember, ClassPosting
from archive.dossiers.classes.refusals import (
    AttendanceNotNotedError,
    CheckDayError,
    ClassBegunError,
    ClassClosedError,
    ClassEmptyError,
    ClassFiledLateError,
    ClassFullError,
    ClassHasFaultsError,
    ClassNotOverError,
    ClassNumberTakenError,
    LessonDayError,
    LessonHoursError,
    UnknownClassError,
    UnknownLessonError,
    UnknownMemberError,
)
from archive.dossiers.models import Record
from archive.dossiers.redemptions import Moment
from archive.dossiers.sealing import unseal
from archive.errors import NotAllowedError
from archive.jobs.desk import PlainSteps
from archive.people import approvals
from archive.people.accounts import named
from archive.people.keys_apart import ROSTER_YEARS
from archive.people.models import Account, Worker
from archive.people.organisations import coded
from archive.people.privacy import vault_of
from schemas.classes import ClassAsked, ClassesAsked, ClassFiled, SpotCheckAsked
from schemas.ids import new_id
from schemas.records import Training
from schemas.rosters import LessonAsked, MarkAsked, MemberView, PersonAsked, RosterReport
from schemas.vocabulary import ClassState, ClosureAct, Grade, MemberFate, Way
from tests.builders import NOW, TODAY, an_identity
from tests.test_courses import a_course, publish
from tests.test_redemptions import house

__all__ = ["house"]
FILED = TODAY - timedelta(days=30)
FIRST, LAST = TODAY - timedelta(days=20), TODAY - timedelta(days=1)
NAMES = ("李明华", "王小芳", "Anna Kim", "陈志强")


def school(session: Session) -> Account:
    """Return who runs the classes of the school."""
    return named(session, "school")


def filed(**told: object) -> ClassAsked:
    """Return what is asked to open a class."""
    plain = {"number": "2025-01", "course": "C-201", "first_on": FIRST, "last_on": LAST}
    plain |= {"place": "实训楼 301", "planned": 30, "teacher": "赵老师"}
    return ClassAsked.model_validate(plain | told)


def open_class(session: Session, *, today: date = FILED, **told: object) -> UUID:
    """Open a class of the school and return its identifier."""
    body = coded(session, "TS01")
    asked = filed(**told)
    if courses.find(session, body.id, asked.course) is None:
        publish(session, a_course(asked.course, asks_attendance=True))
    by = school(session)
    return opening.open_class(session, body, asked, by=by, now=NOW, today=today).id


def person(serial: int, name: str | None = None, **told: str) -> PersonAsked:
    """Return somebody to be enrolled; those of the first serials have a dossier."""
    known = an_identity(serial)
    asked = {"name": name or known.name, "document_number": known.document_number}
    return PersonAsked.model_validate(asked | told)


def enrol(session: Session, class_id: UUID, *people: PersonAsked) -> RosterReport:
    """Enrol people in a class of the school."""
    by = school(session)
    return enrolment.enrol(session, class_id, people, by=by, now=NOW, today=TODAY)


def members(session: Session, class_id: UUID) -> tuple[MemberView, ...]:
    """Return the roster as the school sees it."""
    return roster_views.page_of(session, class_id, by=school(session)).members


def attend(session: Session, class_id: UUID, hours: str, *present: UUID) -> UUID:
    """Note a lesson of the first day at which some were present all the time."""
    by, asked = school(session), LessonAsked(held_on=FIRST, hours=Decimal(hours))
    lesson = attendance.add_lesson(session, class_id, asked, by=by, now=NOW, today=TODAY)
    told = dict.fromkeys(present, Decimal(hours))
    attendance.note_presence(session, class_id, lesson.id, told, by=by, now=NOW)
    return lesson.id


def mark(session: Session, class_id: UUID, *told: MarkAsked) -> int:
    """Tell something of members."""
    return marks.mark(session, class_id, told, by=school(session), now=NOW).changed


def close(
    session: Session, class_id: UUID, *, without_faulty: bool = False, today: date = TODAY
) -> Counter[MemberFate]:
    """Close a class and count what became of its members."""
    by = school(session)
    told = closing.close(
        session, class_id, without_faulty=without_faulty, by=by, now=NOW, today=today
    )
    return Counter({fate: count for fate, count in told.counts.items() if count})


def training_of(session: Session, record_id: UUID | None) -> Training:
    """Return a record that closing posted."""
    row = session.exec(select(Record).where(col(Record.id) == record_id)).one()
    content = records.content_of(session, row)
    assert isinstance(content, Training)
    return content


def test_a_class_is_filed_before_it_begins_and_keeps_the_course_it_was_opened_under(house):
    with house.transaction() as session:
        class_id = open_class(session, first_on=TODAY + timedelta(days=1),
                              last_on=TODAY + timedelta(days=9), today=TODAY)  # fmt: skip
        publish(session, a_course(hours="80"))
        with pytest.raises(ClassNumberTakenError):
            open_class(session)
        with pytest.raises(ClassFiledLateError):
            open_class(session, number="2025-02", today=FIRST)
        seen = views.detail(session, class_id, by=school(session), today=TODAY)
        assert seen.of.hours == 40
        assert (seen.of.state, seen.teacher) == (ClassState.FILED, "赵老师")

        by, begun = school(session), TODAY + timedelta(days=1)
        told = {"course": "C-201", "first_on": begun, "place": "线上", "planned": 9}
        longer = ClassFiled.model_validate(told | {"last_on": TODAY + timedelta(days=19)})
        opening.change(session, class_id, longer, by=by, now=NOW, today=begun)
        seen = views.detail(session, class_id, by=by, today=begun)
        assert seen.of.hours == 40
        assert (seen.of.place, seen.teacher) == ("线上", None)
        assert (seen.of.state, seen.of.version) == (ClassState.UNDER_WAY, 2)
        moved = longer.model_copy(update={"first_on": TODAY + timedelta(days=2)})
        with pytest.raises(ClassBegunError):
            opening.change(session, class_id, moved, by=by, now=NOW, today=begun)

        for foreign in (named(session, "rival"), named(session, "worker")):
            with pytest.raises(UnknownClassError):
                views.detail(session, class_id, by=foreign, today=TODAY)
            with pytest.raises(NotAllowedError):
                opening.open_class(
                    session, coded(session, "TS01"), filed(), by=foreign, now=NOW, today=FILED
                )
        shown = views.listed(session, ClassesAsked(), by=named(session, "rival"), today=TODAY)
        assert shown.total == 0
        whose = ClassesAsked(organisation="TS01", first_on=TODAY, last_on=TODAY)
        clerk = named(session, "clerk")
        assert views.listed(session, whose, by=clerk, today=TODAY).total == 0
        whose = whose.model_copy(update={"last_on": begun})
        assert views.listed(session, whose, by=clerk, today=TODAY).classes[0].id == class_id


def test_a_roster_takes_who_can_be_read_tells_each_fault_by_row_and_nobody_twice(
    house: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with house.transaction() as session:
        class_id = open_class(session)
        before = session.exec(select(Worker)).all()
        told = enrol(
            session,
            class_id,
            person(1, account="S-001"),
            person(7, "陈志强"),
            person(8, "12345"),
            PersonAsked(name="张三", document_number="990000199001010018"),
            person(9, "孙丽", account="s-001"),
        )
        assert (told.enrolled, told.known, told.faulty) == (2, 0, 3)
        found = [(one.row, one.code) for one in told.findings]
        assert found == [
            (3, "name_unreadable"), (4, "id_check_digit"), (5, "roster_account_twice")
        ]  # fmt: skip
        assert session.exec(select(Worker)).all() == before  # Nobody got a dossier.

        content = "序号,姓名,身份证号,学号\n1,李明华,{},S-9\n2,孙丽,{},\n3,王五,{},\n".format(
            *(an_identity(one).document_number for one in (1, 9, 7))
        ).encode("gb18030")
        by = school(session)
        again = enrolment.enrol_file(session, class_id, content, by=by, now=NOW, today=TODAY)
        assert (again.rows, again.enrolled, again.known) == (3, 1, 1)
        assert [(one.row, one.code) for one in again.findings] == [(4, "roster_name_differs")]
        assert [(one.place, one.name, one.account) for one in members(session, class_id)] == [
            (1, "李明华", "S-9"), (2, "陈志强", None), (3, "孙丽", None)
        ]  # fmt: skip
        by_hand = (person(7, "王五"),)
        told = enrolment.enrol(
            session, class_id, by_hand, corrects_names=True, by=by, now=NOW, today=TODAY
        )
        mark(
            session, class_id, MarkAsked(member=members(session, class_id)[1].id, score=Decimal(1))
        )
        assert (told.faulty, members(session, class_id)[1].name) == (0, "王五")
        unreadable = enrolment.enrol_file(
            session, class_id, b"\x00\x01", by=by, now=NOW, today=TODAY
        )
        assert unreadable.findings[0].row is None
        body = coded(session, "TS01").id
        assert [one.name for one in marks.member_with_account(session, body, "s-9")] == ["李明华"]
        assert marks.member_with_account(session, body, "S-001") == []  # It was corrected.
        stored = session.exec(select(ClassMember)).first()
        assert stored is not None
        assert "李明华".encode() not in stored.sealed
        monkeypatch.setattr(enrolment, "MOST_MEMBERS", 3)
        with pytest.raises(ClassFullError):
            enrol(session, class_id, person(12, "吴敏"))
        with pytest.raises(UnknownMemberError):
            mark(session, class_id, MarkAsked(member=new_id()))


def test_attendance_is_counted_from_class_hours_of_the_course(house):
    with house.transaction() as session:
        class_id = open_class(session)
        enrol(session, class_id, person(1), person(7, "陈志强"))
        one, other = (member.id for member in members(session, class_id))
        attend(session, class_id, "20", one, other)
        struck = attend(session, class_id, "8", one)
        lesson = attend(session, class_id, "14", one)
        by = school(session)
        part = {other: Decimal("3.5"), one: Decimal(14)}
        told = attendance.note_presence(session, class_id, lesson, part, by=by, now=NOW)
        assert told.changed == 1  # Who was there already is not told again.
        attendance.strike_lesson(session, class_id, struck, by=by, now=NOW)

        seen = members(session, class_id)
        assert [member.hours for member in seen] == [34, Decimal("23.5")]
        assert [member.attendance for member in seen] == [85, Decimal("58.75")]
        assert attendance.percentage(Decimal(2), Decimal(3)) == Decimal("66.66")
        with pytest.raises(UnknownLessonError):
            attendance.note_presence(session, class_id, struck, part, by=by, now=NOW)
        more = {one: Decimal(15)}
        with pytest.raises(LessonHoursError):
            attendance.note_presence(session, class_id, lesson, more, by=by, now=NOW)
        late = LessonAsked(held_on=LAST + timedelta(days=1), hours=Decimal(1))
        with pytest.raises(LessonDayError):
            attendance.add_lesson(session, class_id, late, by=by, now=NOW, today=TODAY)


def test_a_class_asks_for_attendance_as_its_course_did_when_it_was_opened(house):
    with house.transaction() as session:
        publish(session, a_course(in_force_from=FILED))
        class_id = open_class(session)
        enrol(session, class_id, person(1))
        [one] = members(session, class_id)
        mark(session, class_id, MarkAsked(member=one.id, score=Decimal(85)))
        publish(session, a_course(in_force_from=FILED, asks_attendance=True))
        assert close(session, class_id) == {MemberFate.NEW: 1}
        [one] = members(session, class_id)
        record = training_of(session, one.record_id)
        assert (record.attendance, record.lacks_attendance) == (None, False)


def test_closing_posts_each_completion_once_and_says_before_what_speaks_against_it(house):
    with house.transaction() as session:
        class_id = open_class(session)
        with pytest.raises(ClassEmptyError):
            close(session, class_id)
        enrol(session, class_id, person(1), person(2, "名字不同"), person(7, "陈志强"),
              person(8, "孙丽"), person(9, "周杰"), person(11, "何洁"))  # fmt: skip
        who = [member.id for member in members(session, class_id)]
        with pytest.raises(AttendanceNotNotedError):
            close(session, class_id)
        attend(session, class_id, "34", *who[:4])
        passed, failed = Decimal(85), Grade.FAIL
        mark(
            session, class_id,
            MarkAsked(member=who[0], score=passed),
            MarkAsked(member=who[1], score=passed),
            MarkAsked(member=who[2], grade=failed),
            MarkAsked(member=who[4], has_left=True, reason="岗位调动"),
        )  # fmt: skip
        with pytest.raises(ClassNotOverError):
            close(session, class_id, today=FIRST)
        with pytest.raises(ClassHasFaultsError):
            close(session, class_id)

        seen = roster_views.preview(session, class_id, by=school(session), today=TODAY)
        lines = {line.place: line for line in seen.lines}
        assert [line.place for line in seen.lines][:2] == [2, 4]  # What needs a look comes first.
        assert lines[2].findings[0].code == "name_differs"
        assert lines[4].findings[0].code == "class_result_missing"
        fates = [lines[place].fate.value for place in range(1, 7)]
        assert fates == ["new", "faulty", "new", "new", "withdrawn", "absent"]

        done = {
            MemberFate.NEW: 3, MemberFate.FAULTY: 1, MemberFate.WITHDRAWN: 1, MemberFate.ABSENT: 1
        }  # fmt: skip
        assert close(session, class_id, without_faulty=True) == done
        after = members(session, class_id)
        record = training_of(session, after[0].record_id)
        assert [record.hours, record.attendance, record.score] == [40, 85, 85]
        assert record.course_code == "C-201"
        assert (record.started_on, record.completed_on) == (FIRST, LAST)
        assert training_of(session, after[2].record_id).grade is Grade.FAIL
        assert (after[1].code, after[1].record_id) == ("name_differs", None)


def test_a_closed_class_changes_no_more_and_closing_it_again_doubles_nothing(house):
    with house.transaction() as session:
        class_id = open_class(session)
        enrol(session, class_id, person(1))
        [one] = (member.id for member in members(session, class_id))
        lesson = attend(session, class_id, "40", one)
        mark(session, class_id, MarkAsked(member=one, score=Decimal(90)))
        close(session, class_id)
    with house.transaction() as session:
        rows = len(session.exec(select(Record)).all())
        assert close(session, class_id) == {MemberFate.NEW: 1}
        assert len(session.exec(select(Record)).all()) == rows
        [seen] = members(session, class_id)
        row = session.exec(select(Record).where(col(Record.id) == seen.record_id)).one()
        key = vault_of(session).keys_of([row.worker_id])[row.worker_id]
        source = unseal(key, row.sealed).source
        assert source is not None
        assert (source.way, source.reference) == (Way.CLASS, str(class_id))

        by = school(session)
        acts = (
            lambda: enrol(session, class_id, person(7, "陈志强")),
            lambda: mark(session, class_id, MarkAsked(member=one)),
            lambda: attend(session, class_id, "1"),
            lambda: attendance.note_presence(session, class_id, lesson, {}, by=by, now=NOW),
            lambda: opening.change(session, class_id, filed(), by=by, now=NOW, today=TODAY),
        )
        for act in acts:
            with pytest.raises(ClassClosedError):
                act()
        again = open_class(session, number="2025-02")  # The same course on the same days.
        enrol(session, again, person(1))
        [same] = (member.id for member in members(session, again))
        attend(session, again, "40", same)
        mark(session, again, MarkAsked(member=same, score=Decimal(90)))
        assert close(session, again) == {MemberFate.SAME: 1}


def test_a_large_class_is_posted_in_steps_and_goes_on_where_a_step_was_lost(
    house: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "STEP", 2)
    with house.transaction() as session:
        class_id = open_class(session)
        enrol(session, class_id, *(person(serial, "孙丽") for serial in range(20, 25)))
        who = [member.id for member in members(session, class_id)]
        attend(session, class_id, "40", *who)
        mark(session, class_id, *(MarkAsked(member=one, score=Decimal(70)) for one in who))
        assert close(session, class_id) == {}
        assert views.detail(session, class_id, by=school(session), today=TODAY).of.state is (
            ClassState.CLOSING
        )
    with house.transaction() as session:
        assert closing.post_next(session, class_id, now=NOW, today=TODAY) == 3
    with suppress(RuntimeError), house.transaction() as session:
        closing.post_next(session, class_id, now=NOW, today=TODAY)
        raise RuntimeError  # What was posted in this step is lost with it.
    zone = ZoneInfo("Asia/Shanghai")
    for _ in range(2):  # A job that is done again finds nothing left.
        told = closing.run(PlainSteps(house, lambda: NOW), str(class_id), zone)
        assert (told.state, told.counts[MemberFate.NEW]) == (ClassState.CLOSED, 5)
    with house.reading() as session:
        settled = session.exec(select(ClassPosting)).all()
        assert len(settled) == len({one.worker_id for one in settled}) == 5


def test_the_bureau_notes_a_spot_check_and_the_organisation_reads_it(house):
    asked = SpotCheckAsked(checked_on=TODAY, inspector="刘科长", found="实到28人，与名册一致")
    at = Moment(NOW, ZoneInfo("Asia/Shanghai"))
    with house.transaction() as session:
        class_id = open_class(session)
        clerk = named(session, "clerk")
        checks.note(session, class_id, asked, by=clerk, at=at)
        early = asked.model_copy(update={"checked_on": TODAY + timedelta(days=1)})
        with pytest.raises(CheckDayError):
            checks.note(session, class_id, early, by=clerk, at=at)
        with pytest.raises(UnknownClassError):
            checks.note(session, class_id, asked, by=school(session), at=at)
        [seen] = views.detail(session, class_id, by=school(session), today=TODAY).checks
        assert (seen.inspector, seen.found) == ("刘科长", "实到28人，与名册一致")

        opened = datetime(2025, 2, 26, 23, 30, tzinfo=UTC)  # The 27th, where the archive is.
        body, by = coded(session, "TS01"), school(session)
        told = filed(number="2025-03", first_on=TODAY, last_on=TODAY)
        late = opening.open_class(session, body, told, by=by, now=opened, today=FILED).id
        before = asked.model_copy(update={"checked_on": date(2025, 2, 26)})
        with pytest.raises(CheckDayError):
            checks.note(session, late, before, by=clerk, at=at)


def test_whoever_is_erased_is_named_on_no_roster_any_more(house):
    with house.transaction() as session:
        class_id = open_class(session)
        enrol(session, class_id, person(2, account="S-2"), person(7, "陈志强"))
        other = session.exec(
            select(Worker).where(col(Worker.worker_id) == named(session, "other").worker_id)
        ).one()
        view = dossier_closures.propose(
            session, other, ClosureAct.ERASE, reason="本人申请", by=named(session, "clerk"),
            now=NOW, today=TODAY,
        )  # fmt: skip
        approvals.answer(session, view.id, is_approved=True, by=named(session, "approver"), now=NOW)
    with house.transaction() as session:
        assert [one.name for one in members(session, class_id)] == [None, "陈志强"]
        erased = members(session, class_id)[0]
        assert (erased.document, erased.account) == (None, None)


def test_a_roster_names_nobody_five_calendar_years_after_its_class_ended(house):
    with house.transaction() as session:
        class_id = open_class(session)
        enrol(session, class_id, person(1), person(7, "陈志强"))
        assert forgetting.forget_old(session, today=date(2030, 12, 31)) == 0
    new_year = date(2031, 1, 1)
    with house.transaction() as session:
        session.info[ROSTER_YEARS] = 0
        assert forgetting.forget_old(session, today=new_year) == 0
    steps = PlainSteps(house, lambda: datetime(2031, 1, 1, tzinfo=UTC))
    for forgotten in (1, 0):
        assert nightly.run(steps, "2031-01-01", UTC).rosters_forgotten == forgotten
    with house.transaction() as session:
        assert [one.name for one in members(session, class_id)] == [None, None]
        assert views.detail(session, class_id, by=school(session), today=new_year).teacher is None
        told, by = (
            ClassFiled.model_validate(filed().model_dump(exclude={"number"})),
            school(session),
        )
        with pytest.raises(ClassClosedError):
            opening.change(session, class_id, told, by=by, now=NOW, today=new_year)
