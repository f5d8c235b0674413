"""Refusals of share links and of access that a worker grants; none tells whose dossier it is."""

from typing import ClassVar

from archive.errors import ArchiveError


class UnknownShareError(ArchiveError):
    """No share has this token, or none that the asker may manage."""

    code: ClassVar[str] = "share_unknown"
    template: ClassVar[str] = (
        "No share is found by this link. Check that it was copied whole, or ask the person who "
        "sent it for a new one."
    )


class ShareExpiredError(ArchiveError):
    """The share's own time is over; that says nothing of any certificate."""

    code: ClassVar[str] = "share_expired"
    template: ClassVar[str] = (
        "This share link has ended: its time was over. Ask the person who sent it for a new one. "
        "This says nothing about any certificate."
    )


class ShareMergedError(ArchiveError):
    """The dossier was joined with another of the same person, and its links ended with it."""

    code: ClassVar[str] = "share_merged"
    template: ClassVar[str] = (
        "This share link has ended: two dossiers of the person who sent it were joined into one. "
        "Ask the person for a new one. This says nothing about any certificate."
    )


class ShareRevokedError(ArchiveError):
    """The worker has taken the share back."""

    code: ClassVar[str] = "share_revoked"
    template: ClassVar[str] = (
        "This share link was taken back by the person who sent it. "
        "Ask that person if you still need to see it."
    )


class SharePinNeededError(ArchiveError):
    """The share opens with a PIN only."""

    code: ClassVar[str] = "share_pin_needed"
    template: ClassVar[str] = (
        "This share is protected by a PIN. Enter the digits that the sender told you."
    )


class SharePinWrongError(ArchiveError):
    """The PIN is not that of the share."""

    code: ClassVar[str] = "share_pin_wrong"
    template: ClassVar[str] = (
        "This is not the PIN of the share. Check the digits, or ask the sender for them."
    )


class SharePinLockedError(ArchiveError):
    """Too many wrong PINs were tried on this share."""

    code: ClassVar[str] = "share_pin_locked"
    template: ClassVar[str] = (
        "Too many wrong PINs were tried. Come back in {minutes} min, with the right digits."
    )


class ShareNoDownloadError(ArchiveError):
    """The worker lets this share be read, not taken away."""

    code: ClassVar[str] = "share_no_download"
    template: ClassVar[str] = (
        "The sender lets this share be read but not downloaded. Read it on its page, or ask the "
        "sender for a share that can be downloaded."
    )


class ShareClosedError(ArchiveError):
    """A share that was revoked is not opened again."""

    code: ClassVar[str] = "share_closed"
    template: ClassVar[str] = "This share was taken back for good. Make a new one if it is needed."


class ScopeEmptyError(ArchiveError):
    """Nothing lies both in what was asked for and in what would be granted."""

    code: ClassVar[str] = "scope_empty"
    template: ClassVar[str] = (
        "Nothing is left of what was asked for: kinds, occupation or period do not meet. "
        "Choose within what was asked for."
    )


class ConsentMissingError(ArchiveError):
    """Access is granted only by a consent of its own."""

    code: ClassVar[str] = "consent_missing"
    template: ClassVar[str] = (
        "Access is granted only with your separate consent. Read the text and tick the box below."
    )


class UnknownAccessError(ArchiveError):
    """No request for access has this identifier, or none that the asker may see."""

    code: ClassVar[str] = "access_unknown"
    template: ClassVar[str] = (
        "No such request for access is known here. See the list of your requests."
    )


class AccessAnsweredError(ArchiveError):
    """The request is not in a state in which this can be said to it."""

    code: ClassVar[str] = "access_answered"
    template: ClassVar[str] = (
        "This request was answered already, or its time is over. Look at it again."
    )


class AccessNotGrantedError(ArchiveError):
    """Nobody has granted this access, or not yet."""

    code: ClassVar[str] = "access_not_granted"
    template: ClassVar[str] = (
        "This access was not granted. If the request still waits, wait for the answer; "
        "otherwise ask the person."
    )


class AccessEndedError(ArchiveError):
    """Access was granted and its time is over, or it was taken back."""

    code: ClassVar[str] = "access_ended"
    template: ClassVar[str] = (
        "This access has ended: its time is over, the person took it back, or two dossiers of the "
        "person were joined. "
        "Ask again if you still need it."
    )


class AccessRequestsTooManyError(ArchiveError):
    """An organisation asks for more dossiers in a day than it could have reason to."""

    code: ClassVar[str] = "access_requests_too_many"
    template: ClassVar[str] = (
        "Your organisation has asked for {most} dossiers within a day. Go on tomorrow, "
        "or ask the people to send you a share link."
    )


class AccessPurposeLongError(ArchiveError):
    """A purpose does not fit on the documents that are asked for with it."""

    code: ClassVar[str] = "access_purpose_long"
    template: ClassVar[str] = (
        "The purpose stands on each document, beside the name of your organisation, and has room "
        "for {most} characters. Say it in fewer words, or ask without documents."
    )
