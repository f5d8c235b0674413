"""A document that is killed at any point leaves register and files consistent."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from archive.transcripts import makings
from archive.transcripts.issuing import Issued, issue
from archive.transcripts.kept import FOLDER, kept_documents
from archive.transcripts.models import DocumentMaking, Transcript, TranscriptFile
from schemas.documents import DocumentAsked
from schemas.vocabulary import DocumentState
from tests.issue_kill_driver import POINTS
from tests.test_transcripts_issuing import a_desk, signing_keys

__all__ = ["signing_keys"]
REGISTERED = {"after the register"}
KEPT = {"after the file is kept", "before the register is committed", *REGISTERED}


@pytest.mark.parametrize("point", POINTS)
def test_whenever_an_issue_is_killed_every_file_has_its_line_and_every_line_its_file(
    point, sqlite_archive, sqlite_settings, signing_keys
):
    desk = a_desk(sqlite_archive, signing_keys)
    environment = os.environ | {"ARCHIVE_HOME": str(sqlite_settings.home)}
    command = [sys.executable, "-m", "tests.issue_kill_driver", str(desk.worker_id), point]
    killed = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr

    folder = sqlite_settings.home / FOLDER
    later = datetime.now(UTC) + timedelta(hours=2)
    found = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    assert bool(found) == (point in KEPT)
    with desk.archive.reading() as session:
        assert len(session.exec(select(Transcript)).all()) == 1  # The intent, before all else.
    with desk.archive.transaction() as session:
        makings.close_left(session, now=later)
        kept_documents(session).sweep(session, now=later)
        lines = [
            f"{one.transcript_id.hex}-{one.sha256.hex()}"
            for one in session.exec(select(TranscriptFile))
        ]
        (state,) = session.exec(select(DocumentMaking.state))
    left = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    assert left == lines == (found if point in REGISTERED else [])
    assert state == (DocumentState.READY if point in REGISTERED else DocumentState.FAILED)

    again = issue(
        desk.archive, desk.worker_id, DocumentAsked(), by=desk.clerk, now=later, using=desk.press
    )
    assert isinstance(again, Issued)
