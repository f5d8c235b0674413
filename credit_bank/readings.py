"""What an outcome's bytes say, worked out once for all outcomes that say the same. Pure.

A body is not parsed but written once more from its row; what its row does not hold is looked
up by its bytes in ``measured``. Whatever is unusual raises ValueError and is looked at closely.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple
from uuid import UUID

from pydantic import BaseModel

from credit_bank.bare_rows import Row
from credit_bank.chain import canonical_bytes
from credit_bank.measured import NOBODY, Measured, MeasuresRead, Unusual, remember
from schemas.contracts import OccupationCode
from schemas.vocabulary import Act, Rank, RecordKind

_KIND_PLACE = {kind.value: place for place, kind in enumerate(RecordKind)}
_TRAINING = RecordKind.TRAINING.value
_ACTS = {act.value: f'{{"act":"{act}","id":"'.encode() for act in Act}
_WHOLE = {act.value: f'{{"act":"{act}","outcome":'.encode() for act in Act}
_DIGITS, _ID_LENGTH = 32, 36
_BEFORE_CONTENT, _BEFORE_MEASURES = b'","outcome":', b'","measures":'


class Reading(NamedTuple):
    """What one outcome says, as far as a rule or another outcome asks for it."""

    order: tuple[bool, str, int, str, bytes]
    """The canonical order but for the content of what is else equal; courses last."""
    lineage: str
    kind: str
    day: str
    issuer: str
    occupation: str | None
    rank: int | None
    content: bytes
    said: Measured


class Readings:
    """Reads outcomes, and remembers what it read."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._days: dict[str, date] = {}
        self._moments: dict[str, str] = {}
        self._issuers: dict[str, str] = {}
        self._ends: dict[tuple[str | None, int | None], str] = {}
        self._measures = MeasuresRead()

    def moment(self, at: str) -> str:
        """Return a moment of a row as canonical bytes write it."""
        known = self._moments.get(at)
        if known is None:
            known = _moment(at)
            remember(self._moments, at, known)
        return known

    def day(self, text: str) -> date:
        """Return a day of a row."""
        known = self._days.get(text)
        if known is None:
            known = date.fromisoformat(text)
            if known.isoformat() != text:
                raise Unusual
            remember(self._days, text, known)
        return known

    def of(self, row: Row, body: bytes) -> Reading:
        """Return what an outcome's bytes say; raises ValueError unless its row says just that."""
        _, own, act, lineage, target, kind, day, issuer, occupation, rank, hours, at = row[:12]
        reference, fingerprint, subject_key, course_key = row[12:]
        if day not in self._days:
            self.day(day)
        issued_by = self._issuers.get(issuer) or self._issuer(issuer)
        end = self._ends.get((occupation, rank)) or self._end(occupation, rank)
        target_id = f'"{dashed(target)}"' if target else "null"
        own_id = dashed(own)
        lineage_id = own_id if lineage == own else dashed(lineage)
        head = (
            _ACTS[act]
            + (
                f'{own_id}","outcome":{{"effective_on":"{day}","id":"{lineage_id}",'
                f'"issuer":"{issued_by}","issuer_key":"'
            ).encode()
        )
        tail = (
            f'{end},"recorded_at":"{self._moments.get(at) or self.moment(at)}",'
            f'"reference":"{plain(reference)}","target_id":{target_id},"v":1}}'
        ).encode()
        if not (body.startswith(head) and body.endswith(tail)):
            raise Unusual
        key, _, measures = body[len(head) : -len(tail)].partition(_BEFORE_MEASURES)
        begin = len(_ACTS[act]) + _ID_LENGTH + len(_BEFORE_CONTENT)
        content = body[begin : len(body) - len(tail) + len(end)]
        if hashlib.sha256(_WHOLE[act] + content + b"}").digest() != fingerprint:
            raise Unusual
        if not key.isalnum():  # A digest: nothing in it needs an escape.
            raise Unusual
        if kind == _TRAINING:
            said = self._measures.course(measures, issued_by, occupation)
        else:
            said = self._measures.other(measures, issued_by, occupation, rank, key)
        kept = said.kept
        if (kind, hours, subject_key, course_key) != (
            kept.kind,
            kept.hours,
            said.subject_key,
            said.course_key,
        ):
            raise Unusual
        order = (kind == _TRAINING, day, _KIND_PLACE[kind], issued_by, key)
        return Reading(order, lineage, kind, day, issued_by, occupation, rank, content, said)

    def _issuer(self, digits: str) -> str:
        text = str(UUID(digits))
        if dashed(digits) != text or text == str(NOBODY):
            raise Unusual
        remember(self._issuers, digits, text)
        return text

    def _end(self, occupation: str | None, rank: int | None) -> str:
        """Return how an outcome ends, which holds its occupation and rank."""
        told = {"occupation": occupation, "rank": rank}
        text = canonical_bytes(told).decode()
        _Ended.model_validate_json(text)
        end = f",{text[1:]}"
        remember(self._ends, (occupation, rank), end)
        return end


class _Ended(BaseModel):
    """The end of an outcome, to be read as an outcome reads it."""

    occupation: OccupationCode | None
    rank: Rank | None


def dashed(digits: str) -> str:
    """Return an identifier as canonical bytes write it."""
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def must_be_ids(digits: Sequence[str]) -> None:
    """Raise Unusual unless each is the 32 digits of an identifier."""
    joined = "".join(digits)
    if any(len(one) != _DIGITS for one in digits) or bytes.fromhex(joined).hex() != joined:
        raise Unusual


def plain(text: str) -> str:
    """Return a text that canonical bytes write without any escape; raises Unusual for others."""
    if '"' in text or "\\" in text or not text.isprintable():
        raise Unusual
    return text


def _moment(at: str) -> str:
    moment = datetime.fromisoformat(at)
    if moment.isoformat(" ", "microseconds") != at:
        raise Unusual
    return moment.replace(tzinfo=UTC).isoformat()
