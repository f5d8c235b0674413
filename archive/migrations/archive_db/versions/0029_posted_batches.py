"""Lists that programs posted, so that one that comes again is known."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_HAS_KEY = sa.text("key_digest IS NOT NULL")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "posted_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("key_digest", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("faulty", sa.Integer(), nullable=False),
        sa.Column("written", sa.Integer(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("posted_by", sa.Uuid(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        _to("organisation_id", "organisation"),
        _to("posted_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posted_batch")),
    )
    op.create_index(
        "uq_posted_batch_key",
        "posted_batch",
        ["organisation_id", "key_digest"],
        unique=True,
        sqlite_where=_HAS_KEY,
        postgresql_where=_HAS_KEY,
    )
    op.create_index("ix_posted_batch_digest", "posted_batch", ["organisation_id", "digest"])


def _to(column: str, table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_posted_batch_{column}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name)
