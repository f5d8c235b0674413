"""How one rule judges one outcome: the decision, its reason, and the arithmetic in words.

The sentences are English message ids; their Chinese stands in the catalogue.
"""

from dataclasses import dataclass
from decimal import Decimal

from credit_bank.families import CertificateRule, CompetitionRule, TrainingRule, YearlyCapRule
from schemas.contracts import plain_decimal
from schemas.credits import (
    UNITS_PER_CREDIT,
    Arithmetic,
    CertificateMeasures,
    CompetitionMeasures,
    LearningOutcome,
    TrainingMeasures,
    as_credits,
)
from schemas.vocabulary import Decision, Grade, Instrument, Rank

DIVIDED = "{hours} class hours ÷ {hours_per_credit} = {credits} credits."
REMAINDER = "The part below one ten-thousandth of a credit is not counted: {remainder} hours."
NO_ATTENDANCE = "Attendance was not asked for."
COUNTED = "In all {total} credits; {held} of them are credited already, so {credits} are added."
ALL_COUNTED = "The table gives {total} credits; {held} are credited already, so nothing is added."
CAPPED = "At most {cap} credits a calendar year; {used} are used, so {credits} of {earned} count."
WITHDRAWN = "The record was withdrawn or replaced, so what it had earned is taken back."
EXPIRED = "{credits} credits could be used until {day} and have expired."

SENTENCES = (
    DIVIDED,
    REMAINDER,
    NO_ATTENDANCE,
    COUNTED,
    ALL_COUNTED,
    CAPPED,
    WITHDRAWN,
    EXPIRED,
)
"""Every sentence of an explanation, so that a test can see that each is translated."""

IS_WITHDRAWN = "withdrawn"
REPLACED = "replaced"

REASONS = (
    "granted",
    "no_rule_in_force",
    "no_rule_for_kind",
    "result_missing",
    "scale_unknown",
    "result_contradicts",
    "below_minimum_hours",
    "not_passed",
    "attendance_low",
    "course_already_credited",
    "occupation_missing",
    "rank_missing",
    "rank_without_credits",
    "level_already_credited",
    "step_missing",
    "step_already_credited",
    "ability_already_credited",
    "permit_earns_nothing",
    "title_earns_nothing",
    "prize_missing",
    "placement_without_prize",
    "event_already_credited",
    "cap_partly",
    "cap_reached",
    IS_WITHDRAWN,
    REPLACED,
    "shelf_life_over",
)
"""Every reason code; its words stand in the vocabulary catalogue under ``reason.<code>``."""


@dataclass(frozen=True, slots=True)
class Result:
    """A decision: units are 0 unless something is granted."""

    decision: Decision
    reason: str
    units: int
    steps: tuple[Arithmetic, ...]

    def cut_to(self, room: int, cap: YearlyCapRule) -> "Result":
        """Return the result with only ``room`` units left of it by a cap."""
        facts = {
            "cap": _credits(cap.credits_a_year),
            "used": _credits(cap.credits_a_year - room),
            "credits": _credits(room),
            "earned": _credits(self.units),
        }
        steps = (*self.steps, Arithmetic(text=CAPPED, facts=facts))
        if room:
            return Result(Decision.GRANTED, "cap_partly", room, steps)
        return Result(Decision.NOTHING, "cap_reached", 0, steps)


def judge_training(measures: TrainingMeasures, rule: TrainingRule, held: int) -> Result:
    """Turn class hours into credits when the course was passed; all or nothing."""
    refused = _not_passed(measures, rule)
    if refused:
        return refused
    units, part = divmod(int(measures.hours * 100) * UNITS_PER_CREDIT, rule.hours_per_credit * 100)
    steps = [
        Arithmetic(
            text=DIVIDED,
            facts={
                "hours": plain_decimal(measures.hours),
                "hours_per_credit": str(rule.hours_per_credit),
                "credits": _credits(units),
            },
        )
    ]
    if part:
        remainder = Decimal(part) / 100 / UNITS_PER_CREDIT
        steps.append(Arithmetic(text=REMAINDER, facts={"remainder": plain_decimal(remainder)}))
    if measures.attendance is None:
        steps.append(Arithmetic(text=NO_ATTENDANCE))
    return _difference(units, held, "course_already_credited", tuple(steps))


