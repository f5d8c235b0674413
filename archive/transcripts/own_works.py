"""Laying out and signing in this very process: for commands, tests, and the processes of a pool."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from archive.transcripts.keyring import Keyring
from archive.transcripts.keys import KeyProvider
from archive.transcripts.orders import KeyOrder, Order
from archive.transcripts.payload import Payload
from archive.transcripts.pdf import Renderer, WeasyRenderer
from archive.transcripts.presses import Press
from archive.transcripts.signing import PadesSigner, SignedFile, Signer
from archive.transcripts.signing_refusals import SigningUnavailableError
from schemas.keys import SigningProfile

if TYPE_CHECKING:
    from archive.settings import Settings


class BodySigners:
    """Opens the keys of bodies and keeps what signs with them."""

    def __init__(self, ring: Keyring, profile: SigningProfile) -> None:
        """Take where keys are opened, and in which profile is signed."""
        self._ring = ring
        self._profile = profile
        self._signers: dict[str, Signer] = {}

    def signer_of(self, key: KeyOrder, *, at: datetime) -> Signer:
        """Return what signs with a key; raises SigningUnavailableError and refusals of keys."""
        if key.fingerprint not in self._signers:
            keys = self._ring.opened(key, now=at)
            self._signers[key.fingerprint] = PadesSigner(keys, profile=self._profile)
        return self._signers[key.fingerprint]


@dataclass(frozen=True)
class OwnWorks:
    """A renderer and a signer of this process; whoever asks waits for the one before."""

    renderer: Renderer
    signer: Signer
    of_bodies: BodySigners | None = None
    """What opens the keys of bodies; None where only the key of the press signs."""

    def place(self) -> AbstractContextManager[None]:
        """Hold a place: there is always one."""
        return nullcontext()

    def make(self, payload: Payload, *, at: datetime, order: Order) -> SignedFile:
        """Return the signed file of a payload, under the key and the seal of its order."""
        signer = self._signer_of(order, at)  # Before the work of laying it out.
        return signer.sign(self.renderer.render(payload, seal=order.seal), at=at)

    def warm(self) -> None:
        """Get ready: it is, once it was loaded."""

    def close(self) -> None:
        """Give back what is held: nothing."""

    def _signer_of(self, order: Order, at: datetime) -> Signer:
        if order.key is None:
            return self.signer
        if self.of_bodies is None:
            raise SigningUnavailableError
        return self.of_bodies.signer_of(order.key, at=at)


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
    ring = Keyring(settings, now=now)
    works = OwnWorks(
        WeasyRenderer(),
        PadesSigner(ring.fallback, profile=settings.signing_profile),
        BodySigners(ring, settings.signing_profile),
    )
    return Press(ring.fallback, works, settings.public_url, settings.timezone)
