"""The payload as bytes: canonical JSON, and read back only when it is exactly that."""

import hashlib
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from credit_bank.chain import canonical_bytes
from schemas.transcripts import TranscriptRecord, TranscriptV1
from schemas.verification_reports import ReportV1
from schemas.vocabulary import RecordKind

Payload = TranscriptV1 | ReportV1
"""What a document of this archive may state."""
AnyPayload = TypeVar("AnyPayload", TranscriptV1, ReportV1)


def payload_bytes(payload: Payload) -> bytes:
    """Return canonical JSON (RFC 8785); no number in it is a fraction, decimals are texts."""
    return canonical_bytes(payload.model_dump(mode="json"))


def payload_digest(payload: bytes) -> bytes:
    """Return the SHA-256 that the register keeps."""
    return hashlib.sha256(payload).digest()


def read_payload(payload: bytes) -> TranscriptV1 | None:
    """Return the transcript, or None when the bytes are not one in canonical form."""
    return _read(payload, TranscriptV1)


def read_report(payload: bytes) -> ReportV1 | None:
    """Return the verification report, or None when the bytes are not one in canonical form."""
    return _read(payload, ReportV1)


def _read(payload: bytes, kind: type[AnyPayload]) -> AnyPayload | None:
    try:
        found = kind.model_validate_json(payload, strict=True)
    except (ValidationError, ValueError):
        return None
    return found if payload_bytes(found) == payload else None


def in_order(records: tuple[TranscriptRecord, ...]) -> list[TranscriptRecord]:
    """Return the records as the document numbers them: by kind, oldest first."""
    kinds = list(RecordKind)
    return sorted(
        records, key=lambda r: (kinds.index(r.kind), r.effective_on or date.min, r.sequence)
    )


def expires_at(transcript: TranscriptV1) -> datetime:
    """Return the moment when the last day of validity is over where it was issued."""
    next_day = transcript.valid_until + timedelta(days=1)
    return datetime.combine(next_day, time(), ZoneInfo(transcript.timezone)).astimezone(UTC)
