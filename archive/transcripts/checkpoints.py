"""Signed checkpoints: where every dossier's chain stood at a moment, kept outside the database.

A chain alone cannot show that its end was cut off, that a whole dossier is gone, or that
all of it was hashed anew. A checkpoint in other hands can (design decision 2). So can it for
the law, which no chain holds: see ``law_marks``; and for the audit, whose newest seals it holds.
"""

import asyncio
import base64
import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import ClassVar
from uuid import UUID

from asn1crypto import cms
from pydantic import Field
from pyhanko.sign.validation.generic_cms import async_validate_detached_cms
from pyhanko.sign.validation.status import SignatureStatus
from pyhanko_certvalidator import ValidationContext
from sqlmodel import Session, col, select

from archive.audit import checking as audit
from archive.errors import ArchiveError
from archive.people.models import Worker
from archive.people.trail import trail_of
from archive.texts import both
from archive.transcripts.keys import KeyProvider
from archive.transcripts.law_marks import LawMark, law_digest, law_faults, law_marks
from archive.transcripts.trust import TrustBundle
from credit_bank.chain import canonical_bytes
from credit_bank.merkle import leaf_of, merkle_root
from credit_bank.models import ChainHead, ChainLink
from schemas.audit import SealMark
from schemas.contracts import Contract
from schemas.refusals import Phrase
from schemas.reports import ChainFault, ChainReport

_BATCH = 400

FAULTS = {
    "dossier_missing": "The dossier stood in the checkpoint and is gone.",
    "chain_cut": "The chain is shorter than it was at the checkpoint: its end was cut off.",
    "chain_rewritten": "The chain was written anew since the checkpoint: its hash differs.",
}
"""What only a checkpoint can find."""

UNREADABLE = "it cannot be read"
UNSIGNED = "its signature does not hold"
REVOKED = "its key was revoked, or its moment is still to come"
OTHER_HEADS = "its heads are not those that were signed"
OTHER_LAW = "its rules and decisions are not those that were signed"
CAUSES = (UNREADABLE, UNSIGNED, REVOKED, OTHER_HEADS, OTHER_LAW)
"""Why a checkpoint cannot be used, so that a test can see that each is translated."""


class CheckpointUnusableError(ArchiveError):
    """The checkpoint cannot be read, or its signature does not hold."""

    code: ClassVar[str] = "checkpoint_unusable"
    template: ClassVar[str] = (
        "The checkpoint cannot be used: {problem}. "
        "Take the file that “chain checkpoint” wrote, unchanged."
    )


class Head(Contract):
    """Where one dossier's chain stood."""

    worker_id: UUID
    sequence: int = Field(ge=0)
    hash: str = Field(pattern=r"^[0-9a-f]{64}$")


class Checkpoint(Contract):
    """Where all chains and the law stood.

    ``signature`` is a detached CMS over count, root, the digest of the law, and moment. The
    files of the first release tell no law: there ``law_digest`` is None.
    """

    made_at: datetime
    dossiers: int
    merkle_root: str
    heads: tuple[Head, ...]
    law: tuple[LawMark, ...] = ()
    law_digest: str | None = None
    seals: tuple[SealMark, ...] = ()
    """The newest seal of each stream of the audit; the first releases told none."""
    signature: str

    @property
    def signed(self) -> bytes:
        """The bytes that are signed."""
        return _signed(self.made_at, self.dossiers, self.merkle_root, self.law_digest, self.seals)


def make(session: Session, keys: KeyProvider, *, now: datetime) -> Checkpoint:
    """Return a signed checkpoint of all dossiers."""
    query = select(ChainHead).order_by(col(ChainHead.worker_id))
    heads = tuple(
        Head(worker_id=head.worker_id, sequence=head.sequence, hash=head.hash.hex())
        for head in session.exec(query)
    )
    root, law = _root(heads), law_marks(session)
    seals = audit.marks(trail_of(session).store)
    signed = _signed(now, len(heads), root, law_digest(law), seals)
    signing = keys.signer().async_sign_general_data(signed, "sha256")
    return Checkpoint(
        made_at=now,
        dossiers=len(heads),
        merkle_root=root,
        heads=heads,
        law=law,
        law_digest=law_digest(law),
        seals=seals,
        signature=base64.b64encode(asyncio.run(signing).dump()).decode(),
    )


