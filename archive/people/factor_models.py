"""Tables of second factors, unfinished sign-ins and refused attempts.

No secret stands here in clear: what must be read again is sealed under the account's own
key, what is only compared is kept as a digest.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, LargeBinary
from sqlmodel import Field, SQLModel

from credit_bank.columns import UtcTime


class Totp(SQLModel, table=True):
    """The secret that an account shares with an authenticator app; at most one an account."""

    __tablename__ = "totp"

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    secret: bytes = Field(sa_type=LargeBinary)
    """Sealed."""
    created_at: datetime = Field(sa_type=UtcTime)


class TotpStep(SQLModel, table=True):
    """A step of thirty seconds whose code was accepted: it is never accepted again."""

    __tablename__ = "totp_step"

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    step: int = Field(primary_key=True, sa_type=BigInteger)


class RecoveryCode(SQLModel, table=True):
    """A code on paper for the day on which the phone is gone; each works once."""

    __tablename__ = "recovery_code"

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    digest: bytes = Field(primary_key=True, sa_type=LargeBinary)
    used_at: datetime | None = Field(default=None, sa_type=UtcTime)


class Passkey(SQLModel, table=True):
    """A key pair whose private half never leaves its owner's device."""

    __tablename__ = "passkey"

    credential_id: bytes = Field(primary_key=True, sa_type=LargeBinary)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    public_key: bytes = Field(sa_type=LargeBinary)
    sign_count: int = Field(sa_type=BigInteger)
    name: bytes = Field(sa_type=LargeBinary)
    """What its owner calls it; sealed, because people write names."""
    created_at: datetime = Field(sa_type=UtcTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcTime)


class UnfinishedSignIn(SQLModel, table=True):
    """A sign-in, or the enrolment of a factor, between two of its steps; opens no page else."""

    __tablename__ = "unfinished_sign_in"

    token_digest: bytes = Field(primary_key=True, sa_type=LargeBinary)
    account_id: UUID | None = Field(default=None, foreign_key="account.id", index=True)
    """None until a passkey tells whose sign-in it is."""
    challenge: bytes = Field(sa_type=LargeBinary)
    """What a passkey must sign; used once."""
    secret: bytes | None = Field(default=None, sa_type=LargeBinary)
    """The secret of an authenticator app that is not enrolled yet; sealed."""
    tries: int = 0
    created_at: datetime = Field(sa_type=UtcTime)
    expires_at: datetime = Field(sa_type=UtcTime)


class Attempts(SQLModel, table=True):
    """What failed lately for one name, whether or not there is an account of that name."""

    __tablename__ = "attempts"

    subject: bytes = Field(primary_key=True, sa_type=LargeBinary)
    """A keyed digest: the table tells no name that someone typed."""
    failures: int = 0
    """Since ``since``, and since the last wait began."""
    waits: int = 0
    """How often it had to wait already; each wait is longer."""
    since: datetime = Field(sa_type=UtcTime)
    until: datetime | None = Field(default=None, sa_type=UtcTime)
    tried_at: datetime = Field(sa_type=UtcTime)
