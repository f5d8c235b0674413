"""How a request for correction or addition stands, by its steps and the day. Pure.

When a clock has run out, the step that follows is judged here at every reading, whether or not
the nightly run has written it down yet; whoever acts next writes it first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from archive.dossiers.correction_clock import clock_on
from archive.dossiers.correction_models import CorrectionStep
from credit_bank.working_days import Calendar
from schemas.vocabulary import CorrectionAct, CorrectionState

MOST_PASSES = 2
"""So often a request is passed on; a proposal of this project."""
ENDING = (
    CorrectionAct.CORRECTED,
    CorrectionAct.ADDED,
    CorrectionAct.DISMISS,
    CorrectionAct.WITHDRAW,
    CorrectionAct.LAPSE,
)
"""Acts after which nobody does anything any more."""
CLOCKED = (
    CorrectionAct.OPEN,
    CorrectionAct.HAND_ON,
    CorrectionAct.DIRECT,
    CorrectionAct.DECLINE,
)
"""Acts whose last day somebody can miss so that something follows by itself."""
_NEXT_DAY = timedelta(days=1)
_STATE_AFTER = {
    CorrectionAct.OPEN: CorrectionState.WAITING,
    CorrectionAct.HAND_ON: CorrectionState.WAITING,
    CorrectionAct.DECLINE: CorrectionState.DECLINED,
    CorrectionAct.ESCALATE: CorrectionState.WITH_BUREAU,
    CorrectionAct.DIRECT: CorrectionState.DIRECTED,
    CorrectionAct.CORRECTED: CorrectionState.CORRECTED,
    CorrectionAct.ADDED: CorrectionState.ADDED,
    CorrectionAct.DISMISS: CorrectionState.DISMISSED,
    CorrectionAct.WITHDRAW: CorrectionState.WITHDRAWN,
    CorrectionAct.LAPSE: CorrectionState.LAPSED,
}


@dataclass(frozen=True, slots=True)
class Turn:
    """What the clock does when a last day is over."""

    act: CorrectionAct
    effective_on: date
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Case:
    """A request as it stands on a day."""

    steps: tuple[CorrectionStep, ...]
    turn: Turn | None
    """What the clock has done since the last step, if nobody wrote it down yet."""

    @property
    def opening(self) -> CorrectionStep:
        """The step that opened it."""
        return self.steps[0]

    @property
    def last(self) -> CorrectionStep:
        """The last step that was written down."""
        return self.steps[-1]

    @property
    def state(self) -> CorrectionState:
        """How it stands."""
        return _STATE_AFTER[self.turn.act if self.turn else self.last.act]

    @property
    def due_on(self) -> date | None:
        """The last day for the next step."""
        return self.turn.due_on if self.turn else self.last.due_on

    @property
    def since(self) -> date:
        """The day on which it came to stand so."""
        return self.turn.effective_on if self.turn else self.last.effective_on

    @property
    def had_by(self) -> frozenset[UUID]:
        """Every organisation that it was with."""
        return frozenset(one.organisation_id for one in self.steps)

    @property
    def passes_left(self) -> int:
        """How often it can be passed on still."""
        passed = sum(one.act is CorrectionAct.HAND_ON for one in self.steps)
        return max(MOST_PASSES - passed, 0)

    def is_late(self, today: date) -> bool:
        """Whether the bureau should have decided before a day."""
        is_there = self.state is CorrectionState.WITH_BUREAU
        return is_there and self.due_on is not None and self.due_on < today

    def rests_on_weekdays(self, calendar: Calendar) -> bool:
        """Whether a year on the way to the last day has no list of holidays."""
        if not self.state.is_open or self.due_on is None:
            return False
        years = range((self.since + _NEXT_DAY).year, self.due_on.year + 1)
        return any(year not in calendar.by_year for year in years)


def judged(steps: Sequence[CorrectionStep], today: date, calendar: Calendar) -> Case:
    """Return a request as it stands on a day; ``steps`` are all of one case."""
    told = tuple(sorted(steps, key=lambda one: one.number))
    return Case(told, _turn(told[-1], today, calendar))


def _turn(last: CorrectionStep, today: date, calendar: Calendar) -> Turn | None:
    if last.act not in CLOCKED or last.due_on is None or today <= last.due_on:
        return None
    day = last.due_on + _NEXT_DAY
    if last.act is CorrectionAct.DECLINE:
        return Turn(CorrectionAct.LAPSE, day, None)
    until = clock_on(day).decide_until(day, calendar)
    return Turn(CorrectionAct.ESCALATE, day, until.day)
