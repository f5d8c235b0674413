"""Lists that programs post: judged as files are, answered item by item, known once they came."""

import json
from datetime import date
from typing import Any

from sqlmodel import func, select

from archive.dossiers.models import Record
from archive.dossiers.programs.batch_splitting import LONGEST_ITEM, MOST_BYTES, MOST_ITEMS
from archive.people.synthetic import resident_number
from schemas.vocabulary import Way
from tests.doors import Door
from tests.test_provenance import sources_of

PATH = "/api/v1/records/batch"
LINES = {"content-type": "application/x-ndjson"}
BORN = date(1992, 3, 4)
COMPETITION = {
    "kind": "competition",
    "event_name": "区技能竞赛",
    "tier": "district",
    "awarded_on": "2025-01-01",
}
CERTIFICATE = {
    "kind": "certificate",
    "certificate_number": "S000044030001244000091",
    "occupation": "6-31-01-03",
    "issued_on": "2023-06-01",
}


def an_item(serial: int = 50, record: dict[str, Any] | None = None, **told: Any) -> dict[str, Any]:
    course = {
        "kind": "training",
        "course_name": "电工基础",
        "occupation": "6-31-01-03",
        "hours": "36",
        "attendance": 95,
        "score": 88.5,
        "completed_on": "2025-02-01",
    }
    person = {"name": "王小虹", "document_number": resident_number(BORN, serial)}
    return {**person, "record": {**course, **(record or {})}, **told}


def lines(*items: object) -> bytes:
    return b"\n".join(one if isinstance(one, bytes) else json.dumps(one).encode() for one in items)


def states(answer: Any) -> list[str]:
    return [one["state"] for one in answer.json()["items"]]


def records_of(door: Door) -> int:
    with door.house.archive.reading() as session:
        return session.exec(select(func.count()).select_from(Record)).one()


