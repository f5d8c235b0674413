"""The counter: visits with their ends and acts, sessions that stand at one, papers seen."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_DOCUMENTS = (
    "resident_id",
    "resident_id_15",
    "hmt_residence_permit",
    "foreign_permanent_resident",
    "hm_travel_permit",
    "taiwan_travel_permit",
    "passport",
)
_PURPOSES = ("read_dossier", "transcript", "use_credits", "appeal", "share", "other")
_SCANS = ("application/pdf", "image/jpeg", "image/png")
_SIGHTINGS = ("original_seen", "checked_nationally")


def upgrade() -> None:
    """Make the tables, and let a session know at which visit it stands."""
    with op.batch_alter_table("sign_in") as batch:
        batch.add_column(sa.Column("visit_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("visit_worker_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("visit_number", sa.String(length=14), nullable=True))
        batch.add_column(sa.Column("visit_until", _MOMENT, nullable=True))
    _visits()
    _acts()
    _sightings()


def _visits() -> None:
    op.create_table(
        "visit",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("document_seen", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("authorisation", sa.LargeBinary(), nullable=False),
        sa.Column("authorisation_type", sa.String(length=40), nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
        _known("visit", "document_seen", _DOCUMENTS),
        _known("visit", "purpose", _PURPOSES),
        _known("visit", "authorisation_type", _SCANS),
        *_by("visit"),
        sa.PrimaryKeyConstraint("worker_id", "id", name=op.f("pk_visit")),
    )
    op.create_table(
        "visit_end",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("worker_id", "visit_id", name=op.f("pk_visit_end")),
    )


def _acts() -> None:
    op.create_table(
        "counter_act",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("done_at", _MOMENT, nullable=False),
        _by("counter_act")[0],
        sa.PrimaryKeyConstraint("worker_id", "id", name=op.f("pk_counter_act")),
    )


def _sightings() -> None:
    op.create_table(
        "sighting",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("noted_at", _MOMENT, nullable=False),
        _known("sighting", "kind", _SIGHTINGS),
        *_by("sighting"),
        sa.ForeignKeyConstraint(
            ["worker_id", "record_id"], ["record.worker_id", "record.id"], name="fk_sighting_record"
        ),
        sa.PrimaryKeyConstraint("worker_id", "id", name=op.f("pk_sighting")),
    )
    op.create_index("ix_sighting_record", "sighting", ["worker_id", "record_id"])


def _known(table: str, column: str, words: tuple[str, ...]) -> sa.CheckConstraint:
    told = ", ".join(f"'{word}'" for word in words)
    return sa.CheckConstraint(f"{column} IN ({told})", name=op.f(f"ck_{table}_{column}_known"))


def _by(table: str) -> tuple[sa.ForeignKeyConstraint, sa.ForeignKeyConstraint]:
    """Return who did it and for which body; every table of the counter tells both."""
    account = op.f(f"fk_{table}_account_id")
    body = op.f(f"fk_{table}_organisation_id")
    return (
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=account),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=body),
    )
