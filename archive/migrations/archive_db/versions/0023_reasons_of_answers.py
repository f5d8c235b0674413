"""Why a proposal about a dossier was declined or approved: sealed under the person's key."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; reasons that were given before stay as they are."""
    op.add_column("proposal_answer", sa.Column("sealed", sa.LargeBinary(), nullable=True))
