"""The register of incidents, whom they affect, and what those were told and have read."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "incident_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", _MOMENT, nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('opened', 'measure', 'reported', 'closed')",
            name=op.f("ck_incident_step_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["account.id"], name=op.f("fk_incident_step_recorded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_step")),
    )
    op.create_index(op.f("ix_incident_step_incident"), "incident_step", ["incident_id"])
    _of_persons("incident_person", sa.Column("recorded_at", _MOMENT, nullable=False))
    _of_persons(
        "incident_notice",
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("told_at", _MOMENT, nullable=False),
        sa.Column("told_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["told_by"], ["account.id"], name=op.f("fk_incident_notice_told_by")
        ),
    )
    _of_persons("incident_receipt", sa.Column("read_at", _MOMENT, nullable=False))


def _of_persons(name: str, *columns: sa.Column[object] | sa.Constraint) -> None:
    op.create_table(
        name,
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("worker_id", "incident_id", name=op.f(f"pk_{name}")),
    )
