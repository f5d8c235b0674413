"""Reading back what the chain's bytes say of outcomes and entries."""

import json
from typing import Any

from schemas.cases import CaseFact
from schemas.credits import LearningOutcome, Trace


def outcome_in(body: bytes) -> LearningOutcome:
    """Return the outcome that a link's bytes hold."""
    return LearningOutcome.model_validate(json.loads(body)["outcome"])


def trace_in(body: bytes) -> Trace:
    """Return the explanation that an entry's bytes hold."""
    content: dict[str, Any] = json.loads(body)
    return Trace.model_validate(content["trace"])


def case_fact_in(body: bytes) -> CaseFact:
    """Return the event of a case that a link's bytes hold."""
    content: dict[str, Any] = json.loads(body)
    told = {name: value for name, value in content.items() if name in CaseFact.model_fields}
    return CaseFact.model_validate(told)
