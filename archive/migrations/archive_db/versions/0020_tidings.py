"""What workers are told of consent; consents that end because dossiers were merged."""

import sqlalchemy as sa
from alembic import op

from archive.migrations.words import allow

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, and let a merger end a request."""
    op.create_table(
        "tiding",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("notice", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("worker_id", "id", name=op.f("pk_tiding")),
        sa.UniqueConstraint("worker_id", "key", name=op.f("uq_tiding_worker_id_key")),
    )
    op.create_index("ix_tiding_looked_at", "tiding", ["looked_at"])
    allow("consent", "act", ("grant", "decline", "take_back", "merge"))
