"""xAPI: what course platforms tell was completed or passed becomes a record, once."""

import base64
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from archive.bureau import nightly
from archive.dossiers import reading
from archive.dossiers.programs import arrivals, statement_reading
from archive.jobs.desk import PlainSteps
from archive.people import look_ups
from archive.web.deps import clock
from schemas.records import Training
from schemas.vocabulary import Grade, Permission, Way
from schemas.xapi import XScore
from tests.builders import an_identity
from tests.doors import Door
from tests.platforms import ACCOUNT, BYSTANDER, CODE, COURSE, SHARED, a_moment, teach
from tests.test_api_keys import secret_of
from tests.test_batches import an_item
from tests.test_provenance import sources_of

PATH = "/api/v1/xapi/statements"
VERSION = {"x-experience-api-version": "1.0.3"}
VERBS = "http://adlnet.gov/expapi/verbs/"


def a_statement(verb: str = "completed", account: str = ACCOUNT, **told: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "actor": {"account": {"homePage": "https://learn.example.cn", "name": account}},
        "verb": {"id": VERBS + verb, "display": {"en-US": verb}},
        "object": {"id": COURSE, "definition": {"name": {"zh-CN": "电工基础"}}},
        "timestamp": a_moment("2025-02-01"),
        **told,
    }


def of_document(home: str, number: str, **told: Any) -> dict[str, Any]:
    account = {"homePage": f"{home}/identifiers/resident_id", "name": number}
    return {"account": account, **told}


@pytest.fixture
def taught(door: Door) -> Door:
    """Return an archive in which TP01 teaches a course that a platform knows."""
    teach(door)
    return door


def post(client: TestClient, *told: Any, version: str = "1.0.3") -> Any:
    headers = {"x-experience-api-version": version}
    return client.post(PATH, json=list(told), headers=headers)


def trainings_of(door: Door, at: int = 0) -> list[Training]:
    """Return the records of the course in a worker's dossier."""
    with door.house.archive.reading() as session:
        whose = look_ups.worker_numbered(session, door.numbers[at]).worker_id
        found = reading.dossier(session, whose, today=clock().date()).records
        records = [one.record for one in found]
    return [one for one in records if isinstance(one, Training) and one.course_code == CODE]


def listed(client: TestClient) -> list[tuple[str, str | None]]:
    told = client.get("/api/v1/arrivals").json()["arrivals"]
    return [(one["state"], one["code"]) for one in told]


def test_what_is_completed_and_passed_is_one_record_of_the_course_with_its_source(taught):
    program = taught.program("trainer")
    completed = a_statement(result={"completion": True, "duration": "PT38H"})
    passed = a_statement("passed", result={"score": {"scaled": 0.87}, "success": True})
    answer = post(program, completed, passed)
    assert (answer.status_code, answer.json()) == (200, [completed["id"], passed["id"]])
    assert answer.headers["x-experience-api-version"] == "1.0.3"

    (record,) = trainings_of(taught)
    assert (record.course_name, str(record.hours), str(record.score)) == ("电工基础", "40", "87")
    assert (record.grade, record.occupation) == (Grade.PASS, "6-31-01-03")
    assert str(record.completed_on) == "2025-02-01"
    with taught.house.archive.reading() as session:
        (source,) = [one for one in sources_of(session) if one.way is Way.XAPI]
    assert source.reference == passed["id"]
    assert listed(program) == [("new", None), ("new", None)]

    assert post(program, completed).status_code == 200  # Sent again: nothing new.
    changed = {**completed, "timestamp": a_moment("2025-02-03")}
    refused = post(program, a_statement(account=BYSTANDER), changed)
    assert refused.headers["x-experience-api-version"] == "1.0.3"
    assert (refused.status_code, refused.json()["code"]) == (409, "statement_changed")
    assert len(listed(program)) == 2
    later = a_statement(timestamp=a_moment("2025-02-01"))
    assert post(program, later).status_code == 200  # Says nothing that is not on file.
    assert trainings_of(taught) == [record]
    assert listed(program)[0] == ("same", None)


def test_a_person_is_named_by_an_identity_document_or_by_a_basic_authorised_program(taught):
    home = taught.house.settings.public_url
    someone = an_identity(2)
    statement = a_statement(actor=of_document(home, someone.document_number, name=someone.name))
    statement["object"] = {"id": f"urn:skills-archive:course:{CODE}"}
    secret = secret_of(taught, [Permission.POST_RECORD])
    basic = base64.b64encode(f"key:{secret}".encode()).decode()
    client = TestClient(taught.app, headers={"authorization": f"Basic {basic}"})
    put = client.put(
        PATH,
        params={"statementId": statement["id"]},
        json=statement,
        headers={"x-experience-api-version": "2.0.0"},
    )
    assert (put.status_code, put.headers["x-experience-api-version"]) == (204, "2.0.0")
    assert len(trainings_of(taught, 1)) == 1
    other = client.get("/api/v1/me")
    assert other.status_code == 401  # Only platforms come by Basic, to this interface.