def test_a_list_is_tried_written_and_known_when_it_comes_again(door):
    program, before = door.program("trainer"), records_of(door)
    items = [an_item(50), an_item(51), an_item(51), an_item(52, {"hours": "-1"})]
    tried = program.post(PATH, params={"commit": "false"}, json=items)
    assert (tried.status_code, tried.json()["committed"]) == (200, False)
    assert records_of(door) == before

    key = {"idempotency-key": "8e03978e"}
    done = program.post(PATH, json=items, headers=key)
    assert (done.status_code, done.json()["written"]) == (201, 2)
    assert states(done) == states(tried) == ["new", "new", "duplicate", "faulty"]
    first, second, again, faulty = done.json()["items"]
    assert first["record_id"] != second["record_id"] == again["record_id"]
    assert faulty["problem"]["pointer"] == "/record/hours"
    assert faulty["problem"] | {"code": "greater_than", "status": 422} == faulty["problem"]
    assert faulty["problem"]["messages"]["zh"] == faulty["problem"]["detail"]
    with door.house.archive.reading() as session:
        told = [one for one in sources_of(session) if one.way is Way.API]
    assert len({(one.reference, one.digest) for one in told}) == 2

    written = records_of(door)
    replayed = program.post(PATH, json=items, headers=key)
    assert (replayed.status_code, replayed.headers["idempotent-replayed"]) == (200, "true")
    assert replayed.json()["items"] == done.json()["items"]
    other = program.post(PATH, json=items[:1], headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_used")
    mode = program.post(PATH, params={"mode": "all"}, json=items, headers=key)
    assert mode.json()["code"] == "idempotency_key_used"
    theirs = door.program("rival").post(PATH, json=items, headers=key)
    assert states(theirs)[:2] == ["new", "new"]  # Another organisation's key is another key.
    assert records_of(door) == written + 2


def test_without_a_key_the_body_is_known_unless_something_was_faulty(door):
    program = door.program("trainer")
    good = [an_item(50)]
    done = program.post(PATH, json=good)
    assert program.post(PATH, json=good).json() == {
        **done.json(),
        "replayed": True,
        "written": 0,
    }
    partly = [an_item(50), an_item(51, {"hours": "0"})]
    assert states(program.post(PATH, json=partly)) == ["same", "faulty"]
    assert program.post(PATH, json=partly).json()["replayed"] is False


def test_all_or_nothing_writes_nothing_of_a_list_with_a_fault_and_leaves_the_key_free(door):
    program, before = door.program("trainer"), records_of(door)
    key, terms = {"idempotency-key": "k"}, {"mode": "all"}
    answer = program.post(
        PATH, params=terms, json=[an_item(50), an_item(51, name="？")], headers=key
    )
    assert (answer.status_code, answer.json()["committed"], answer.json()["written"]) == (
        200,
        False,
        0,
    )
    assert states(answer) == ["new", "faulty"]
    assert records_of(door) == before
    corrected = program.post(PATH, params=terms, json=[an_item(50), an_item(51)], headers=key)
    assert (corrected.status_code, corrected.json()["written"]) == (201, 2)


def test_a_broken_line_is_told_with_its_number_and_the_others_are_written(door):
    body = lines(
        an_item(50),
        b"",
        b'{"name": "\xe7\x8e',
        b'{"name": 1',
        b"[]",
        b'{"name": "\\u0000", "record": {}}',
        b'{"name": NaN}',
        b'{"name": 1e400}',
        b'{"name": ' + b"9" * 5000 + b"}",
        b'{"name": ' + b"[" * 40 + b"]" * 40 + b"}",
        b'{"name": "a", "name": "b"}',
        b'{"name": "' + b"x" * LONGEST_ITEM + b'"}',
        an_item(51),
    )
    answer = door.program("trainer").post(PATH, content=body, headers=LINES)
    assert answer.status_code == 201
    told = [(one["line"], (one["problem"] or {}).get("code")) for one in answer.json()["items"]]
    assert told == [
        (1, None),
        (3, "json_encoding"),
        (4, "json_broken"),
        (5, "item_no_object"),
        (6, "json_text_unfit"),
        (7, "json_number_huge"),
        (8, "json_number_huge"),
        (9, "json_number_huge"),
        (10, "json_too_deep"),
        (11, "json_member_twice"),
        (12, "item_too_large"),
        (13, None),
    ]


def test_each_fault_of_an_item_has_its_code_and_its_place(door):
    program = door.program("trainer")
    number = resident_number(BORN, 60)
    faulty = [
        (an_item(60, teacher="x"), "/teacher", "extra_forbidden"),
        (an_item(60, {"teacher": "x"}), "/record/teacher", "extra_forbidden"),
        (an_item(60, {"course_name": 5}), "/record/course_name", "string_type"),
        (an_item(60, {"hours": {"a": 1}}), "/record/hours", "decimal_type"),
        (an_item(60, {"kind": "identity"}), "/record/kind", "literal_error"),
        ({"name": "王小虹", "document_number": number}, "/record", "missing"),
        ({"name": "王小虹", "document_number": number, "record": []}, "/record", "dict_type"),
        (an_item(60, document_number=number[:-1] + "?"), "/document_number", "id_characters"),
        (an_item(60, {"completed_on": "2999-01-01"}), "/record/completed_on", "day_in_future"),
        (an_item(60, {"completed_on": "1980-01-01"}), "/record/completed_on", "day_before_birth"),
        (an_item(60, {"started_on": "2025-02-02"}), "/record/completed_on", "days_reversed"),
        (
            an_item(60, {"occupation": "9-99-99-99"}),
            "/record/occupation",
            "occupation_code_unknown",
        ),
        (an_item(60, {"scheme": "SZ-CB"}), "", "not_allowed"),
        ({**an_item(60), "record": COMPETITION}, "/record/prize", "award_missing"),
        (
            {**an_item(60), "record": CERTIFICATE | {"rank": 3}},
            "/record/certificate_number",
            "certificate_level_differs",
        ),
        (
            {**an_item(60), "record": CERTIFICATE | {"instrument": "one_plus_x"}},
            "/record/rank",
            "value_missing",
        ),
        (an_item(1, name="不是他", document_number="990000199005170018"), "/name", "name_differs"),
    ]
    answer = program.post(PATH, json=[one for one, _, _ in faulty])
    found = [(one["problem"] or {}) for one in answer.json()["items"]]
    assert [(one.get("pointer"), one.get("code")) for one in found] == [
        (pointer, code) for _, pointer, code in faulty
    ]
    assert number not in answer.text

    warned = {**an_item(61), "record": CERTIFICATE}
    (item,) = program.post(PATH, json=[warned]).json()["items"]
    assert (item["state"], item["findings"][0]["code"]) == ("new", "certificate_year_differs")


UNTAKEN: list[tuple[bytes, dict[str, str], int, str]] = [
    (b"[]", {"content-type": "text/csv"}, 415, "batch_type_unknown"),
    (b"[]", {"content-type": "application/json; charset=gbk"}, 415, "batch_type_unknown"),
    (b"[]", {"content-encoding": "gzip"}, 415, "batch_packed"),
    (b"[]", {}, 422, "batch_empty"),
    (b"\n\n", LINES, 422, "batch_empty"),
    (b"{}", {}, 422, "batch_no_list"),
    (b"\xff\xfe[\x00", {}, 400, "json_encoding"),
    (b'[{"a": 1}, {]', {}, 400, "batch_broken"),
    (b"[{},]", {}, 400, "batch_broken"),
    (b"[{}] more", {}, 400, "batch_broken"),
    (b"[" * 100_000, {}, 422, "json_too_deep"),
    (b'[{"a": "' + b"x" * LONGEST_ITEM + b'"}]', {}, 422, "item_too_large"),
    (b"{}\n" * (MOST_ITEMS + 1), LINES, 413, "batch_too_long"),
    (b" " * (MOST_BYTES + 1), {}, 413, "batch_too_large"),
    (b" " * (MOST_BYTES + 2 * 1024**2), {}, 413, "batch_too_large"),
    (b"[{}]", {"idempotency-key": "x" * 300}, 422, "idempotency_key_unfit"),
]


def test_a_list_that_cannot_be_taken_is_refused_as_a_whole(door):
    program = door.program("trainer")
    for body, headers, status, code in UNTAKEN:
        told = {"content-type": "application/json", **headers}
        answer = program.post(PATH, content=body, headers=told)
        assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_who_may_post_a_single_record_may_post_a_list(door):
    item = [an_item(70)]
    assert door.program("worker").post(PATH, json=item).status_code == 403
    bureau = door.program("clerk").post(PATH, params={"organisation": "TP02"}, json=item)
    assert (bureau.status_code, bureau.json()["organisation"]) == (201, "TP02")
    foreign = door.program("trainer").post(PATH, params={"organisation": "TP02"}, json=item)
    assert foreign.status_code == 403
