"""Personal data beside the records: look-ups by name, contacts, reveals, closures, requests."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_KINDS = "'copy', 'correct', 'erase', 'freeze', 'unfreeze', 'explain'"
_REASONS = (
    "'identity_check', 'reach_worker', 'correct_record', 'handle_application', "
    "'handle_complaint', 'legal_request'"
)


def upgrade() -> None:
    """Make the tables; ``db upgrade`` fills the look-up by name, for that needs the keys."""
    op.create_table(
        "search_index",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("worker_id", "purpose", "digest", name=op.f("pk_search_index")),
    )
    op.create_index("ix_search_index_found", "search_index", ["purpose", "digest"], unique=False)
    _acts(
        "contact",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        *_by("recorded_at", "recorded_by"),
        sa.CheckConstraint(
            "kind IN ('phone', 'email', 'address')", name=op.f("ck_contact_kind_known")
        ),
    )
    _acts(
        "reveal",
        sa.Column("fields", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        *_by("revealed_at", "revealed_by"),
        sa.CheckConstraint(f"reason IN ({_REASONS})", name=op.f("ck_reveal_reason_known")),
    )
    _acts(
        "closure",
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("ground", sa.String(length=40), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        *_by("decided_at", "proposed_by"),
        sa.CheckConstraint(
            "act IN ('freeze', 'unfreeze', 'erase')", name=op.f("ck_closure_act_known")
        ),
    )
    _acts(
        "personal_request",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("answer", sa.String(length=40), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        *_by("recorded_at", "recorded_by"),
        sa.CheckConstraint(f"kind IN ({_KINDS})", name=op.f("ck_personal_request_kind_known")),
        sa.CheckConstraint(
            "answer IN ('granted', 'frozen_instead', 'declined')",
            name=op.f("ck_personal_request_answer_known"),
        ),
    )


def _by(moment: str, account: str) -> tuple[sa.Column[object], sa.Column[object]]:
    """Return the columns that tell when and by whom a row was written."""
    return (
        sa.Column(moment, sa.DateTime(timezone=True), nullable=False),
        sa.Column(account, sa.Uuid(), nullable=False),
    )


def _acts(name: str, *parts: sa.Column[object] | sa.CheckConstraint) -> None:
    """Make a table of what was done about a worker; whoever did it is an account."""
    by = [one.name for one in parts if isinstance(one, sa.Column) and one.name.endswith("_by")]
    op.create_table(
        name,
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *parts,
        *(
            sa.ForeignKeyConstraint([one], ["account.id"], name=op.f(f"fk_{name}_{one}"))
            for one in by
        ),
        sa.PrimaryKeyConstraint("worker_id", "id", name=op.f(f"pk_{name}")),
    )
