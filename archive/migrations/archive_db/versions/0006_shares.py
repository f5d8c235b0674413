"""Consent: share links, the directory of their tokens, requests for access and their answers."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the four tables."""
    _make_links()
    _make_requests()


def _make_links() -> None:
    op.create_table(
        "share",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("frozen", sa.LargeBinary(), nullable=True),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_share_created_by")),
        sa.PrimaryKeyConstraint("worker_id", "id", name=op.f("pk_share")),
    )
    op.create_table(
        "share_token",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("share_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["worker_id", "share_id"],
            ["share.worker_id", "share.id"],
            name=op.f("fk_share_token_worker_id_share_id"),
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_share_token")),
    )
    op.create_index("ix_share_token_share", "share_token", ["worker_id", "share_id"])


def _make_requests() -> None:
    op.create_table(
        "access_request",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("lapses_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["account.id"], name=op.f("fk_access_request_asked_by")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_access_request_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("worker_id", "id", name=op.f("pk_access_request")),
    )
    op.create_index(
        "ix_access_request_organisation", "access_request", ["organisation_id", "asked_at"]
    )
    op.create_table(
        "consent",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("text_version", sa.String(length=40), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "act IN ('grant', 'decline', 'take_back')", name=op.f("ck_consent_act_known")
        ),
        sa.ForeignKeyConstraint(["said_by"], ["account.id"], name=op.f("fk_consent_said_by")),
        sa.ForeignKeyConstraint(
            ["worker_id", "request_id"],
            ["access_request.worker_id", "access_request.id"],
            name=op.f("fk_consent_worker_id_request_id"),
        ),
        sa.PrimaryKeyConstraint("worker_id", "id", name=op.f("pk_consent")),
    )
    op.create_index("ix_consent_request", "consent", ["worker_id", "request_id"])
