"""Why a badge is not taken."""

from typing import ClassVar

from archive.errors import ArchiveError


class BadgeRefusedError(ArchiveError):
    """The base: nothing was posted."""


class BadgeTooLargeError(BadgeRefusedError):
    """The file is larger than any badge."""

    code: ClassVar[str] = "badge_too_large"
    template: ClassVar[str] = (
        "The file is larger than {megabytes} MB, or the credential in it larger than "
        "{kilobytes} KB. Send the badge as the platform gave it."
    )


class BadgeUnreadableError(BadgeRefusedError):
    """There is no credential in the file, or more than one, or it is broken."""

    code: ClassVar[str] = "badge_unreadable"
    template: ClassVar[str] = (
        "No badge of Open Badges 3.0 can be read from this file. Send the JSON or JWT, or the PNG "
        "or SVG into which it was baked, as the platform gave it."
    )


class BadgeTypeError(BadgeRefusedError):
    """The credential is no badge, or not of one person and one achievement."""

    code: ClassVar[str] = "badge_type"
    template: ClassVar[str] = (
        "The credential is no Open Badge of one person for one achievement. "
        "Badges for several, endorsements and older versions are not taken."
    )


class BadgeContextError(BadgeRefusedError):
    """The words of the badge are defined by a document that is not known here."""

    code: ClassVar[str] = "badge_context"
    template: ClassVar[str] = (
        "The badge takes its words from a context that is not known here. Only those of "
        "Verifiable Credentials 2.0 and Open Badges 3.0 are; nothing is fetched."
    )


class BadgeUnsignedError(BadgeRefusedError):
    """Nobody signed it."""

    code: ClassVar[str] = "badge_unsigned"
    template: ClassVar[str] = (
        "The badge is not signed, so nothing proves who issued it. "
        "Ask the platform for a signed one."
    )


class BadgeProofUnknownError(BadgeRefusedError):
    """It is signed in a way that is not checked here."""

    code: ClassVar[str] = "badge_proof_unknown"
    template: ClassVar[str] = (
        "The badge is signed in a way that is not checked here. Taken are one proof by "
        "eddsa-rdfc-2022 or eddsa-jcs-2022, and JWTs by EdDSA, ES256 or RS256."
    )


class BadgeIssuerUnknownError(BadgeRefusedError):
    """No platform of the organisation issues under this name."""

    code: ClassVar[str] = "badge_issuer_unknown"
    template: ClassVar[str] = (
        "The badge comes from a platform that your organisation has not registered. Register it "
        "with its keys, and have a second person confirm it."
    )


class BadgeIssuerWaitingError(BadgeRefusedError):
    """The platform was registered and not confirmed yet."""

    code: ClassVar[str] = "badge_issuer_waiting"
    template: ClassVar[str] = (
        "The platform is registered, but no second person has confirmed it. Ask another "
        "administrator of your organisation, or the bureau."
    )


class BadgeIssuerEndedError(BadgeRefusedError):
    """The platform's badges count no more."""

    code: ClassVar[str] = "badge_issuer_ended"
    template: ClassVar[str] = (
        "The platform was ended, and its badges count no more. If it has new keys, register it "
        "with these."
    )


class BadgeForgedError(BadgeRefusedError):
    """The signature is none of the platform's over what the badge says."""

    code: ClassVar[str] = "badge_forged"
    template: ClassVar[str] = (
        "The signature is not one of the registered platform's over what the badge says: it was "
        "changed, or signed with another key. Ask the platform for the badge anew."
    )


class BadgeContradictsError(BadgeRefusedError):
    """The envelope names another issuer, person or badge than the credential in it."""

    code: ClassVar[str] = "badge_contradicts"
    template: ClassVar[str] = (
        "The envelope of the badge names another issuer, person or identifier than the "
        "credential in it. Ask the platform for the badge anew."
    )


class BadgeNotYetError(BadgeRefusedError):
    """It is valid from a later day on."""

    code: ClassVar[str] = "badge_not_yet"
    template: ClassVar[str] = "The badge is valid from {day} on. Send it then."


class BadgeExpiredError(BadgeRefusedError):
    """Its validity is over."""

    code: ClassVar[str] = "badge_expired"
    template: ClassVar[str] = (
        "The badge was valid until {day}. Ask the platform for one that is valid, or post the "
        "completion yourself."
    )


class BadgeStatusUncheckedError(BadgeRefusedError):
    """Whether the platform revoked it is told elsewhere, and nothing is fetched. A warning."""

    code: ClassVar[str] = "badge_status_unchecked"
    template: ClassVar[str] = (
        "Whether the platform has revoked the badge meanwhile could not be checked: nothing is "
        "fetched from it. Look it up there if in doubt."
    )
