"""Long lists are judged and begun in processes beside the server, with the very same answers."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select

from archive.audit.acts import Act, acting
from archive.audit.tables import ACCESS_EVENT
from archive.db import Database
from archive.dossiers import beside, intake
from archive.dossiers.beside import SHORT_BYTES, Hands
from archive.dossiers.intake import errands, run_models
from archive.dossiers.intake.posting import Sent, Times
from archive.dossiers.tables.workbooks import WorkbookBusyError
from archive.errors import NotAllowedError
from archive.files import UploadTooLargeError
from archive.people.actors import acting_as
from archive.people.trail import trail_of
from schemas.vocabulary import Permission, Role, RunMode
from tests.builders import NOW, TODAY, an_account, an_organisation
from tests.test_intake import ROW, TRAINING

LONG = SHORT_BYTES + 1
PATIENCE = 20.0
SERVER = """
import sys
from functools import partial
from pathlib import Path
from archive.dossiers.beside import Hands
from archive.people.opening import open_archive
from archive.settings import load_settings
from tests import test_beside
if __name__ == "__main__":
    settings = load_settings()
    hands = Hands(open_archive(settings), settings)
    hands.do(test_beside.LONG, partial(test_beside.wait, told=Path(sys.argv[1])))
"""


def wait(_archive: Database, *, told: Path) -> None:
    """Tell which process this is, and wait for longer than any test."""
    told.write_text(f"{os.getpid()}", encoding="ascii")
    time.sleep(10 * PATIENCE)


def die_once(_archive: Database, *, marker: Path) -> int:
    """End this process as an outer hand would, but only the first time."""
    if not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return os.getpid()


TOO_LARGE = UploadTooLargeError(megabytes=20)


def refuse(_archive: Database) -> None:
    """Refuse with a fact."""
    raise TOO_LARGE


@pytest.fixture
def hands(sqlite_settings, sqlite_archive):
    """Return hands beside this process."""
    own = Hands(sqlite_archive, sqlite_settings)
    yield own
    own.close()


def posted(archive, content):
    with archive.transaction() as session:
        organisation = an_organisation(session)
        trainer = acting_as(an_account(session, organisation=organisation))
        intake.commit(session, content, "名单.csv", organisation, by=trainer, now=NOW, today=TODAY)
    check = partial(errands.checked, content=content, choice=intake.Choice(), by=trainer)
    return partial(check, organisation_id=organisation.id, today=TODAY), trainer, organisation.id


def test_a_list_is_judged_beside_as_it_is_here_and_whose_keys_it_opened_is_told(
    hands, sqlite_archive
):
    check, trainer, _ = posted(sqlite_archive, f"{TRAINING}\n{ROW}".encode())
    here = hands.do(SHORT_BYTES, check)
    act = Act(at=NOW, action=Permission.POST_RECORD, role=Role.TRAINER, actor_id=trainer.id)
    with acting(act):
        elsewhere = hands.do(LONG, check)

    assert elsewhere == here
    assert b'"same":1' in elsewhere
    with trail_of(sqlite_archive).store.reading() as session:
        [told] = session.execute(select(ACCESS_EVENT)).all()
    assert (told.actor_id, told.action, told.people) == (trainer.id, Permission.POST_RECORD, None)
    assert told.worker_id is not None


def test_a_refusal_comes_back_as_itself_and_a_process_that_dies_is_replaced(
    hands, sqlite_archive, tmp_path
):
    check, _, _ = posted(sqlite_archive, f"{TRAINING}\n{ROW}".encode())
    with sqlite_archive.transaction() as session:
        stranger = an_organisation(session, "TP02")
    with pytest.raises(NotAllowedError):
        hands.do(LONG, partial(check, organisation_id=stranger.id))
    with pytest.raises(UploadTooLargeError) as refused:
        hands.do(LONG, refuse)
    assert (refused.value.facts, str(refused.value)) == ({"megabytes": 20}, f"{TOO_LARGE}")

    survivor = hands.do(LONG, partial(die_once, marker=tmp_path / "died"))
    assert survivor != os.getpid()
    assert b'"same":1' in hands.do(LONG, check)


def test_a_list_begun_twice_because_a_process_died_is_one_run(hands, sqlite_archive):
    _, trainer, organisation_id = posted(sqlite_archive, b"\n")
    sent = Sent("a.csv", f"{TRAINING}\n{ROW}".encode(), organisation_id, mode=RunMode.GOOD)
    times = Times(partial(datetime.now, UTC), UTC)
    post = partial(errands.posted, sent=sent, by=trainer, times=times, at_once=0)
    first, second = hands.do(LONG, post), hands.do(0, post)

    assert first.left_to_job == second.left_to_job is not None
    with sqlite_archive.reading() as session:
        runs = select(func.count()).select_from(run_models.IntakeRun)
        assert session.execute(runs).scalar_one() == 1


def test_a_list_is_refused_while_too_many_wait(sqlite_settings, sqlite_archive, monkeypatch):
    monkeypatch.setattr(beside, "MOST_WAITING", 0)
    with pytest.raises(WorkbookBusyError):
        Hands(sqlite_archive, sqlite_settings).do(LONG, refuse)


def test_no_process_outlives_a_server_that_was_killed(sqlite_settings, tmp_path):
    program, told = tmp_path / "server.py", tmp_path / "told"
    program.write_text(SERVER, encoding="utf-8")
    environment = os.environ | {
        "ARCHIVE_HOME": str(sqlite_settings.home),
        "PYTHONPATH": f"{Path(__file__).parent.parent}",
    }
    with subprocess.Popen([sys.executable, str(program), str(told)], env=environment) as server:
        child = int(_soon(lambda: told.exists() and told.read_text(encoding="ascii")))
        server.kill()
    assert _soon(lambda: not Path(f"/proc/{child}").exists())


def _soon(found):
    deadline = time.monotonic() + PATIENCE
    while not (seen := found()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return seen
