"""Tables of signing in by an identity service: attempts under way, and who is whose account.

No subject, nonce or verifier of PKCE stands here: only digests.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from credit_bank.columns import UtcTime


class IdentityAttempt(SQLModel, table=True):
    """A sign-in for which a browser was sent to the identity service; good for one return."""

    __tablename__ = "identity_attempt"

    state_digest: bytes = Field(primary_key=True, sa_type=LargeBinary)
    browser_digest: bytes = Field(sa_type=LargeBinary)
    """Of the token in the browser's cookie, from which nonce and verifier are derived."""
    goal: str
    """The page of ours that was asked for; empty for none."""
    asked_at: datetime = Field(sa_type=UtcTime)
    expires_at: datetime = Field(sa_type=UtcTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcTime)


class IdentityBinding(SQLModel, table=True):
    """Whose account a subject of an identity service is."""

    __tablename__ = "identity_binding"
    __table_args__ = (UniqueConstraint("account_id", "issuer"),)

    subject_digest: bytes = Field(primary_key=True, sa_type=LargeBinary)
    """Keyed, of issuer and subject."""
    issuer: str
    account_id: UUID = Field(foreign_key="account.id")
    bound_at: datetime = Field(sa_type=UtcTime)
