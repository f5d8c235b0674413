"""What every request of this process shares: settings, database, uploads, templates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, partial
from ipaddress import ip_address
from typing import TYPE_CHECKING

from fastapi import Request
from sqlmodel import Session
from starlette.datastructures import URL

from archive.db import Database
from archive.dossiers.beside import Hands
from archive.files import Evidence, Uploads
from archive.limiting.limiter import Limiter
from archive.people.passkeys import Party
from archive.people.privacy import vault_of
from archive.people.vouching_service import IdentityService, Registered
from archive.scans import Scans
from archive.settings import Settings
from archive.transcripts.keyring import Keyring
from archive.transcripts.keys import KeyProvider
from archive.transcripts.trust import TrustBundle
from archive.transcripts.trusted_bodies import trust_bundle
from archive.web.demo_banner import DemoBanner
from archive.web.templating import Templates
from archive.web.turnstile import Turnstile

_PARTY_NAME = "技能人才电子档案 Skills Archive"
VOUCHING_RETURN = "/sign-in/identity/return"
"""Where browsers come back from the identity service; it is registered there."""

if TYPE_CHECKING:
    from archive.transcripts.presses import Press
    from archive.transcripts.proofs import Prover


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
    hands: Hands
    """Does what is short here, and what is long beside the server."""
    has_others: bool = False
    """Whether documents are made beside the server, too."""
    verifying: Turnstile = field(default_factory=Turnstile)
    """Bounds how many files are verified at once."""

    @cached_property
    def press(self) -> "Press":
        """What makes documents; loading it takes a second, so that it waits until it is needed."""
        told = self.settings
        if self.has_others:
            from archive.transcripts.pool import PressPool  # noqa: PLC0415
            from archive.transcripts.presses import Press  # noqa: PLC0415

            pool = PressPool(told, partial(datetime.now, UTC))
            return Press(self.keys, pool, told.public_url, told.timezone)
        from archive.transcripts.own_works import press_for  # noqa: PLC0415

        return press_for(told, now=datetime.now(UTC))

    @cached_property
    def _ring(self) -> Keyring:
        return Keyring(self.settings, now=datetime.now(UTC))

    @cached_property
    def prover(self) -> "Prover":
        """What proves single records and entries: the keys of bodies, opened in this process."""
        from archive.transcripts.proofs import Prover  # noqa: PLC0415

        told = self.settings
        return Prover(self.keys_of_house, told.signing_profile, told.public_url, told.timezone)

    def trust(self, session: Session, *, at: datetime) -> TrustBundle:
        """Return whom verifiers have to trust: the roots of all keys, and what was revoked."""
        return trust_bundle(session, self._ring, at=at)

    def keys_of_house(self, session: Session, *, now: datetime) -> "KeyProvider":
        """Return what signs for the archive as a whole; see ``house_keys``."""
        from archive.transcripts.house_keys import keys_of_house  # noqa: PLC0415  # For exports.

        return keys_of_house(session, self._ring, now=now)

    @property
    def scans(self) -> Scans:
        """Where sealed scans are kept for good."""
        return Scans(self.settings.home / "scans")

    def close(self) -> None:
        """Give all connections back."""
        self.hands.close()
        if "press" in vars(self):
            self.press.works.close()
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

    @property
    def unfinished_cookie(self) -> str:
        """The name of the cookie that an unfinished sign-in is bound to."""
        return "__Host-step" if self.is_https else "step"

    @property
    def vouching_cookie(self) -> str:
        """The name of the cookie to which a sign-in by the identity service is bound."""
        return "__Host-identity" if self.is_https else "identity"

    @cached_property
    def identity_service(self) -> IdentityService | None:
        """The city's identity service; None where none is set."""
        told = self.settings
        if not told.oidc_issuer:
            return None
        return IdentityService(
            Registered(
                issuer=told.oidc_issuer,
                client_id=told.oidc_client_id,
                secret=told.oidc_client_secret,
                secret_file=told.oidc_client_secret_file,
                scopes=told.oidc_scopes,
                returns_to=told.public_url + VOUCHING_RETURN,
                may_be_private=told.oidc_may_be_private,
            )
        )

    def form_secret(self, cookies: Mapping[str, str]) -> str | None:
        """Return what the token of a form is made of; None where nothing could be ridden on."""
        return cookies.get(self.session_cookie) or cookies.get(self.unfinished_cookie)

    @cached_property
    def party(self) -> Party | None:
        """The site as passkeys know it; None at an address of numbers, which can have none.

        On this machine alone that is ``localhost``, whatever it is called.
        """
        url = URL(self.settings.public_url)
        host = url.hostname or ""
        try:
            is_here = ip_address(host).is_loopback
        except ValueError:
            here = host
        else:
            here = "localhost" if is_here else ""
        origin = str(url.replace(hostname=here).replace(path="")).rstrip("/")
        return Party(here, origin, _PARTY_NAME) if here else None


def house_of(request: Request) -> House:
    """Return what this process shares."""
    house = request.app.state.house
    if not isinstance(house, House):
        message = "the application was not made by create_app"
        raise TypeError(message)
    return house
