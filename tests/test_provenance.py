"""Where each line of a dossier came from: kept by every way in, told for ever."""

import json

import pytest
from pydantic import ValidationError
from sqlmodel import Session, col, select

from archive.dossiers.models import Record
from archive.dossiers.sealing import Source, unseal
from archive.people import closing, look_ups
from archive.people.privacy import vault_of
from schemas.ids import new_id
from schemas.vocabulary import RecordKind, Way
from tests.builders import a_competition
from tests.command_line import CommandLine
from tests.doors import EXAMPLES


def test_what_was_sealed_before_ways_were_told_is_a_row_of_a_file():
    told = {"file_name": "名单.xlsx", "batch_id": str(new_id()), "row": 3, "cells": {"姓名": "甲"}}
    known = Source.model_validate_json(json.dumps(told))
    assert (known.way, known.row, known.digest) == (Way.FILE, 3, None)
    with pytest.raises(ValidationError, match="the file's name"):
        Source(way=Way.FILE, row=3)
    assert Source(way=Way.FORM).batch_id is None


def test_each_way_into_a_dossier_leaves_its_source(door, monkeypatch):
    number = door.numbers[0]
    record = a_competition().model_dump(mode="json")
    path = f"/api/v1/workers/{number}/records"
    program = door.program("trainer")
    added = program.post(path, json={"record": record}).json()["record_id"]
    changed = {"record": {**record, "prize": "second"}, "reason": "the list was wrong"}
    program.post(f"{path}/{added}/correction", json=changed)
    program.post(f"{path}/{added}/withdrawal", json={"reason": "not this person"})

    trainer = door.visit("trainer")
    file = {"file": ("名单.xlsx", (EXAMPLES / "training-2024.xlsx").read_bytes())}
    address = trainer.post("/trainer/intake", files=file).headers["location"]
    trainer.post(address, data={"kind": ""})

    commands = CommandLine(monkeypatch, door.house.settings)
    other = json.dumps({**record, "prize": "third", "event_name": "another"})
    commands.done("record", "add", number, "-", "--organisation", "TP01", given=other)

    with door.house.archive.reading() as session:
        sources = sources_of(session)
    assert {one.way for one in sources} == {Way.API, Way.FILE, Way.COMMAND}
    assert sum(one.way is Way.API for one in sources) == 3
    assert all(one.digest and len(one.digest) == 64 for one in sources)


def sources_of(session: Session) -> list[Source]:
    """Return the source of every row that has one."""
    rows = session.exec(select(Record)).all()
    keys = vault_of(session).keys_of({row.worker_id for row in rows})
    opened = [unseal(keys[row.worker_id], row.sealed).source for row in rows]
    return [one for one in opened if one is not None]


def test_where_a_record_came_from_is_told_as_far_as_the_asker_may_know(door, monkeypatch):
    trainer, number = door.visit("trainer"), door.numbers[0]
    file = {"file": ("名单.xlsx", (EXAMPLES / "training-2024.xlsx").read_bytes())}
    address = trainer.post("/trainer/intake", files=file).headers["location"]
    trainer.post(address, data={"kind": ""})
    with door.house.archive.reading() as session:
        of_file = select(Record).where(col(Record.row).is_not(None))
        row = session.exec(of_file.where(Record.kind == RecordKind.TRAINING)).first()
        assert row is not None
        mine = col(Record.worker_id) == row.worker_id
        identity = session.exec(of_file.where(mine, Record.kind == RecordKind.IDENTITY)).one()
        holder = look_ups.worker_known_as(session, row.worker_id).archive_number
    path = f"/api/v1/workers/{holder}/records/{row.id}/provenance"
    [line] = door.program("trainer").get(path).json()["lines"]
    assert (line["way"], line["file_name"], line["row"]) == ("file", "名单.xlsx", row.row)
    assert (line["account"], line["role"], len(line["digest"])) == ("trainer", "trainer", 64)
    assert door.program("rival").get(path).status_code == 404

    own = f"/api/v1/workers/{number}/records/{door.record_ids[0]}/provenance"
    [told] = door.program("worker").get(own).json()["lines"]
    assert (told["account"], told["role"]) == (None, "trainer")
    for page in (
        door.visit("worker").get(f"/me/records/{door.record_ids[0]}"),
        door.visit("clerk").get(f"/bureau/records/{holder}/{row.id}"),
    ):
        assert "来源" in page.text
    assert "名单.xlsx" in door.visit("clerk").get(f"/bureau/records/{holder}").text

    commands = CommandLine(monkeypatch, door.house.settings)
    [begun] = commands.asked("provenance", str(identity.id))["lines"]
    assert (begun["file_name"], begun["row"]) == ("名单.xlsx", row.row)

    closing.destroy(vault_of(door.house.archive).store, row.worker_id)
    closed = door.program("trainer").get(path).json()
    [line] = closed["lines"]
    assert closed["is_closed"]
    assert (line["way"], line["file_name"], line["row"]) == ("file", None, row.row)
    assert line["digest"]
    assert trainer.get(f"/trainer/records/{row.id}").status_code == 410
    assert commands.asked("provenance", str(row.id))["is_closed"]
    assert "名单" not in commands.done("provenance", str(row.id))
