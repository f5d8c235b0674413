"""Refusals of signing, apart from it: whoever only answers them need not load what signs."""

from typing import ClassVar

from archive.errors import ArchiveError

OPEN = "others may read it"
DAMAGED = "it is missing or damaged"
OTHER_KIND = "it is no elliptic curve key"
MISSING = "it is not there, or has no certificate beside it"
WRONG_WORDS = "its passphrase is another one, or the file is damaged"
NOT_ITS_KEY = "it belongs to another key"
NOT_FOR_SIGNING = "it is not for signing documents"
NOT_TODAY = "it is not valid on this day"
WEAK = "its key is neither RSA of 2048 bits or more nor P-256 or P-384"
NO_ROOT = "it does not lead to a root certificate beside it"
NO_MODULE = "its module cannot be loaded"
SILENT = "it does not answer"
PIN = "it refuses the PIN"
OF_KEYS = (MISSING, WRONG_WORDS, NO_MODULE, SILENT, PIN)
OF_CERTIFICATES = (NOT_ITS_KEY, NOT_FOR_SIGNING, NOT_TODAY, WEAK, NO_ROOT)
NO_STAMP = "it carries no time stamp over the whole file"
STAMP_OVER = "its last time stamp does not hold any more, so that another one would prove nothing"
OF_REFRESHING = (NO_STAMP, STAMP_OVER)
NO_SVG = "it is no SVG that can be read"
NOT_PATHS = "it holds something other than paths"
MOVED = "a path in it is moved, stroked or coloured apart from the others"
NO_BOX = "it does not say how large it is, or is no box of at most 10 centimetres"
BAD_PATH = "a path in it cannot be read"
TOO_LONG = "it is longer than a seal can be"
OF_SEALS = (NO_SVG, NOT_PATHS, MOVED, NO_BOX, BAD_PATH, TOO_LONG)
SIGNER, STAMPER = "the signer", "the time stamp authority"
NO_ANSWER = "it does not answer in time"
REFUSED = "it refuses the request"
GARBAGE = "its answer cannot be read"
NOT_OURS = "its answer is about something else"
OTHER_NUMBER = "its answer belongs to another request"
OTHER_POLICY = "its stamp was made under another policy"
DRIFTS = "its clock is not ours"
TOO_LARGE = "its stamp is larger than a document should carry"
UNTRUSTED = "its certificate does not lead to the trusted root, or its signature does not hold"
OF_STAMPS = (
    NO_ANSWER,
    REFUSED,
    GARBAGE,
    NOT_OURS,
    OTHER_NUMBER,
    OTHER_POLICY,
    DRIFTS,
    UNTRUSTED,
    TOO_LARGE,
)
CAUSES = (
    OPEN,
    DAMAGED,
    OTHER_KIND,
    SIGNER,
    STAMPER,
    *OF_STAMPS,
    *OF_KEYS,
    *OF_CERTIFICATES,
    *OF_REFRESHING,
)
"""What is wrong with a key, or whose it is, so that a test can see that each is translated."""


class SigningUnavailableError(ArchiveError):
    """The base of refusals that end by themselves, or by an operator: a job waits for that."""

    code: ClassVar[str] = "signing_unavailable"
    template: ClassVar[str] = "Nothing can be signed now. Try again later."


class SigningKeyUnusableError(SigningUnavailableError):
    """The signing key is missing, unreadable, or open to others."""

    code: ClassVar[str] = "signing_key_unusable"
    template: ClassVar[str] = (
        "The signing key {name} cannot be used: {problem}. "
        "Put the original file back with mode 600; no document can be signed without it."
    )


class SigningCertificateUnusableError(SigningUnavailableError):
    """The certificate of a signing key must not be used."""

    code: ClassVar[str] = "signing_certificate_unusable"
    template: ClassVar[str] = (
        "The certificate “{name}” cannot be used: {problem}. "
        "Ask its authority for one that is for signing documents, with all certificates above it."
    )


class ChainUnusableError(SigningUnavailableError):
    """A certificate that is needed does not hold now, so that nothing is signed."""

    code: ClassVar[str] = "signing_chain_unusable"
    template: ClassVar[str] = (
        "Nothing can be signed now: the certificate of {whose} is not valid, was revoked, or "
        "lacks a fresh revocation list. Who operates the archive renews it; try again then."
    )


class SigningTokenUnavailableError(SigningUnavailableError):
    """The token with the signing key cannot be used now."""

    code: ClassVar[str] = "signing_token_unavailable"
    template: ClassVar[str] = (
        "Nothing can be signed now: the token with the signing key cannot be used, {problem}. "
        "Try again later; who operates the archive checks the token and its settings."
    )


class TimestampUnavailableError(SigningUnavailableError):
    """The authority for time stamps does not answer, or answers no."""

    code: ClassVar[str] = "timestamp_unavailable"
    template: ClassVar[str] = (
        "Nothing can be signed now: the time stamp authority cannot be used, {problem}. "
        "Try again later; without a time stamp no file is made."
    )


class TimestampUnusableError(SigningUnavailableError):
    """The authority for time stamps answers, and its answer must not be used."""

    code: ClassVar[str] = "timestamp_unusable"
    template: ClassVar[str] = (
        "Nothing can be signed now: the time stamp authority cannot be relied on, {problem}. "
        "Who operates the archive looks at its settings; no file was made."
    )


class RefreshRefusedError(ArchiveError):
    """A signed file cannot be kept provable by another time stamp."""

    code: ClassVar[str] = "refresh_refused"
    template: ClassVar[str] = (
        "This file cannot get another time stamp: {problem}. "
        "Issue the document anew if it is needed."
    )


class UnknownIssuingKeyError(ArchiveError):
    """No signing key has this fingerprint."""

    code: ClassVar[str] = "issuing_key_unknown"
    template: ClassVar[str] = (
        "No signing key has the fingerprint {fingerprint}. See the list of keys."
    )


class IssuingKeyKnownError(ArchiveError):
    """A signing key is registered once."""

    code: ClassVar[str] = "issuing_key_known"
    template: ClassVar[str] = "This signing key is registered already. See the list of keys."


class IssuingKeyOverError(ArchiveError):
    """A signing key is outside the life of its certificate."""

    code: ClassVar[str] = "issuing_key_over"
    template: ClassVar[str] = (
        "The certificate of this signing key is not valid on this day. Register another key."
    )


class IssuingKeyRevokedError(SigningUnavailableError):
    """A signing key was revoked."""

    code: ClassVar[str] = "issuing_key_revoked"
    template: ClassVar[str] = (
        "This body's signing key was revoked, and nothing is signed with it. "
        "Two administrators take another key into use."
    )


class SealRefusedError(ArchiveError):
    """A file cannot be registered as a seal."""

    code: ClassVar[str] = "seal_refused"
    template: ClassVar[str] = (
        "This file cannot be a seal: {problem}. Draw it as one SVG of filled paths only."
    )
