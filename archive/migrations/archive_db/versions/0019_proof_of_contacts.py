"""Contacts say on what it rests that they are the person's; codes can confirm them."""

import sqlalchemy as sa
from alembic import op

from archive.migrations.words import allow

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep in use what is on file: it counts as seen by the office."""
    with op.batch_alter_table("contact") as table:
        table.add_column(
            sa.Column("proof", sa.String(length=40), server_default="office", nullable=False)
        )
    with op.batch_alter_table("contact") as table:
        table.alter_column("proof", server_default=None)
        table.create_check_constraint(
            op.f("ck_contact_proof_known"), "proof IN ('code', 'office', 'told')"
        )
    allow("one_time_code", "purpose", ("sign_in", "join", "contact"))
