"""Up to where each worker has heard of the own dossier."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; who is in none has heard of nothing."""
    op.create_table(
        "news_mark",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("read_sequence", sa.Integer(), nullable=False),
        sa.Column("told_sequence", sa.Integer(), nullable=False),
        sa.Column("wants_digest", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("worker_id", name=op.f("pk_news_mark")),
    )
