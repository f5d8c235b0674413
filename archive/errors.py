"""Refusals of the archive that more than one room raises; each room has its own besides."""

from typing import ClassVar

from schemas.refusals import Refusal


class ArchiveError(Refusal):
    """The base of the archive's refusals."""


class SettingInvalidError(ArchiveError):
    """A setting in the environment cannot be used."""

    code: ClassVar[str] = "setting_invalid"
    template: ClassVar[str] = (
        "These settings cannot be used: {names}. Correct them; the README lists what each takes."
    )


class DatabaseNotReadyError(ArchiveError):
    """The database has not been upgraded to this version."""

    code: ClassVar[str] = "database_not_ready"
    template: ClassVar[str] = (
        "The database is not ready for this version. Run “skills-archive db upgrade” first."
    )


class UnknownWorkerError(ArchiveError):
    """No worker has this archive number, or none that the asker may see."""

    code: ClassVar[str] = "worker_unknown"
    template: ClassVar[str] = (
        "No worker with this archive number is known here. "
        "Check the number; its last character is a check character."
    )


class UnknownOrganisationError(ArchiveError):
    """No organisation has this code."""

    code: ClassVar[str] = "organisation_unknown"
    template: ClassVar[str] = (
        "No organisation has the code {organisation}. "
        "Ask the bureau for the code, or see the list of organisations."
    )


class UnknownRecordError(ArchiveError):
    """No record has this identifier, or none that the asker may see."""

    code: ClassVar[str] = "record_unknown"
    template: ClassVar[str] = (
        "This record is not known here. Check its identifier; it may belong to another worker."
    )


class UnknownAccountError(ArchiveError):
    """No account has this name."""

    code: ClassVar[str] = "account_unknown"
    template: ClassVar[str] = (
        "No account is called {account}. Name an existing account with --as; "
        "the first run prints the demo accounts."
    )


class NotAllowedError(ArchiveError):
    """The account may not do this."""

    code: ClassVar[str] = "not_allowed"
    template: ClassVar[str] = (
        "This account may not do that. Sign in with an account whose role allows it."
    )


class NotAtTheCounterError(ArchiveError):
    """A clerk who acts for a worker at the counter asks for something else."""

    code: ClassVar[str] = "not_at_the_counter"
    template: ClassVar[str] = (
        "This is not done while you act for somebody at the counter. "
        "End the visit first; what is the person's own to do, they do themselves."
    )


class DossierUnboundError(ArchiveError):
    """A worker's account has no dossier yet, so that there is nothing of their own to show."""

    code: ClassVar[str] = "dossier_unbound"
    template: ClassVar[str] = (
        "This account belongs to no dossier yet. Take your identity document to the counter, "
        "and enter the activation code that you get there under “My dossier”."
    )


class ClosedError(ArchiveError):
    """The base: what is personal in a dossier is kept from everybody."""


class ErasedError(ClosedError):
    """The person's key was destroyed: what was sealed cannot be read or written any more."""

    code: ClassVar[str] = "dossier_erased"
    template: ClassVar[str] = (
        "The personal data of this dossier was erased by decision; nothing can be shown or added."
    )


class FrozenError(ClosedError):
    """The dossier is frozen: kept, but neither read nor added to."""

    code: ClassVar[str] = "dossier_frozen"
    template: ClassVar[str] = (
        "This dossier is frozen: it is kept, but nothing of it is shown and nothing is added. "
        "The worker can ask the bureau to lift this; two persons of the bureau decide."
    )


class SealBrokenError(ArchiveError):
    """A sealed value does not open under the key that it should open under."""

    code: ClassVar[str] = "seal_broken"
    template: ClassVar[str] = (
        "A sealed value cannot be opened: it was changed, or the keys are not this archive's. "
        "Run “skills-archive chain verify” and check which key store is in use."
    )


class StorageFullError(ArchiveError):
    """The disk has no room left."""

    code: ClassVar[str] = "storage_full"
    template: ClassVar[str] = (
        "The archive's disk is full, so that nothing of this was kept. "
        "Tell the system administrator, and send it again later."
    )
