"""Words for what a check, a verification or a file is answered with."""

from enum import StrEnum


class JobState(StrEnum):
    """How far a job is that was asked for."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class CheckState(StrEnum):
    """What one check of a verification found."""

    PASSED = "passed"
    FAILED = "failed"
    UNCHECKED = "unchecked"


class Verdict(StrEnum):
    """The five answers to "is this document genuine?"; never four."""

    VALID = "valid"
    PAST_VALIDITY = "past_validity"
    REVOKED = "revoked"
    DIFFERS = "differs"
    CANNOT_CHECK = "cannot_check"


class Fulfilment(StrEnum):
    """Whether a condition is met. What was never set or told stands apart: ``UNDECIDED``."""

    HOLDS = "holds"
    FAILS = "fails"
    UNDECIDED = "undecided"


class RequirementKind(StrEnum):
    """What a condition of an application asks for."""

    AGE = "age"
    INTENTION = "intention"
    LEVEL = "level"
    TITLE = "title"
    WORK = "work"
    TRAINING = "training"
    APPRENTICESHIP = "apprenticeship"
    DIPLOMA = "diploma"
    ENROLMENT = "enrolment"


class RowState(StrEnum):
    """What a row of a file would do to the archive."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    DUPLICATE = "duplicate"
    FAULTY = "faulty"


class Severity(StrEnum):
    """Whether a finding stops its row."""

    ERROR = "error"
    WARNING = "warning"


class DocumentLanguage(StrEnum):
    """In which language or languages a document is written."""

    CHINESE = "zh"
    ENGLISH = "en"
    BOTH = "both"


class DocumentScope(StrEnum):
    """What of a dossier a document is about."""

    DOSSIER = "dossier"
    OCCUPATION = "occupation"
    PERIOD = "period"
    RECORDS = "records"
    """Records that the holder chose."""
    CERTIFICATE = "certificate"
    CREDITS = "credits"


class DocumentState(StrEnum):
    """How far a document is that was asked for."""

    MAKING = "making"
    AWAITED = "awaited"
    """Accepted; it is signed as soon as something can sign again."""
    READY = "ready"
    REPLACED = "replaced"
    """Closed in favour of another, under the signer that came after."""
    FAILED = "failed"


class RunState(StrEnum):
    """How far the writing of a posted file is, or the undoing of it."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    """All or nothing was asked for, and a row was faulty: nothing was written."""
    CANCELLED = "cancelled"
    """Stopped by hand; what was written until then stays, or is undone."""
    UNDOING = "undoing"
    UNDONE = "undone"


class RunMode(StrEnum):
    """What becomes of a file of which some rows are faulty."""

    GOOD = "good"
    """The rows without fault are written."""
    ALL = "all"
    """All rows are written, or none is."""
