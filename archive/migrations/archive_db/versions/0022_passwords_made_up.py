"""Passwords that were made up for somebody: until when they sign in."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let an account's password have an end; those that are kept already have none."""
    op.add_column("account", sa.Column("password_until", sa.DateTime(timezone=True), nullable=True))
