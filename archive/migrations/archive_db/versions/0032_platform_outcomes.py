"""What course platforms sent: statements that were used, and the trainers' list."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_WAYS = "way IN ('xapi', 'badge')"
_STATES = "state IN ('new', 'changed', 'same', 'duplicate', 'faulty')"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "posted_statement",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("posted_by", sa.Uuid(), nullable=False),
        sa.Column("posted_at", _MOMENT, nullable=False),
        _to("posted_statement", "organisation_id", "organisation"),
        _to("posted_statement", "posted_by", "account"),
        sa.PrimaryKeyConstraint(
            "organisation_id", "statement_id", name=op.f("pk_posted_statement")
        ),
    )
    op.create_table(
        "platform_arrival",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("way", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("arrived_at", _MOMENT, nullable=False),
        sa.CheckConstraint(_WAYS, name=op.f("ck_platform_arrival_way_known")),
        sa.CheckConstraint(_STATES, name=op.f("ck_platform_arrival_state_known")),
        _to("platform_arrival", "organisation_id", "organisation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_arrival")),
    )
    op.create_index(
        "ix_platform_arrival_organisation", "platform_arrival", ["organisation_id", "arrived_at"]
    )
    op.create_index("ix_platform_arrival_arrived_at", "platform_arrival", ["arrived_at"])


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)