def read(text: bytes, trust: TrustBundle, *, now: datetime) -> Checkpoint:
    """Return a checkpoint whose signature and root hold; raises CheckpointUnusableError.

    It is judged as of the moment that it tells: keys are replaced, and a checkpoint is kept for
    longer than any lasts. Of a key that others may have had nothing is believed, whatever moment
    is told; of one that was retired what it signed before.
    """
    try:
        checkpoint = Checkpoint.model_validate(json.loads(text))
        signature = cms.ContentInfo.load(base64.b64decode(checkpoint.signature))["content"]
        made_at = checkpoint.made_at
        context = ValidationContext(
            trust_roots=trust.roots, allow_fetching=False, moment=min(made_at, now)
        )
        checking = async_validate_detached_cms(checkpoint.signed, signature, context)
        status = asyncio.run(checking)
    except (ValueError, KeyError, TypeError, RecursionError) as unreadable:
        raise CheckpointUnusableError(problem=Phrase(UNREADABLE)) from unreadable
    if not (status.intact and status.valid and status.trusted):
        raise CheckpointUnusableError(problem=Phrase(UNSIGNED))
    if made_at > now or _is_revoked(status, trust, made_at):
        raise CheckpointUnusableError(problem=Phrase(REVOKED))
    if (len(checkpoint.heads), _root(checkpoint.heads)) != (
        checkpoint.dossiers,
        checkpoint.merkle_root,
    ):
        raise CheckpointUnusableError(problem=Phrase(OTHER_HEADS))
    if checkpoint.law_digest != (law_digest(checkpoint.law) if checkpoint.law_digest else None):
        raise CheckpointUnusableError(problem=Phrase(OTHER_LAW))
    return checkpoint


def compare(session: Session, checkpoint: Checkpoint) -> ChainReport:
    """Return what is not as it was when the checkpoint was made."""
    faults: list[ChainFault] = []
    if checkpoint.law_digest:
        faults += law_faults(session, checkpoint.law)
    faults += _seal_faults(session, checkpoint.seals)
    for at in range(0, checkpoint.dossiers, _BATCH):
        faults += _faults(session, checkpoint.heads[at : at + _BATCH])
    return ChainReport(
        dossiers=checkpoint.dossiers,
        links=sum(head.sequence for head in checkpoint.heads),
        faults=tuple(faults),
    )


def _is_revoked(status: SignatureStatus, trust: TrustBundle, made_at: datetime) -> bool:
    """Whether a certificate on the way to the root is no longer believed for that moment."""
    way = list(status.validation_path or ())
    for issuer, one in pairwise(way):
        told = trust.revoked(one, issuer)
        if told is not None and (told.is_compromised or told.at <= made_at):
            return True
    return False


def _faults(session: Session, heads: Sequence[Head]) -> Iterator[ChainFault]:
    whose = [head.worker_id for head in heads]
    workers = select(Worker).where(col(Worker.worker_id).in_(whose))
    numbers = {worker.worker_id: worker.archive_number for worker in session.exec(workers)}
    sequences = {head.sequence for head in heads}
    at_heads = select(ChainLink.worker_id, ChainLink.sequence, ChainLink.hash).where(
        col(ChainLink.worker_id).in_(whose), col(ChainLink.sequence).in_(sequences)
    )
    links = {(who, sequence): told.hex() for who, sequence, told in session.exec(at_heads)}
    for head in heads:
        found = links.get((head.worker_id, head.sequence))
        if head.worker_id not in numbers:
            yield _fault("dossier_missing", head, None)
        elif found is None and head.sequence:
            yield _fault("chain_cut", head, numbers[head.worker_id])
        elif found is not None and found != head.hash:
            yield _fault("chain_rewritten", head, numbers[head.worker_id])


def _seal_faults(session: Session, seals: Sequence[SealMark]) -> Iterator[ChainFault]:
    for one in audit.compare(trail_of(session).store, seals):
        yield ChainFault(
            archive_number=None,
            table="audit_seal",
            row_id=one.stream,
            sequence=one.seal,
            code=one.code,
            message=one.message,
        )


def _fault(code: str, head: Head, archive_number: str | None) -> ChainFault:
    return ChainFault(
        archive_number=archive_number,
        table="chain_link",
        row_id=None if archive_number else str(head.worker_id),
        sequence=head.sequence,
        code=code,
        message=both(FAULTS[code]),
    )


def _root(heads: Sequence[Head]) -> str:
    leaves = [leaf_of(one.worker_id, one.sequence, bytes.fromhex(one.hash)) for one in heads]
    return merkle_root(leaves).hex()


def _signed(
    made_at: datetime, dossiers: int, root: str, law: str | None, seals: Sequence[SealMark]
) -> bytes:
    told: dict[str, object] = {
        "v": 1,
        "made_at": made_at,
        "dossiers": dossiers,
        "merkle_root": root,
    }
    if law:
        told |= {"v": 2, "law": law}
    if seals:
        told |= {"v": 3, "seals": [[one.stream, one.number, one.hash] for one in seals]}
    return canonical_bytes(told)
