"""Payloads of documents with plain defaults, for tests of transcripts; all people are made up."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from archive.transcripts.keys import DevelopmentKeys, development_keys
from archive.transcripts.payload import expires_at, payload_bytes, payload_digest
from archive.transcripts.pdf import WeasyRenderer
from archive.transcripts.signing import PadesSigner
from archive.transcripts.standing import ProofStanding, Standing
from schemas.contracts import Bilingual
from schemas.keys import SigningProfile
from schemas.link_proofs import ProofStatementV1
from schemas.reports import ChangedRecord
from schemas.transcripts import (
    TranscriptEntitlement,
    TranscriptEntry,
    TranscriptHolder,
    TranscriptIssuer,
    TranscriptLevel,
    TranscriptRecord,
    TranscriptV1,
)
from schemas.vocabulary import (
    Account,
    Cause,
    ContestTier,
    Decision,
    DocumentLanguage,
    DocumentType,
    Family,
    Instrument,
    Prize,
    Rank,
    RecordKind,
)

NOW = datetime(2025, 3, 5, 2, 30, tzinfo=UTC)
CODE = "4TQ9-0XKM-7C2W-PD5Q"
ELECTRICIAN = "6-31-01-03"
ELECTRICIAN_NAME = Bilingual(zh="电工", en="Electrician")
SCHOOL = Bilingual(zh="示范技师学院", en="Demonstration Technician College")
BODY = Bilingual(zh="示范职业技能评价中心", en="Demonstration Skill Assessment Centre")
CERTIFICATE_ID = UUID(int=2)


def a_record(number: int, **changes: object) -> TranscriptRecord:
    """A course of 36 hours, unless the changes say otherwise."""
    facts: dict[str, object] = {
        "record_id": UUID(int=number),
        "sequence": number,
        "link_hash": f"{number:064x}",
        "kind": RecordKind.TRAINING,
        "title": "低压电工作业安全技术",
        "organisation": SCHOOL,
        "organisation_code": "SCHOOL-1",
        "recorded_at": NOW - timedelta(days=30),
        "effective_on": date(2024, 6, 28),
        "started_on": date(2024, 6, 1),
        "occupation": ELECTRICIAN,
        "occupation_name": ELECTRICIAN_NAME,
        "hours": Decimal(36),
        "attendance": Decimal(95),
        "score": Decimal("86.5"),
        "credits": Decimal("2.25"),
        "decision": Decision.GRANTED,
        "reason": "granted",
        "rule": "training-2022",
    }
    return TranscriptRecord.model_validate(facts | changes)


def a_certificate(number: int, **changes: object) -> TranscriptRecord:
    """A certificate of 高级工 as an electrician."""
    facts: dict[str, object] = {
        "kind": RecordKind.CERTIFICATE,
        "title": "职业技能等级证书",
        "organisation": BODY,
        "organisation_code": "BODY-1",
        "effective_on": date(2023, 11, 20),
        "started_on": None,
        "rank": Rank.SENIOR,
        "instrument": Instrument.SKILL_LEVEL,
        "hours": None,
        "attendance": None,
        "certificate_number": "S000044990001233000017",
        "credits": Decimal("37.5"),
        "rule": "certificate-2022",
    }
    return a_record(number, **(facts | changes))


def a_competition(number: int, **changes: object) -> TranscriptRecord:
    """A second prize of the city's electricians."""
    facts: dict[str, object] = {
        "kind": RecordKind.COMPETITION,
        "title": "第三届全市职工技能大赛",
        "detail": "电工项目",
        "effective_on": date(2024, 9, 12),
        "started_on": None,
        "tier": ContestTier.CITY,
        "prize": Prize.SECOND,
        "hours": None,
        "attendance": None,
        "score": None,
        "credits": Decimal(5),
        "rule": "competition-2022",
    }
    return a_record(number, **(facts | changes))


