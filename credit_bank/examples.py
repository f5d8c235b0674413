"""Runs the examples that stand in rule files: what an official wrote must be what happens."""

from datetime import date
from uuid import UUID

from pydantic import ValidationError

from credit_bank.chain import canonical_bytes
from credit_bank.errors import RuleExampleError, RuleExampleUnreadableError
from credit_bank.families import (
    CertificateRule,
    CompetitionRule,
    EntitlementRule,
    Example,
    Rule,
    ShelfLifeRule,
    TrainingRule,
    YearlyCapRule,
    units_of,
)
from credit_bank.judging import Result, judge_certificate, judge_competition, judge_training
from schemas.contracts import plain_decimal
from schemas.credits import (
    CertificateMeasures,
    CompetitionMeasures,
    LearningOutcome,
    TrainingMeasures,
    as_credits,
)
from schemas.vocabulary import Decision, Rank, RecordKind

_NOBODY = UUID(int=0)


def refuse_failing(rule: Rule, file: str | None = None) -> None:
    """Raise when an example of the rule does not come out as it says, or cannot be read.

    ``file`` is the name of the file that holds the rule, when it is known. Raises
    RuleExampleError, RuleExampleUnreadableError.
    """
    named = file or f"{rule.family}.toml"
    for example in rule.example:
        try:
            found = outcome_of(rule, example)
        except (ValueError, KeyError, TypeError) as unreadable:
            raise RuleExampleUnreadableError(
                file=named, example=example.name, rule=rule.id, problem=_first_of(unreadable)
            ) from None
        if not _agrees(example.expect, found):
            raise RuleExampleError(
                file=named,
                example=example.name,
                rule=rule.id,
                expected=canonical_bytes(example.expect).decode(),
                given=canonical_bytes(found).decode(),
            )


def outcome_of(rule: Rule, example: Example) -> dict[str, str]:
    """Return what a rule makes of an example, in the words in which examples expect it."""
    given = dict(example.given)
    match rule:
        case TrainingRule():
            held = units_of(given.pop("held", "0"))
            return _told(judge_training(_training(given), rule, held))
        case CertificateRule():
            held = units_of(given.pop("held", "0"))
            return _told(_certificate(given, rule, held))
        case CompetitionRule():
            held = units_of(given.pop("held", "0"))
            measures = CompetitionMeasures.model_validate({"event": "example", **given})
            return _told(judge_competition(measures, rule, held))
        case YearlyCapRule():
            return _told(_under_cap(given, rule))
        case ShelfLifeRule():
            day = rule.expires_on(RecordKind(str(given["kind"])), _day(given["effective_on"]))
            return {"expires_on": day.isoformat()} if day else {}
        case EntitlementRule():
            treatment = rule.treatment.get(Rank(int(str(given["rank"]))))
            return {"treatment": treatment.zh} if treatment else {}


def _training(given: dict[str, object]) -> TrainingMeasures:
    return TrainingMeasures.model_validate({"course": "example", **given})


def _certificate(given: dict[str, object], rule: CertificateRule, held: int) -> Result:
    rank = given.pop("rank", None)
    outcome = LearningOutcome(
        id=_NOBODY,
        effective_on=rule.in_force_from,
        issuer=_NOBODY,
        issuer_key="example",
        occupation="6-31-01-03",
        rank=Rank(int(str(rank))) if rank is not None else None,
        measures=CertificateMeasures.model_validate(given),
    )
    return judge_certificate(CertificateMeasures.model_validate(given), outcome, rule, held)


def _under_cap(given: dict[str, object], rule: YearlyCapRule) -> Result:
    earned = units_of(given["earned"])
    room = max(0, rule.credits_a_year - units_of(given["used"]))
    result = Result(Decision.GRANTED, "granted", earned, ())
    return result if earned <= room else result.cut_to(room, rule)


def _first_of(unreadable: Exception) -> str:
    """Return what is wrong in one line; the library tells several, over many lines."""
    if isinstance(unreadable, ValidationError):
        first = unreadable.errors()[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    return f"{type(unreadable).__name__}: {unreadable}"


def _told(result: Result) -> dict[str, str]:
    return {"credits": plain_decimal(as_credits(result.units)), "reason": result.reason}


def _agrees(expected: dict[str, object], found: dict[str, str]) -> bool:
    if not expected:
        return not found
    return all(found.get(name) == str(value) for name, value in expected.items())


def _day(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
