"""Words for what workers declare of themselves: self-declared records, and what became of them."""

from enum import StrEnum

from schemas.vocabulary.learning import RecordKind

DECLARABLE = (
    RecordKind.TRAINING,
    RecordKind.CERTIFICATE,
    RecordKind.COMPETITION,
    RecordKind.HONOUR,
    RecordKind.EDUCATION,
    RecordKind.EXPERIENCE,
)
"""Kinds of records that a worker can declare; an apprenticeship is filed by its school."""


class DeclarationAct(StrEnum):
    """What somebody did with a self-declared record."""

    DECLARE = "declare"
    CHANGE = "change"
    SEND = "send"
    """To an organisation that can confirm it."""
    CONFIRM = "confirm"
    """From then on it is a record of that organisation."""
    DECLINE = "decline"
    WITHDRAW = "withdraw"


class DeclarationState(StrEnum):
    """How a self-declared record stands."""

    DECLARED = "declared"
    SENT = "sent"
    DECLINED = "declined"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
