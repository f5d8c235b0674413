"""Documents for many by programs: asked for once, told line by line, streamed, within bounds."""

import csv
import errno
import io
import os
import shutil
import zipfile
from datetime import UTC, date, datetime
from typing import NamedTuple

import pytest
from sqlmodel import select

from archive.errors import StorageFullError
from archive.jobs import desk
from archive.jobs.desk import PlainSteps
from archive.jobs.models import Job
from archive.transcripts import batch_orders, batch_views, batches, consented
from archive.transcripts.batch_job import work_off
from archive.transcripts.batch_refusals import BatchQuotaError, BatchRoomError
from archive.transcripts.models import DocumentMaking, TranscriptFile
from archive.transcripts.own_works import press_for
from archive.transcripts.presses import lend
from schemas.vocabulary import RecordKind, RunState, Verdict
from tests.builders import NOW, TODAY
from tests.command_line import CommandLine
from tests.doors import Door
from tests.test_documents_by_consent import Company
from tests.test_documents_for_many import ZONE, office, unzipped
from tests.test_transcripts_issuing import signing_keys

__all__ = ["office", "signing_keys"]
LISTS = "/api/v1/document-lists"


class _Usage(NamedTuple):
    total: int
    used: int
    free: int


def _work_off(door: Door, batch: str) -> None:
    archive, settings = door.house.archive, door.house.settings
    now = datetime.now(UTC)
    press = press_for(settings, now=now)
    lend(archive, lambda: press)
    work_off(PlainSteps(archive, lambda: now), batch, ZONE)


