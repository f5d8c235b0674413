"""Seals that bodies register: one drawing of paths, read from an SVG, kept as it is printed.

A seal is a picture and proves nothing; what proves is the signature. So that it can hold
nothing but a picture, everything besides filled paths is refused.
"""

import hashlib
import re
from datetime import datetime
from uuid import UUID
from xml.etree import ElementTree as ET

from sqlmodel import Session, col, select

from archive.people import organisations
from archive.people.access import refuse_administering
from archive.people.actors import Actor
from archive.transcripts.key_models import IssuingSeal
from archive.transcripts.seal_paths import PathUnreadableError, fitted
from archive.transcripts.signing_refusals import (
    BAD_PATH,
    MOVED,
    NO_BOX,
    NO_SVG,
    NOT_PATHS,
    TOO_LONG,
    SealRefusedError,
)
from credit_bank.chain import canonical_bytes
from schemas.keys import SealReceipt
from schemas.refusals import Phrase
from schemas.transcripts import SealV1

MOST_BYTES = 200_000
MOST_TENTHS = 1000
"""Ten centimetres: larger than any seal of a public body."""
_SPACE = "{http://www.w3.org/2000/svg}"
_TOLD = {f"{_SPACE}title", f"{_SPACE}desc"}  # Words for readers of the file; not kept.
_LENGTH = re.compile(r"\s*([0-9]*\.?[0-9]+)\s*(mm|cm|px|pt|in)?\s*")
_TENTHS = {"mm": 10.0, "cm": 100.0, "in": 254.0, "pt": 254 / 72, "px": 254 / 96, None: 254 / 96}
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_OF_SVG = {"width", "height", "viewBox", "version", "fill", "id"}
_OF_OTHERS = {"d", "fill", "id"}
_DEFAULT = "#d81e20"


def read_svg(content: bytes) -> SealV1:
    """Return the drawing in a file; raises SealRefusedError."""
    if len(content) > MOST_BYTES:
        raise SealRefusedError(problem=Phrase(TOO_LONG))
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise SealRefusedError(problem=Phrase(NO_SVG))
    try:
        root = ET.fromstring(content)  # noqa: S314  # Without a document type nothing unfolds.
    except (ET.ParseError, ValueError, LookupError) as unreadable:
        raise SealRefusedError(problem=Phrase(NO_SVG)) from unreadable
    if root.tag != f"{_SPACE}svg":
        raise SealRefusedError(problem=Phrase(NO_SVG))
    width, height = _tenths(root.get("width")), _tenths(root.get("height"))
    box = _box(root.get("viewBox"), width, height)
    found: list[tuple[str, str | None]] = []
    _gather(root, None, found)
    if not found:
        raise SealRefusedError(problem=Phrase(NOT_PATHS))
    scale = (width / box[2], height / box[3])
    try:
        path = " ".join(fitted(told, origin=box[:2], scale=scale) for told, _ in found)
    except PathUnreadableError as unreadable:
        raise SealRefusedError(problem=Phrase(BAD_PATH)) from unreadable
    colours = {colour or _DEFAULT for _, colour in found}
    if len(colours) > 1 or not _COLOUR.fullmatch(next(iter(colours))):
        raise SealRefusedError(problem=Phrase(MOVED))
    return SealV1(path=path, width=round(width), height=round(height), colour=colours.pop())


def register(
    session: Session, body: str, drawing: SealV1, *, by: Actor, now: datetime
) -> SealReceipt:
    """Register a body's seal; the newest is printed from now on.

    Raises NotAllowedError, UnknownOrganisationError.
    """
    refuse_administering(by)
    organisation = organisations.coded(session, body)
    told = canonical_bytes(drawing.model_dump(mode="json"))
    digest = hashlib.sha256(told)
    session.add(
        IssuingSeal(
            organisation_id=organisation.id,
            sha256=digest.digest(),
            drawing=told,
            registered_by=by.id,
            registered_at=now,
        )
    )
    session.flush()
    return SealReceipt(organisation=organisation.code, sha256=digest.hexdigest(), registered_at=now)


def seal_of(session: Session, organisation_id: UUID) -> tuple[SealV1, str] | None:
    """Return a body's seal, and the hex SHA-256 by which documents name it."""
    query = (
        select(IssuingSeal)
        .where(col(IssuingSeal.organisation_id) == organisation_id)
        .order_by(col(IssuingSeal.registered_at).desc(), col(IssuingSeal.id).desc())
        .limit(1)
    )
    found = session.exec(query).one_or_none()
    if found is None:
        return None
    return SealV1.model_validate_json(found.drawing), found.sha256.hex()


def seal_named(session: Session, sha256_hex: str) -> SealV1 | None:
    """Return the seal that a document names; None when none of that digest was registered."""
    query = select(IssuingSeal).where(col(IssuingSeal.sha256) == bytes.fromhex(sha256_hex))
    found = session.exec(query.limit(1)).one_or_none()
    return None if found is None else SealV1.model_validate_json(found.drawing)


def _gather(node: ET.Element, above: str | None, found: list[tuple[str, str | None]]) -> None:
    """Collect paths with their colours; refuse everything else."""
    known = _OF_SVG if node.tag == f"{_SPACE}svg" else _OF_OTHERS
    if set(node.attrib) - known:
        raise SealRefusedError(problem=Phrase(MOVED))
    colour = node.get("fill", "").lower() or above
    if node.tag == f"{_SPACE}path":
        found.append((node.get("d", ""), colour))
    elif node.tag not in (f"{_SPACE}svg", f"{_SPACE}g"):
        raise SealRefusedError(problem=Phrase(NOT_PATHS))
    if (node.text or "").strip() or any((child.tail or "").strip() for child in node):
        raise SealRefusedError(problem=Phrase(NOT_PATHS))
    for child in node:
        if child.tag not in _TOLD:
            _gather(child, colour, found)


def _tenths(told: str | None) -> float:
    match = _LENGTH.fullmatch(told or "")
    length = float(match.group(1)) * _TENTHS[match.group(2)] if match else 0.0
    if not 1 <= length <= MOST_TENTHS:
        raise SealRefusedError(problem=Phrase(NO_BOX))
    return length


def _box(told: str | None, width: float, height: float) -> tuple[float, float, float, float]:
    if told is None:  # Without a box of its own, a unit is a pixel.
        return 0.0, 0.0, width / _TENTHS["px"], height / _TENTHS["px"]
    try:
        left, top, across, down = (float(part) for part in told.replace(",", " ").split())
    except ValueError as unreadable:
        raise SealRefusedError(problem=Phrase(NO_BOX)) from unreadable
    if across <= 0 or down <= 0:
        raise SealRefusedError(problem=Phrase(NO_BOX))
    return left, top, across, down
