"""Keys of organisations for their programs, and what an account of one may do."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table; accounts that are there may what their roles may."""
    with op.batch_alter_table("account") as batch:
        batch.add_column(sa.Column("scopes", sa.String(), nullable=True))
    op.create_table(
        "api_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("prefix", sa.String(length=12), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("revoked_at", _MOMENT, nullable=True),
        _to("account_id", "account"),
        _to("organisation_id", "organisation"),
        _to("made_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("account_id", name=op.f("uq_api_key_account_id")),
    )
    op.create_index(op.f("ix_api_key_organisation_id"), "api_key", ["organisation_id"])


def _to(column: str, table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_api_key_{column}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name)
