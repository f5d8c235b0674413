"""Opening the store of an archive: where its counts are kept."""

from collections.abc import Callable

from archive.db import Database
from archive.jobs.slots import beside
from archive.limiting.limiter import Limiter
from archive.limiting.store import FILE_NAME, SqlStorage


def open_limiter(
    archive: Database, digest: Callable[[str], bytes], clock: Callable[[], float]
) -> Limiter:
    """Return the limiter of an archive; ``clock`` tells seconds since 1970."""
    url = archive.engine.url
    if url.get_backend_name() == "sqlite":
        url = url.set(database=str(beside(archive, FILE_NAME)))
    return Limiter(SqlStorage(url, digest, clock), clock)
