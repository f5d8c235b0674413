"""The JSON API: the same services as the pages, for programs."""

from datetime import UTC, date, datetime

import pytest

from archive.people.synthetic import resident_number
from schemas.reports import IntakeReport, VerificationReport
from schemas.vocabulary import Role
from tests.builders import a_competition, a_training
from tests.doors import EXAMPLES, OWN_PAGE

EXAMPLE = EXAMPLES / "training-2024.xlsx"
UNKNOWN_CODE = "4TQ9-0XKM-7C2W-PD5Q"


def test_a_program_learns_as_whom_it_acts(door):
    told = door.program("trainer").get("/api/v1/me").json()
    assert (told["name"], told["role"], told["organisation"]) == ("trainer", "trainer", "TP01")
    assert door.program("worker").get("/api/v1/me").json()["archive_number"] == door.numbers[0]


def test_a_browser_that_is_signed_in_may_use_the_api_too(door):
    assert door.visit("clerk").get("/api/v1/me").json()["role"] == Role.CLERK


def test_dossiers_are_listed_in_parts(door):
    client = door.program("clerk")
    first = client.get("/api/v1/workers?limit=1").json()["workers"]
    rest = client.get(f"/api/v1/workers?after={first[0]['archive_number']}").json()["workers"]
    assert [one["archive_number"] for one in first + rest] == list(door.numbers)


def test_organisations_are_listed(door):
    found = door.program("employer").get("/api/v1/organisations").json()["organisations"]
    assert {one["code"] for one in found} == {"HR01", "TP01", "TP02", "DP01", "EP01", "SO01"}


def test_a_dossier_tells_records_levels_and_credits(either_door):
    path = f"/api/v1/workers/{either_door.numbers[0].lower()}/dossier"
    dossier = either_door.program("clerk").get(path).json()
    assert dossier["archive_number"] == either_door.numbers[0]
    assert dossier["balances"]["available"] == "29.75"
    assert [level["rank"] for level in dossier["levels"]] == [2]
    assert {one["record"]["kind"] for one in dossier["records"]} == {"training", "certificate"}


def test_a_statement_is_asked_for_as_of_a_day_and_as_known_on_a_day(door):
    client = door.program("worker")
    path = f"/api/v1/workers/{door.numbers[0]}/statement"
    assert client.get(path).json()["balances"]["available"] == "29.75"
    assert client.get(f"{path}?as_of=2024-12-31").json()["balances"]["available"] == "27.5"
    assert client.get(f"{path}?known_on=2025-02-28").json()["lines"] == []
    assert client.get(f"{path}?as_of=yesterday").status_code == 422


def test_a_record_is_added_corrected_and_withdrawn(either_door):
    client = either_door.program("trainer")
    path = f"/api/v1/workers/{either_door.numbers[0]}/records"
    record = a_competition().model_dump(mode="json")

    added = client.post(path, json={"record": record})
    again = client.post(path, json={"record": record})
    assert (added.status_code, again.status_code) == (201, 200)
    assert (added.json()["state"], again.json()["state"]) == ("new", "same")

    own = f"{path}/{added.json()['record_id']}"
    changed = {"record": {**record, "prize": "second"}, "reason": "the list was wrong"}
    assert client.post(f"{own}/correction", json=changed).status_code == 201
    assert client.post(f"{own}/withdrawal", json={"reason": "not this person"}).status_code == 201
    shown = client.get(own).json()["record"]
    assert shown["is_withdrawn"]
    assert [one["act"] for one in shown["versions"]] == ["add", "correct", "withdraw"]
    answer = client.post(f"{own}/withdrawal", json={"reason": "again"})
    assert (answer.status_code, answer.json()["code"]) == (409, "record_withdrawn")


def test_a_change_without_a_reason_is_refused(door):
    path = f"/api/v1/workers/{door.numbers[0]}/records/{door.record_ids[0]}/withdrawal"
    for body in ({}, {"reason": ""}, {"reason": " "}):
        assert door.program("trainer").post(path, json=body).status_code == 422


def test_the_bureau_says_for_whom_it_posts(door):
    path = f"/api/v1/workers/{door.numbers[0]}/records"
    record = a_training(course_name="消防安全").model_dump(mode="json")
    client = door.program("clerk")
    unknown = client.post(path, json={"record": record, "organisation": "NO99"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "organisation_unknown")
    posted = client.post(path, json={"record": record, "organisation": "TP02"})
    assert posted.status_code == 201
    shown = client.get(f"{path}/{posted.json()['record_id']}").json()["record"]
    assert shown["organisation"]["code"] == "TP02"


def test_a_day_in_the_future_is_refused_with_its_code(door):
    record = a_training().model_dump(mode="json") | {"completed_on": "2999-01-01"}
    path = f"/api/v1/workers/{door.numbers[0]}/records"
    answer = door.program("trainer").post(path, json={"record": record})
    assert (answer.status_code, answer.json()["code"]) == (422, "day_in_future")


def test_a_file_is_checked_then_committed_once(either_door):
    client = either_door.program("trainer")
    statuses = []
    for query, expected in (("", 0), ("?commit=true", 28), ("?commit=true", 0)):
        response = client.post(f"/api/v1/intake{query}", files={"file": EXAMPLE.read_bytes()})
        statuses.append(response.status_code)
        report = IntakeReport.model_validate_json(response.content)
        assert report.written == expected
        assert {one.row for one in report.findings if one.severity == "error"} == {15, 26}
    assert statuses == [200, 201, 200]


def test_a_transcript_is_issued_and_verified_by_programs(door):
    path = f"/api/v1/workers/{door.numbers[0]}/transcripts"
    issued = door.program("worker").post(path, json={"language": "en"})
    assert (issued.status_code, issued.headers["content-type"]) == (200, "application/pdf")

    stranger = door.visit()
    by_file = stranger.post("/api/v1/verify", files={"file": ("t.pdf", issued.content)})
    by_code = stranger.get(f"/api/v1/verify/{issued.headers['x-transcript-code']}")
    for response in (by_file, by_code):
        report = VerificationReport.model_validate_json(response.content)
        assert report.verdict == "valid"
        assert report.document is not None
        assert report.document.archive_number == door.numbers[0]


@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        ("trainer", (403, "not_allowed")),
        ("employer", (403, "not_allowed")),
        ("other worker", (404, "worker_unknown")),
    ],
)
def test_nobody_else_gets_a_transcript(door, name, refusal):
    path = f"/api/v1/workers/{door.numbers[0]}/transcripts"
    answer = door.program(name).post(path, json={})
    assert (answer.status_code, answer.json()["code"]) == refusal


def test_an_unknown_code_is_an_answer_and_no_error(door):
    response = door.visit().get(f"/api/v1/verify/{UNKNOWN_CODE}")
    assert response.status_code == 200
    assert response.json()["verdict"] == "cannot_check"


def test_rules_of_a_day_come_with_their_sources(door):
    rules = door.visit().get("/api/v1/rules?on=2024-01-01").json()["rules"]
    assert {one["family"] for one in rules} >= {"training", "certificate", "entitlement"}
    assert all(one["source"] for one in rules)


def test_proposals_are_for_the_bureau(door):
    assert door.program("clerk").get("/api/v1/approvals").json() == {"proposals": []}
    assert door.program("trainer").get("/api/v1/approvals").status_code == 403
    unknown = f"/api/v1/approvals/{door.record_ids[0]}"
    answer = door.program("approver").post(unknown, json={"decision": "approve"})
    assert (answer.status_code, answer.json()["code"]) == (404, "proposal_unknown")
    refused = door.program("clerk").post(unknown, json={"decision": "approve"})
    assert refused.status_code == 403


def test_a_list_of_who_people_are_is_refused(door):
    client = door.program("trainer")
    files = {"file": EXAMPLE.read_bytes()}
    for kind in ("identity", "name_change"):
        response = client.post(f"/api/v1/intake?kind={kind}", files=files)
        assert (response.status_code, response.json()["code"]) == (422, "request_invalid")


def test_a_program_says_what_columns_mean_and_what_stands_between_cells(door):
    client = door.program("trainer")
    number = resident_number(date(1991, 4, 2), 41)
    listed = f"人|身份证号|课程名称|学时|成绩|结业日期|评价\n李一|{number}|电工|36|80|2025-03-01|好"
    query = {"delimiter": "bar", "column": ["人=name", "评价="]}

    def sent(**told):
        files = {"file": listed.encode()}
        return client.post("/api/v1/intake", params=query | told, files=files).json()

    found = sent()
    assert (found["counts"]["new"], found["findings"]) == (1, [])
    assert [one["field"] for one in found["headers"]][::6] == ["name", None]
    assert sent(column="人")["code"] == "request_invalid"
    assert sent(column="x=name")["findings"][0]["code"] == "column_unknown"


def test_a_program_is_never_sent_to_a_page(door):
    assert door.visit().get("/api/v1/workers").status_code == 401


def test_the_description_tells_titles_and_problems_of_every_operation(door):
    described = door.visit().get("/api/v1/openapi.json").json()
    assert described["info"]["title"] == "Skills Archive"
    operations = [one for path in described["paths"].values() for one in path.values()]
    assert len(operations) >= 15
    for one in operations:
        assert one["summary"]
        assert one["tags"]
        assert "application/problem+json" in one["responses"]["404"]["content"]
        assert "security" in one
    models = described["components"]["schemas"]
    assert {"DossierView", "IntakeReport", "VerificationReport", "Problem"} <= models.keys()
    assert "HTTPValidationError" not in models


def test_the_description_tells_what_opens_each_operation_by_the_routes_own_audience(door):
    described = door.visit().get("/api/v1/openapi.json").json()
    paths, schemes = described["paths"], described["components"]["securitySchemes"]
    opens = {
        f"{method.upper()} {path}": operation["security"]
        for path, operations in paths.items()
        for method, operation in operations.items()
    }
    assert opens["GET /api/v1/rules"] == []
    assert opens["GET /api/v1/workers"] == [
        {"session": ["dossier.list"]},
        {"token": ["dossier.list"]},
    ]
    posting = opens["POST /api/v1/workers/{number}/records"]
    assert posting == [{one: ["record.post"]} for one in ("session", "token", "key", "oauth2")]
    flow = schemes["oauth2"]["flows"]["clientCredentials"]
    assert flow["tokenUrl"].endswith("/oauth/token")
    named = {word for ways in opens.values() for way in ways for word in way.get("oauth2", ())}
    assert named <= flow["scopes"].keys()
    assert flow["scopes"]["record.read"] == "Read a record"
    assert schemes.keys() == {way for ways in opens.values() for one in ways for way in one}


def test_the_clock_of_the_door_is_the_real_one(door):
    report = door.visit().get(f"/api/v1/verify/{UNKNOWN_CODE}", headers=OWN_PAGE).json()
    told = datetime.fromisoformat(report["checked_at"])
    assert abs((datetime.now(UTC) - told).total_seconds()) < 60
