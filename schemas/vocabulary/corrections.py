"""Words for what a worker asks an organisation to put right: requests and what became of them."""

from enum import StrEnum


class CorrectionKind(StrEnum):
    """What a worker asks for."""

    CORRECTION = "correction"
    """更正: a record on file is wrong."""
    ADDITION = "addition"
    """补录: a record that should be there is not."""


class CorrectionAct(StrEnum):
    """What somebody did with such a request."""

    OPEN = "open"
    HAND_ON = "hand_on"
    """Another organisation can answer it."""
    CORRECTED = "corrected"
    ADDED = "added"
    DECLINE = "decline"
    ESCALATE = "escalate"
    """The bureau takes it: the worker went on, or nobody answered in time."""
    DIRECT = "direct"
    """The bureau tells an organisation to put it right."""
    DISMISS = "dismiss"
    """The bureau declines; the worker is told the ways of review and of suit."""
    WITHDRAW = "withdraw"
    LAPSE = "lapse"
    """Nobody went on after a refusal."""


class CorrectionState(StrEnum):
    """How such a request stands."""

    WAITING = "waiting"
    DECLINED = "declined"
    """The worker can go on to the bureau for some days."""
    WITH_BUREAU = "with_bureau"
    DIRECTED = "directed"
    CORRECTED = "corrected"
    ADDED = "added"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"

    @property
    def is_open(self) -> bool:
        """Whether anyone can still do something about it."""
        return self in _OPEN


_OPEN = frozenset(
    {
        CorrectionState.WAITING,
        CorrectionState.DECLINED,
        CorrectionState.WITH_BUREAU,
        CorrectionState.DIRECTED,
    }
)
