"""A course that platforms know, and a class of it whose roster tells accounts."""

from datetime import UTC, datetime, timedelta
from typing import Any

from archive.dossiers import offers
from archive.dossiers.classes import enrolment, opening
from archive.people import accounts, organisations
from archive.web.deps import clock
from schemas.classes import ClassAsked
from schemas.redemptions import CourseAsked
from schemas.rosters import PersonAsked
from tests.builders import ELECTRICIAN, an_identity
from tests.doors import Door

COURSE = "https://learn.example.cn/courses/el-basics"
CODE = "EL-101"
ACCOUNT = "stu-2025-0042"
BYSTANDER = "stu-2025-0043"
SHARED = "classroom-pc"
"""An account that two people have, each in a class of their own."""


def teach(door: Door) -> None:
    """Publish the course of TP01, and enrol “worker” and another person in a class of it."""
    now = clock()
    today = now.date()
    asked: dict[str, Any] = {
        "code": CODE,
        "title": "电工基础",
        "title_en": "Basics for electricians",
        "occupation": ELECTRICIAN,
        "hours": "40",
        "mode": "online",
        "identifiers": [COURSE],
        "in_force_from": "2024-01-01",
    }
    filed = {
        "course": CODE,
        "first_on": today + timedelta(days=1),
        "last_on": today + timedelta(days=9),
        "place": "线上",
        "planned": 30,
    }
    people = [
        PersonAsked(name=one.name, document_number=one.document_number, account=account)
        for one, account in (
            (an_identity(1), ACCOUNT),
            (an_identity(7, "王小虹"), BYSTANDER),
            (an_identity(8, "赵大山"), SHARED),
            (an_identity(9, "钱小川"), SHARED),
        )
    ]
    with door.house.archive.transaction() as session:
        by, body = accounts.named(session, "trainer"), organisations.coded(session, "TP01")
        offers.publish(session, CourseAsked.model_validate(asked), body, by=by, now=now)
        for number, members in (("2026-01", people[:3]), ("2026-02", people[3:])):
            told = ClassAsked.model_validate({**filed, "number": number})
            opened = opening.open_class(session, body, told, by=by, now=now, today=today)
            enrolment.enrol(session, opened.id, members, by=by, now=now, today=today)


def a_moment(day: str) -> str:
    """Return noon of a day, as platforms write it."""
    return datetime.fromisoformat(day).replace(hour=12, tzinfo=UTC).isoformat()
