"""Words for personal data and the rights of persons: contacts, reveals, closures, requests."""

from enum import StrEnum


class ContactKind(StrEnum):
    """By which way a person can be reached."""

    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"


class PersonalField(StrEnum):
    """What is shown masked, and in full only with a reason."""

    DOCUMENT = "document"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"


class RevealReason(StrEnum):
    """Why staff may look at a masked value in full."""

    IDENTITY_CHECK = "identity_check"
    REACH_WORKER = "reach_worker"
    CORRECT_RECORD = "correct_record"
    HANDLE_APPLICATION = "handle_application"
    HANDLE_COMPLAINT = "handle_complaint"
    LEGAL_REQUEST = "legal_request"


class ClosureAct(StrEnum):
    """What was decided on the whole of a dossier."""

    FREEZE = "freeze"
    UNFREEZE = "unfreeze"
    ERASE = "erase"


class RequestKind(StrEnum):
    """Which right a person uses."""

    COPY = "copy"
    CORRECT = "correct"
    ERASE = "erase"
    FREEZE = "freeze"
    UNFREEZE = "unfreeze"
    EXPLAIN = "explain"
    ARRANGE = "arrange"
    """What is to become of the dossier after one's death; relatives come second to it."""


class RequestAnswer(StrEnum):
    """How the bureau answers a request."""

    GRANTED = "granted"
    FROZEN_INSTEAD = "frozen_instead"
    DECLINED = "declined"


class IncidentStepKind(StrEnum):
    """What a step of an incident tells."""

    OPENED = "opened"
    MEASURE = "measure"
    REPORTED = "reported"
    """Who was told besides the persons affected: authorities, when and how."""
    CLOSED = "closed"


class Kinship(StrEnum):
    """Who is a near relative (Civil Code, article 1045)."""

    SPOUSE = "spouse"
    PARENT = "parent"
    CHILD = "child"
    SIBLING = "sibling"
    GRANDPARENT = "grandparent"
    GRANDCHILD = "grandchild"


class RelativeRight(StrEnum):
    """What near relatives of a dead person may ask for (PIPL, article 49)."""

    VIEW = "view"
    COPY = "copy"
    CORRECT = "correct"
    DELETE = "delete"


class Arrangement(StrEnum):
    """What a dead person arranged in life; it comes before what relatives ask for."""

    NONE = "none"
    ALLOWS = "allows"
    FORBIDS = "forbids"
