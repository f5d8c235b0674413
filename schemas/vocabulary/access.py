"""Words for access: what may be done, and how far a role reaches with it."""

from enum import StrEnum


class Permission(StrEnum):
    """What may be done. Each route names exactly one; the audit calls an act by it."""

    # Everyone's
    READ_PUBLIC = "public.read"
    BEGIN_SESSION = "session.begin"
    VERIFY = "transcript.verify"
    # Of everyone who is signed in
    OWN_ACCOUNT = "account.own"
    READ_DIRECTORY = "directory.read"
    RUN_ORGANISATION = "organisation.run"
    EMPLOY = "organisation.employ"
    # Dossiers and records
    READ_OWN = "dossier.own"
    READ_DOSSIER = "dossier.read"
    FIND_DOSSIER = "dossier.find"
    LIST_DOSSIERS = "dossier.list"
    ASSIGN_STREET = "dossier.assign_street"
    ISSUE_FOR_MANY = "transcript.issue_for_many"
    ISSUE_TRANSCRIPT = "transcript.issue"
    SERVE_AT_COUNTER = "counter.serve"
    NOTE_SIGHTING = "record.note_sighting"
    READ_RECORD = "record.read"
    TELL_CONTACT = "contact.tell"
    INVITE_WORKER = "worker.invite"
    REVEAL_PERSONAL_DATA = "personal.reveal"
    EXPORT_DOSSIER = "dossier.export"
    USE_RIGHTS = "rights.use"
    ANSWER_RIGHTS = "rights.answer"
    CLOSE_DOSSIER = "dossier.close"
    POST_RECORD = "record.post"
    POST_IDENTITY = "record.post_identity"
    LOOK_UP_PERSON = "person.look_up"
    RUN_INTAKE = "intake.run"
    IMPORT_RECORDS = "record.import"
    EXPORT_RECORDS = "record.export"
    RUN_CLASS = "class.run"
    READ_CLASS = "class.read"
    CHECK_CLASS = "class.check"
    # Consent
    SHARE = "dossier.share"
    OPEN_SHARE = "share.open"
    ASK_ACCESS = "access.ask"
    ANSWER_ACCESS = "access.answer"
    READ_GRANTED = "access.read"
    # Credits
    PUBLISH_OFFER = "offer.publish"
    APPLY = "application.make"
    READ_APPLICATION = "application.read"
    ANSWER_APPLICATION = "application.answer"
    ANNUL_APPLICATION = "application.annul"
    APPEAL = "appeal.make"
    READ_APPEAL = "appeal.read"
    ANSWER_APPEAL = "appeal.answer"
    DECIDE_APPEAL = "appeal.decide"
    ASK_CORRECTION = "correction.ask"
    ANSWER_CORRECTION = "correction.answer"
    DECIDE_CORRECTION = "correction.decide"
    DECLARE = "declaration.make"
    CONFIRM_DECLARATION = "declaration.confirm"
    MAKE_AGREEMENT = "agreement.make"
    # The bureau
    READ_DESK = "desk.read"
    PROPOSE = "proposal.make"
    ANSWER_PROPOSAL = "proposal.answer"
    PROPOSE_RULE = "rule.propose"
    REVIEW_PAIR = "pair.review"
    MERGE_DOSSIERS = "dossier.merge"
    SERVE_RELATIVES = "relatives.serve"
    SUSPEND_ISSUER = "issuer.suspend"
    ACCREDIT = "accreditation.propose"
    READ_ACCREDITATION = "accreditation.read"
    ADD_SCHEME = "scheme.add"
    # Administration
    MANAGE_STAFF = "staff.manage"
    MANAGE_KEYS = "key.manage"
    MANAGE_PLATFORMS = "platform.manage"
    MANAGE_ACCOUNTS = "account.manage"
    ANSWER_ACCOUNT = "account.answer"
    MANAGE_SIGN_INS = "sign_in.manage"
    MANAGE_ORGANISATIONS = "organisation.manage"
    GIVE_CREDENTIALS = "credentials.give"
    MANAGE_SYSTEM = "system.manage"
    # The audit
    SEARCH_AUDIT = "audit.search"
    EXPORT_AUDIT = "audit.export"
    VERIFY_AUDIT = "audit.verify"
    # The security of it all
    KEEP_INCIDENTS = "incident.keep"


class Scope(StrEnum):
    """How far a role reaches with a permission."""

    ALL = "all"
    OWN = "own"
    """The own dossier, and what belongs to it."""
    ORGANISATION = "organisation"
    """What the own organisation vouches for, offers or receives."""
    STREET = "street"
    """The dossiers that belong to the own street office."""
    GRANTED = "granted"
    """The dossiers of those who agreed to it, as far and as long as they did."""


class ShareState(StrEnum):
    """Whether a share link works."""

    OPEN = "open"
    EXPIRED = "expired"
    REVOKED = "revoked"


class RequestState(StrEnum):
    """What became of an organisation's request for access."""

    WAITING = "waiting"
    LAPSED = "lapsed"
    """Nobody answered in time; nothing else is told, not even whether there is such a person."""
    DECLINED = "declined"
    GRANTED = "granted"
    ENDED = "ended"
    TAKEN_BACK = "taken_back"


class ConsentAct(StrEnum):
    """What a worker said to a request for access."""

    GRANT = "grant"
    DECLINE = "decline"
    TAKE_BACK = "take_back"
    MERGE = "merge"
    """Said by nobody: two dossiers of one person were joined, and what was said to one ended."""


class RecordStanding(StrEnum):
    """How a record that was shared stands in the archive at the moment it is looked at."""

    ON_FILE = "on_file"
    CORRECTED = "corrected"
    """Corrected since what is shown was on file."""
    WITHDRAWN = "withdrawn"
    DIFFERS = "differs"
    """The archive's own proof does not hold for it."""
