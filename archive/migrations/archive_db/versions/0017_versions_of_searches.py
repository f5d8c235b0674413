"""Look-ups by name and contact get versions of their key, as those by number have.

A registration's contact is told by what it says, sealed: its digest is kept no more.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Empty the look-ups: ``db upgrade`` fills them under the key in use, which needs the keys."""
    op.execute("DELETE FROM search_index")
    with op.batch_alter_table("search_index") as table:
        table.add_column(sa.Column("version", sa.Integer(), nullable=False))
    with op.batch_alter_table("registration") as table:
        table.drop_column("contact_digest")
