"""The law in a checkpoint: published rules, and decisions on issuers.

They are nobody's own, so no dossier's chain holds them; a mark in other hands finds a rule
whose day of publication was moved, or a decision that was edited or taken away.
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Literal

from pydantic import Field
from sqlmodel import Session, select

from archive.texts import both
from credit_bank.chain import canonical_bytes
from credit_bank.models import IssuerDecision, RuleVersion
from schemas.contracts import Contract
from schemas.reports import ChainFault

FAULTS = {
    "law_changed": "The rule or decision was changed since the checkpoint.",
    "law_missing": "The rule or decision stood in the checkpoint and is gone.",
}
"""What only a checkpoint can find."""

_RULE = ("version", "rule_id", "family", "in_force_from", "in_force_until", "published_at", "body")
_DECISION = (
    "id",
    "case_id",
    "act",
    "issuer_id",
    "effective_on",
    "due_on",
    "recorded_at",
    "recorded_by",
    "body",
)


class LawMark(Contract):
    """One rule or decision as it stood."""

    table: Literal["rule_version", "issuer_decision"]
    id: str
    hash: str = Field(pattern=r"^[0-9a-f]{64}$")


def law_marks(session: Session) -> tuple[LawMark, ...]:
    """Return a mark of every published rule and every decision on an issuer, in a fixed order."""
    rules = [
        LawMark(table="rule_version", id=row.rule_id, hash=_digest(row, _RULE))
        for row in session.exec(select(RuleVersion))
    ]
    decisions = [
        LawMark(table="issuer_decision", id=str(row.id), hash=_digest(row, _DECISION))
        for row in session.exec(select(IssuerDecision))
    ]
    return tuple(sorted([*rules, *decisions], key=lambda one: (one.table, one.id)))


def law_digest(marks: Sequence[LawMark]) -> str:
    """Return the one hash of all marks, which is signed."""
    return hashlib.sha256(canonical_bytes([one.model_dump() for one in marks])).hexdigest()


def law_faults(session: Session, marks: Sequence[LawMark]) -> Iterator[ChainFault]:
    """Yield what is not as it was marked; what was added since is no fault."""
    now = {(one.table, one.id): one.hash for one in law_marks(session)}
    for mark in marks:
        found = now.get((mark.table, mark.id))
        if found != mark.hash:
            code = "law_changed" if found else "law_missing"
            yield ChainFault(
                archive_number=None,
                table=mark.table,
                row_id=mark.id,
                sequence=None,
                code=code,
                message=both(FAULTS[code]),
            )


def _digest(row: RuleVersion | IssuerDecision, names: Sequence[str]) -> str:
    told = {name: getattr(row, name) for name in names}
    return hashlib.sha256(canonical_bytes(told)).hexdigest()
