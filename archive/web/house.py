"""What every request of this process shares: settings, database, uploads, templates."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from fastapi import Request
from starlette.datastructures import URL

from archive.db import Database
from archive.files import Evidence, Uploads
from archive.limiting.limiter import Limiter
from archive.people.privacy import vault_of
from archive.settings import Settings
from archive.transcripts.keys import KeyProvider
from archive.web.demo_banner import DemoBanner
from archive.web.templating import Templates

if TYPE_CHECKING:
    from archive.transcripts.issuing import Press


@dataclass(frozen=True)
class House:
    """Made once by ``create_app``."""

    settings: Settings
    archive: Database
    uploads: Uploads
    evidence: Evidence
    templates: Templates
    demo: DemoBanner
    keys: KeyProvider
    limiter: Limiter

    @cached_property
    def press(self) -> "Press":
        """What makes documents; loading it takes a second, so that it waits until it is needed."""
        from archive.transcripts.issuing import press  # noqa: PLC0415

        return press(self.keys, base_url=self.settings.public_url, timezone=self.settings.timezone)

    def close(self) -> None:
        """Give all connections back."""
        self.limiter.storage.close()
        vault_of(self.archive).store.close()
        self.archive.close()

    @property
    def is_https(self) -> bool:
        """Whether strangers reach us encrypted, so that cookies may insist on it."""
        return URL(self.settings.public_url).scheme == "https"

    @property
    def session_cookie(self) -> str:
        """The session cookie's name; browsers protect one with this prefix, but only on https."""
        return "__Host-session" if self.is_https else "session"


def house_of(request: Request) -> House:
    """Return what this process shares."""
    house = request.app.state.house
    if not isinstance(house, House):
        message = "the application was not made by create_app"
        raise TypeError(message)
    return house
