"""How a decision is told: its reason, its units, and the arithmetic in words.

What each rule decides stands in ``families``. The sentences are English message ids; their
Chinese stands in the catalogue.
"""

from dataclasses import dataclass
from functools import lru_cache

from schemas.contracts import plain_decimal
from schemas.credits import Arithmetic, as_credits
from schemas.vocabulary import Decision, Prize

DIVIDED = "{hours} class hours ÷ {hours_per_credit} = {credits} credits."
REMAINDER = "The part below one ten-thousandth of a credit is not counted: {remainder} hours."
NO_ATTENDANCE = "Attendance was not asked for."
COUNTED = "In all {total} credits; {held} of them are credited already, so {credits} are added."
ALL_COUNTED = "The table gives {total} credits; {held} are credited already, so nothing is added."
CAPPED = "At most {cap} credits a calendar year; {used} are used, so {credits} of {earned} count."
WITHDRAWN = "The record was withdrawn or replaced, so what it had earned is taken back."
EXPIRED = "{credits} credits could be used until {day} and have expired."
EXCEPTION = "The exception “{exception}” of the rule applies here."
PLACED = {
    Prize.FIRST: "By the contest's own prize table place {placement} is a first prize.",
    Prize.SECOND: "By the contest's own prize table place {placement} is a second prize.",
    Prize.THIRD: "By the contest's own prize table place {placement} is a third prize.",
    Prize.MERIT: "By the contest's own prize table place {placement} is a merit prize.",
}

SENTENCES = (
    DIVIDED,
    REMAINDER,
    NO_ATTENDANCE,
    COUNTED,
    ALL_COUNTED,
    CAPPED,
    WITHDRAWN,
    EXPIRED,
    EXCEPTION,
    *PLACED.values(),
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
    "attendance_missing",
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
    "placement_beyond_prizes",
    "event_already_credited",
    "class_not_registered",
    "registration_missing",
    "hours_missing",
    "class_already_credited",
    "education_counts_toward_conditions",
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

    def after(self, step: Arithmetic) -> "Result":
        """Return the result with a sentence that stands before its arithmetic."""
        return Result(self.decision, self.reason, self.units, (step, *self.steps))

    def told(self) -> dict[str, str]:
        """Return the result in the words in which examples expect it."""
        return {"credits": in_credits(self.units), "reason": self.reason}


def difference(
    total: int, held: int, reason_if_none: str, steps: tuple[Arithmetic, ...] = ()
) -> Result:
    """Grant what brings ``held`` units up to ``total``."""
    units = max(0, total - held)
    facts = {"total": in_credits(total), "held": in_credits(held), "credits": in_credits(units)}
    if not units:
        step = Arithmetic(text=ALL_COUNTED, facts=facts)
        return Result(Decision.NOTHING, reason_if_none, 0, (*steps, step))
    if held or not steps:
        steps = (*steps, Arithmetic(text=COUNTED, facts=facts))
    return Result(Decision.GRANTED, "granted", units, steps)


def nothing(reason: str) -> Result:
    """Decide that an outcome earns nothing."""
    return Result(Decision.NOTHING, reason, 0, ())


def undecided(reason: str) -> Result:
    """Say that an outcome cannot be decided, because something is not known."""
    return Result(Decision.UNDECIDED, reason, 0, ())


@lru_cache(maxsize=16_384)  # The same figures come again in every explanation.
def in_credits(units: int) -> str:
    """Return units as credits in digits."""
    return plain_decimal(as_credits(units))
