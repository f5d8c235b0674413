"""Documents tell how far they are; signed files tell what their signature is."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_STATES = ("making", "awaited", "ready", "replaced", "failed")


def upgrade() -> None:
    """Whatever was signed before has no time stamp: it is PAdES B-B."""
    with op.batch_alter_table("transcript_file") as table:
        table.add_column(
            sa.Column("profile", sa.String(length=40), server_default="B-B", nullable=False)
        )
        table.add_column(sa.Column("stamped_at", _MOMENT, nullable=True))
        table.add_column(sa.Column("stamper", sa.String(length=64), nullable=True))
    with op.batch_alter_table("transcript_file") as table:
        table.alter_column("profile", server_default=None)
    op.create_table(
        "document_making",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("transcript_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("moved_at", _MOMENT, nullable=False),
        sa.Column("replaced_by", sa.Uuid(), nullable=True),
        sa.Column("fault", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("worker_id", "transcript_id", name=op.f("pk_document_making")),
        sa.ForeignKeyConstraint(
            ["worker_id", "transcript_id"],
            ["transcript.worker_id", "transcript.id"],
            name="fk_document_making_transcript",
        ),
        sa.CheckConstraint(
            f"state IN ({', '.join(map(repr, _STATES))})",
            name=op.f("ck_document_making_state_known"),
        ),
    )
    op.create_index("ix_document_making_content", "document_making", ["worker_id", "content"])
    op.create_index("ix_document_making_state", "document_making", ["state", "moved_at"])
