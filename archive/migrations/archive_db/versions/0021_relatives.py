"""What was handed to near relatives of the dead; arrangements that people make in life."""

import sqlalchemy as sa
from alembic import op

from archive.migrations.words import allow

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_KINDS = ("copy", "correct", "erase", "freeze", "unfreeze", "explain", "arrange")


def upgrade() -> None:
    """Make the table, and let people say what becomes of their dossier."""
    op.create_table(
        "relative_handover",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["handed_by"], ["account.id"], name=op.f("fk_relative_handover_handed_by")
        ),
        sa.PrimaryKeyConstraint("worker_id", "id", name=op.f("pk_relative_handover")),
    )
    allow("personal_request", "kind", _KINDS)
