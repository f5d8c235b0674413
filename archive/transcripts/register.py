"""The register of issued documents, asked by the digest of a file or by a code."""

from collections.abc import Iterable
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from archive.audit.acts import concern
from archive.dossiers import chains
from archive.dossiers.issuer_notes import notes_on
from archive.dossiers.reading import learner
from archive.people.look_ups import Purpose, Sought, index_of, is_held
from archive.people.models import BlindIndex
from archive.people.privacy import vault_of
from archive.transcripts.consent_marks import taken_back_at
from archive.transcripts.following import Followed, follow
from archive.transcripts.models import Transcript, TranscriptFile
from archive.transcripts.payload import in_order, payload_digest, read_payload
from archive.transcripts.proof_standing import standing_of
from archive.transcripts.report_register import ReportRegister
from archive.transcripts.standing import ProofStanding, ReportStanding, Standing
from credit_bank.issuers import suspensions
from credit_bank.models import ChainLink
from schemas.link_proofs import ProofStatementV1
from schemas.reports import ChangedRecord, NotedRecord
from schemas.transcripts import TranscriptRecord, TranscriptV1

SEALED = "transcript.sealed"
SUBJECT = "transcript"


def code_sought(code: str) -> Sought:
    """Return what a document is found by from its code."""
    return Sought(Purpose.TRANSCRIPT, f"code:{code}")


def file_sought(sha256: bytes) -> Sought:
    """Return what a document is found by from its signed file."""
    return Sought(Purpose.TRANSCRIPT, f"file:{sha256.hex()}")


class DatabaseRegister:
    """The register as it stands in the database; made for one session."""

    def __init__(self, session: Session) -> None:
        """Take a session that may only read."""
        self.session = session
        self._vault = vault_of(session)

    def by_file(self, sha256: bytes) -> Standing | None:
        """Return how the document stands whose signed file has this digest."""
        found = self._found(file_sought(sha256))
        if found is None or sha256 not in self._files(found.worker_id, found.subject_id):
            return None
        return self._standing(found)

    def by_code(self, code: str) -> Standing | None:
        """Return how the document with this code stands; one that was never signed does not."""
        found = self._found(code_sought(code))
        if found is None or not self._files(found.worker_id, found.subject_id):
            return None
        return self._standing(found)

    def report(self, code: str) -> ReportStanding | None:
        """Return what is registered of the verification report with this code."""
        return ReportRegister(self.session).by_code(code)

    def by_proof(self, told: ProofStatementV1, link: bytes) -> ProofStanding | None:
        """Return how a link that was proved stands; None when there is no such dossier."""
        return standing_of(self.session, told, link)

    def _found(self, sought: Sought) -> BlindIndex | None:
        claim = index_of(self.session).claim(sought)
        return self.session.exec(select(BlindIndex).where(is_held(claim))).first()

    def _files(self, worker_id: UUID, transcript_id: UUID) -> list[bytes]:
        query = select(TranscriptFile.sha256).where(
            col(TranscriptFile.worker_id) == worker_id,
            col(TranscriptFile.transcript_id) == transcript_id,
        )
        return list(self.session.exec(query))

    def _standing(self, found: BlindIndex) -> Standing:
        """Return how a document stands; whose it is learns of this look, even of an erased one."""
        concern(self.session, found.worker_id, SUBJECT, found.subject_id)
        row = self.session.get_one(Transcript, (found.worker_id, found.subject_id))
        transcript = self._opened(row)
        if transcript is None:
            return Standing(row.payload_digest, row.valid_until, row.expires_at, None)
        listed = (one.record_id for one in transcript.records)
        now = follow(self.session, row.worker_id, listed, transcript.chain_sequence)
        merged_at = now.merged_at
        zone = ZoneInfo(transcript.timezone)
        taken_back = taken_back_at(self.session, row.worker_id, row.id)
        return Standing(
            payload_digest=row.payload_digest,
            valid_until=row.valid_until,
            expires_at=row.expires_at,
            transcript=transcript,
            changed=tuple(
                ChangedRecord(number=number, act=act, changed_on=at.astimezone(zone).date())
                for number, record in _numbered(transcript)
                for act, at in now.changes.get(record.record_id, ())[-1:]
            ),
            noted=self._noted(now, transcript),
            broken=self._broken(row.worker_id, transcript),
            taken_back_on=taken_back.astimezone(zone).date() if taken_back else None,
            merged_on=merged_at.astimezone(zone).date() if merged_at else None,
        )

    def _opened(self, row: Transcript) -> TranscriptV1 | None:
        """Return what was issued, or None when the person's key was destroyed."""
        key = self._vault.keys_of([row.worker_id]).get(row.worker_id)
        if key is None:
            return None
        payload = key.open(SEALED, row.sealed)
        return read_payload(payload) if payload_digest(payload) == row.payload_digest else None

    def _noted(self, now: Followed, transcript: TranscriptV1) -> tuple[NotedRecord, ...]:
        """Return the records whose issuer is suspended now, or whose credits were revoked."""
        decisions = suspensions(self.session)
        if not decisions:
            return ()
        notes = notes_on(learner(self.session, now.worker_id).outcomes, decisions)
        return tuple(
            NotedRecord(number=number, note=notes[now.names[record.record_id]])
            for number, record in _numbered(transcript)
            if now.names[record.record_id] in notes
        )

    def _broken(self, worker_id: UUID, transcript: TranscriptV1) -> tuple[int, ...]:
        """Return the numbers of records that are not in the dossier as they were issued.

        Their links have the hashes that the document holds, fit their chain, and the rows
        say what was hashed.
        """
        faults = chains.verify(self.session, worker_id).faults
        faulty = {fault.sequence for fault in faults}
        query = select(ChainLink.sequence, ChainLink.hash).where(
            col(ChainLink.worker_id) == worker_id,
            col(ChainLink.sequence) <= transcript.chain_sequence,
        )
        links = {sequence: link.hex() for sequence, link in self.session.exec(query)}
        return tuple(
            number
            for number, record in _numbered(transcript)
            if record.sequence in faulty or links.get(record.sequence) != record.link_hash
        )


def _numbered(transcript: TranscriptV1) -> Iterable[tuple[int, TranscriptRecord]]:
    return enumerate(in_order(transcript.records), 1)
