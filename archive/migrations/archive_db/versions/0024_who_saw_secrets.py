"""By whom the newest secret of a program's key was made, and so who has seen it."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; who rotated a key before stands in the audit only."""
    op.add_column("api_key", sa.Column("rotated_by", sa.Uuid(), nullable=True))
