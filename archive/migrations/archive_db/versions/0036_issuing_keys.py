"""Bodies have signing keys and seals of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_PLACES = ("development", "pkcs12", "pkcs11")
_REASONS = ("keyCompromise", "superseded", "cessationOfOperation", "affiliationChanged")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "issuing_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("reference", sa.String(length=500), nullable=False),
        sa.Column("valid_from", _MOMENT, nullable=False),
        sa.Column("valid_to", _MOMENT, nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", _MOMENT, nullable=False),
        _one_of("issuing_key", "place", _PLACES),
        _to("issuing_key", "organisation_id", "organisation"),
        _to("issuing_key", "added_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issuing_key")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_issuing_key_fingerprint")),
    )
    op.create_index(op.f("ix_issuing_key_organisation_id"), "issuing_key", ["organisation_id"])
    op.create_table(
        "issuing_key_use",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        _to("issuing_key_use", "key_id", "issuing_key"),
        _to("issuing_key_use", "proposed_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issuing_key_use")),
    )
    op.create_index(op.f("ix_issuing_key_use_key_id"), "issuing_key_use", ["key_id"])
    op.create_table(
        "issuing_key_revocation",
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", _MOMENT, nullable=False),
        _one_of("issuing_key_revocation", "reason", _REASONS),
        _to("issuing_key_revocation", "key_id", "issuing_key"),
        _to("issuing_key_revocation", "proposed_by", "account"),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_issuing_key_revocation")),
    )
    op.create_table(
        "issuing_seal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("drawing", sa.LargeBinary(), nullable=False),
        sa.Column("registered_by", sa.Uuid(), nullable=False),
        sa.Column("registered_at", _MOMENT, nullable=False),
        _to("issuing_seal", "organisation_id", "organisation"),
        _to("issuing_seal", "registered_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issuing_seal")),
    )
    op.create_index(op.f("ix_issuing_seal_organisation_id"), "issuing_seal", ["organisation_id"])


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def _one_of(table: str, column: str, words: tuple[str, ...]) -> sa.CheckConstraint:
    condition = f"{column} IN ({', '.join(map(repr, words))})"
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{column}_known"))
