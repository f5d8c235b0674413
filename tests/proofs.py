"""A dossier out of which single records and entries are proved, for tests."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlmodel import Session, col, select

from archive.db import Database
from archive.people.models import Account
from archive.transcripts.keys import DevelopmentKeys, KeyProvider, development_keys
from archive.transcripts.proof_files import proof_bytes
from archive.transcripts.proof_signing import signed_proof
from archive.transcripts.proofs import Proved, Prover, prove
from archive.transcripts.register import DatabaseRegister
from archive.transcripts.trust import TrustBundle
from archive.transcripts.verification import verify_file
from credit_bank.models import Entry
from schemas.keys import SigningProfile
from schemas.link_proofs import LinkProofV1, ProofAsked, ProofLink, ProofStatementV1
from schemas.reports import VerificationReport
from schemas.vocabulary import CheckState, Role
from tests.builders import NOW, an_account
from tests.test_transcripts_issuing import Desk, a_desk

LATER = NOW + timedelta(days=1)


@dataclass(frozen=True)
class OneKey:
    """Signs with one key, whichever body issues."""

    keys: KeyProvider

    def __call__(self, session: Session, *, now: datetime) -> KeyProvider:  # noqa: ARG002  # The protocol's.
        return self.keys


@dataclass
class Scene:
    """A worker with three records, who proves them one by one."""

    desk: Desk
    worker: Account
    using: Prover
    keys: DevelopmentKeys

    def prove(
        self,
        subject_id: UUID | None = None,
        *,
        is_opened: bool = False,
        by: Account | None = None,
        profile: SigningProfile | None = None,
    ) -> Proved:
        """Prove a record, the first one unless another is named."""
        asked = ProofAsked(subject_id=subject_id or self.desk.records[0], is_opened=is_opened)
        using = replace(self.using, profile=profile) if profile else self.using
        return prove(
            self.desk.archive,
            self.desk.worker_id,
            asked,
            by=by or self.worker,
            now=NOW,
            using=using,
        )

    def verify(
        self, body: bytes, *, trust: TrustBundle | None = None, now: datetime = LATER
    ) -> VerificationReport:
        """Verify a file where the archive is."""
        with self.desk.archive.reading() as session:
            register = DatabaseRegister(session)
            return verify_file(body, trust=trust or self.keys.trust, register=register, now=now)

    @property
    def entries(self) -> list[UUID]:
        """The entries of the ledger, the oldest first."""
        with self.desk.archive.reading() as session:
            mine = col(Entry.worker_id) == self.desk.worker_id
            return list(session.exec(select(Entry.id).where(mine).order_by(col(Entry.id))))


def a_scene(archive: Database, signing_keys: Path) -> Scene:
    """A worker with three records, and what proves them."""
    desk = a_desk(archive, signing_keys)
    keys = development_keys(signing_keys, now=NOW)
    with archive.transaction() as session:
        worker = an_account(session, "worker", Role.WORKER, None, desk.worker_id)
        session.expunge(worker)
    using = Prover(OneKey(keys), SigningProfile.B_LTA, "https://archive.example", "Asia/Shanghai")
    return Scene(desk, worker, using, keys)


def proof_in(body: bytes) -> LinkProofV1:
    """Return the proof in a file."""
    return LinkProofV1.model_validate_json(body)


def statement_in(body: bytes) -> ProofStatementV1:
    """Return what is signed in a file."""
    return ProofStatementV1.model_validate_json(proof_in(body).statement)


def edited(body: bytes, **changes: object) -> bytes:
    """Return a file with other parts, under the signature and stamp that it had."""
    told = proof_in(body).model_dump() | changes
    return proof_bytes(LinkProofV1.model_validate(told))


def signed_anew(
    body: bytes,
    keys: KeyProvider,
    profile: SigningProfile = SigningProfile.B_LTA,
    **changes: object,
) -> bytes:
    """Return a file signed and stamped anew; ``changes`` are of the statement or of the file."""
    proof, statement = proof_in(body), statement_in(body)
    of_statement = {
        name: one for name, one in changes.items() if name in type(statement).model_fields
    }
    told = {"link": proof.link, "path": proof.path, "opening": proof.opening}
    told |= {name: one for name, one in changes.items() if name not in of_statement}
    link, path, opening = told["link"], told["path"], told["opening"]
    assert isinstance(link, ProofLink)
    assert isinstance(path, tuple)
    assert opening is None or isinstance(opening, str)
    stated = statement.model_copy(update={"signer": keys.fingerprint} | of_statement)
    return proof_bytes(signed_proof(stated, link, path, opening, keys=keys, profile=profile))


def first_failed(report: VerificationReport) -> int | None:
    """Return the number of the first check that failed."""
    failed = (check.number for check in report.checks if check.state is CheckState.FAILED)
    return next(failed, None)
