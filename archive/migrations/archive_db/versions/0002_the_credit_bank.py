"""the credit bank: cases of workers, decisions on issuers, and the words for them."""

import sqlalchemy as sa
from alembic import op

from archive.migrations.words import allow

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FAMILIES = (
    "training",
    "certificate",
    "competition",
    "apprenticeship",
    "education",
    "yearly_cap",
    "double_counting",
    "shelf_life",
    "entitlement",
    "promotion",
    "application",
    "occupation_standard",
    "related_occupations",
    "occupation_crosswalk",
    "recognition",
    "agreement",
    "redemption",
    "appeal",
    "suspension",
    "working_days",
)
CAUSES = (
    "grant",
    "expiry",
    "hold",
    "release",
    "revocation",
    "redemption",
    "reversal",
    "shortfall",
    "cover",
)
KINDS = "kind IN ('redemption', 'appeal', 'review')"
ACTS = (
    "act IN ('open', 'answer', 'escalate', 'accept', 'decline', 'withdraw', 'lapse', 'annul', "
    "'decide')"
)
DECISIONS = "act IN ('suspend', 'extend', 'release', 'revoke')"


def upgrade() -> None:
    """Bring the tables to this version."""
    _widen_the_ledger()
    _add_schemes()
    _add_cases()
    _add_decisions_on_issuers()
    _add_offers()


def _widen_the_ledger() -> None:
    """Allow the new words; let entries name their case, and outcomes be found by what they share."""
    allow("rule_version", "family", FAMILIES)
    allow("entry", "family", FAMILIES)
    allow("entry", "cause", CAUSES)
    op.add_column("entry", sa.Column("case_id", sa.Uuid(), nullable=True))
    op.add_column("outcome", sa.Column("subject_key", sa.LargeBinary(), nullable=True))
    op.add_column("outcome", sa.Column("course_key", sa.LargeBinary(), nullable=True))
    op.create_index(
        "ix_entry_family", "entry", ["worker_id", "family", "effective_on"], unique=False
    )
    op.create_index("ix_outcome_day", "outcome", ["worker_id", "effective_on"], unique=False)
    op.create_index("ix_outcome_subject", "outcome", ["worker_id", "subject_key"], unique=False)
    op.create_index("ix_outcome_course", "outcome", ["worker_id", "course_key"], unique=False)


def _add_schemes() -> None:
    """Make the directory of other credit banks."""
    op.create_table(
        "scheme",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_scheme")),
    )


def _add_cases() -> None:
    """Make the table of what happens in redemptions, appeals and reviews."""
    op.create_table(
        "case_event",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("commitment", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(KINDS, name=op.f("ck_case_event_kind_known")),
        sa.CheckConstraint(ACTS, name=op.f("ck_case_event_act_known")),
        sa.ForeignKeyConstraint(
            ["worker_id", "case_id"],
            ["case_event.worker_id", "case_event.id"],
            name="fk_case_event_case",
        ),
        sa.PrimaryKeyConstraint("worker_id", "id", name=op.f("pk_case_event")),
        sa.UniqueConstraint(
            "worker_id", "reference", name=op.f("uq_case_event_worker_id_reference")
        ),
    )
    op.create_index("ix_case_event_id", "case_event", ["id"])
    op.create_index("ix_case_event_case", "case_event", ["worker_id", "case_id"], unique=False)
    op.create_index("ix_case_event_organisation", "case_event", ["organisation_id", "recorded_at"])
    op.create_index("ix_case_event_due", "case_event", ["due_on"])


def _add_decisions_on_issuers() -> None:
    """Make the table of suspensions and what follows from them."""
    op.create_table(
        "issuer_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("issuer_id", sa.Uuid(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(DECISIONS, name=op.f("ck_issuer_decision_act_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issuer_decision")),
    )
    op.create_index("ix_issuer_decision_issuer", "issuer_decision", ["issuer_id"], unique=False)


def _add_offers() -> None:
    """Make the tables of what organisations offer."""
    uses = "use IN ('exemption', 'module', 'programme', 'level_application', 'entitlement')"
    op.create_table(
        "offer",
        *_published(),
        sa.Column("use", sa.String(length=40), nullable=False),
        sa.Column("units", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(uses, name=op.f("ck_offer_use_known")),
        *_keys("offer"),
    )
    op.create_index("ix_offer_organisation", "offer", ["organisation_id", "code"])
    modes = "mode IN ('classroom', 'online', 'blended')"
    op.create_table(
        "offered_course",
        *_published(),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("fee_fen", sa.BigInteger(), nullable=True),
        sa.Column("mode", sa.String(length=40), nullable=True),
        sa.CheckConstraint(modes, name=op.f("ck_offered_course_mode_known")),
        *_keys("offered_course"),
    )
    op.create_index("ix_offered_course_organisation", "offered_course", ["organisation_id", "code"])


def _published() -> tuple[sa.Column[object], ...]:
    """Return the columns that both kinds of offers have."""
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("title_en", sa.String(), nullable=False),
        sa.Column("occupation", sa.String(length=10), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column("in_force_until", sa.Date(), nullable=True),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=False),
    )


def _keys(table: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f(f"fk_{table}_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["account.id"], name=op.f(f"fk_{table}_published_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("replaces_id", name=op.f(f"uq_{table}_replaces_id")),
    )
