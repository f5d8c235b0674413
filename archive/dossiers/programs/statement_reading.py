"""From the body of an xAPI request to statements, and from a statement to a result. Pure.

One statement that is not as the specification has it refuses the whole request, as the
specification wants.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import ROUND_DOWN, Decimal
from uuid import UUID, uuid4

from pydantic import ValidationError

from archive.dossiers.course_models import OfferedCourse
from archive.dossiers.programs.batch_judging import Faults
from archive.dossiers.programs.json_reading import decoded, value_in
from archive.dossiers.programs.platform_refusals import PlatformResultContradictsError
from archive.dossiers.programs.statement_refusals import (
    StatementIdDiffersError,
    StatementMalformedError,
    StatementsTooManyError,
    StatementTwiceError,
)
from schemas.records import Training
from schemas.vocabulary import Grade
from schemas.xapi import XResult, XScore, XStatement

COMPLETED = "http://adlnet.gov/expapi/verbs/completed"
PASSED = "http://adlnet.gov/expapi/verbs/passed"
USED = frozenset({COMPLETED, PASSED})
MOST = 500
_UNTOLD = frozenset({"id", "stored", "authority", "version"})
"""Members by which two equal statements may differ."""
_FULL = Decimal(100)
_TWO_PLACES = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Sent:
    """A statement as it came."""

    number: int
    """Counted from 1, in the order sent."""
    id: UUID
    statement: XStatement
    told: Mapping[str, object]
    """All that it says, without what may differ between equal statements."""


def statements_in(content: bytes, faults: Faults) -> list[Sent]:
    """Return the statement of a body, or each of its list.

    Raises a JsonFaultError, StatementsTooManyError, StatementMalformedError,
    StatementTwiceError.
    """
    found = value_in(decoded(content))
    told = found if isinstance(found, list) else [found]
    if len(told) > MOST:
        raise StatementsTooManyError(most=MOST)
    sent = [_sent(number, one, faults) for number, one in enumerate(told, start=1)]
    if len({one.id for one in sent}) != len(sent):
        raise StatementTwiceError
    return sent


def statement_in(content: bytes, statement_id: str | None, faults: Faults) -> list[Sent]:
    """Return the one statement of a PUT, under the identifier of its address.

    Raises StatementIdDiffersError, and what ``statements_in`` raises.
    """
    found = value_in(decoded(content))
    if statement_id is None or isinstance(found, list) or not _is_uuid(statement_id):
        raise StatementIdDiffersError
    if isinstance(found, dict):
        own = found.setdefault("id", statement_id)
        if str(own).lower() != statement_id.lower():
            raise StatementIdDiffersError
    return [_sent(1, found, faults)]


def day_of(statement: XStatement, now: datetime, zone: tzinfo) -> date:
    """Return the local day on which it happened; without a zone a moment is one of UTC."""
    moment = statement.timestamp or now
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=now.tzinfo)
    return moment.astimezone(zone).date()


def record_of(statement: XStatement, course: OfferedCourse, day: date) -> Training:
    """Return the record of a result in a course; raises PlatformResultContradictsError."""
    result = statement.result or XResult()
    _refuse_contradicting(statement.verb.id, result)
    return Training(
        course_name=course.title,
        course_code=course.code,
        occupation=course.occupation,
        rank=course.rank,
        hours=course.hours,
        score=points(result.score) if result.score else None,
        grade=_grade(statement.verb.id, result.success),
        mode=course.mode,
        completed_on=day,
    )


def points(score: XScore) -> Decimal | None:
    """Return a score as points of a hundred; None when nothing tells of how many it is.

    ``scaled`` goes first; else ``raw`` between its bounds, else ``raw`` of a hundred.
    """
    if score.scaled is not None:
        share = score.scaled
    elif score.raw is None:
        return None
    elif score.max is not None:
        least = score.min or Decimal(0)
        share = (score.raw - least) / (score.max - least)
    else:
        share = score.raw / _FULL
    if not 0 <= share <= 1:
        return None
    return (share * _FULL).quantize(_TWO_PLACES, rounding=ROUND_DOWN)


def _grade(verb: str, success: bool | None) -> Grade | None:  # noqa: FBT001  # As it is told.
    if verb == PASSED or success:
        return Grade.PASS
    return Grade.FAIL if success is False else None


def _refuse_contradicting(verb: str, result: XResult) -> None:
    failed = verb == PASSED and result.success is False
    unfinished = verb == COMPLETED and result.completion is False
    if failed or unfinished:
        raise PlatformResultContradictsError


def _sent(number: int, told: object, faults: Faults) -> Sent:
    if not isinstance(told, dict):
        raise StatementMalformedError(number=number, fields="{}")
    empty = _first_null(told, "")
    if empty is not None:
        raise StatementMalformedError(number=number, fields=f"{empty} = null")
    try:
        statement = XStatement.model_validate(told)
    except ValidationError as invalid:
        fields = ", ".join(one.field or "{}" for one in faults(invalid))
        raise StatementMalformedError(number=number, fields=fields) from None
    kept = {name: value for name, value in told.items() if name not in _UNTOLD}
    return Sent(number, statement.id or uuid4(), statement, kept)


def _first_null(told: object, place: str) -> str | None:
    """Return where a null stands, which is allowed in extensions alone."""
    members: Sequence[tuple[str, object]] = ()
    if isinstance(told, dict):
        members = [(name, one) for name, one in told.items() if name != "extensions"]
    elif isinstance(told, list):
        members = [(str(at), one) for at, one in enumerate(told)]
    for name, one in members:
        here = f"{place}.{name if _HARMLESS.fullmatch(name) else '?'}".lstrip(".")
        if one is None:
            return here
        if (found := _first_null(one, here)) is not None:
            return found
    return None


def _is_uuid(text: str) -> bool:
    return _UUID.fullmatch(text) is not None


_HARMLESS = re.compile(r"[A-Za-z_0-9]{1,40}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
