"""Access tokens of programs: rows of sign_in that may less than their key."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let a row of sign_in name what it may."""
    op.add_column("sign_in", sa.Column("scopes", sa.String(), nullable=True))
