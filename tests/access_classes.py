"""A class of each of two institutions, with a member and a lesson, for the access matrix."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from archive.dossiers import offers
from archive.dossiers.classes import attendance, enrolment, opening, roster
from archive.people import accounts
from archive.people.organisations import coded
from schemas.classes import ClassAsked
from schemas.redemptions import CourseAsked
from schemas.rosters import LessonAsked, PersonAsked
from tests.builders import TODAY, an_identity
from tests.doors import Door

_COURSE = {"code": "K-1", "title": "登高作业", "title_en": "Heights", "hours": "32"}


def classes(door: Door, sides: tuple[tuple[str, str, int], ...]) -> dict[str, list[str]]:
    """File, fill and hold a class of each institution; it is over today."""
    now = datetime.now(UTC)
    last = now.date() - timedelta(days=2)
    first = last - timedelta(days=9)
    found: dict[str, list[str]] = {"class_id": [], "member_id": [], "lesson_id": []}
    with door.house.archive.transaction() as session:
        for name, _, at in sides:
            by = accounts.named(session, name)
            body = coded(session, f"TP0{at + 1}")
            course = CourseAsked.model_validate({**_COURSE, "in_force_from": TODAY})
            offers.publish(session, course, body, by=by, now=now)
            asked = ClassAsked(
                number="2025-1", course="K-1", first_on=first, last_on=last, place="x", planned=9
            )
            own = opening.open_class(session, body, asked, by=by, now=now, today=TODAY).id
            who = an_identity(30 + at, "孙丽")
            person = PersonAsked(name=who.name, document_number=who.document_number)
            enrolment.enrol(session, own, [person], by=by, now=now, today=now.date())
            lesson = LessonAsked(held_on=first, hours=Decimal(4))
            noted = attendance.add_lesson(session, own, lesson, by=by, now=now, today=now.date())
            found["class_id"].append(str(own))
            found["lesson_id"].append(str(noted.id))
            found["member_id"].append(str(roster.members_of(session, own)[0].id))
    return {**found, "class_first": [str(first)] * 2, "class_last": [str(last)] * 2}
