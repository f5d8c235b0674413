"""The pages of workers, over HTTP, on a real archive."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import Engine, event

from archive.dossiers import records
from archive.people import accounts, look_ups
from archive.people.privacy import vault_of
from archive.people.synthetic import resident_number
from tests.builders import NOW, TODAY, a_training
from tests.doors import Door


def test_a_worker_sees_records_credits_and_why(door):
    html = door.visit("worker").get("/me").text
    assert door.numbers[0] in html
    assert "电工技能提升" in html
    assert "+2.25" in html
    assert "36学时 ÷ 16 = 2.25学分" in html
    assert "training-2022" in html
    assert "中级工（四级）" in html


def test_the_entitlement_of_a_level_is_never_a_statement_on_education(door):
    html = door.visit("worker").get("/me").text
    assert "学历：" not in html


def test_the_page_speaks_english_too(door):
    html = door.visit("worker").get("/me?lang=en").text
    assert "36 class hours ÷ 16 = 2.25 credits." in html
    assert "Intermediate worker (level 4)" in html


def test_the_number_of_the_identity_document_is_masked(door):
    html = door.visit("worker").get("/me").text
    assert resident_number(date(1990, 5, 17), 1) not in html
    assert "990000" in html


def test_a_worker_sees_how_a_record_came_to_be(door):
    with door.house.archive.transaction() as session:
        clerk = accounts.named(session, "clerk")
        records.correct(
            session,
            look_ups.worker_numbered(session, door.numbers[0]).worker_id,
            door.record_ids[0],
            a_training(hours="48"),
            reason="hours were mistyped",
            by=clerk,
            now=NOW,
            today=TODAY,
        )
    html = door.visit("worker").get(f"/me/records/{door.record_ids[0]}").text
    assert "hours were mistyped" in html
    assert "+3 " in html
    assert "更正" in html


@pytest.mark.parametrize("more", [0, 40])
def test_the_home_of_a_worker_costs_seven_statements_whatever_the_number_of_records(
    either_door, more
):
    _many_records(either_door, more)
    client = either_door.visit("worker")
    client.get("/me")
    with counting(*engines(either_door)) as statements:
        assert client.get("/me").status_code == 200
    assert 0 < len(statements) <= 7, statements


def test_a_worker_takes_a_signed_transcript_away_and_anyone_verifies_it(door):
    response = door.visit("worker").post("/me/transcript", data={"language": "both"})
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["content-disposition"].endswith(f'transcript-{door.numbers[0]}.pdf"')

    stranger = door.visit()
    by_file = stranger.post("/verify", files={"file": ("t.pdf", response.content)}).text
    code = response.headers["x-transcript-code"]
    by_code = stranger.post("/verify", data={"code": code.lower().replace("-", " ")})
    assert "verdict-valid" in by_file
    assert by_code.headers["location"] == f"/verify/{code}"
    assert "verdict-valid" in stranger.get(f"/verify/{code}").text

    changed = response.content.replace(b"/Catalog", b"/Cata1og", 1)
    html = stranger.post("/verify", files={"file": ("t.pdf", changed)}).text
    assert "verdict-differs" in html
    assert door.numbers[0] not in html


def _many_records(door: Door, count: int) -> None:
    with door.house.archive.transaction() as session:
        trainer = accounts.named(session, "trainer")
        worker = look_ups.worker_numbered(session, door.numbers[0])
        assert trainer.organisation_id is not None
        for number in range(count):
            records.add(
                session,
                worker.worker_id,
                a_training(course_name=f"课程{number}"),
                organisation_id=trainer.organisation_id,
                by=trainer,
                now=NOW,
                today=TODAY,
            )


def engines(door: Door) -> tuple[Engine, Engine]:
    archive = door.house.archive
    return archive.engine, vault_of(archive).store.engine


@contextmanager
def counting(*engines: Engine) -> Iterator[list[str]]:
    told: list[str] = []

    def listen(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("BEGIN", "PRAGMA")):
            told.append(statement.split("\n")[0])

    for engine in engines:
        event.listen(engine, "before_cursor_execute", listen)
    yield told
    for engine in engines:
        event.remove(engine, "before_cursor_execute", listen)