def a_transcript(
    *,
    records: tuple[TranscriptRecord, ...] | None = None,
    name: str = "陈示例",
    language: DocumentLanguage = DocumentLanguage.BOTH,
    **changes: object,
) -> TranscriptV1:
    """A document of three records and one level."""
    if records is None:
        records = (a_record(1), a_certificate(2), a_competition(3))
    facts: dict[str, object] = {
        "id": UUID(int=77),
        "code": CODE,
        "language": language,
        "timezone": "Asia/Shanghai",
        "issued_at": NOW,
        "valid_until": date(2025, 9, 1),
        "issuer": TranscriptIssuer(
            code="BUREAU",
            name=Bilingual(
                zh="示范区人力资源局", en="Demonstration District Human Resources Bureau"
            ),
        ),
        "holder": TranscriptHolder(
            archive_number="7K3M-9QXT-4D2P",
            name=name,
            document_type=DocumentType.RESIDENT_ID,
            document_number_masked="990000********123X",
        ),
        "levels": _levels(records),
        "entitlement": _entitlement(records),
        "credits": dict.fromkeys(Account, Decimal(0))
        | {Account.AVAILABLE: Decimal("44.75"), Account.ISSUED: Decimal("44.75")},
        "records": records,
        "entries": tuple(_entry(record) for record in records),
        "chain_sequence": len(records) + 1,
        "chain_hash": "ab" * 32,
        "verify_url": "http://127.0.0.1:8000/verify/" + CODE.replace("-", ""),
        "is_demo": True,
        "is_development": True,
        "signer": "cd" * 32,
    }
    return TranscriptV1.model_validate(facts | changes)


def _levels(records: tuple[TranscriptRecord, ...]) -> tuple[TranscriptLevel, ...]:
    return tuple(
        TranscriptLevel(
            occupation=ELECTRICIAN,
            occupation_name=ELECTRICIAN_NAME,
            rank=Rank.SENIOR,
            rank_name=Bilingual(zh="高级工（三级）", en="Senior worker (level 3)"),
            held_since=date(2023, 11, 20),
            record_id=record.record_id,
        )
        for record in records
        if record.kind is RecordKind.CERTIFICATE
    )


def _entitlement(records: tuple[TranscriptRecord, ...]) -> TranscriptEntitlement | None:
    if not _levels(records):
        return None
    return TranscriptEntitlement(
        sentence=Bilingual(
            zh="按相当于大专学历落实相关待遇（依据《“技能光明行动”实施方案》第16条，不代表学历）",
            en=(
                "Treated as equivalent to a junior college diploma (under item 16 of the "
                "“Skills Guangming” plan; this is no statement on education)"
            ),
        ),
        rule="entitlement-2022",
        source="《“技能光明行动”实施方案》第16条",
    )


def _entry(record: TranscriptRecord) -> TranscriptEntry:
    return TranscriptEntry(
        entry_id=UUID(int=record.sequence + 1000),
        record_id=record.record_id,
        cause=Cause.GRANT,
        family=Family.TRAINING,
        effective_on=record.effective_on or NOW.date(),
        recorded_at=record.recorded_at,
        units=int((record.credits or 0) * 10_000),
        decision=Decision.GRANTED,
        reason="granted",
        rule=record.rule,
        rule_version="ef" * 32,
        context={},
        steps=(),
    )


@dataclass
class OneDocument:
    """A register that knows one issued document."""

    transcript: TranscriptV1
    sha256: bytes | None
    """None lets it know every file, so that the file alone has to give itself away."""
    changed: tuple[ChangedRecord, ...] = ()
    broken: tuple[int, ...] = ()

    def by_file(self, sha256: bytes) -> Standing | None:
        """Know the document's file."""
        return self._standing() if self.sha256 in (None, sha256) else None

    def by_code(self, code: str) -> Standing | None:
        """Know the document's code."""
        return self._standing() if code == self.transcript.code else None

    def report(self, _code: str) -> None:
        """Know no verification report."""

    def by_proof(self, told: ProofStatementV1, link: bytes) -> ProofStanding | None:  # noqa: ARG002  # The protocol's.
        """Know no dossier."""
        return None

    def _standing(self) -> Standing:
        return Standing(
            payload_digest=payload_digest(payload_bytes(self.transcript)),
            valid_until=self.transcript.valid_until,
            expires_at=expires_at(self.transcript),
            transcript=self.transcript,
            changed=self.changed,
            broken=self.broken,
        )


@dataclass(frozen=True)
class Issued:
    """A signed document, and the keys that signed it."""

    transcript: TranscriptV1
    pdf: bytes
    keys: DevelopmentKeys


def a_page(transcript: TranscriptV1) -> bytes:
    """Return a document that nobody signed yet."""
    return WeasyRenderer().render(transcript)


def an_issued_document(
    folder: Path,
    *,
    made: datetime = NOW,
    signer: str | None = None,
    profile: SigningProfile = SigningProfile.B_LTA,
) -> Issued:
    """Return a document rendered and signed by development keys below ``folder``."""
    keys = development_keys(folder, now=made)
    transcript = a_transcript(signer=signer or keys.fingerprint)
    pdf = PadesSigner(keys, profile=profile).sign(a_page(transcript), at=made).pdf
    return Issued(transcript, pdf, keys)
