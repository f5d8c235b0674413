"""A course that platforms know, and a class of it whose roster tells accounts."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from archive.db import Database
from archive.dossiers import offers
from archive.dossiers.classes import enrolment, opening
from archive.dossiers.programs import arrivals, batches
from archive.dossiers.programs.arrivals import Arrival
from archive.dossiers.programs.badges import platforms as trusted
from archive.dossiers.programs.batch_splitting import BatchForm, BatchReader
from archive.dossiers.programs.batches import Terms
from archive.people import accounts, organisations
from archive.people.models import Organisation
from archive.web.deps import clock
from archive.web.field_faults import faults_in
from schemas.classes import ClassAsked
from schemas.redemptions import CourseAsked
from schemas.rosters import PersonAsked
from schemas.vocabulary import RowState, Way
from tests.builders import ELECTRICIAN, NOW, TODAY, an_identity
from tests.doors import Door

COURSE = "https://learn.example.cn/courses/el-basics"
CODE = "EL-101"
ACCOUNT = "stu-2025-0042"
BYSTANDER = "stu-2025-0043"
MULTIKEY = "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
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


def programs_post(archive: Database, poster: str, registrar: str) -> None:
    """Leave a row of everything that programs post and platforms send, for an organisation."""
    reader = BatchReader(BatchForm.LIST)
    item = {"name": "某人", "document_number": "123", "record": {"kind": "training"}}
    reader.feed(json.dumps([item]).encode())
    arrival = Arrival(Way.XAPI, "7ccd3322", COURSE, "*", RowState.FAULTY)
    with archive.transaction() as session:
        by, second = (accounts.named(session, name) for name in (poster, registrar))
        body = session.get_one(Organisation, by.organisation_id)
        batches.commit(
            session,
            reader.finish(),
            body,
            Terms(),
            faults=faults_in,
            by=by,
            now=NOW,
            today=TODAY,
        )
        arrivals.note(session, body.id, [arrival], now=NOW)
        made = trusted.register(session, body, "平台", COURSE, MULTIKEY, by=second, now=NOW)
        trusted.end(session, made.id, by=second, now=NOW)
