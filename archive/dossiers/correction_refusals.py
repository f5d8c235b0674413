"""Why a request for correction or addition, or a step in one, is refused."""

from typing import ClassVar

from archive.errors import ArchiveError


class UnknownCorrectionError(ArchiveError):
    """No request has this identifier, or none that the asker may see."""

    code: ClassVar[str] = "correction_unknown"
    template: ClassVar[str] = (
        "No request for correction or addition is known here by this identifier. "
        "See the list of requests."
    )


class CorrectionEmptyError(ArchiveError):
    """A request says too little to be checked."""

    code: ClassVar[str] = "correction_empty"
    template: ClassVar[str] = (
        "Say what is wrong or missing, and what would be right, so that it can be checked."
    )


class CorrectionWaitingError(ArchiveError):
    """A request about this record is open."""

    code: ClassVar[str] = "correction_waiting"
    template: ClassVar[str] = (
        "A request to correct this record is open already. Wait for its end, or withdraw it first."
    )


class CorrectionsTooManyError(ArchiveError):
    """A worker has as many open requests as can be looked after."""

    code: ClassVar[str] = "corrections_too_many"
    template: ClassVar[str] = (
        "{most} requests of yours are open. Wait for an answer, or withdraw one first; "
        "several missing records of one organisation can stand in one request."
    )


class CorrectionActRefusedError(ArchiveError):
    """The request stands so that this cannot be done."""

    code: ClassVar[str] = "correction_act_refused"
    template: ClassVar[str] = "This cannot be done as the request stands now. Look at it again."


class NotCorrectedError(ArchiveError):
    """The record has no newer version than when the request was opened."""

    code: ClassVar[str] = "correction_not_done"
    template: ClassVar[str] = (
        "The record is still as it was when the worker asked. "
        "Correct or withdraw it first, then answer."
    )


class NotAddedError(ArchiveError):
    """The record that is named was not added since."""

    code: ClassVar[str] = "addition_not_done"
    template: ClassVar[str] = (
        "No such record was added to this worker's dossier since the request. "
        "Post the record first, then choose it."
    )


class PassedOnOftenError(ArchiveError):
    """A request was passed on so often that somebody has to answer it now."""

    code: ClassVar[str] = "correction_passed_on"
    template: ClassVar[str] = (
        "This request can't be passed on there: it was with that organisation already, or was "
        "passed on {most} times. Answer it, or decline with a reason."
    )


class AnsweredItselfError(ArchiveError):
    """Who declined a request cannot decide on it for the bureau."""

    code: ClassVar[str] = "correction_own_answer"
    template: ClassVar[str] = (
        "The refusal came from your own account. Another account of the bureau has to decide."
    )