def test_a_program_has_a_list_made_and_is_answered_the_same_list_again(door: Door):
    clerk, anyone = door.program("clerk"), door.visit()
    asked = {"numbers": list(door.numbers)}
    key = {"idempotency-key": "spring"}
    made = clerk.post(LISTS, json=asked, headers=key)
    assert made.status_code == 202, made.text
    own = made.headers["location"]
    again = clerk.post(LISTS, json=asked, headers=key)
    assert (again.json()["id"], again.headers["idempotent-replayed"]) == (made.json()["id"], "true")
    other = clerk.post(LISTS, json={"numbers": [door.numbers[0]]}, headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_used")
    unclear = clerk.post(LISTS, json={**asked, "by_consent": True})
    assert (unclear.status_code, unclear.json()["code"]) == (422, "document_batch_unclear")

    _work_off(door, made.json()["id"])
    told = clerk.get(own).json()
    assert (told["state"], told["ready"], told["waits_for"]) == ("done", 2, None)
    first = clerk.get(f"{own}/lines", params={"most": 1}).json()
    rest = clerk.get(f"{own}/lines", params={"after": first["next"]}).json()
    assert rest["next"] is None
    lines = [*first["lines"], *rest["lines"]]
    assert [one["archive_number"] for one in lines] == list(door.numbers)
    answer = clerk.get(f"{own}/file")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as together:
        index = together.read("index.csv").decode("utf-8-sig")
        pdfs = [together.read(one) for one in together.namelist() if one.endswith(".pdf")]
        assert together.testzip() is None
    rows = list(csv.reader(io.StringIO(index)))[1:]
    assert [row[1] for row in rows] == list(door.numbers)
    for row in rows:
        assert anyone.get(f"/api/v1/verify/{row[4]}").json()["verdict"] == Verdict.VALID
    assert len(pdfs) == 2
    assert clerk.post(f"{own}/stop").json()["code"] == "document_batch_over"
    assert clerk.get(LISTS).json()["lists"][0]["id"] == told["id"]


def test_a_list_that_the_disk_or_the_quota_has_no_room_for_is_not_begun(office, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(batch_orders, "MOST_KEPT", 2)
        with pytest.raises(BatchQuotaError):
            office.begin()
    full = _Usage(2**40, 2**40, batch_orders.RESERVE_BYTES + 2 * batch_orders.EACH_BYTES)
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "disk_usage", lambda _path: full)
        with pytest.raises(BatchRoomError) as refused:
            office.begin()
    assert refused.value.facts == {"needed": 0, "free": 0}
    assert office.begin().total == 3


@pytest.mark.parametrize("when", ["before signing", "while a file is kept"])
def test_a_list_that_meets_a_full_disk_waits_says_so_and_goes_on(office, monkeypatch, when):
    batch = office.begin()
    steps = office.steps()

    def no_room(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "no room")

    with monkeypatch.context() as patched:
        if when == "before signing":
            patched.setattr(shutil, "disk_usage", lambda _path: _Usage(2**40, 2**40, 0))
        else:
            patched.setattr(os, "fsync", no_room)
        with pytest.raises(StorageFullError):
            work_off(steps, str(batch.id), ZONE)
    folder = office.desk.archive.info["home"] / "documents"
    assert not folder.is_dir() or list(folder.iterdir()) == []
    with office.desk.archive.transaction() as session:
        (job,) = session.exec(select(Job)).all()
        desk.fail(session, job.id, StorageFullError.__qualname__, now=NOW)
    with office.desk.archive.reading() as session:
        own = batches.found(session, batch.id, by=office.clerk, now=NOW)
        view = batch_views.view_of(session, own, today=TODAY)
    assert (view.waits_for, view.ready, view.failed) == ("storage_full", 0, 0)
    assert view.waits_because is not None
    assert view.waits_because.zh
    work_off(steps, str(batch.id), ZONE)
    seen = office.seen(batch)
    assert (seen.state, seen.ready, seen.failed) == (RunState.DONE, 3, 0)


def test_a_single_document_that_meets_a_full_disk_is_refused_and_leaves_no_file(
    office, monkeypatch
):
    def no_room(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "no room")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", no_room)
        with pytest.raises(StorageFullError):
            office.desk.issue()
    assert list((office.desk.archive.info["home"] / "documents").iterdir()) == []
    with office.desk.archive.reading() as session:
        assert session.exec(select(TranscriptFile)).all() == []
        assert set(session.exec(select(DocumentMaking.fault))) == {"storage_full"}
    assert office.desk.verify(office.desk.issue().pdf).verdict is Verdict.VALID


def test_what_a_consent_leaves_no_document_of_is_told_in_its_line(office, monkeypatch):
    company = Company(office)
    company.grant(0, kinds=(RecordKind.TRAINING,), ends_on=date(1999, 1, 1))
    company.grant(1)
    monkeypatch.setattr(consented, "MOST_RECORDS", 0)
    batch = company.begin()
    work_off(office.steps(), str(batch.id), ZONE)
    codes = {one.reference: one.code for one in company.lines(batch)}
    assert codes == {"P-0": "consent_nothing_in_scope", "P-1": "consent_scope_too_wide"}


def test_a_cell_of_the_table_is_no_formula(office):
    company = Company(office)
    company.requests[0] = company.ask(0, reference="-1")
    company.grant(0)
    batch = company.begin()
    work_off(office.steps(), str(batch.id), ZONE)
    rows, _ = unzipped(office, batch)
    assert rows[0][1] == "'-1"


def test_a_list_is_begun_looked_at_fetched_and_stopped_by_commands(
    monkeypatch, sqlite_settings, office, tmp_path
):
    line = CommandLine(monkeypatch, sqlite_settings)
    file, together = tmp_path / "numbers.txt", tmp_path / "all.zip"
    file.write_text(office.numbers(), encoding="utf-8")
    told = ("document-list", "begin", "--numbers", file, "--key", "spring")
    batch = line.asked(*told)["id"]
    assert line.asked(*told)["id"] == batch
    assert line.refused(*told, "--as", "rival") == "not_allowed"
    office.steps()
    work_off(PlainSteps(office.desk.archive, lambda: datetime.now(UTC)), batch, ZONE)
    assert line.asked("document-list", "show", batch)["ready"] == 3
    assert {"已完成", "Finished"} & set(line.done("document-list", "show", batch).split())
    lines = line.asked("document-list", "lines", batch)["lines"]
    assert [one["archive_number"] for one in lines] == office.numbers().split()
    line.done("document-list", "fetch", batch, "-o", together)
    with zipfile.ZipFile(together) as found:
        assert len(found.namelist()) == 4
    assert line.refused("document-list", "stop", batch) == "document_batch_over"
    assert [one["id"] for one in line.asked("document-list", "list")["lists"]] == [batch]
    assert line.refused("document-list", "begin", "--by-consent") == "document_batch_unclear"
