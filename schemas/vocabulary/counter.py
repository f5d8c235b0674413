"""Words for the counter: why someone comes, what is seen there."""

from enum import StrEnum


class VisitPurpose(StrEnum):
    """Why a worker comes to the counter."""

    READ_DOSSIER = "read_dossier"
    TRANSCRIPT = "transcript"
    USE_CREDITS = "use_credits"
    APPEAL = "appeal"
    SHARE = "share"
    OTHER = "other"


class SightingKind(StrEnum):
    """What was compared with a record."""

    ORIGINAL_SEEN = "original_seen"
    """The paper itself lay on the counter."""
    CHECKED_NATIONALLY = "checked_nationally"
    """The national certificate site was asked."""


class ScanType(StrEnum):
    """What kind of file a scan is, told by its content."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"
