"""Why a sign-in by the identity service comes to nothing, and what to do next.

None repeats what the service said: that may name a person, or be written by an attacker.
"""

from typing import ClassVar

from archive.errors import ArchiveError


class VouchingError(ArchiveError):
    """A sign-in by the identity service came to nothing."""


class VouchingCancelledError(VouchingError):
    """The person said no at the identity service, or it did not let them in."""

    code: ClassVar[str] = "identity_cancelled"
    template: ClassVar[str] = (
        "The sign-in was broken off at the identity service. "
        "Try once more, or use another way to sign in."
    )


class VouchingRefusedError(VouchingError):
    """The identity service answered with an error."""

    code: ClassVar[str] = "identity_service_refused"
    template: ClassVar[str] = (
        "The identity service did not accept this sign-in. Try once more; "
        "if it happens again, use another way to sign in and tell the bureau."
    )


class VouchingUnavailableError(VouchingError):
    """The identity service does not answer, or not as its standard asks."""

    code: ClassVar[str] = "identity_service_unavailable"
    template: ClassVar[str] = (
        "The identity service cannot be reached right now. "
        "Try again in a few minutes, or use another way to sign in."
    )


class VouchingStateUnknownError(VouchingError):
    """The browser comes back with a sign-in that was not begun in it."""

    code: ClassVar[str] = "identity_state_unknown"
    template: ClassVar[str] = (
        "This sign-in was not begun in this browser, or another was begun after it. "
        "Begin again from the sign-in page."
    )


class VouchingStateUsedError(VouchingError):
    """The browser comes back a second time."""

    code: ClassVar[str] = "identity_state_used"
    template: ClassVar[str] = (
        "This sign-in was finished before. If you are not signed in, begin again."
    )


class VouchingStateExpiredError(VouchingError):
    """The browser comes back too late."""

    code: ClassVar[str] = "identity_state_expired"
    template: ClassVar[str] = (
        "This sign-in took more than ten minutes. Begin again from the sign-in page."
    )


class VouchingNonceError(VouchingError):
    """What is vouched for was said to another sign-in."""

    code: ClassVar[str] = "identity_nonce_wrong"
    template: ClassVar[str] = (
        "The answer of the identity service belongs to another sign-in and was not accepted. "
        "Begin again from the sign-in page."
    )


class VouchingTokenError(VouchingError):
    """The identity service's token is not whole: signature, issuer, audience or time."""

    code: ClassVar[str] = "identity_token_refused"
    template: ClassVar[str] = (
        "The answer of the identity service could not be verified and was not accepted. "
        "Try once more; if it happens again, use another way to sign in and tell the bureau."
    )


class VouchingClaimsError(VouchingError):
    """The identity service vouches for no name or no usable number."""

    code: ClassVar[str] = "identity_claims_missing"
    template: ClassVar[str] = (
        "The identity service did not tell a verified name and identity number. "
        "Complete your verification there, or use another way to sign in."
    )


class VouchingMismatchError(VouchingError):
    """What is vouched for differs from what the archive has."""

    code: ClassVar[str] = "identity_mismatch"
    template: ClassVar[str] = (
        "What the identity service says of you does not agree with the archive, "
        "so you were not signed in. Come to the counter with your identity document."
    )


class VouchingAccountClosedError(VouchingError):
    """The account that it would sign in was closed."""

    code: ClassVar[str] = "identity_account_closed"
    template: ClassVar[str] = (
        "This account was closed. Come to the counter with your identity document, "
        "or ask whoever runs the accounts of your organisation."
    )


class VouchingTakenError(VouchingError):
    """A subject or an account is bound already, to another."""

    code: ClassVar[str] = "identity_bound_already"
    template: ClassVar[str] = (
        "This subject or this account is bound to another already. "
        "Unbind that first, with “skills-archive account unbind”."
    )


class VouchingSubjectError(VouchingError):
    """What stands on standard input is no subject."""

    code: ClassVar[str] = "identity_subject_missing"
    template: ClassVar[str] = (
        "Give the issuer, and on standard input the subject: one line of 1 to 255 characters, "
        "exactly as the identity service writes it."
    )
