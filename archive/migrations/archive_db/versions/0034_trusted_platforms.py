"""Course platforms whose badges count for an organisation."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "platform",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("issuer", sa.String(length=500), nullable=False),
        sa.Column("keys", sa.LargeBinary(), nullable=False),
        sa.Column("registered_by", sa.Uuid(), nullable=False),
        sa.Column("registered_at", _MOMENT, nullable=False),
        _to("platform", "organisation_id", "organisation"),
        _to("platform", "registered_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform")),
    )
    op.create_index("ix_platform_organisation", "platform", ["organisation_id", "issuer"])
    op.create_table(
        "platform_step",
        sa.Column("platform_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("taken_by", sa.Uuid(), nullable=False),
        sa.Column("taken_at", _MOMENT, nullable=False),
        sa.CheckConstraint("act IN ('confirm', 'end')", name=op.f("ck_platform_step_act_known")),
        _to("platform_step", "platform_id", "platform"),
        _to("platform_step", "taken_by", "account"),
        sa.PrimaryKeyConstraint("platform_id", "act", name=op.f("pk_platform_step")),
    )


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)
