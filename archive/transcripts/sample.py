"""A document of nobody, to heat a press with. It is laid out and never signed."""

from datetime import datetime

from archive.transcripts.presses import Press
from schemas.contracts import Bilingual
from schemas.ids import new_id
from schemas.transcripts import TranscriptHolder, TranscriptIssuer, TranscriptV1
from schemas.vocabulary import Account, DocumentLanguage, DocumentType


def sample_of(press: Press, now: datetime) -> TranscriptV1:
    """Return the payload of a document without records, in both languages."""
    code = "0000-0000-0000-0000"
    return TranscriptV1(
        id=new_id(),
        code=code,
        template="family/1",
        language=DocumentLanguage.BOTH,
        timezone=press.timezone,
        issued_at=now,
        valid_until=now.date(),
        issuer=TranscriptIssuer(code="SAMPLE", name=Bilingual(zh="样章单位", en="Sample body")),
        holder=TranscriptHolder(
            archive_number="0000-0000-0000",
            name="样本",
            document_type=DocumentType.RESIDENT_ID,
            document_number_masked="990000****",
        ),
        levels=(),
        entitlement=None,
        credits=dict.fromkeys(Account, 0),  # type: ignore[arg-type]  # Nobody has none.
        records=(),
        entries=(),
        chain_sequence=0,
        chain_hash="0" * 64,
        verify_url=f"{press.base_url}/verify/{code}",
        is_demo=True,
        is_development=True,
        signer="0" * 64,
    )
