"""What the measures of an outcome say, read once for all outcomes that say the same. Pure.

Bytes that were never met are read by the contract itself, and must be just what it would write;
others raise ValueError. A course's measures are read in pieces: each of its figures comes again
in many courses, all of them together hardly ever.
"""

from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeVar
from uuid import UUID

from pydantic import BaseModel

from credit_bank.booking import look_ups
from credit_bank.chain import canonical_bytes
from credit_bank.conversion import shared_subject
from schemas.credits import CertificateMeasures, LearningOutcome, Measures, TrainingMeasures
from schemas.vocabulary import LEVEL_GIVING

_MOST = 50_000
"""Texts that are remembered of one sort; then it begins anew."""
NOBODY = UUID(int=(1 << 128) - 1)
"""An issuer that none has, to see whether it matters who issued."""

Key = TypeVar("Key")
Value = TypeVar("Value")
Grain = tuple[object, object, object]

Pieces = tuple[bytes, bytes, bytes, bytes]
"""Of a course's measures: attendance, what names it, grade to scheme, score."""


class Unusual(ValueError):  # noqa: N818  # No error: it only says that a closer look is needed.
    """Bytes or a row are not as they usually are."""


class Measured(NamedTuple):
    """What the measures of an outcome say, as far as its row, a rule or another outcome asks."""

    kept: "Kept"
    grain: Grain
    """Outcomes of one grain and day are decided alike by a rule without exceptions."""
    subject: tuple[str, ...] | None
    named: tuple[str, str] | None
    """A course's compared name and occupation."""
    subject_key: bytes | None
    course_key: bytes | None


class Kept(NamedTuple):
    """What measures say that stand in no column, and what columns repeat of them."""

    kind: str
    hours: int | None
    stands_alone: bool
    """Whether no course is named that prepared it, and no other credit bank."""
    gives_level: bool
    measures: Measures


class _Shared(NamedTuple):
    """What outcomes of one subject share, and by which key they are found."""

    subject: tuple[str, ...] | None
    key: bytes | None


class _Named(NamedTuple):
    """What courses of one name share, and by which key they are found."""

    named: tuple[str, str]
    course_key: bytes | None


