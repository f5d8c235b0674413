"""Up to where each worker has heard of the own dossier."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; what is on file already is no news to anybody."""
    op.create_table(
        "news_mark",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("read_sequence", sa.Integer(), nullable=False),
        sa.Column("told_sequence", sa.Integer(), nullable=False),
        sa.Column("wants_digest", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("worker_id", name=op.f("pk_news_mark")),
    )
    op.execute(
        "INSERT INTO news_mark (worker_id, read_sequence, told_sequence, wants_digest) "
        "SELECT worker_id, sequence, sequence, TRUE FROM chain_head"
    )
