"""Versions of the key of look-ups: which are known, and under which each row stands."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """All that is there stands under the first version."""
    op.create_table(
        "index_version",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "state IN ('current', 'previous')", name=op.f("ck_index_version_state_known")
        ),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_index_version")),
    )
    op.execute("INSERT INTO index_version (version, state) VALUES (1, 'current')")
    with op.batch_alter_table("blind_index") as table:
        table.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    with op.batch_alter_table("blind_index") as table:
        table.alter_column("version", server_default=None)  # A row that names none is a fault.
