"""Why an offer, or an application to use credits, is refused."""

from typing import ClassVar

from archive.errors import ArchiveError


class UnknownOfferError(ArchiveError):
    """Nothing is offered under this code or identifier on the day."""

    code: ClassVar[str] = "offer_unknown"
    template: ClassVar[str] = "Nothing is offered here under {offer}. See the list of offers."


class OfferUnclearError(ArchiveError):
    """Several organisations use this code."""

    code: ClassVar[str] = "offer_unclear"
    template: ClassVar[str] = (
        "Several organisations offer something under {offer}. "
        "Write the organisation's code before it: {example}."
    )


class OfferUnfitError(ArchiveError):
    """An offer tells too much or too little for its use."""

    code: ClassVar[str] = "offer_unfit"
    template: ClassVar[str] = (
        "What consumes credits tells how many; what only cites records tells none, and an "
        "application for a level tells its occupation and level. Correct the offer."
    )


class OfferEndPastError(ArchiveError):
    """An offer cannot end on a day that is over."""

    code: ClassVar[str] = "offer_end_past"
    template: ClassVar[str] = (
        "The last day is over already, and someone may have applied since. Choose today or later."
    )


class RedemptionImpossibleError(ArchiveError):
    """What is asked for cannot be filled within the limits, or the conditions fail."""

    code: ClassVar[str] = "redemption_impossible"
    template: ClassVar[str] = (
        "This cannot be applied for now: credits or conditions are missing. "
        "The preview names each limit with its numbers."
    )


class LimitsBrokenError(ArchiveError):
    """The lots that were chosen break a limit or are not as much as is asked for."""

    code: ClassVar[str] = "limits_broken"
    template: ClassVar[str] = (
        "The chosen credits are not exactly what is asked for, or they break a limit. "
        "Take those of the preview."
    )


class LoweringGoneError(ArchiveError):
    """What lowered an application's requirement is withdrawn, corrected or suspended by now."""

    code: ClassVar[str] = "lowering_gone"
    template: ClassVar[str] = (
        "The record that lowered what is asked for does not count as it did when this was applied "
        "for. Decline with that reason; the worker can apply again."
    )


class CitedRecordGoneError(ArchiveError):
    """A record that an application cites was withdrawn since."""

    code: ClassVar[str] = "cited_record_gone"
    template: ClassVar[str] = (
        "A record that this application cites was withdrawn since. Decline with that reason; the "
        "worker can apply again."
    )


class AppliedAlreadyError(ArchiveError):
    """The worker applied for this offer before, and that stands."""

    code: ClassVar[str] = "applied_already"
    template: ClassVar[str] = (
        "This was applied for already and waits for its answer, or was accepted. "
        "See the list of applications."
    )
