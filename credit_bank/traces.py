"""Reading back what the chain's bytes say of outcomes and entries."""

import json
from collections import defaultdict
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from credit_bank.chain import canonical_bytes
from schemas.cases import CaseFact
from schemas.credits import LearningOutcome, StatementLine, Trace
from schemas.vocabulary import Account


class _ToldOutcome(BaseModel):
    """The part of a deposit's bytes that is read back."""

    outcome: LearningOutcome


def outcome_in(body: bytes) -> LearningOutcome:
    """Return the outcome that a link's bytes hold."""
    return _ToldOutcome.model_validate_json(body).outcome


def trace_in(body: bytes) -> Trace:
    """Return the explanation that an entry's bytes hold."""
    content: dict[str, Any] = json.loads(body)
    return Trace.model_validate(content["trace"])


def _by_account(postings: list[dict[str, Any]]) -> dict[str, int]:
    """Return the units of an entry's postings by account."""
    moves: dict[str, int] = defaultdict(int)
    for posting in postings:
        moves[posting["account"]] += posting["units"]
    return moves


class _ToldLine(StatementLine):
    """A line as the bytes of its entry tell it; what a statement leaves out is passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    entry_id: UUID = Field(validation_alias="id")
    units: int = Field(validation_alias="posted_units")
    moves: Annotated[dict[Account, int], BeforeValidator(_by_account)] = Field(
        validation_alias="postings"
    )


def line_in(body: bytes) -> StatementLine:
    """Return a line of a statement from an entry's bytes: what is told is what was hashed.

    The explanation stands between two borders that no text in it can look like, for there a
    quote would be escaped.
    """
    facts, _, rest = body.partition(_BEFORE_TRACE)
    if not rest.endswith(_AFTER_TRACE):
        rest = canonical_bytes(json.loads(body)["trace"]) + _AFTER_TRACE
    line = _ToldLine.model_validate_json(facts + b"}")
    return line.explained(rest[: -len(_AFTER_TRACE)])


_BEFORE_TRACE, _AFTER_TRACE = b',"trace":', b',"v":1}'


def case_fact_in(body: bytes) -> CaseFact:
    """Return the event of a case that a link's bytes hold."""
    content: dict[str, Any] = json.loads(body)
    told = {name: value for name, value in content.items() if name in CaseFact.model_fields}
    return CaseFact.model_validate(told)
