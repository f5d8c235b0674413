"""Sign-ins that went to the identity service: begun in a browser, finished in it, once.

The browser keeps a random token; nonce and PKCE verifier are derived from it and the state,
so that the archive keeps digests only, and neither can be had without that very browser.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import Session, col

from archive.people.sessions import digest_of, new_token
from archive.people.vouching_models import IdentityAttempt
from archive.people.vouching_refusals import (
    VouchingStateExpiredError,
    VouchingStateUnknownError,
    VouchingStateUsedError,
)

LASTS = timedelta(minutes=10)
_REMEMBERED = timedelta(hours=1)
"""So long an attempt that is over is told from one that never was."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sign-in under way; none of it is kept or logged."""

    browser: str
    """The token of the browser's cookie."""
    state: str
    goal: str = ""

    @property
    def nonce(self) -> str:
        """What the identity service's token must repeat."""
        return self._derived(b"nonce")

    @property
    def verifier(self) -> str:
        """What proves to the identity service that the code comes from who asked (RFC 7636)."""
        return self._derived(b"verifier")

    @property
    def challenge(self) -> str:
        """The verifier's S256 challenge (RFC 7636, section 4.2)."""
        return _text(hashlib.sha256(self.verifier.encode()).digest())

    def _derived(self, use: bytes) -> str:
        return _text(
            hmac.digest(self.browser.encode(), use + b"\0" + self.state.encode(), "sha256")
        )


def begin(session: Session, goal: str, *, now: datetime) -> Attempt:
    """Begin a sign-in that goes on to ``goal``, a path of ours or empty."""
    session.exec(delete(IdentityAttempt).where(col(IdentityAttempt.expires_at) < now - _REMEMBERED))
    attempt = Attempt(new_token(), new_token(), goal)
    session.add(
        IdentityAttempt(
            state_digest=digest_of(attempt.state),
            browser_digest=digest_of(attempt.browser),
            goal=goal,
            asked_at=now,
            expires_at=now + LASTS,
        )
    )
    session.flush()
    return attempt


def use_up(session: Session, browser: str, state: str, *, now: datetime) -> Attempt:
    """Take a browser back, once; commit before anything else is judged.

    Raises VouchingStateUnknownError, also in another browser, where nothing is used up;
    VouchingStateUsedError; VouchingStateExpiredError.
    """
    kept = session.get(IdentityAttempt, digest_of(state))
    if kept is None or not hmac.compare_digest(kept.browser_digest, digest_of(browser)):
        raise VouchingStateUnknownError
    mine = (
        col(IdentityAttempt.state_digest) == kept.state_digest,
        col(IdentityAttempt.used_at).is_(None),
    )
    if session.exec(update(IdentityAttempt).where(*mine).values(used_at=now)).rowcount != 1:
        raise VouchingStateUsedError
    if now >= kept.expires_at:
        raise VouchingStateExpiredError
    return Attempt(browser, state, kept.goal)


def _text(digest: bytes) -> str:
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
