"""What is told of the versions of keys: never a key, only its name, state and use."""

from datetime import datetime
from enum import StrEnum

from schemas.contracts import Bilingual, Contract


class MasterKeySource(StrEnum):
    """Where master keys are kept."""

    FILE = "file"
    ENVIRONMENT = "environment"
    PKCS11 = "pkcs11"


class SigningProfile(StrEnum):
    """How much a signature carries for those who judge it later (PAdES, EN 319 142-1)."""

    B_B = "B-B"
    """The signature alone."""
    B_T = "B-T"
    """With a time stamp over the signature."""
    B_LT = "B-LT"
    """With all certificates and revocation lists, besides."""
    B_LTA = "B-LTA"
    """With a time stamp over the whole file, besides, which can be renewed for ever."""


class KeyPlace(StrEnum):
    """Where the private part of a signing key is."""

    DEVELOPMENT = "development"
    """Made here, for tests only."""
    PKCS12 = "pkcs12"
    PKCS11 = "pkcs11"


class KeyStanding(StrEnum):
    """What a signing key is for."""

    WAITING = "waiting"
    """Registered, and not in use."""
    CURRENT = "current"
    FORMER = "former"
    """What it signed stays good."""
    REVOKED = "revoked"
    """What it signed before that moment stays good if it was stamped then."""


class RevocationReason(StrEnum):
    """Why a key is revoked, in the words of X.509."""

    COMPROMISED = "keyCompromise"
    REPLACED = "superseded"
    BODY_ENDED = "cessationOfOperation"
    BODY_CHANGED = "affiliationChanged"


class KeyState(StrEnum):
    """What a version of a key is for."""

    CURRENT = "current"
    """New things are put under it."""
    PREVIOUS = "previous"
    """Older things are still under it, until a rotation has moved them."""


class MasterKeyVersion(Contract):
    """One version of the master key."""

    version: str
    """A digest of the key, or its identifier in the token: it tells keys apart and no more."""
    state: KeyState | None
    """None for a key that is at hand and was never used, or was retired."""
    source: MasterKeySource | None
    """Where it was found; None when it is not at hand."""
    created_at: datetime | None
    rows: int
    """Keys of persons and of look-ups that are wrapped under it."""
    files: int
    """Files that wait for a confirmation, sealed under it."""


class MasterKeyList(Contract):
    """All versions of the master key, the oldest first."""

    versions: tuple[MasterKeyVersion, ...]


class IndexKeyVersion(Contract):
    """One version of the key of look-ups."""

    version: int
    state: KeyState
    created_at: datetime
    rows: int
    """Look-ups under it."""


class IndexKeyList(Contract):
    """All versions of the key of look-ups, the oldest first."""

    versions: tuple[IndexKeyVersion, ...]


class IssuingKeyView(Contract):
    """A signing key of a body."""

    organisation: str
    """The body's code."""
    fingerprint: str
    """Hex SHA-256 of its certificate."""
    subject: str
    place: KeyPlace
    standing: KeyStanding
    valid_from: datetime
    valid_to: datetime
    added_by: str
    added_at: datetime
    current_since: datetime | None = None
    revoked_since: datetime | None = None
    revoked_for: RevocationReason | None = None


class IssuingKeyList(Contract):
    """The signing keys of all bodies, by body, the oldest first."""

    keys: tuple[IssuingKeyView, ...]
    fallback: str
    """Hex SHA-256 of the development key, which signs for a body without a key of its own."""


class SealReceipt(Contract):
    """A seal that was registered."""

    organisation: str
    sha256: str
    """Hex SHA-256 of its drawing in canonical form, as documents tell it."""
    registered_at: datetime


class ListsReceipt(Contract):
    """Which revocation lists were fetched."""

    fetched: int
    failed: tuple[str, ...]
    """Addresses from which nothing was had that an authority of ours has signed."""


class TrustReceipt(Contract):
    """What was written for verifiers elsewhere."""

    roots: int
    stamp_roots: int
    lists: int
    fingerprints: tuple[str, ...]


class RotationReport(Contract):
    """What a rotation moved to the version in use."""

    version: str
    moved: int
    left: int
    """What is still under another version, because it could not be moved."""


class CertificatePurpose(StrEnum):
    """What a certificate may be relied on for."""

    DOCUMENTS = "documents"
    """Documents of this archive, and time stamps."""
    TIME_STAMPS = "time_stamps"
    """Time stamps alone."""


class TrustedCertificate(Contract):
    """A certificate that verifiers may compare by eye."""

    name: str
    issuer: str
    purpose: CertificatePurpose
    fingerprint: str
    """Hex SHA-256 of the certificate."""
    serial: str
    """Hex, as other programs show it."""
    valid_from: datetime
    valid_until: datetime
    standing: KeyStanding | None = None
    """Of a key that signs, whether it does so now; None for a root."""
    body: Bilingual | None = None
    """For whom it signs, or signed; None for a root, and for the key of bodies without one."""
    signs_since: datetime | None = None
    """When two persons took it into use; None for a root, and for the key of bodies without one."""
    revoked_since: datetime | None = None
    revoked_for: RevocationReason | None = None


class TrustView(Contract):
    """Whom to trust for the documents of this archive."""

    roots: tuple[TrustedCertificate, ...]
    signers: tuple[TrustedCertificate, ...]
    """Who signs now, and who did before."""
    is_development: bool
