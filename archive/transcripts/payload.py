"""The payload as bytes: canonical JSON, and read back only when it is exactly that."""

import hashlib
import json

from pydantic import ValidationError

from schemas.transcripts import TranscriptV1


def payload_bytes(transcript: TranscriptV1) -> bytes:
    """Return canonical JSON (RFC 8785): sorted keys, no spaces, UTF-8.

    The standard library writes the same bytes as long as keys are ASCII and no number is
    a fraction; decimals are texts here, and a test compares with an RFC 8785 writer.
    """
    plain = transcript.model_dump(mode="json")
    return json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def payload_digest(payload: bytes) -> bytes:
    """Return the SHA-256 that the register keeps."""
    return hashlib.sha256(payload).digest()


def read_payload(payload: bytes) -> TranscriptV1 | None:
    """Return the transcript, or None when the bytes are not one in canonical form."""
    try:
        transcript = TranscriptV1.model_validate_json(payload, strict=True)
    except (ValidationError, ValueError):
        return None
    return transcript if payload_bytes(transcript) == payload else None
