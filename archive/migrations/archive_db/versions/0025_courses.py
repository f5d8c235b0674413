"""Courses tell whether attendance is asked for, where they are, and how platforms know them."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what courses tell; those that are there ask for no attendance and are published."""
    yes, no = sa.true(), sa.false()
    for column in (
        sa.Column("asks_attendance", sa.Boolean(), server_default=no, nullable=False),
        sa.Column("resource", sa.String(), nullable=True),
        sa.Column("is_published", sa.Boolean(), server_default=yes, nullable=False),
    ):
        op.add_column("offered_course", column)
    op.create_table(
        "course_identifier",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("identifier", sa.String(length=500), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["offered_course.id"], name=op.f("fk_course_identifier_course_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_course_identifier_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("course_id", "identifier", name=op.f("pk_course_identifier")),
    )
    op.create_index(
        "ix_course_identifier_known", "course_identifier", ["organisation_id", "identifier"]
    )
