"""The file of a proof: its one spelling, what is signed and stamped of it, what it hashes to.

Pure. Whatever a stranger's file holds, reading it ends with an answer, never with an exception.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from archive.dossiers.occupations import name_of
from archive.transcripts.hostile import attempt
from credit_bank.chain import canonical_bytes, link_hash
from credit_bank.merkle import root_by_path
from schemas.contracts import Bilingual
from schemas.credits import UNITS_PER_CREDIT
from schemas.link_proofs import PROOF_MARK, ClearPart, LinkProofV1, OpeningView, ProofStatementV1
from schemas.records import RECORD

MAXIMUM_SIZE = 2**20
"""Ours take some ten thousand bytes."""
_OF_RECORD = (
    "kind",
    "act",
    "occupation",
    "rank",
    "hours",
    "started_on",
    "effective_on",
    "recorded_at",
)
_OF_ENTRY = ("cause", "family", "decision", "effective_on", "recorded_at")
_MARK = PROOF_MARK.encode()


@dataclass(frozen=True)
class ProofFile:
    """A file that has the form of a proof, in its one spelling."""

    proof: LinkProofV1
    statement: ProofStatementV1 | None
    """None when what is signed is not a statement, in its one spelling."""

    @property
    def signed(self) -> bytes:
        """The bytes that are signed."""
        return self.proof.statement.encode()

    @cached_property
    def body(self) -> dict[str, Any] | None:
        """What the link tells in clear; None when that cannot be read."""
        found = attempt(lambda: json.loads(self.proof.link.body))
        return found if isinstance(found, dict) else None

    @cached_property
    def clear(self) -> ClearPart | None:
        """What the link tells in clear, for people; None when that cannot be read."""
        body = self.body
        return None if body is None else attempt(lambda: clear_part_in(body))

    @property
    def hash(self) -> bytes | None:
        """The hash of the link; None without a statement, which tells the place."""
        told = self.statement
        if told is None:
            return None
        return link_hash(
            bytes.fromhex(self.proof.link.previous),
            told.worker_id,
            told.sequence,
            told.subject_kind,
            told.subject_id,
            self.proof.link.body.encode(),
        )

    @property
    def lies_under_root(self) -> bool:
        """Whether the path leads from this link to the root of the statement."""
        told, leaf = self.statement, self.hash
        if told is None or leaf is None:
            return False
        path = [bytes.fromhex(one) for one in self.proof.path]
        return root_by_path(leaf, told.sequence - 1, told.links, path) == bytes.fromhex(told.root)

    @cached_property
    def opened(self) -> OpeningView | None:
        """What was opened; None when nothing was, or it cannot be read."""
        opening = self.proof.opening
        return None if opening is None else attempt(lambda: opened_in(opening))


def looks_like_one(data: bytes) -> bool:
    """Whether a file is to be answered as a proof, true or false, and not as a document."""
    return not data.startswith(b"%PDF-") and (data[:1] == b"{" or claims_to_be_ours(data))


def claims_to_be_ours(data: bytes) -> bool:
    """Whether a file calls itself a proof of an archive like this one."""
    return _MARK in data


def read_file(data: bytes) -> ProofFile | None:
    """Return a proof; None when the bytes are not one in its one spelling."""
    if len(data) > MAXIMUM_SIZE:
        return None
    return attempt(lambda: _read(data))


def proof_bytes(proof: LinkProofV1) -> bytes:
    """Return the file of a proof: canonical JSON (RFC 8785), no number in it is a fraction."""
    return canonical_bytes(proof.model_dump(mode="json"))


def stamped_bytes(proof: LinkProofV1) -> bytes:
    """Return what the time stamp is about: the file without it."""
    return canonical_bytes(proof.model_dump(mode="json", exclude={"time_stamp"}))


def statement_bytes(statement: ProofStatementV1) -> bytes:
    """Return the bytes that are signed."""
    return canonical_bytes(statement.model_dump(mode="json"))


def der_in(text: str) -> bytes:
    """Return what base64 holds; raises ValueError unless it is spelled in its one way."""
    try:
        found = base64.b64decode(text, validate=True)
    except binascii.Error as unreadable:
        raise ValueError from unreadable
    if base64_of(found) != text:
        raise ValueError
    return found


def base64_of(der: bytes) -> str:
    """Return bytes as the file tells them."""
    return base64.b64encode(der).decode()


def opened_in(plain: str) -> OpeningView:
    """Return what is sealed of a record, for people; raises what malformed text makes it raise."""
    told = json.loads(plain)
    source = told["source"] or {}
    names = ("way", "reference", "file_name", "row", "cells")
    of_source = {name: source[name] for name in names if source.get(name) is not None}
    if told["source"] is not None:
        of_source.setdefault("way", "file")  # As it was before other ways were told.
    facts = {"record": RECORD.validate_python(told["record"]), "reason": told["reason"]}
    return OpeningView.model_validate(facts | of_source)


def organisation_in(kind: str, body: dict[str, Any]) -> UUID:
    """Return whose record or outcome a link tells of; raises KeyError, ValueError."""
    return UUID(body["organisation_id"] if kind == "record" else body["trace"]["outcome"]["issuer"])


def clear_part_in(body: dict[str, Any]) -> ClearPart:
    """Return what a link tells in clear, for people; raises what malformed text makes it raise."""
    entry = "posted_units" in body
    names = _OF_ENTRY if entry else _OF_RECORD
    told = {name: body[name] for name in names}
    if entry:
        told["credits"] = Decimal(body["posted_units"]) / UNITS_PER_CREDIT
        told["rule"] = body["trace"]["rule"]
    else:
        told["occupation_name"] = _occupation(body["occupation"])
    return ClearPart.model_validate(told)


def _occupation(code: str | None) -> Bilingual | None:
    name = name_of(code) if code else None
    return Bilingual(zh=name, en=f"{name} ({code})") if name else None


def _read(data: bytes) -> ProofFile | None:
    proof = LinkProofV1.model_validate_json(data, strict=True)
    if proof_bytes(proof) != data:
        return None
    return ProofFile(proof, _statement(proof.statement.encode()))


def _statement(text: bytes) -> ProofStatementV1 | None:
    try:
        found = ProofStatementV1.model_validate_json(text, strict=True)
    except (ValidationError, ValueError):
        return None
    return found if statement_bytes(found) == text else None
