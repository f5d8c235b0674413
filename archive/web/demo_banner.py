"""Whether demo data is in the archive, so that every page says so."""

import threading
import time

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

from archive.db import Database
from archive.people.models import Organisation

_REMEMBERED_SECONDS = 30.0


class DemoBanner:
    """Asks the database now and then; a page costs no statement for its banner."""

    def __init__(self, archive: Database) -> None:
        """Take the database."""
        self._archive = archive
        self._lock = threading.Lock()
        self._until = 0.0
        self._is_there = False

    def is_there(self) -> bool:
        """Whether an organisation of the demo district exists.

        One thread asks; the others go by the last answer, as they may hold the very
        connections that it waits for.
        """
        if time.monotonic() >= self._until and self._lock.acquire(blocking=False):
            try:
                self._is_there = self._asked()
                self._until = time.monotonic() + _REMEMBERED_SECONDS
            finally:
                self._lock.release()
        return self._is_there

    def _asked(self) -> bool:
        query = select(Organisation.id).where(col(Organisation.is_demo)).limit(1)
        try:
            with self._archive.reading() as session:
                return session.exec(query).first() is not None
        except SQLAlchemyError:
            return self._is_there  # The page that says what is wrong must not fail of its banner.
