"""A list of documents whose job is killed in the midst ends whole: each line one document."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest
from sqlmodel import select

from archive.people.opening import open_archive
from archive.settings import Settings
from archive.transcripts.batches import items_of
from archive.transcripts.kept import FOLDER
from archive.transcripts.models import DocumentMaking, Transcript, TranscriptFile
from schemas.vocabulary import DocumentState, RunState
from tests.test_documents_for_many import Office, unzipped
from tests.test_transcripts_issuing import a_desk, signing_keys

__all__ = ["signing_keys"]
PATIENCE = 30.0


def _jobs(settings: Settings, fatal: int) -> "subprocess.Popen[bytes]":
    told = {"ARCHIVE_HOME": str(settings.home), "ARCHIVE_DATABASE_URL": settings.database_url}
    command = [sys.executable, "-m", "tests.list_kill_driver", str(fatal)]
    return subprocess.Popen(command, env=os.environ | told)


def _is_whole_after_a_kill(office: Office, settings: Settings) -> None:
    """Kill the jobs when the third of three is signed and not registered; see the list end."""
    batch = office.begin()
    assert _jobs(settings, 3).wait(PATIENCE) == -signal.SIGKILL
    between = office.seen(batch)
    assert (between.state, between.ready) == (RunState.RUNNING, 2)
    again, until = _jobs(settings, 0), time.monotonic() + PATIENCE
    try:
        while office.seen(batch).state is not RunState.DONE:
            assert time.monotonic() < until
            time.sleep(0.05)
    finally:
        again.terminate()
        again.wait(PATIENCE)

    with office.desk.archive.reading() as session:
        items = items_of(session, batch.id)
        files = session.exec(select(TranscriptFile)).all()
        intents = set(session.exec(select(Transcript.id)))
        states = Counter(session.exec(select(DocumentMaking.state)))
    assert {one.state for one in items} == {DocumentState.READY}
    assert intents == {one.transcript_id for one in items}
    assert states == {DocumentState.READY: 3}
    lines = {f"{one.transcript_id.hex}-{one.sha256.hex()}" for one in files}
    assert len(files) == len(lines) == len(intents) == 3
    assert {path.name for path in (settings.home / FOLDER).iterdir()} == lines
    assert len(unzipped(office, batch)[1]) == 3


@pytest.mark.slow
def test_a_list_whose_job_is_killed_has_one_document_and_one_line_of_each(
    sqlite_archive, sqlite_settings, signing_keys
):
    _is_whole_after_a_kill(Office(a_desk(sqlite_archive, signing_keys)), sqlite_settings)


@pytest.mark.soak
def test_so_it_has_on_each_database(settings, signing_keys):
    archive = open_archive(settings)
    try:
        _is_whole_after_a_kill(Office(a_desk(archive, signing_keys)), settings)
    finally:
        archive.close()
