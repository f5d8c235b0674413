"""Records that workers declare of themselves, apart from their dossiers."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_TABLE = "declaration_step"
_ACTS = ("declare", "change", "send", "confirm", "decline", "withdraw")
_KINDS = (
    "identity",
    "name_change",
    "training",
    "certificate",
    "competition",
    "apprenticeship",
    "honour",
    "education",
    "experience",
)


def upgrade() -> None:
    """Make the table."""
    acts, kinds = (", ".join(f"'{one}'" for one in words) for words in (_ACTS, _KINDS))
    op.create_table(
        _TABLE,
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("record_id", sa.Uuid(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("evidence", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint(f"kind IN ({kinds})", name=op.f("ck_declaration_step_kind_known")),
        sa.CheckConstraint(f"act IN ({acts})", name=op.f("ck_declaration_step_act_known")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_declaration_step_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["account.id"], name=op.f("fk_declaration_step_recorded_by")
        ),
        sa.PrimaryKeyConstraint("worker_id", "id", name=op.f("pk_declaration_step")),
        sa.UniqueConstraint(
            "worker_id",
            "declaration_id",
            "number",
            name=op.f("uq_declaration_step_worker_id_declaration_id_number"),
        ),
    )
    op.create_index("ix_declaration_step_declaration", _TABLE, ["declaration_id"])
    op.create_index("ix_declaration_step_organisation", _TABLE, ["organisation_id", "recorded_at"])
