"""Why something is booked, and how that is written as the bytes of an entry. Pure.

``schemas.credits.Trace`` is the same explanation as it is read back.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from credit_bank.chain import canonical_around
from credit_bank.conversion import Judgement
from schemas.credits import Arithmetic, LearningOutcome
from schemas.vocabulary import Family


class Why(NamedTuple):
    """Why something is booked: what a ``Trace`` tells, before it is written down."""

    family: Family
    day: date
    outcome: LearningOutcome
    steps: tuple[Arithmetic, ...]
    context: Mapping[str, str] = MappingProxyType({})
    rule: str | None = None
    version: str | None = None
    source: str | None = None

    def written(self, content: bytes) -> bytes:
        """Return the explanation's bytes; ``content`` are those of its outcome."""
        steps = tuple((step.text, tuple(step.facts.items())) for step in self.steps)
        context = tuple(self.context.items())
        told = (self.family, self.day, context, self.rule, self.version, self.source)
        before, after = _explanation(*told, steps)
        return before + content + after


@lru_cache(maxsize=4_096)
def _explanation(  # All that explains, but for the outcome.
    family: Family,
    day: date,
    context: tuple[tuple[str, str], ...],
    rule: str | None,
    version: str | None,
    source: str | None,
    steps: tuple[tuple[str, tuple[tuple[str, str], ...]], ...],
) -> tuple[bytes, bytes]:
    """Return what stands before and after the outcome in an explanation's bytes.

    A class of 500 is explained alike, person by person; its explanation is written once.
    """
    told = {
        "family": family,
        "rule": rule,
        "version": version,
        "day": day,
        "context": dict(context),
        "steps": [{"text": text, "facts": dict(facts)} for text, facts in steps],
        "source": source,
    }
    return canonical_around(told, "outcome")


def why_of(judgement: Judgement) -> Why:
    """Return why an outcome earned what a judgement gives it."""
    rule = judgement.published.rule if judgement.published else None
    return Why(
        family=judgement.family,
        day=judgement.outcome.effective_on,
        outcome=judgement.outcome,
        steps=judgement.result.steps,
        context=judgement.context,
        rule=rule.id if rule else None,
        version=judgement.version,
        source=rule.source if rule else None,
    )
