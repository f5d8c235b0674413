"""What organisations are accredited to post, and the ends and narrowings of it."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_ACTS = "act IN ('licence', 'filing', 'recognition', 'enrolment')"


def upgrade() -> None:
    """Make both tables; an organisation without a row posts as before."""
    op.create_table(
        "accreditation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(40), nullable=False),
        sa.Column("kinds", sa.String(), nullable=True),
        sa.Column("occupations", sa.String(), nullable=True),
        sa.Column("highest_rank", sa.Integer(), nullable=True),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(_ACTS, name=op.f("ck_accreditation_act_known")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_accreditation_organisation_id", "accreditation", ["organisation_id"])
    op.create_table(
        "accreditation_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("accreditation_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("is_end", sa.Boolean(), nullable=False),
        sa.Column("kinds", sa.String(), nullable=True),
        sa.Column("occupations", sa.String(), nullable=True),
        sa.Column("highest_rank", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["accreditation_id"], ["accreditation.id"]),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_accreditation_change_accreditation_id", "accreditation_change", ["accreditation_id"]
    )
