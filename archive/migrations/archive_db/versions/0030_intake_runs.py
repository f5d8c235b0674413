"""Files that organisations send are written in steps, which can be watched and undone."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_WORDS = {
    "kind": (
        "identity",
        "name_change",
        "training",
        "certificate",
        "competition",
        "apprenticeship",
        "honour",
        "education",
        "experience",
    ),
    "mode": ("good", "all"),
    "state": ("waiting", "running", "done", "refused", "cancelled", "undoing", "undone"),
}


def _time(name: str, *, nullable: bool = True) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _id(name: str, *, nullable: bool = False) -> sa.Column[UUID]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def upgrade() -> None:
    """Make the tables."""
    _keep_files()
    _keep_runs()
    _keep_headers()
    _tell_of_earlier_batches()


def _keep_files() -> None:
    op.create_table(
        "intake_file",
        _id("id"),
        _id("organisation_id"),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        _count("size"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _id("sent_by"),
        _time("sent_at", nullable=False),
        _time("kept_until", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_file")),
        _to("intake_file", "organisation_id", "organisation"),
        _to("intake_file", "sent_by", "account"),
    )
    op.create_index("ix_intake_file_organisation", "intake_file", ["organisation_id", "digest"])
    op.create_index("ix_intake_file_kept_until", "intake_file", ["kept_until"])


def _keep_runs() -> None:
    op.create_table(
        "intake_run",
        _id("id"),
        _id("organisation_id"),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        _id("file_id"),
        sa.Column("sealed_choice", sa.LargeBinary(), nullable=True),
        *(sa.Column(name, sa.String(length=40), nullable=False) for name in _WORDS),
        *map(
            _count, ("rows", "position", "new", "changed", "same", "duplicate", "faulty", "warned")
        ),
        sa.Column("codes", sa.String(), nullable=False),
        _id("posted_by"),
        _time("posted_at", nullable=False),
        _time("moved_at", nullable=False),
        _time("ended_at"),
        _id("ended_by", nullable=True),
        _id("undone_by", nullable=True),
        _time("undo_begun_at"),
        _time("undone_at"),
        _count("undone"),
        _id("undone_upto", nullable=True),
        sa.Column("sealed_reason", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_run")),
        _to("intake_run", "organisation_id", "organisation"),
        *(_to("intake_run", who, "account") for who in ("posted_by", "ended_by", "undone_by")),
        *(_known("intake_run", name) for name in _WORDS),
    )
    op.create_index("ix_intake_run_organisation", "intake_run", ["organisation_id", "digest"])
    op.create_index("ix_intake_run_file", "intake_run", ["file_id"])
    op.create_index("ix_intake_run_state", "intake_run", ["state"])
    op.create_table(
        "intake_step",
        _id("run_id"),
        sa.Column("first", sa.Integer(), nullable=False),
        _count("rows"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _time("taken_at", nullable=False),
        sa.PrimaryKeyConstraint("run_id", "first", name=op.f("pk_intake_step")),
        _to("intake_step", "run_id", "intake_run"),
    )


def _keep_headers() -> None:
    op.create_table(
        "header_meaning",
        _id("organisation_id"),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("header", sa.String(length=200), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=True),
        _id("set_by"),
        _time("set_at", nullable=False),
        sa.PrimaryKeyConstraint(
            "organisation_id", "kind", "header", name=op.f("pk_header_meaning")
        ),
        _to("header_meaning", "organisation_id", "organisation"),
        _to("header_meaning", "set_by", "account"),
        _known("header_meaning", "kind"),
    )
    op.create_index("ix_header_meaning_set_by", "header_meaning", ["set_by"])


def _known(table: str, column: str) -> sa.CheckConstraint:
    words = ", ".join(map(repr, _WORDS[column]))
    return sa.CheckConstraint(f"{column} IN ({words})", name=op.f(f"ck_{table}_{column}_known"))


def _tell_of_earlier_batches() -> None:
    """Show files that were posted before among the others; of them only these counts are known."""
    op.execute(
        "INSERT INTO intake_run (id, organisation_id, digest, file_id, kind, mode, state, rows,"
        " position, new, changed, same, duplicate, faulty, warned, codes, posted_by, posted_at,"
        " moved_at, ended_at, undone)"
        " SELECT id, organisation_id, digest, id, kind, 'good', 'done', rows, rows, written,"
        " 0, 0, 0, 0, 0, '{}', posted_by, posted_at, posted_at, posted_at, 0 FROM intake_batch"
    )
