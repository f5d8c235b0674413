"""Classes: filings, rosters, lessons, presence, closings, spot checks."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_FATES = "fate IN ('new', 'changed', 'same', 'faulty', 'withdrawn', 'absent')"


def upgrade() -> None:
    """Make the tables."""
    _add_classes()
    _add_rosters()
    _add_lessons()
    _add_closings()


def _add_classes() -> None:
    op.create_table(
        "training_class",
        _id("id"),
        _id("organisation_id"),
        sa.Column("number", sa.String(length=40), nullable=False),
        *_noted("opened"),
        _to("training_class", "organisation_id", "organisation"),
        _to("training_class", "opened_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_class")),
        sa.UniqueConstraint(
            "organisation_id", "number", name=op.f("uq_training_class_organisation_id_number")
        ),
    )
    op.create_table(
        "class_filing",
        _id("class_id"),
        sa.Column("version", sa.Integer(), nullable=False),
        _id("course_id"),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        *_noted("filed"),
        _to("class_filing", "class_id", "training_class"),
        _to("class_filing", "course_id", "offered_course"),
        _to("class_filing", "filed_by", "account"),
        sa.PrimaryKeyConstraint("class_id", "version", name=op.f("pk_class_filing")),
    )
    op.create_index("ix_class_filing_days", "class_filing", ["first_on", "last_on"])


def _add_rosters() -> None:
    op.create_table(
        "class_member",
        _id("id"),
        _id("class_id"),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("person_digest", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        *_noted("enrolled"),
        _to("class_member", "class_id", "training_class"),
        _to("class_member", "enrolled_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_member")),
        sa.UniqueConstraint(
            "class_id", "person_digest", name=op.f("uq_class_member_class_id_person_digest")
        ),
        sa.UniqueConstraint("class_id", "place", name=op.f("uq_class_member_class_id_place")),
    )
    op.create_index("ix_class_member_person", "class_member", ["person_digest"])
    op.create_table(
        "class_mark",
        _id("member_id"),
        sa.Column("version", sa.Integer(), nullable=False),
        _id("class_id"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("account_digest", sa.LargeBinary(), nullable=True),
        sa.Column("has_left", sa.Boolean(), nullable=False),
        *_noted("marked"),
        _to("class_mark", "member_id", "class_member"),
        _to("class_mark", "class_id", "training_class"),
        _to("class_mark", "marked_by", "account"),
        sa.PrimaryKeyConstraint("member_id", "version", name=op.f("pk_class_mark")),
    )
    op.create_index("ix_class_mark_class", "class_mark", ["class_id"])
    op.create_index("ix_class_mark_account", "class_mark", ["account_digest"])


def _add_lessons() -> None:
    op.create_table(
        "class_lesson",
        _id("id"),
        sa.Column("version", sa.Integer(), nullable=False),
        _id("class_id"),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("is_struck", sa.Boolean(), nullable=False),
        *_noted("noted"),
        _to("class_lesson", "class_id", "training_class"),
        _to("class_lesson", "noted_by", "account"),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_class_lesson")),
    )
    op.create_index("ix_class_lesson_class", "class_lesson", ["class_id"])
    op.create_table(
        "class_presence",
        _id("lesson_id"),
        _id("member_id"),
        sa.Column("version", sa.Integer(), nullable=False),
        _id("class_id"),
        sa.Column("hours", sa.Integer(), nullable=False),
        *_noted("noted"),
        _to("class_presence", "member_id", "class_member"),
        _to("class_presence", "class_id", "training_class"),
        _to("class_presence", "noted_by", "account"),
        sa.PrimaryKeyConstraint(
            "lesson_id", "member_id", "version", name=op.f("pk_class_presence")
        ),
    )
    op.create_index("ix_class_presence_class", "class_presence", ["class_id"])


def _add_closings() -> None:
    op.create_table(
        "class_closing",
        _id("class_id"),
        sa.Column("members", sa.Integer(), nullable=False),
        *_noted("closed"),
        _to("class_closing", "class_id", "training_class"),
        _to("class_closing", "closed_by", "account"),
        sa.PrimaryKeyConstraint("class_id", name=op.f("pk_class_closing")),
    )
    op.create_table(
        "class_posting",
        _id("class_id"),
        _id("member_id"),
        sa.Column("fate", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=True),
        sa.Column("worker_id", sa.Uuid(), nullable=True),
        sa.Column("record_id", sa.Uuid(), nullable=True),
        sa.Column("posted_at", _MOMENT, nullable=False),
        _to("class_posting", "class_id", "training_class"),
        _to("class_posting", "member_id", "class_member"),
        sa.CheckConstraint(_FATES, name=op.f("ck_class_posting_fate_known")),
        sa.PrimaryKeyConstraint("class_id", "member_id", name=op.f("pk_class_posting")),
    )
    op.create_table(
        "class_check",
        _id("id"),
        _id("class_id"),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        *_noted("noted"),
        _to("class_check", "class_id", "training_class"),
        _to("class_check", "noted_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_check")),
    )
    op.create_index("ix_class_check_class", "class_check", ["class_id"])


def _id(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=False)


def _noted(verb: str) -> tuple[sa.Column[object], sa.Column[object]]:
    return (sa.Column(f"{verb}_at", _MOMENT, nullable=False), _id(f"{verb}_by"))


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
