"""Documents are issued for many at once, and how far each is can be seen."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_WORDS = {
    "scope": ("dossier", "occupation", "period", "records", "certificate", "credits"),
    "language": ("zh", "en", "both"),
    "state": ("waiting", "running", "done", "refused", "cancelled", "undoing", "undone"),
}
_ITEM_STATES = ("making", "awaited", "ready", "replaced", "failed")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "document_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("class_id", sa.Uuid(), nullable=True),
        *(sa.Column(name, sa.String(length=40), nullable=False) for name in _WORDS),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("total", "ready", "failed")),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        *(_moment(name) for name in ("asked_at", "moved_at")),
        _moment("ended_at", nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        _moment("kept_until"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_batch")),
        *(_to("document_batch", who, "account") for who in ("asked_by", "ended_by")),
        _to("document_batch", "organisation_id", "organisation"),
        _to("document_batch", "class_id", "training_class"),
        *(_known("document_batch", name, words) for name, words in _WORDS.items()),
    )
    op.create_index(
        "ix_document_batch_organisation", "document_batch", ["organisation_id", "asked_at"]
    )
    op.create_table(
        "document_batch_item",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=True),
        sa.Column("transcript_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("fault", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("batch_id", "position", name=op.f("pk_document_batch_item")),
        _to("document_batch_item", "batch_id", "document_batch"),
        _known("document_batch_item", "state", _ITEM_STATES),
    )


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def _known(table: str, column: str, words: tuple[str, ...]) -> sa.CheckConstraint:
    told = ", ".join(map(repr, words))
    return sa.CheckConstraint(f"{column} IN ({told})", name=op.f(f"ck_{table}_{column}_known"))
