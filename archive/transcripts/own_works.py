"""Laying out and signing in this very process: for commands, tests, and the processes of a pool."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from archive.transcripts.keys import KeyProvider
from archive.transcripts.payload import Payload
from archive.transcripts.pdf import Renderer, WeasyRenderer
from archive.transcripts.presses import Press
from archive.transcripts.providing import signing_keys
from archive.transcripts.signing import PadesSigner, SignedFile, Signer
from schemas.keys import SigningProfile

if TYPE_CHECKING:
    from archive.settings import Settings


@dataclass(frozen=True)
class OwnWorks:
    """A renderer and a signer of this process; whoever asks waits for the one before."""

    renderer: Renderer
    signer: Signer

    def place(self) -> AbstractContextManager[None]:
        """Hold a place: there is always one."""
        return nullcontext()

    def make(self, payload: Payload, *, at: datetime) -> SignedFile:
        """Return the signed file of a payload."""
        return self.signer.sign(self.renderer.render(payload, seal=None), at=at)

    def warm(self) -> None:
        """Get ready: it is, once it was loaded."""

    def close(self) -> None:
        """Give back what is held: nothing."""


def press(
    keys: KeyProvider,
    *,
    base_url: str,
    timezone: str,
    profile: SigningProfile = SigningProfile.B_LTA,
) -> Press:
    """Return the press of this process; keep it."""
    works = OwnWorks(WeasyRenderer(), PadesSigner(keys, profile=profile))
    return Press(keys, works, base_url, timezone)


def press_for(settings: "Settings", *, now: datetime) -> Press:
    """Return a press as the settings have it."""
    return press(
        signing_keys(settings, now=now),
        base_url=settings.public_url,
        timezone=settings.timezone,
        profile=settings.signing_profile,
    )
