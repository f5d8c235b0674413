"""Verification reports are issued as documents of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0037"
branch_labels = None
depends_on = None

_WORDS = {
    "language": ("zh", "en", "both"),
    "verdict": ("valid", "past_validity", "revoked", "differs", "cannot_check"),
}


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "report_intent",
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("issuer_id", sa.Uuid(), nullable=False),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("signer", sa.String(length=64), nullable=False),
        sa.Column("is_development", sa.Boolean(), nullable=False),
        sa.Column("payload_digest", sa.LargeBinary(), nullable=False),
        sa.Column("checked_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=80), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("intended_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_report_intent")),
        sa.ForeignKeyConstraint(
            ["issuer_id"], ["organisation.id"], name=op.f("fk_report_intent_issuer_id")
        ),
        *(_known(name, words) for name, words in _WORDS.items()),
    )
    op.create_table(
        "report_file",
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("profile", sa.String(length=40), nullable=False),
        sa.Column("stamped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stamper", sa.String(length=64), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_report_file")),
        sa.ForeignKeyConstraint(
            ["code_hash"], ["report_intent.code_hash"], name="fk_report_file_report_intent"
        ),
    )


def _known(column: str, words: tuple[str, ...]) -> sa.CheckConstraint:
    told = ", ".join(map(repr, words))
    name = op.f(f"ck_report_intent_{column}_known")
    return sa.CheckConstraint(f"{column} IN ({told})", name=name)
