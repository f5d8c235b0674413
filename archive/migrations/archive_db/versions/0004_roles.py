"""Roles of organisations, streets, departments and three administrators; streets of dossiers."""

import sqlalchemy as sa
from alembic import op

from archive.migrations.words import allow

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ROLES = (
    "worker",
    "trainer",
    "trainer_administrator",
    "employer",
    "employer_administrator",
    "department_clerk",
    "street_clerk",
    "clerk",
    "approver",
    "administrator",
    "security_administrator",
    "audit_administrator",
    "console",
)


def upgrade() -> None:
    """Give accounts more roles; the command line's own account gets one of its own."""
    allow("account", "role", _ROLES)
    op.execute("UPDATE account SET role = 'console' WHERE name = 'console'")
    op.create_table(
        "street_of",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_street_of_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("worker_id", name=op.f("pk_street_of")),
    )
    op.create_index(op.f("ix_street_of_organisation_id"), "street_of", ["organisation_id"])
