"""The form by which a second person answers what another proposed, wherever it stands."""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import Depends, Form

from archive.web.refusals import RequestInvalidError

ReasonField = Annotated[str, Form(max_length=200)]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was decided, and why."""

    is_approved: bool
    reason: str | None


def reason_of(text: str, *, declines: bool) -> str | None:
    """Return why; raises RequestInvalidError when somebody declines without a reason."""
    told = text.strip() or None
    if declines and told is None:
        raise RequestInvalidError(fields="reason")
    return told


def _answer(
    decision: Annotated[Literal["approve", "decline"], Form()], reason: ReasonField = ""
) -> Answer:
    return Answer(decision == "approve", reason_of(reason, declines=decision == "decline"))


AnswerDep = Annotated[Answer, Depends(_answer)]
"""Stands behind the audience in a route, so that nobody else learns what is missing."""
