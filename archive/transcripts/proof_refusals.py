"""Refusals of proofs, apart from what makes them."""

from typing import ClassVar

from archive.errors import ArchiveError


class ProofSubjectUnknownError(ArchiveError):
    """The dossier has no such record or entry, or none that can be proved by itself."""

    code: ClassVar[str] = "proof_subject_unknown"
    template: ClassVar[str] = (
        "This dossier has no such record or entry. Look at the dossier or the credit statement "
        "again, and take the identifier of a record, an entry or a posting."
    )


class OpeningRefusedError(ArchiveError):
    """Somebody else than the holder wants the sealed part opened."""

    code: ClassVar[str] = "proof_opening_not_yours"
    template: ClassVar[str] = (
        "Only the holder can have the sealed part of a record opened, alone or at the counter. "
        "Ask for the proof without it."
    )


class NothingSealedError(ArchiveError):
    """An entry of the ledger has no sealed part."""

    code: ClassVar[str] = "proof_nothing_sealed"
    template: ClassVar[str] = (
        "An entry of the ledger has no sealed part that could be opened. "
        "Ask for the proof without it, or for a proof of the record."
    )