def judge_certificate(
    measures: CertificateMeasures, outcome: LearningOutcome, rule: CertificateRule, held: int
) -> Result:
    """Bring the occupation up to the table's total; only the difference counts."""
    match measures.instrument:
        case Instrument.SKILL_LEVEL | Instrument.QUALIFICATION:
            return _by_rank(outcome.rank, outcome.occupation, rule, held)
        case Instrument.ONE_PLUS_X:
            if measures.step is None:
                return _undecided("step_missing")
            return _difference(rule.by_step[measures.step], held, "step_already_credited")
        case Instrument.SPECIFIC_ABILITY:
            return _difference(rule.specific_ability, held, "ability_already_credited")
        case (
            Instrument.SPECIAL_OPERATION
            | Instrument.CONSTRUCTION_OPERATION
            | Instrument.SPECIAL_EQUIPMENT
        ):
            return _difference(rule.permit, held, "permit_earns_nothing")
        case Instrument.PROFESSIONAL_TITLE:
            return _nothing("title_earns_nothing")


def judge_competition(measures: CompetitionMeasures, rule: CompetitionRule, held: int) -> Result:
    """Bring the event up to the table's value; a bare placement is not decided."""
    if measures.prize is None:
        return _undecided("placement_without_prize" if measures.placement else "prize_missing")
    units = rule.by_prize[measures.tier][measures.prize]
    return _difference(units, held, "event_already_credited")


def _not_passed(measures: TrainingMeasures, rule: TrainingRule) -> Result | None:
    """Return why the course earns nothing or is not decided; None when it was passed."""
    unclear = _unclear_result(measures, rule)
    if unclear:
        return _undecided(unclear)
    if measures.hours < rule.minimum_hours:
        return _nothing("below_minimum_hours")
    if not _has_passed(measures, rule):
        return _nothing("not_passed")
    if measures.attendance is not None and measures.attendance < rule.minimum_attendance:
        return _nothing("attendance_low")
    return None


def _unclear_result(measures: TrainingMeasures, rule: TrainingRule) -> str | None:
    """Return why the result cannot be read on the rule's scale; None when it can."""
    if measures.grade is None and measures.score is None:
        return "result_missing"
    if measures.score is None:
        return "scale_unknown" if measures.grade is Grade.OTHER else None
    if measures.score > rule.full_score:
        return "scale_unknown"
    if measures.grade in (None, Grade.OTHER):
        return None
    agree = (measures.score >= rule.minimum_score) == (measures.grade in rule.passing_grades)
    return None if agree else "result_contradicts"


def _has_passed(measures: TrainingMeasures, rule: TrainingRule) -> bool:
    if measures.score is not None:
        return measures.score >= rule.minimum_score
    return measures.grade in rule.passing_grades


def _by_rank(rank: Rank | None, occupation: str | None, rule: CertificateRule, held: int) -> Result:
    if rank is None:
        return _undecided("rank_missing")
    if occupation is None:
        return _undecided("occupation_missing")
    if rank not in rule.by_rank:
        return _nothing("rank_without_credits")
    return _difference(rule.by_rank[rank], held, "level_already_credited")


def _difference(
    total: int, held: int, reason_if_none: str, steps: tuple[Arithmetic, ...] = ()
) -> Result:
    units = max(0, total - held)
    facts = {"total": _credits(total), "held": _credits(held), "credits": _credits(units)}
    if not units:
        step = Arithmetic(text=ALL_COUNTED, facts=facts)
        return Result(Decision.NOTHING, reason_if_none, 0, (*steps, step))
    if held or not steps:
        steps = (*steps, Arithmetic(text=COUNTED, facts=facts))
    return Result(Decision.GRANTED, "granted", units, steps)


def _nothing(reason: str) -> Result:
    return Result(Decision.NOTHING, reason, 0, ())


def _undecided(reason: str) -> Result:
    return Result(Decision.UNDECIDED, reason, 0, ())


def _credits(units: int) -> str:
    return plain_decimal(as_credits(units))
