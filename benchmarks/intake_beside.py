"""How long a page of strangers takes while a list of 20,000 rows is checked and written.

A server with its processes beside it, one visitor of the public verification page who comes
twenty times a second, both databases with real flushes to disk. Wanted: the 95th percentile
under twice that of an idle archive, and the server's memory up by 100 MB at most.
"""

import http.client
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from typing import Any

from archive.migrations.running import upgrade
from archive.people.opening import open_archive
from archive.settings import Settings
from benchmarks._serving import on_postgresql, on_sqlite, read_page, wait_until_served
from benchmarks.intake_check import training_list
from tests.builders import NOW
from tests.doors import a_door

ROWS = 20_000
IDLE_SECONDS = 10.0
EVERY_SECONDS = 0.05
_SERVER = """
import signal, sys, uvicorn, contextlib
from archive.cli.job_process import working
from archive.settings import load_settings
from archive.web import app, audiences
audiences.count = lambda *_: None
served = app.create_app(load_settings(), has_others=True)
config = uvicorn.Config(served, port=int(sys.argv[1]), log_config=None, access_log=False)
server = uvicorn.Server(config)
server.capture_signals = contextlib.nullcontext
signal.signal(signal.SIGTERM, lambda *_: setattr(server, "should_exit", True))
with working():
    server.run()
"""


def main() -> None:
    """Measure on both databases."""
    content = training_list(ROWS)
    for name, made in (("SQLite", on_sqlite()), ("PostgreSQL", on_postgresql())):
        with made as settings:
            _measure(name, settings, content)


def _measure(name: str, settings: Settings, content: bytes) -> None:
    path, token = _archive(settings)
    with _served(settings) as (port, process):
        wait_until_served(port, path, visits=20)
        idle = _p95(_visits(port, path, lambda: time.sleep(IDLE_SECONDS)))
        before = _memory(process)
        posted: list[Any] = []
        checking = _visits(port, path, lambda: _post(port, token, content, "?commit=false"))
        writing = _visits(port, path, lambda: posted.append(_written(port, token, content)))
        after = _memory(process, peak=True)
    assert posted[0]["written"] == ROWS, posted
    print(f"{name}: {ROWS:,} rows, a visitor every {EVERY_SECONDS * 1000:.0f} ms")
    print(f"  p95 idle {idle * 1000:.0f} ms")
    for what, times in (("checked", checking), ("written", writing)):
        took = _p95(times)
        print(
            f"  p95 while it is {what} {took * 1000:.0f} ms: {took / idle:.2f} x "
            f"(wanted: under 2; {len(times)} visits)"
        )
    print(f"  the server's memory {before} MB, at most {after} MB: +{after - before} MB")


def _written(port: int, token: str, content: bytes) -> dict[str, Any]:
    """Post the list, and wait until the job has written it."""
    told = _post(port, token, content, "?commit=true")
    while told["state"] in {"waiting", "running"}:
        time.sleep(0.5)
        told = _asked(port, "GET", f"/api/v1/intake/runs/{told['id']}", token)
    return told


def _visits(port: int, path: str, work: Callable[[], object]) -> list[float]:
    """Return how long each visit of the page took while some work was done."""
    times: list[float] = []
    done = threading.Event()

    def visit() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while not done.is_set():
            began = time.perf_counter()
            read_page(connection, path)
            times.append(time.perf_counter() - began)
            time.sleep(max(0.0, EVERY_SECONDS - times[-1]))

    visitor = threading.Thread(target=visit)
    visitor.start()
    try:
        work()
    finally:
        done.set()
        visitor.join()
    return times


def _p95(times: Sequence[float]) -> float:
    return quantiles(times, n=20)[-1]


def _memory(process: int, *, peak: bool = False) -> int:
    """Return the memory of a process in MB, now or at its most."""
    told = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    found = re.search(rf"{'VmHWM' if peak else 'VmRSS'}:\s+(\d+)", told)
    return int(found[1]) // 1024 if found else 0


def _post(port: int, token: str, content: bytes, query: str) -> dict[str, Any]:
    mark = "----list"
    body = (
        (
            f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="list.xlsx"\r\n\r\n'
        ).encode()
        + content
        + f"\r\n--{mark}--\r\n".encode()
    )
    kind = {"Content-Type": f"multipart/form-data; boundary={mark}"}
    return _asked(port, "POST", f"/api/v1/intake{query}", token, body, kind)


def _asked(  # Where, what, as whom, with what.
    port: int,
    method: str,
    path: str,
    token: str,
    body: bytes | None = None,
    more: dict[str, str] | None = None,
) -> dict[str, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    connection.request(method, path, body, {"Authorization": token} | (more or {}))
    told: dict[str, Any] = json.loads(connection.getresponse().read())
    return told


def _archive(settings: Settings) -> tuple[str, str]:
    """Make an archive with a transcript; return its page, and a trainer's token."""
    archive = open_archive(settings)
    upgrade(archive, now=NOW)
    archive.close()
    door = a_door(settings)
    made = door.visit("worker").post("/me/transcript", data={"language": "zh"})
    token = door.program("trainer").headers["authorization"]
    door.house.close()
    return f"/verify/{made.headers['x-transcript-code']}", token


@contextmanager
def _served(settings: Settings) -> Iterator[tuple[int, int]]:
    """Yield port and process of a server."""
    port = 18_000 + os.getpid() % 2_000
    environment = os.environ | {
        "ARCHIVE_HOME": str(settings.home),
        "ARCHIVE_DATABASE_URL": settings.database_url,
        "ARCHIVE_DEMO": "0",
    }
    server = subprocess.Popen(
        [sys.executable, "-c", _SERVER, str(port)], env=environment, stderr=subprocess.DEVNULL
    )
    try:
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(timeout=60)


if __name__ == "__main__":
    main()
