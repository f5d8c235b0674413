"""the spine."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this version."""
    op.create_table(
        "blind_index",
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("purpose", "digest", name=op.f("pk_blind_index")),
    )
    op.create_index("ix_blind_index_worker", "blind_index", ["worker_id"], unique=False)

    op.create_table(
        "chain_head",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("worker_id", name=op.f("pk_chain_head")),
    )
    op.create_table(
        "chain_link",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("worker_id", "sequence", name=op.f("pk_chain_link")),
        sa.UniqueConstraint(
            "worker_id",
            "subject_kind",
            "subject_id",
            name=op.f("uq_chain_link_worker_id_subject_kind_subject_id"),
        ),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=True),
        sa.Column("street", sa.String(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('bureau', 'street_office', 'department', 'training_provider', 'technical_school', 'vocational_school', 'assessment_body', 'employer', 'association')",
            name=op.f("ck_organisation_kind_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("code", name=op.f("uq_organisation_code")),
    )
    op.create_table(
        "outcome",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("lineage_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("issuer_id", sa.Uuid(), nullable=False),
        sa.Column("occupation", sa.String(length=10), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "act IN ('add', 'correct', 'withdraw')", name=op.f("ck_outcome_act_known")
        ),
        sa.CheckConstraint(
            "kind IN ('identity', 'name_change', 'training', 'certificate', 'competition', 'apprenticeship', 'honour', 'education', 'experience')",
            name=op.f("ck_outcome_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["worker_id", "target_id"],
            ["outcome.worker_id", "outcome.id"],
            name="fk_outcome_target",
        ),
        sa.PrimaryKeyConstraint("worker_id", "id", name=op.f("pk_outcome")),
        sa.UniqueConstraint("worker_id", "reference", name=op.f("uq_outcome_worker_id_reference")),
        sa.UniqueConstraint("worker_id", "target_id", name=op.f("uq_outcome_worker_id_target_id")),
    )
    op.create_table(
        "rule_version",
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("rule_id", sa.String(length=80), nullable=False),
        sa.Column("family", sa.String(length=40), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column("in_force_until", sa.Date(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "family IN ('training', 'certificate', 'competition', 'yearly_cap', 'shelf_life', 'entitlement')",
            name=op.f("ck_rule_version_family_known"),
        ),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_rule_version")),
        sa.UniqueConstraint("rule_id", name=op.f("uq_rule_version_rule_id")),
    )
    op.create_table(
        "worker",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("archive_number", sa.String(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("worker_id", name=op.f("pk_worker")),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("worker_id", sa.Uuid(), nullable=True),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role IN ('worker', 'trainer', 'employer', 'clerk', 'approver', 'administrator')",
            name=op.f("ck_account_role_known"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_account_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("name", name=op.f("uq_account_name")),
    )
    op.create_index(op.f("ix_account_worker_id"), "account", ["worker_id"], unique=False)

    op.create_table(
        "entry",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("family", sa.String(length=40), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("rule_version", sa.String(length=64), nullable=True),
        sa.Column("decision", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("evaluated_units", sa.BigInteger(), nullable=False),
        sa.Column("posted_units", sa.BigInteger(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "cause IN ('grant', 'expiry', 'reversal')", name=op.f("ck_entry_cause_known")
        ),
        sa.CheckConstraint(
            "decision IN ('granted', 'nothing', 'undecided')", name=op.f("ck_entry_decision_known")
        ),
        sa.CheckConstraint(
            "family IN ('training', 'certificate', 'competition', 'yearly_cap', 'shelf_life', 'entitlement')",
            name=op.f("ck_entry_family_known"),
        ),
        sa.ForeignKeyConstraint(
            ["rule_version"], ["rule_version.version"], name=op.f("fk_entry_rule_version")
        ),
        sa.ForeignKeyConstraint(
            ["worker_id", "outcome_id"],
            ["outcome.worker_id", "outcome.id"],
            name="fk_entry_outcome",
        ),
        sa.ForeignKeyConstraint(
            ["worker_id", "reverses_id"], ["entry.worker_id", "entry.id"], name="fk_entry_reverses"
        ),
        sa.PrimaryKeyConstraint("worker_id", "id", name=op.f("pk_entry")),
        sa.UniqueConstraint("worker_id", "reference", name=op.f("uq_entry_worker_id_reference")),
        sa.UniqueConstraint(
            "worker_id", "reverses_id", name=op.f("uq_entry_worker_id_reverses_id")
        ),
    )
    op.create_index(
        "ix_entry_outcome", "entry", ["worker_id", "outcome_id", "revision"], unique=False
    )

    op.create_table(
        "intake_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("written", sa.Integer(), nullable=False),
        sa.Column("posted_by", sa.Uuid(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('identity', 'name_change', 'training', 'certificate', 'competition', 'apprenticeship', 'honour', 'education', 'experience')",
            name=op.f("ck_intake_batch_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_intake_batch_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["posted_by"], ["account.id"], name=op.f("fk_intake_batch_posted_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_batch")),
    )
    op.create_index(
        "ix_intake_batch_digest", "intake_batch", ["organisation_id", "digest"], unique=False
    )

    op.create_table(
        "posting",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("units", sa.BigInteger(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "account IN ('available', 'held', 'pending', 'issued', 'expired', 'redeemed', 'revoked', 'owed')",
            name=op.f("ck_posting_account_known"),
        ),
        sa.CheckConstraint("units <> 0", name=op.f("ck_posting_units_move")),
        sa.ForeignKeyConstraint(
            ["worker_id", "entry_id"], ["entry.worker_id", "entry.id"], name="fk_posting_entry"
        ),
        sa.ForeignKeyConstraint(
            ["worker_id", "lot_id"], ["posting.worker_id", "posting.id"], name="fk_posting_lot"
        ),
        sa.PrimaryKeyConstraint("worker_id", "id", name=op.f("pk_posting")),
    )
    op.create_index("ix_posting_entry", "posting", ["worker_id", "entry_id"], unique=False)

    op.create_table(
        "proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["account.id"], name=op.f("fk_proposal_proposed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    op.create_table(
        "sign_in",
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("is_bearer", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_account_id")),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_sign_in")),
    )
    op.create_index(op.f("ix_sign_in_account_id"), "sign_in", ["account_id"], unique=False)

    op.create_table(
        "proposal_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("is_approved", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["account.id"], name=op.f("fk_proposal_answer_answered_by")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_answer_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_answer")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_proposal_answer_proposal_id")),
    )
    op.create_table(
        "record",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("original_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("occupation", sa.String(length=10), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("identity_digest", sa.LargeBinary(), nullable=False),
        sa.Column("content_digest", sa.LargeBinary(), nullable=False),
        sa.Column("commitment", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "act IN ('add', 'correct', 'withdraw')", name=op.f("ck_record_act_known")
        ),
        sa.CheckConstraint(
            "kind IN ('identity', 'name_change', 'training', 'certificate', 'competition', 'apprenticeship', 'honour', 'education', 'experience')",
            name=op.f("ck_record_kind_known"),
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["intake_batch.id"], name=op.f("fk_record_batch_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_record_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["account.id"], name=op.f("fk_record_recorded_by")
        ),
        sa.ForeignKeyConstraint(
            ["worker_id", "original_id"],
            ["record.worker_id", "record.id"],
            name="fk_record_original",
        ),
        sa.ForeignKeyConstraint(
            ["worker_id", "target_id"], ["record.worker_id", "record.id"], name="fk_record_target"
        ),
        sa.PrimaryKeyConstraint("worker_id", "id", name=op.f("pk_record")),
        sa.UniqueConstraint("worker_id", "target_id", name=op.f("uq_record_worker_id_target_id")),
    )
    op.create_index("ix_record_id", "record", ["id"], unique=False)
    op.create_index(
        "ix_record_organisation", "record", ["organisation_id", "recorded_at"], unique=False
    )
    op.create_index(
        "uq_record_identity",
        "record",
        ["worker_id", "identity_digest"],
        unique=True,
        sqlite_where=sa.text("act = 'add'"),
        postgresql_where=sa.text("act = 'add'"),
    )

    op.create_table(
        "transcript",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("issuer_id", sa.Uuid(), nullable=False),
        sa.Column("signer", sa.String(length=64), nullable=False),
        sa.Column("payload_digest", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("intended_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "language IN ('zh', 'en', 'both')", name=op.f("ck_transcript_language_known")
        ),
        sa.ForeignKeyConstraint(
            ["issuer_id"], ["organisation.id"], name=op.f("fk_transcript_issuer_id")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["account.id"], name=op.f("fk_transcript_requested_by")
        ),
        sa.PrimaryKeyConstraint("worker_id", "id", name=op.f("pk_transcript")),
    )
    op.create_table(
        "transcript_file",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("transcript_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["worker_id", "transcript_id"],
            ["transcript.worker_id", "transcript.id"],
            name="fk_transcript_file_transcript",
        ),
        sa.PrimaryKeyConstraint(
            "worker_id", "transcript_id", "sha256", name=op.f("pk_transcript_file")
        ),
    )
