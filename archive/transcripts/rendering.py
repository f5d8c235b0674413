"""From the payload to HTML: what stands where, in one language or both.

The words stand in the catalogues, the layout in templates/transcripts. Turning HTML into
a PDF is ``pdf``'s work.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from archive.texts import TEMPLATES
from archive.transcripts.drawing import Drawing, lettering, qr_code, seal
from archive.transcripts.payload import in_order
from archive.transcripts.wording import Wording
from schemas.transcripts import TranscriptEntry, TranscriptLevel, TranscriptRecord, TranscriptV1
from schemas.vocabulary import Account, Cause, RecordKind

FOLDER = TEMPLATES / "transcripts"
SPECIMEN = "样章"
"""Stands in the seal until a body registers its own."""
_WATERMARK = "Specimen: not valid"
SHOWN_ACCOUNTS = (
    Account.AVAILABLE,
    Account.HELD,
    Account.PENDING,
    Account.REDEEMED,
    Account.EXPIRED,
    Account.REVOKED,
    Account.OWED,
    Account.ISSUED,
)


@dataclass(frozen=True)
class Numbered:
    """A record and the number under which the document lists it."""

    number: int
    record: TranscriptRecord


@dataclass(frozen=True)
class Group:
    """The records of one kind, oldest first."""

    kind: RecordKind
    rows: tuple[Numbered, ...]


@dataclass(frozen=True)
class HeldLevel:
    """A level with the certificate that gives it."""

    level: TranscriptLevel
    certificate: Numbered


@dataclass(frozen=True)
class DocumentView:
    """What the template shows: the payload, joined and numbered."""

    transcript: TranscriptV1
    groups: tuple[Group, ...]
    levels: tuple[HeldLevel, ...]
    adjustments: tuple[TranscriptEntry, ...]
    """Entries that are no grant: what expired, was held, used, revoked, is owed or was covered."""
    issued_on: date
    qr: Drawing
    seal: Drawing
    watermark: tuple[Drawing, ...]
    """One line a language; empty for a real document signed with a real key."""


def html_of(transcript: TranscriptV1) -> str:
    """Return the document as HTML."""
    words = Wording(transcript.language, transcript.timezone)
    view = view_of(transcript, words)
    template = _environment().get_template("document.html")
    return template.render(view=view, words=words, accounts=SHOWN_ACCOUNTS)


def view_of(transcript: TranscriptV1, words: Wording) -> DocumentView:
    """Join and number what the payload holds."""
    groups = _grouped(transcript.records)
    is_marked = transcript.is_demo or transcript.is_development
    by_id = {row.record.record_id: row for group in groups for row in group.rows}
    return DocumentView(
        transcript=transcript,
        groups=groups,
        levels=tuple(HeldLevel(level, by_id[level.record_id]) for level in transcript.levels),
        adjustments=tuple(e for e in transcript.entries if e.cause is not Cause.GRANT),
        issued_on=words.local_day(transcript.issued_at),
        qr=qr_code(transcript.verify_url),
        seal=seal(transcript.issuer.name.zh, SPECIMEN),
        watermark=tuple(lettering(line) for line in words.each(_WATERMARK)) if is_marked else (),
    )


def _grouped(records: tuple[TranscriptRecord, ...]) -> tuple[Group, ...]:
    numbered = [Numbered(number, record) for number, record in enumerate(in_order(records), 1)]
    kinds = dict.fromkeys(row.record.kind for row in numbered)
    return tuple(
        Group(kind, tuple(row for row in numbered if row.record.kind is kind)) for kind in kinds
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
