"""Archives for servers of their own, and their visitors; what is measured stands elsewhere."""

import http.client
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.settings import Settings
from tests.postgres import databases


@contextmanager
def on_sqlite() -> Iterator[Settings]:
    """Yield settings of an archive that does not exist yet, with real flushes to disk."""
    with tempfile.TemporaryDirectory() as folder:
        yield Settings(home=Path(folder), demo=False)


@contextmanager
def on_postgresql() -> Iterator[Settings]:
    """Yield the same on PostgreSQL."""
    with databases("bench", lasts=True) as (url,), tempfile.TemporaryDirectory() as folder:
        yield Settings(home=Path(folder), database_url=url, demo=False)


def read_page(connection: http.client.HTTPConnection, path: str) -> None:
    """Read a page to its end; it must be there."""
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200, answer.status  # noqa: PLR2004  # Done.


def wait_until_served(port: int, path: str, *, visits: int = 1) -> None:
    """Visit a page of this machine until it was answered so often. Raises TimeoutError."""
    for _ in range(300):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            for _ in range(visits):
                read_page(connection, path)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError
