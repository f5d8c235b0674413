"""Requests of workers for correction and addition, and how they were answered."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_TABLE = "correction_step"
_ACTS = (
    "open",
    "hand_on",
    "corrected",
    "added",
    "decline",
    "escalate",
    "direct",
    "dismiss",
    "withdraw",
    "lapse",
)


def upgrade() -> None:
    """Make the table."""
    acts = ", ".join(f"'{one}'" for one in _ACTS)
    op.create_table(
        _TABLE,
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("evidence", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('correction', 'addition')", name=op.f("ck_correction_step_kind_known")
        ),
        sa.CheckConstraint(f"act IN ({acts})", name=op.f("ck_correction_step_act_known")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_correction_step_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["account.id"], name=op.f("fk_correction_step_recorded_by")
        ),
        sa.PrimaryKeyConstraint("worker_id", "id", name=op.f("pk_correction_step")),
        sa.UniqueConstraint(
            "worker_id",
            "case_id",
            "number",
            name=op.f("uq_correction_step_worker_id_case_id_number"),
        ),
    )
    op.create_index("ix_correction_step_case", _TABLE, ["case_id"])
    op.create_index("ix_correction_step_organisation", _TABLE, ["organisation_id", "recorded_at"])
    op.create_index("ix_correction_step_act", _TABLE, ["act", "recorded_at"])
