"""mergers of two dossiers of one person: the words of the ledger, and who became whom."""

import sqlalchemy as sa
from alembic import op

from archive.migrations.words import allow

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

CAUSES = (
    "grant",
    "expiry",
    "hold",
    "release",
    "revocation",
    "redemption",
    "reversal",
    "shortfall",
    "cover",
    "carry",
)
KINDS = ("redemption", "appeal", "review", "merger")
ACTS = (
    "open",
    "answer",
    "escalate",
    "accept",
    "decline",
    "withdraw",
    "lapse",
    "annul",
    "decide",
    "carry",
    "close",
)


def upgrade() -> None:
    """Allow the new words, and make the directory of merged dossiers."""
    allow("entry", "cause", CAUSES)
    allow("case_event", "kind", KINDS)
    allow("case_event", "act", ACTS)
    op.create_table(
        "merger",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("into_id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=True),
        sa.Column("evidence", sa.LargeBinary(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("worker_id", name=op.f("pk_merger")),
    )
    op.create_index("ix_merger_into", "merger", ["into_id"])
