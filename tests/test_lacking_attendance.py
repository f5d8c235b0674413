"""A training without the attendance that its course asks for is kept, its credits undecided."""

from datetime import date
from uuid import UUID

import pytest
from sqlmodel import Session, select

from archive.dossiers import offers, reading
from archive.dossiers.asked_attendance import AskedAttendance
from archive.dossiers.auditing import audit_all
from archive.dossiers.intake.reading import Person
from archive.dossiers.models import Record
from archive.dossiers.programs import outcomes
from archive.dossiers.programs.outcomes import Outcome
from archive.dossiers.rebuilding import compare
from archive.people import accounts, organisations
from archive.people.identity import IdentityDocument
from archive.people.synthetic import resident_number
from archive.web.deps import clock
from schemas.dossiers import RecordView
from schemas.records import Training
from schemas.redemptions import CourseAsked
from schemas.vocabulary import RecordKind, Way
from tests.builders import TODAY, a_training, an_identity
from tests.doors import Door
from tests.platforms import CODE, COURSE, teach
from tests.test_batches import an_item
from tests.test_intake import ROW, TRAINING
from tests.test_single_records import NEW, of_person
from tests.test_xapi import a_statement
from tests.test_xapi import post as state

ASKED = "attendance_missing"
HEADER = TRAINING + ",课程编号,成绩"
LINE = ROW + f",{CODE},85"


def offer(session: Session, **told: object) -> None:
    """Offer a course of TP01 that asks for attendance, unless something else is told."""
    asked = {
        "code": CODE,
        "title": "电工基础",
        "title_en": "Basics for electricians",
        "hours": "36",
        "identifiers": [COURSE],
        "asks_attendance": True,
        "in_force_from": "2024-01-01",
    }
    course = CourseAsked.model_validate(asked | told)
    by = accounts.named(session, "trainer")
    offers.publish(session, course, organisations.coded(session, "TP01"), by=by, now=clock())


def known(session: Session) -> list[RecordView]:
    """Return the courses of the code that are in any dossier, in the order of their days."""
    whose = set(session.exec(select(Record.worker_id).where(Record.kind == RecordKind.TRAINING)))
    found = [
        view
        for one in whose
        for view in reading.dossier(session, one, today=TODAY).records
        if isinstance(view.record, Training) and view.record.course_code is not None
    ]
    return sorted(found, key=lambda view: (view.effective_on or TODAY, view.title))


def reasons(door: Door) -> list[tuple[str, str]]:
    """Return the day and what became of the credits of each course."""
    with door.house.archive.reading() as session:
        views = known(session)
        return [(str(one.effective_on), one.credit.reason if one.credit else "") for one in views]


@pytest.fixture
def asking(door: Door) -> Door:
    """Return an archive in which TP01 teaches a course that asks for attendance."""
    teach(door)
    with door.house.archive.transaction() as session:
        offer(session)
    return door


def posted_in_every_way(door: Door) -> UUID:
    """Post the course without attendance, each way on a day of its own; return the API's."""
    program = door.program("trainer")
    listed = f"{HEADER}\n{LINE}".replace("2025-02-01", "2025-01-01").encode()
    report = program.post("/api/v1/intake?commit=true", files={"file": listed}).json()
    assert [(one["row"], one["code"], one["severity"]) for one in report["findings"]] == [
        (2, ASKED, "warning")
    ]
    assert (report["written"], report["warned"]) == (1, 1)

    typed = of_person("陈一", resident_number(date(1990, 5, 17), 77))
    typed |= {"attendance": "", "course_code": CODE, "completed_on": "2025-01-02"}
    assert door.visit("trainer").post(NEW, data=typed).status_code == 303

    told = {"course_code": CODE.lower(), "attendance": None, "completed_on": "2025-01-03"}
    batch = program.post("/api/v1/records/batch", json=[an_item(50, told)]).json()
    assert [one["code"] for one in batch["items"][0]["findings"]] == [ASKED]

    one = a_training(course_code=CODE, attendance=None, completed_on=date(2025, 1, 4))
    path = f"/api/v1/workers/{door.numbers[0]}/records"
    receipt = program.post(path, json={"record": one.model_dump(mode="json")})
    assert receipt.status_code == 201

    statement = a_statement("passed", timestamp="2025-01-05T09:00:00+08:00")
    assert state(program, statement).status_code == 200
    with door.house.archive.transaction() as session:
        other = an_identity(2)
        paper = IdentityDocument(other.document_type, other.document_number)
        person = Person(other.name, paper)
        record = a_training(course_code=CODE, attendance=None, completed_on=date(2025, 1, 6))
        badge = Outcome("urn:uuid:1", "00", person, record)
        body, by = organisations.coded(session, "TP01"), accounts.named(session, "trainer").id
        outcomes.post(session, body, [badge], Way.BADGE, by=by, now=clock(), today=TODAY)
    return UUID(receipt.json()["record_id"])


