"""Second factors, unfinished sign-ins, counted attempts; sessions know device and proof."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables; every browser signs in again, programs keep their tokens."""
    sign_in = sa.table("sign_in", sa.column("is_bearer", sa.Boolean()))
    op.execute(sa.delete(sign_in).where(sa.not_(sign_in.c.is_bearer)))
    with op.batch_alter_table("sign_in") as batch:
        batch.add_column(sa.Column("device", sa.String(length=40), nullable=True))
        batch.add_column(sa.Column("proved_at", _MOMENT, nullable=True))
    _codes()
    _passkeys()
    _unfinished()
    op.create_table(
        "attempts",
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("waits", sa.Integer(), nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
        sa.Column("until", _MOMENT, nullable=True),
        sa.Column("tried_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_attempts")),
    )


def _codes() -> None:
    op.create_table(
        "totp",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        _of_account("totp"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_totp")),
    )
    op.create_table(
        "totp_step",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=False),
        _of_account("totp_step"),
        sa.PrimaryKeyConstraint("account_id", "step", name=op.f("pk_totp_step")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", _MOMENT, nullable=True),
        _of_account("recovery_code"),
        sa.PrimaryKeyConstraint("account_id", "digest", name=op.f("pk_recovery_code")),
    )


def _passkeys() -> None:
    op.create_table(
        "passkey",
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("used_at", _MOMENT, nullable=True),
        _of_account("passkey"),
        sa.PrimaryKeyConstraint("credential_id", name=op.f("pk_passkey")),
    )
    op.create_index(op.f("ix_passkey_account_id"), "passkey", ["account_id"])


def _unfinished() -> None:
    op.create_table(
        "unfinished_sign_in",
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("challenge", sa.LargeBinary(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        _of_account("unfinished_sign_in"),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_unfinished_sign_in")),
    )
    op.create_index(op.f("ix_unfinished_sign_in_account_id"), "unfinished_sign_in", ["account_id"])


def _of_account(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_account_id")
    return sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=name)
