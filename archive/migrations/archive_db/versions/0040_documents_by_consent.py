"""Documents are made by consent, and lists of them are known again by the key of who asks."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_HAS_KEY = sa.text("key_digest IS NOT NULL")


def upgrade() -> None:
    """Make the table, and add the columns."""
    op.create_table(
        "document_consent",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("worker_id", "transcript_id")),
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("request_id", "organisation_id")),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("worker_id", "transcript_id", name=op.f("pk_document_consent")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_document_consent_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["worker_id", "transcript_id"],
            ["transcript.worker_id", "transcript.id"],
            name="fk_document_consent_transcript",
        ),
        sa.ForeignKeyConstraint(
            ["worker_id", "request_id"],
            ["access_request.worker_id", "access_request.id"],
            name="fk_document_consent_request",
        ),
    )
    op.create_index("ix_document_consent_request", "document_consent", ["worker_id", "request_id"])
    op.add_column("document_batch_item", sa.Column("request_id", sa.Uuid(), nullable=True))
    is_by_consent: sa.Column[bool] = sa.Column(
        "is_by_consent", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("document_batch", is_by_consent)
    for name in ("key_digest", "asked_digest"):
        op.add_column("document_batch", sa.Column(name, sa.LargeBinary(), nullable=True))
    op.create_index(
        "uq_document_batch_key",
        "document_batch",
        ["organisation_id", "key_digest"],
        unique=True,
        sqlite_where=_HAS_KEY,
        postgresql_where=_HAS_KEY,
    )