class MeasuresRead:
    """Measures that were read."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._pieces: tuple[dict[bytes, Kept], ...] = ({}, {}, {}, {})
        self._courses: dict[tuple[str, bytes], _Shared] = {}
        self._names: dict[tuple[bytes, str | None], _Named] = {}
        self._others: dict[bytes, Kept] = {}
        self._subjects: dict[tuple[bytes, str | None], _Shared] = {}

    def course(self, text: bytes, issuer: str, occupation: str | None) -> Measured:
        """Return what a course's measures say; raises ValueError for what no course says."""
        attendance, names, rest, score = split(text)
        kept = self._course(attendance, names, rest, score)
        shared = self._courses.get((issuer, names)) or self._same_course(issuer, names)
        name = self._names.get((names, occupation)) or self._same_name(names, occupation)
        grain = (attendance, rest, score)
        return Measured(kept, grain, shared.subject, name.named, shared.key, name.course_key)

    def other(
        self, text: bytes, issuer: str, occupation: str | None, rank: int | None, key: bytes
    ) -> Measured:
        """Return what the measures of another kind say."""
        kept = self._others.get(text) or self._other(text)
        shared = self._shared(kept, text, issuer, occupation, key)
        return Measured(kept, (text, rank, occupation), shared.subject, None, shared.key, None)

    def _course(self, attendance: bytes, names: bytes, rest: bytes, score: bytes) -> Kept:
        """Return what the pieces of a course say."""
        attendances, known, kept, scores = self._pieces
        if not (attendance in attendances and names in known and rest in kept and score in scores):
            self._read_pieces((attendance, names, rest, score))
        return kept[rest]

    def _read_pieces(self, pieces: Pieces) -> None:
        """Read what was not met of a course, each piece within an else blank one."""
        for place, piece in enumerate(pieces):
            if piece not in self._pieces[place]:
                alone = (*_BLANK[:place], piece, *_BLANK[place + 1 :])
                text = b"".join(part for pair in zip(alone, _BETWEEN, strict=True) for part in pair)
                found = TrainingMeasures.model_validate_json(text)
                if _written(found) != text or split(text) != alone:
                    raise Unusual
                remember(self._pieces[place], piece, _kept(found))

    def _same_course(self, issuer: str, names: bytes) -> _Shared:
        measures = self._pieces[1][names].measures
        shared = _shared(_outcome(measures, issuer, "", None))
        remember(self._courses, (issuer, names), shared)
        return shared

    def _same_name(self, names: bytes, occupation: str | None) -> _Named:
        measures = self._pieces[1][names].measures
        key = look_ups(_outcome(measures, str(NOBODY), "", occupation))["course_key"]
        if not isinstance(measures, TrainingMeasures):
            raise Unusual
        name = _Named((measures.compared_name, occupation or ""), key)
        remember(self._names, (names, occupation), name)
        return name

    def _other(self, text: bytes) -> Kept:
        """Return what the measures of another kind say."""
        measures = _Measured.model_validate_json(b'{"measures":' + text + b"}").measures
        if _written(measures) != text:
            raise Unusual
        kept = _kept(measures)
        remember(self._others, text, kept)
        return kept

    def _shared(
        self, kept: Kept, text: bytes, issuer: str, occupation: str | None, key: bytes
    ) -> _Shared:
        """Return what an outcome shares; that which its issuer decides of is not remembered."""
        known = self._subjects.get((text, occupation))
        if known:
            return known
        mine = _shared(_outcome(kept.measures, issuer, key.decode(), occupation))
        if mine == _shared(_outcome(kept.measures, str(NOBODY), "", occupation)):
            remember(self._subjects, (text, occupation), mine)
        return mine


class _Measured(BaseModel):
    """Measures of any kind, to be read as an outcome reads them."""

    measures: Measures


def split(measures: bytes) -> Pieces:
    """Return the pieces of a course's measures; nothing within a text can look like a border."""
    attendance, _, rest = measures.partition(_BETWEEN[0])
    names, _, rest = rest.partition(_BETWEEN[1])
    rest, _, score = rest.rpartition(_BETWEEN[2])
    return attendance, names, rest, score


_BETWEEN = (b',"compared":', b',"grade":', b',"score":', b"")


def _written(measures: Measures) -> bytes:
    return canonical_bytes(measures.model_dump(mode="json"))


_BLANK = split(_written(TrainingMeasures(hours=Decimal(1), course="")))


def _kept(measures: Measures) -> Kept:
    hours: Decimal | None = getattr(measures, "hours", None)
    return Kept(
        kind=measures.kind,
        hours=None if hours is None else int(hours * 100),
        stands_alone=getattr(measures, "scheme", None) is None
        and getattr(measures, "prepared_by", None) is None,
        gives_level=isinstance(measures, CertificateMeasures)
        and measures.instrument in LEVEL_GIVING,
        measures=measures,
    )


def _outcome(measures: Measures, issuer: str, key: str, occupation: str | None) -> LearningOutcome:
    """Return an outcome with all that decides of how it is found."""
    return LearningOutcome.model_construct(
        id=NOBODY,
        effective_on=date.min,
        issuer=UUID(issuer),
        issuer_key=key,
        occupation=occupation,
        measures=measures,
    )


def _shared(outcome: LearningOutcome) -> _Shared:
    return _Shared(shared_subject(outcome), look_ups(outcome)["subject_key"])


def remember(known: dict[Key, Value], key: Key, value: Value) -> None:
    """Remember a text's meaning; too many of one sort are forgotten together."""
    if len(known) >= _MOST:
        known.clear()
    known[key] = value
