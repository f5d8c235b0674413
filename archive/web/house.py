"""What every request of this process shares: settings, database, uploads, templates."""

from dataclasses import dataclass

from fastapi import Request
from starlette.datastructures import URL

from archive.db import Database
from archive.files import Uploads
from archive.settings import Settings
from archive.web.demo_banner import DemoBanner
from archive.web.templating import Templates


@dataclass(frozen=True)
class House:
    """Made once by ``create_app``."""

    settings: Settings
    archive: Database
    uploads: Uploads
    templates: Templates
    demo: DemoBanner

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
