"""What the demo district teaches: courses with digital resources, classes of one provider.

One class is closed and its completions are on file, one is under way with roster and
attendance, one is filed and has not begun. The same for a seed and a day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session

from archive.demo.bodies import BUREAU, PROVIDERS
from archive.demo.decisions import Staff
from archive.demo.lives import District
from archive.demo.people import Person, person
from archive.demo.trades import TRADES
from archive.dossiers import offers
from archive.dossiers.classes import attendance, checks, closing, enrolment, marks, opening, roster
from archive.dossiers.redemptions import Moment
from archive.people.models import Account, Organisation
from archive.people.organisations import coded
from schemas.classes import ClassAsked, SpotCheckAsked
from schemas.redemptions import CourseAsked
from schemas.rosters import LessonAsked, MarkAsked, PersonAsked
from schemas.vocabulary import DocumentType, MemberFate, Mode, Rank

_BODY = PROVIDERS[0]
_SINCE = date(2024, 1, 1)
_PLATFORM = "https://lms.example.cn/courses"
_COURSES = (
    ("C-111", "低压电工安全技能提升", "Low-Voltage Electrical Safety", 24, 36_000, Mode.BLENDED),
    ("C-112", "安全用电基础（线上）", "Safe Use of Electricity (online)", 8, 0, Mode.ONLINE),
    ("C-113", "电气线路故障诊断", "Finding Faults in Circuits", 40, 98_000, Mode.CLASSROOM),
)
_FEWEST = 3
_FAILS, _LEAVES = 3, 5
_CLASS = (40, 50)
"""The places in the district of whom the closed class is made."""
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


def will_post(district: District, workers: int) -> int:
    """Return how many records the closed class of such a district posts."""
    there = _kept_their_name(district, range(*_CLASS), workers)
    return len(there) - 1 if len(there) >= _FEWEST else 0  # One leaves before the end.


def _kept_their_name(district: District, places: range, workers: int) -> list[Person]:
    found = (person(district.seed, at, today=district.today) for at in places if at < workers)
    return [one for one in found if one.new_name is None]


def teach(session: Session, district: District, staff: Staff, workers: int) -> int:
    """Publish courses, file classes, hold them, close one; return how many records it posted.

    ``workers`` is how many people of the district have a dossier.
    """
    provider = _Provider(session, district, staff.of[_BODY], workers)
    for course in _COURSES:
        provider.publish(*course)
    provider.file("2025-03", "C-112", _WEEK, 2 * _WEEK, "线上学习平台")
    provider.under_way()
    return provider.closed(staff.of[BUREAU])


@dataclass(frozen=True)
class _Provider:
    """The first provider of the district, and who acts for it."""

    session: Session
    district: District
    by: Account
    workers: int

    def publish(
        self, code: str, title: str, title_en: str, hours: int, fee_fen: int, mode: Mode
    ) -> None:
        """Publish a course; those with lessons in a room ask for attendance."""
        is_online = mode is Mode.ONLINE
        address = f"{_PLATFORM}/{code.lower()}"
        course = CourseAsked(
            code=code,
            title=title,
            title_en=title_en,
            occupation=TRADES[0].occupation,
            rank=None if is_online else Rank.INTERMEDIATE,
            hours=Decimal(hours),
            fee_fen=fee_fen,
            mode=mode,
            asks_attendance=not is_online,
            resource=address if mode is not Mode.CLASSROOM else None,
            identifiers=(address,),
            in_force_from=_SINCE,
        )
        offers.publish(self.session, course, self._body(), by=self.by, now=self.district.now)

    def file(self, number: str, course: str, first: timedelta, last: timedelta, place: str) -> UUID:
        """File a class some days before it begins; days are told from today."""
        today = self.district.today
        asked = ClassAsked(
            number=number,
            course=course,
            first_on=today + first,
            last_on=today + last,
            place=place,
            planned=20,
            teacher="示例教师",
        )
        before = min(first, timedelta(0)) - _WEEK
        now, day = self.district.now + before, today + before
        return opening.open_class(
            self.session, self._body(), asked, by=self.by, now=now, today=day
        ).id

    def under_way(self) -> None:
        """Hold half of a class: some of its people have no dossier yet."""
        class_id = self.file("2025-02", "C-113", -_WEEK, _WEEK, "实训楼 302")
        there = [*self._people(52, 60), *self._newcomers(4)]
        members = self._enrol(class_id, there, -_WEEK)
        for days, absent in ((7, 2), (5, 5), (3, 0), (1, 7)):
            present = [one for one in members if one.place % 9 != absent]
            self._hold(class_id, -days * _DAY, Decimal(6), present)

    def closed(self, bureau: Account) -> int:
        """Hold a whole class, spot-check it and close it; return how many records it posted.

        A district too small for it has none.
        """
        there = self._people(*_CLASS)
        if len(there) < _FEWEST:
            return 0
        class_id = self.file("2025-01", "C-111", -5 * _WEEK, -4 * _WEEK, "实训楼 301")
        members = self._enrol(class_id, there, -5 * _WEEK)
        for days, missing in ((35, 1), (33, 3), (31, 3), (29, 0)):
            present = [one for one in members if one.place != missing]
            self._hold(class_id, -days * _DAY, Decimal(6), present)
        self._check(class_id, bureau)
        told = [self._result(one) for one in members]
        now = self.district.now
        marks.mark(self.session, class_id, told, by=self.by, now=now)
        done = closing.close(
            self.session,
            class_id,
            without_faulty=True,
            by=self.by,
            now=now,
            today=self.district.today,
        )
        return done.counts[MemberFate.NEW]

    def _body(self) -> Organisation:
        return coded(self.session, _BODY)

    def _people(self, first: int, last: int) -> list[Person]:
        """Return people of the district who kept their name, from some of its places."""
        return _kept_their_name(self.district, range(first, last), self.workers)

    def _newcomers(self, count: int) -> list[Person]:
        """Return people beyond the district, who have no dossier."""
        places = range(self.workers, self.workers + count)
        return [person(self.district.seed, at, today=self.district.today) for at in places]

    def _enrol(
        self, class_id: UUID, people: Sequence[Person], since: timedelta
    ) -> list[roster.Member]:
        asked = [
            PersonAsked(
                name=one.name,
                document_number=one.document_number,
                document_type=_type(one),
                account=f"S-{at:03d}",
            )
            for at, one in enumerate(people, 1)
        ]
        now, today = self.district.now + since, self.district.today + since
        enrolment.enrol(self.session, class_id, asked, by=self.by, now=now, today=today)
        return roster.opened(self.session, roster.members_of(self.session, class_id))

    def _hold(
        self, class_id: UUID, since: timedelta, hours: Decimal, present: Sequence[roster.Member]
    ) -> None:
        now, today = self.district.now + since, self.district.today + since
        asked = LessonAsked(held_on=today, hours=hours)
        lesson = attendance.add_lesson(
            self.session, class_id, asked, by=self.by, now=now, today=today
        )
        told = {one.id: hours for one in present}
        attendance.note_presence(self.session, class_id, lesson.id, told, by=self.by, now=now)

    def _check(self, class_id: UUID, bureau: Account) -> None:
        at = Moment(self.district.now - 33 * _DAY, self.district.zone)
        asked = SpotCheckAsked(
            checked_on=at.today,
            inspector="示例检查人员",
            found="实到人数与签到表一致，课程按计划进行。",
        )
        checks.note(self.session, class_id, asked, by=bureau, at=at)

    def _result(self, member: roster.Member) -> MarkAsked:
        """Let most pass, one fail and one leave."""
        account = member.told.account
        if member.place == _LEAVES:
            return MarkAsked(member=member.id, account=account, has_left=True, reason="岗位调动")
        score = 52 if member.place == _FAILS else 70 + member.place * 3
        return MarkAsked(member=member.id, account=account, score=Decimal(score))


def _type(one: Person) -> DocumentType | None:
    is_card = one.document_type in (DocumentType.RESIDENT_ID, DocumentType.RESIDENT_ID_15)
    return None if is_card else one.document_type
