"""The proof of one link of a dossier's chain: a small file that stands by itself.

What it states never changes: a change is a ``LinkProofV2``. The exact format, for whoever
writes a verifier, stands in docs/verification.md.
"""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from schemas.contracts import Bilingual, Contract, Hundredths
from schemas.credits import Credits
from schemas.records import Record
from schemas.vocabulary import Act, Cause, Decision, Family, Rank, RecordKind, Way

LinkKind = Literal["record", "entry"]
PROOF_MARK = "skills-archive/proof/"
"""Stands in each proof: a file that carries it claims to be ours."""
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""Hex SHA-256."""
Base64 = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]+={0,2}$")]


class ProofAsked(Contract):
    """Of what a proof is asked for, and whether what is sealed is to be opened in it."""

    subject_id: UUID
    """A record, one of its versions, an entry of the ledger, or one of its postings."""
    is_opened: bool = False
    """Only the holder may have the sealed part of a record opened."""


class ProofIssuer(Contract):
    """In whose name a proof is signed."""

    code: str
    name: Bilingual


class ProofOrganisation(ProofIssuer):
    """Who posted the record that a link tells of, or whose outcome an entry is about."""

    id: UUID


class ProofStatementV1(Contract):
    """What is signed: where the chain of a dossier stood, and which of its links is meant."""

    schema_name: Literal["skills-archive/proof-statement/1"] = "skills-archive/proof-statement/1"
    made_at: datetime
    worker_id: UUID
    """The dossier, as its chain calls it."""
    archive_number: str
    links: int = Field(ge=1)
    """How many links its chain had."""
    root: Digest
    """The Merkle root over the hashes of all of them."""
    sequence: int = Field(ge=1)
    """The place of the link in the chain, from 1."""
    subject_kind: LinkKind
    subject_id: UUID
    organisation: ProofOrganisation
    issuer: ProofIssuer
    signer: Digest
    """SHA-256 of the certificate that signs."""
    timezone: str
    verify_url: str
    is_demo: bool
    """Whether the holder is a made-up person."""
    is_development: bool
    """Whether a development key signs; such a proof proves nothing."""


class ProofLink(Contract):
    """What is hashed for the link, besides what the statement tells of it."""

    previous: Digest
    """The hash of the link before it."""
    body: str
    """The clear part: canonical JSON, as the chain keeps it."""


class ProofEvidence(Contract):
    """What the signature is judged by later: DER in base64."""

    certificates: tuple[Base64, ...] = ()
    lists: tuple[Base64, ...] = ()
    """Lists of revoked certificates."""


class LinkProofV1(Contract):
    """A proof; the file is the canonical JSON of it."""

    schema_name: Literal["skills-archive/proof/1"] = "skills-archive/proof/1"
    statement: str
    """The canonical JSON of a ``ProofStatementV1``: exactly these bytes are signed."""
    signature: Base64
    """Detached CMS over the statement."""
    evidence: ProofEvidence = ProofEvidence()
    link: ProofLink
    path: tuple[Digest, ...]
    """The siblings from the link up to the root, the lowest first."""
    opening: str | None = None
    """What is sealed of a record, its salt included; None unless its holder had it opened."""
    time_stamp: Base64 | None = None
    """RFC 3161 token over the canonical JSON of everything else in the file."""


class OpeningView(Contract):
    """What would be opened, or was: all that is sealed of one version of a record."""

    record: Record
    reason: str | None = None
    """Why it was corrected."""
    way: Way | None = None
    """By which way it came; None when no source was kept."""
    reference: str | None = None
    file_name: str | None = None
    row: int | None = None
    cells: dict[str, str] = Field(default_factory=dict)
    """The row of the file that it came from, as it was written there."""


class ClearPart(Contract):
    """What the clear part of a link tells people; of what it does not tell there is None."""

    kind: RecordKind | None = None
    act: Act | None = None
    occupation: str | None = None
    occupation_name: Bilingual | None = None
    rank: Rank | None = None
    hours: Hundredths | None = None
    started_on: date | None = None
    effective_on: date | None = None
    recorded_at: datetime
    cause: Cause | None = None
    family: Family | None = None
    decision: Decision | None = None
    credits: Credits | None = None
    """What an entry changed in what the holder can use."""
    rule: str | None = None


class ProofPreview(Contract):
    """What a proof would tell; nothing is signed."""

    archive_number: str
    organisation: Bilingual
    sequence: int
    links: int
    subject_kind: LinkKind
    subject_id: UUID
    clear: ClearPart
    body: str
    """The clear part, as the chain keeps it: canonical JSON."""
    record_id: UUID | None = None
    """The record for good, whichever of its versions is meant; None for an entry."""
    title: str | None = None
    """What the record is called; told to its holder alone."""
    opening: OpeningView | None = None
    """What would be opened; told to the holder alone, and None for an entry."""


class ProvedLink(Contract):
    """What a proof tells; told only when its signature holds and its link lies under the root."""

    archive_number: str
    issuer: Bilingual
    organisation: Bilingual
    made_at: datetime
    sequence: int
    links: int
    subject_kind: LinkKind
    subject_id: UUID
    clear: ClearPart
    body: str
    """The clear part, as the chain keeps it: canonical JSON."""
    title: str | None = None
    """What the record is called; None unless it was opened."""
    opened: OpeningView | None = None
    is_demo: bool
    is_development: bool


class ProofReceipt(Contract):
    """A proof that was written to a file."""

    archive_number: str
    subject_kind: LinkKind
    subject_id: UUID
    sequence: int
    links: int
    made_at: datetime
    is_opened: bool
    is_development: bool
    sha256: str
    size_bytes: int
