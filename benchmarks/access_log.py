"""Verification and share pages a second with the access log, against the same without it.

A server of its own for each measurement, sixteen visitors who never wait, both databases with
real flushes to disk. The counters of requests are left out on both sides: they would refuse
one address that asks so often, and would hide what the log costs.
"""

import http.client
import os
import re
import subprocess
import sys
import threading
import time
from statistics import median

from archive.migrations.running import upgrade
from archive.people.opening import open_archive
from archive.settings import Settings
from benchmarks._serving import on_postgresql, on_sqlite, read_page, wait_until_served
from tests.builders import NOW
from tests.doors import a_door

VISITORS = 16
SECONDS = 4.0
ROUNDS = 3
_SERVER = """
import contextlib, signal, sys, uvicorn
from archive.audit.group_commit import AccessLog
from archive.settings import Settings
from archive.web import app, audiences
audiences.count = lambda *_: None
commits, rows, commit = 0, 0, AccessLog._commit
def counted(self, batch):
    global commits, rows
    commits, rows = commits + 1, rows + len(batch)
    commit(self, batch)
AccessLog._commit = counted
if sys.argv[3] == "without":
    AccessLog.write = lambda self, rows: None
settings = Settings(home=sys.argv[1], database_url=sys.argv[2], demo=False)
config = uvicorn.Config(
    app.create_app(settings), port=int(sys.argv[4]), log_config=None, access_log=False
)
server = uvicorn.Server(config)
server.capture_signals = contextlib.nullcontext
signal.signal(signal.SIGTERM, lambda *_: setattr(server, "should_exit", True))
server.run()
print(f"{commits} {rows}")
"""


def main() -> None:
    """Measure on both databases, alternately with and without."""
    for name, made in (("SQLite", on_sqlite()), ("PostgreSQL", on_postgresql())):
        with made as settings:
            for page, path in _pages(settings).items():
                _compare(f"{name}, {page}", settings, path)


def _compare(name: str, settings: Settings, path: str) -> None:
    found: dict[str, list[float]] = {"with": [], "without": []}
    for _ in range(ROUNDS):
        for mode, rates in found.items():
            rate, told = _measured(settings, path, mode)
            rates.append(rate)
            print(f"  {name} {mode:8} {rate:7.0f} pages a second{told}")
    ratio = median(found["with"]) / median(found["without"])
    print(f"{name}: {ratio:.0%} of the pages without the log (wanted: 60 % or more)")


def _pages(settings: Settings) -> dict[str, str]:
    """Make an archive with a transcript and a share; return the pages that show them."""
    archive = open_archive(settings)
    upgrade(archive, now=NOW)
    archive.close()
    door = a_door(settings)
    made = door.visit("worker").post("/me/transcript", data={"language": "zh"})
    assert made.status_code == 200  # noqa: PLR2004  # Done.
    told = {"for_whom": "示范用人单位", "purpose": "应聘", "part": "whole", "levels": "yes"}
    shared = door.visit("worker").post("/me/shares/new", data=told)
    token = re.search(r"/s/([A-Za-z0-9_-]{43})<", shared.text)
    assert token
    door.house.close()
    return {
        "verification": f"/verify/{made.headers['x-transcript-code']}",
        "share": f"/s/{token[1]}",
    }


def _measured(settings: Settings, path: str, mode: str) -> tuple[float, str]:
    port = 18_000 + os.getpid() % 2_000
    words = [str(settings.home), settings.database_url, mode, str(port)]
    server = subprocess.Popen(
        [sys.executable, "-c", _SERVER, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        wait_until_served(port, path)
        rate = _visited(port, path)
    finally:
        server.terminate()
        told, _ = server.communicate(timeout=30)
    commits, rows = map(int, told.split()[-2:]) if told.split() else (0, 0)
    return rate, f", {rows / commits:.1f} events a commit" if commits else ""


def _visited(port: int, path: str) -> float:
    ends, counts = time.perf_counter() + SECONDS, [0] * VISITORS

    def visit(at: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while time.perf_counter() < ends:
            read_page(connection, path)
            counts[at] += 1

    began = time.perf_counter()
    threads = [threading.Thread(target=visit, args=(at,)) for at in range(VISITORS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return sum(counts) / (time.perf_counter() - began)