def test_whichever_way_it_comes_it_is_kept_undecided_and_every_correction_decides_it(asking):
    record_id = posted_in_every_way(asking)
    assert reasons(asking) == [(f"2025-01-0{day}", ASKED) for day in range(1, 7)]
    with asking.house.archive.reading() as session:
        of_api = next(one for one in known(session) if one.id == record_id)
        by_hand = next(one for one in known(session) if str(one.effective_on) == "2025-01-02")
    waiting = asking.visit("trainer").get("/trainer/records?undecided=1").text
    assert waiting.count("该课程有出勤要求，缺少出勤率") == 6
    assert "该课程" not in asking.visit("rival").get("/trainer/records?undecided=1").text
    own = asking.visit("worker").get(f"/me/records/{record_id}").text
    assert "有要求，未填写" in own
    assert "该课程有出勤要求，缺少出勤率，暂无法认定" in own

    program, trainer = asking.program("trainer"), asking.visit("trainer")
    told = f"{HEADER},出勤率\n{LINE},95%".replace("2025-02-01", "2025-01-01").encode()
    report = program.post("/api/v1/intake?commit=true", files={"file": told}).json()
    assert report["counts"]["changed"] == 1
    page = f"/trainer/records/{by_hand.id}/correction"
    form = {"course_name": "低压电工", "course_code": CODE, "occupation": "电工", "hours": "32"}
    form |= {"score": "85", "completed_on": "2025-01-02", "attendance": "79%", "reason": "漏填"}
    assert trainer.post(page, data=form).status_code == 303
    record = of_api.record.model_dump(mode="json")
    assert record["lacks_attendance"] is True
    path = f"/api/v1/workers/{asking.numbers[0]}/records/{record_id}/correction"
    sent = {"record": record | {"attendance": "95"}, "reason": "漏填"}
    assert program.post(path, json=sent).status_code == 201
    assert [reason for _, reason in reasons(asking)] == [
        "granted", "attendance_low", ASKED, "course_already_credited", ASKED, ASKED
    ]  # fmt: skip
    assert trainer.get("/trainer/records?undecided=1").text.count("缺少出勤率") == 3
    assert trainer.get("/trainer/records").text.count("缺少出勤率") == 3
    house = asking.house
    audited = audit_all(house.archive, house.settings, processes=1)
    assert (audited.findings, audited.looked_at_closely) == ((), 0)
    assert compare(house.archive, house.settings, now=clock(), processes=1).differences == ()


def test_the_same_again_is_the_same_whatever_the_course_asks_by_then(asking):
    program = asking.program("trainer")

    def counts(line: str = LINE) -> list[str]:
        listed = {"file": f"{HEADER}\n{line}".encode()}
        found = program.post("/api/v1/intake?commit=true", files=listed).json()["counts"]
        return [state for state, count in found.items() if count]

    def files(**told: object) -> None:
        with asking.house.archive.transaction() as session:
            offer(session, **told)

    assert (counts(), counts(LINE + "\n")) == (["new"], ["same"])
    files(asks_attendance=False)
    assert (counts(), reasons(asking)) == (["changed"], [("2025-02-01", "granted")])
    files()
    assert (counts(), counts("\n" + LINE)) == (["same"], ["same"])
    assert reasons(asking) == [("2025-02-01", "granted")]
    assert counts(LINE.replace(",85", ",86")) == ["changed"]
    assert reasons(asking) == [("2025-02-01", ASKED)]


@pytest.mark.parametrize(
    ("told", "lacks"),
    [
        ({}, True),
        ({"course_code": "el 101"}, True),  # The rule on double counting reads it so, too.
        ({"course_code": "EL-102"}, False),
        ({"course_code": None}, False),
        ({"attendance": "79"}, False),
        ({"scheme": "SZ"}, False),  # Another credit bank's course.
        ({"completed_on": date(2024, 6, 30)}, True),
        ({"completed_on": date(2023, 6, 30)}, True),  # Before the course was filed at all.
        ({"completed_on": date(2025, 7, 1)}, False),
        ({"started_on": date(2025, 6, 30), "completed_on": date(2025, 7, 9)}, True),
        ({"completed_on": date(2026, 7, 1)}, False),  # The offer is over.
    ],
)
def test_a_course_asks_as_it_was_filed_for_the_day_on_which_it_began(asking, told, lacks):
    with asking.house.archive.transaction() as session:
        ends = {"in_force_from": "2025-07-01", "in_force_until": "2025-12-31"}
        offer(session, asks_attendance=False, **ends)
        body, other = (organisations.coded(session, code).id for code in ("TP01", "TP02"))
        plain = a_training(course_code=CODE, attendance=None)
        record = Training.model_validate(plain.model_dump() | told)
        claimed = record.model_copy(update={"lacks_attendance": not lacks})
        asked = AskedAttendance(session)

        assert [asked.told(one, body) for one in (record, claimed)] == [
            record.model_copy(update={"lacks_attendance": lacks})
        ] * 2
        assert asked.told(claimed, other) == record
