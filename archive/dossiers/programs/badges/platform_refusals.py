"""Why a platform is not registered, confirmed or ended."""

from typing import ClassVar

from archive.errors import ArchiveError


class PlatformError(ArchiveError):
    """The base: what was asked of a platform is refused."""


class PlatformIssuerError(PlatformError):
    """What stands for the issuer is no address and no DID."""

    code: ClassVar[str] = "platform_issuer"
    template: ClassVar[str] = (
        "The issuer is what the platform's badges name as issuer: an address that begins with "
        "https://, or a DID. Copy it from a badge."
    )


class PlatformKeyUnreadableError(PlatformError):
    """What was pasted is no public key of a kind that is used here."""

    code: ClassVar[str] = "platform_key_unreadable"
    template: ClassVar[str] = (
        "No key can be read. Paste one JWK, a set of JWKs, or a multikey (z6Mk…): Ed25519, P-256, "
        "or RSA of at least 2048 bits; at most {most} keys."
    )


class PlatformKeyPrivateError(PlatformError):
    """A private key was pasted."""

    code: ClassVar[str] = "platform_key_private"
    template: ClassVar[str] = (
        "This is a private key, with which anybody can issue badges. Nothing was kept. Paste the "
        "public key, and have the platform make a new pair: this one has been shown."
    )


class PlatformConfirmsItselfError(PlatformError):
    """Who registered a platform confirms it."""

    code: ClassVar[str] = "platform_second_person"
    template: ClassVar[str] = (
        "Whoever registered a platform does not confirm it. Ask another administrator of the "
        "organisation, or the bureau."
    )


class PlatformStepTakenError(PlatformError):
    """It was confirmed or ended before."""

    code: ClassVar[str] = "platform_step_taken"
    template: ClassVar[str] = "The platform was confirmed or ended already. Look at the list again."


class UnknownPlatformError(PlatformError):
    """No platform has this identifier, or none that the asker may see."""

    code: ClassVar[str] = "platform_unknown"
    template: ClassVar[str] = "This platform is not known here. Look at the list again."
