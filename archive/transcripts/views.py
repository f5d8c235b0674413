"""What the template of a document shows: the payload, joined, numbered and drawn.

Nothing is looked up or decided here; what stands where and in which words is the template's.
"""

from collections.abc import Callable, Mapping, Sized
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from uuid import UUID

from archive.transcripts.payload import Payload, in_order
from archive.transcripts.shapes import Drawing
from archive.transcripts.wording import Wording
from schemas.transcripts import (
    SealV1,
    TranscriptEntry,
    TranscriptLevel,
    TranscriptRecord,
    TranscriptV1,
)
from schemas.verification_reports import ReportV1
from schemas.vocabulary import Cause, DocumentScope, RecordKind

SPECIMEN = "样章"
"""Stands in the seal until a body registers its own."""
_RED = "#d81e20"
_WATERMARK = "Specimen: not valid"
_PARTS: dict[DocumentScope, tuple[str, ...]] = {
    DocumentScope.DOSSIER: ("holder", "levels", "balance", "records"),
    DocumentScope.OCCUPATION: ("holder", "levels", "records", "changes"),
    DocumentScope.PERIOD: ("holder", "levels", "records", "changes"),
    DocumentScope.RECORDS: ("holder", "levels", "records", "changes"),
    DocumentScope.CERTIFICATE: ("holder", "certificates"),
    DocumentScope.CREDITS: ("holder", "balance", "entries", "records"),
}
_MAY_LACK: dict[DocumentScope, frozenset[str]] = {
    DocumentScope.DOSSIER: frozenset(),
    DocumentScope.OCCUPATION: frozenset({"changes"}),
    DocumentScope.PERIOD: frozenset({"levels", "changes"}),
    DocumentScope.RECORDS: frozenset({"levels", "changes"}),
    DocumentScope.CERTIFICATE: frozenset(),
    DocumentScope.CREDITS: frozenset({"records"}),
}
"""Sections that are left out where they would be empty; any other then says so in words."""


@dataclass(frozen=True)
class Pens:
    """What draws that which is no words: QR code, seal, and the lettering of a watermark."""

    qr: Callable[[str], Drawing]
    seal: Callable[[str, str], Drawing]
    lettering: Callable[[str], Drawing]


def _qr(text: str) -> Drawing:
    from archive.transcripts.drawing import qr_code  # noqa: PLC0415  # Loads faces: who compares
    # a page with its data draws nothing.

    return qr_code(text)


def _seal(around: str, below: str) -> Drawing:
    from archive.transcripts.drawing import seal  # noqa: PLC0415  # As above.

    return seal(around, below)


def _lettering(text: str) -> Drawing:
    from archive.transcripts.drawing import lettering  # noqa: PLC0415  # As above.

    return lettering(text)


DRAWN = Pens(_qr, _seal, _lettering)
_NOTHING = Drawing("", 1, 1)
BLANK = Pens(lambda _: _NOTHING, lambda *_: _NOTHING, lambda _: _NOTHING)
"""Leaves everything out that is drawn: whoever wants the words alone needs no font."""


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
class Posted:
    """An entry of the ledger, what it is about, and what can be used after it."""

    entry: TranscriptEntry
    record: TranscriptRecord | None
    balance: int
    """Units: the sum of all entries up to this one."""


@dataclass(frozen=True)
class Frame:
    """What every document has around its content."""

    issued_on: date
    qr: Drawing
    seal: Drawing | SealV1
    seal_colour: str
    is_specimen: bool
    """Whether the seal is the drawn one, no registered one."""
    is_marked: bool
    """Whether each page is marked as of no real document."""
    watermark: tuple[Drawing, ...]
    """One line a language; empty for a real document signed with a real key."""