def test_what_cannot_be_used_is_told_the_trainer_without_names_and_other_verbs_are_not_kept(taught):
    program, home = taught.program("trainer"), taught.house.settings.public_url
    number = an_identity(1).document_number
    cases = [
        (a_statement("experienced"), None),
        (a_statement(object={"id": "https://learn.example.cn/other"}), "platform_course_unknown"),
        (
            a_statement(object={"objectType": "StatementRef", "id": str(uuid4())}),
            "platform_course_unknown",
        ),
        (a_statement(account="nobody-here"), "platform_person_unknown"),
        (a_statement(account=SHARED), "platform_person_several"),
        (a_statement(actor={"mbox": "mailto:a@example.cn"}), "platform_person_unknown"),
        (a_statement(actor=of_document(home, number)), "platform_name_missing"),
        (a_statement(actor=of_document(home, number, name="不是他")), "name_differs"),
        (a_statement(actor=of_document(home, "123", name="李明华")), "id_length"),
        (
            a_statement(actor={"objectType": "Group", "member": [{"mbox": "mailto:a@b.cn"}]}),
            "platform_group",
        ),
        (a_statement("passed", result={"success": False}), "platform_result_contradicts"),
        (a_statement(timestamp="2999-01-01T00:00:00Z"), "day_in_future"),
    ]
    answer = post(program, *(one for one, _ in cases))
    assert answer.json() == [one["id"] for one, _ in cases]
    told = program.get("/api/v1/arrivals")
    assert [one["code"] for one in reversed(told.json()["arrivals"])] == [
        code for _, code in cases if code
    ]
    assert not [word for word in (number, "李明华", "不是他", "nobody-here") if word in told.text]
    assert trainings_of(taught) == []
    page = taught.visit("trainer").get("/trainer/platforms")
    assert page.status_code == 200
    assert "nobody-here" not in page.text
    assert taught.visit("rival").get("/trainer/platforms").text.count("<tr") == 0

    later = clock() + arrivals.KEPT
    steps = PlainSteps(taught.house.archive, lambda: later)
    nightly.run(steps, later.date().isoformat(), taught.house.settings.zone)
    assert listed(program) == []


def test_the_whole_request_is_refused_when_it_is_not_as_the_specification_has_it(taught):
    program = taught.program("trainer")
    one, same = a_statement(), str(uuid4())
    malformed = [
        {**one, "teacher": 1},
        {**one, "actor": {}},
        {**one, "actor": {**one["actor"], "mbox": "mailto:a@b.cn"}},
        {**one, "verb": {"id": "completed"}},
        {**one, "id": "1"},
        {**one, "result": {"score": {"scaled": 1.5}}},
        {**one, "result": {"score": {"raw": 5, "max": 4}}},
        {**one, "result": {"success": "true"}},
        {**one, "result": {"duration": "1h"}},
        {**one, "result": None},
        {**one, "timestamp": "yesterday"},
        {**one, "timestamp": "0001-01-01T00:00:00+14:00"},
        {**one, "timestamp": "9999-12-31T23:59:59-12:00"},
        {**one, "object": {"objectType": "SubStatement", "object": {}}},
        {**one, "context": {"registration": "x"}},
        {**one, "version": "0.9"},
        [],
        7,
    ]
    for wrong in malformed:
        answer = post(program, a_statement(), wrong)
        assert (answer.status_code, answer.json()["code"]) == (400, "statement_malformed"), wrong
    twice = post(program, {**one, "id": same}, {**a_statement(), "id": same})
    assert (twice.status_code, twice.json()["code"]) == (400, "statement_twice")
    many = post(program, *({**one, "id": str(uuid4())} for _ in range(501)))
    assert (many.status_code, many.json()["code"]) == (413, "statements_too_many")
    for version in ("", "0.95", "3.0.0"):
        answer = post(program, one, version=version)
        assert (answer.status_code, answer.json()["code"]) == (400, "xapi_version")
    multipart = {**VERSION, "content-type": "multipart/mixed; boundary=x"}
    answer = program.post(PATH, content=b"--x", headers=multipart)
    assert (answer.status_code, answer.json()["code"]) == (415, "xapi_type")
    for other in (None, str(uuid4()), "1"):
        answer = program.put(PATH, params={"statementId": other}, json=one, headers=VERSION)
        assert (answer.status_code, answer.json()["code"]) == (400, "statement_id_differs")
    assert listed(program) == []


def test_anyone_may_ask_which_versions_are_spoken(door):
    told = door.visit().get("/api/v1/xapi/about").json()
    assert told["version"] == ["1.0.3", "2.0.0"]
    home = door.house.settings.public_url
    assert f"{home}/identifiers/resident_id" in told["extensions"][f"{home}/xapi/accounts"]


@pytest.mark.parametrize(
    ("score", "points"),
    [
        ({"scaled": 0.875}, "87.5"),
        ({"raw": 45, "min": 0, "max": 50}, "90"),
        ({"raw": 88}, "88"),
        ({"scaled": -0.5}, None),
        ({"raw": 700}, None),
    ],
)
def test_a_score_counts_as_points_of_a_hundred_where_it_tells_of_how_many(score, points):
    told = {name: Decimal(str(value)) for name, value in score.items()}
    found = statement_reading.points(XScore.model_validate(told))
    assert (None if found is None else f"{found.normalize():f}") == points


@pytest.mark.parametrize("backend", ["postgresql"])
def test_what_comes_twice_at_once_is_written_once(either_door):
    teach(either_door)
    told, items = a_statement(), [an_item(serial) for serial in range(100, 103)]
    key = {"idempotency-key": "once"}
    programs = [either_door.program("trainer") for _ in range(2)]

    def send(program: TestClient) -> tuple[int, int]:
        batch = program.post("/api/v1/records/batch", json=items, headers=key)
        return post(program, told).status_code, batch.json()["written"]

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, programs))

    assert sorted(answers) == [(200, 0), (200, 3)]
    assert len(trainings_of(either_door)) == 1
    assert listed(programs[0]) == [("new", None)]
