"""Whatever kills the server: what was answered was logged before."""

import http.client
import os
import signal
import subprocess
import threading
import time
from contextlib import closing, suppress

import pytest
from sqlalchemy import func, select

from archive.audit.tables import ACCESS_EVENT
from archive.people.opening import open_archive
from archive.people.trail import trail_of
from tests.doors import a_door
from tests.serving import COMMAND, _free_port

VISITORS = 6


@pytest.mark.slow
def test_a_server_killed_between_answers_leaves_no_answer_unlogged(sqlite_settings):
    door = a_door(sqlite_settings)
    token, number = door.token("worker"), door.numbers[0]
    door.house.close()
    port = _free_port()
    environment = os.environ | {
        "ARCHIVE_HOME": str(sqlite_settings.home),
        "ARCHIVE_PORT": str(port),
        "ARCHIVE_DEMO": "0",
    }
    server = subprocess.Popen(
        [str(COMMAND), "serve"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    answered: list[int] = []

    def visit() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            while True:
                path = f"/api/v1/workers/{number}/dossier"
                connection.request("GET", path, headers={"cookie": f"session={token}"})
                answer = connection.getresponse()
                answer.read()
                answered.append(answer.status)
        except (OSError, http.client.HTTPException):
            connection.close()

    _wait(port)
    threads = [threading.Thread(target=visit) for _ in range(VISITORS)]
    for one in threads:
        one.start()
    time.sleep(3)
    server.send_signal(signal.SIGKILL)
    server.wait()
    for one in threads:
        one.join()

    archive = open_archive(sqlite_settings)
    with trail_of(archive).store.reading() as session:
        logged = session.execute(select(func.count()).select_from(ACCESS_EVENT)).scalar_one()
    archive.close()
    read = answered.count(200)
    assert read > VISITORS
    assert read <= logged <= read + VISITORS


def _wait(port: int) -> None:
    for _ in range(450):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        with suppress(OSError), closing(connection):
            connection.request("GET", "/healthz")
            return
        time.sleep(0.2)
    raise TimeoutError
