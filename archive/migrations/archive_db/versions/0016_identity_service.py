"""Signing in by an identity service: attempts under way, and who is whose account."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "identity_attempt",
        sa.Column("state_digest", sa.LargeBinary(), nullable=False),
        sa.Column("browser_digest", sa.LargeBinary(), nullable=False),
        sa.Column("goal", sa.String(), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("used_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("state_digest", name=op.f("pk_identity_attempt")),
    )
    op.create_table(
        "identity_binding",
        sa.Column("subject_digest", sa.LargeBinary(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("bound_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_identity_binding_account_id")
        ),
        sa.PrimaryKeyConstraint("subject_digest", name=op.f("pk_identity_binding")),
        sa.UniqueConstraint(
            "account_id", "issuer", name=op.f("uq_identity_binding_account_id_issuer")
        ),
    )