@dataclass(frozen=True)
class TranscriptView:
    """What the template of a transcript shows."""

    transcript: TranscriptV1
    frame: Frame
    parts: tuple[str, ...]
    """The sections, in order; the notes come after them."""
    is_excerpt: bool
    """Whether it tells a part of the dossier, by the holder's choice."""
    groups: tuple[Group, ...]
    """The records that stand in a table of their own: in a credit statement those of no entry."""
    levels: tuple[HeldLevel, ...]
    adjustments: tuple[TranscriptEntry, ...]
    """Entries that are no grant: what expired, was held, used, revoked, is owed or was covered."""
    postings: tuple[Posted, ...]


@dataclass(frozen=True)
class ReportView:
    """What the template of a verification report shows."""

    document: ReportV1
    frame: Frame


def view_of(
    transcript: TranscriptV1, words: Wording, *, seal: SealV1 | None, pens: Pens = DRAWN
) -> TranscriptView:
    """Join and number what the payload holds."""
    rows = _numbered(transcript.records)
    by_id = {row.record.record_id: row for row in rows}
    adjustments = tuple(e for e in transcript.entries if e.cause is not Cause.GRANT)
    is_marked = transcript.is_demo or transcript.is_development
    shown = _shown(transcript, rows)
    return TranscriptView(
        transcript=transcript,
        frame=_framed(transcript, words, is_marked=is_marked, registered=seal, pens=pens),
        parts=_parts(
            transcript.scope, levels=transcript.levels, changes=adjustments, records=shown
        ),
        is_excerpt=transcript.scope not in (DocumentScope.DOSSIER, DocumentScope.CREDITS),
        groups=_grouped(shown),
        levels=tuple(
            HeldLevel(level, by_id[level.record_id])
            for level in transcript.levels
            if level.record_id in by_id
        ),
        adjustments=adjustments,
        postings=_posted(transcript, by_id),
    )


def report_view_of(
    document: ReportV1, words: Wording, *, seal: SealV1 | None, pens: Pens = DRAWN
) -> ReportView:
    """Join what a verification report holds."""
    is_marked = document.is_development
    frame = _framed(document, words, is_marked=is_marked, registered=seal, pens=pens)
    return ReportView(document, frame)


def _framed(
    payload: Payload, words: Wording, *, is_marked: bool, registered: SealV1 | None, pens: Pens
) -> Frame:
    lines = words.each(_WATERMARK) if is_marked else ()
    return Frame(
        issued_on=words.local_day(payload.issued_at),
        qr=pens.qr(payload.verify_url),
        seal=registered or pens.seal(payload.issuer.name.zh, SPECIMEN),
        seal_colour=registered.colour if registered else _RED,
        is_specimen=registered is None,
        is_marked=is_marked,
        watermark=tuple(pens.lettering(line) for line in lines),
    )


def _parts(scope: DocumentScope, **found: Sized) -> tuple[str, ...]:
    """Return the sections of a document; one that may be left out stands where it has something."""
    may_lack = _MAY_LACK[scope]
    return tuple(part for part in _PARTS[scope] if part not in may_lack or found[part])


def _numbered(records: tuple[TranscriptRecord, ...]) -> list[Numbered]:
    return [Numbered(number, record) for number, record in enumerate(in_order(records), 1)]


def _shown(transcript: TranscriptV1, rows: list[Numbered]) -> list[Numbered]:
    """Return the records for a table of records: in a credit statement those of no entry."""
    if transcript.scope is not DocumentScope.CREDITS:
        return rows
    posted = {entry.record_id for entry in transcript.entries}
    return [row for row in rows if row.record.record_id not in posted]


def _grouped(rows: list[Numbered]) -> tuple[Group, ...]:
    kinds = dict.fromkeys(row.record.kind for row in rows)
    return tuple(
        Group(kind, tuple(row for row in rows if row.record.kind is kind)) for kind in kinds
    )


def _posted(transcript: TranscriptV1, rows: Mapping[UUID, Numbered]) -> tuple[Posted, ...]:
    balances = accumulate(entry.units for entry in transcript.entries)
    return tuple(
        Posted(entry, found.record if (found := rows.get(entry.record_id)) else None, balance)
        for entry, balance in zip(transcript.entries, balances, strict=True)
    )
