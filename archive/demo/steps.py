"""A worker's dossier in the order in which it was written: steps, each at its own moment.

Events happen on days; they are posted some days later, some much later. Nothing here
knows a database.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from archive.demo.bodies import STREET
from archive.demo.people import Person
from schemas.records import Record as AnyRecord
from schemas.vocabulary import LEARNING_KINDS, Act

_OFFICE_OPENS = 9
_WEEKEND = (5, 6)
_OFFICE_SECONDS = 8 * 3600
_SHARE_OF_LATE = 0.03


@dataclass(frozen=True, slots=True)
class Step:
    """One row of a dossier that is about to be written."""

    at: datetime
    body: str
    """The code of the organisation that posts it."""
    act: Act
    record: AnyRecord
    post: int
    """Which post of this life it makes, corrects or withdraws."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Life:
    """A person and everything that is written about them."""

    person: Person
    body: str
    """The code of the organisation that began the dossier."""
    began_at: datetime
    steps: tuple[Step, ...]

    @property
    def learnt(self) -> int:
        """The number of records of learning, the withdrawn among them."""
        return sum(one.act is Act.ADD and one.record.kind in LEARNING_KINDS for one in self.steps)


@dataclass(slots=True)
class Diary:
    """Collects the steps of one life, and sees that none is posted after ``now``."""

    now: datetime
    zone: ZoneInfo
    chance: Random
    steps: list[Step] = field(default_factory=list)
    posts: int = 0

    @property
    def today(self) -> date:
        """The local day of ``now``."""
        return self.now.astimezone(self.zone).date()

    def post(self, body: str, record: AnyRecord, *, delay_days: int | None = None) -> Step:
        """Note that an organisation posts a record some days after it happened."""
        if delay_days is None:
            delay_days = self._delay()
        at = self._at(self._known_on(record) + timedelta(days=delay_days))
        step = Step(at, body, Act.ADD, record, self.posts)
        self.posts += 1
        self.steps.append(step)
        return step

    def correct(self, step: Step, record: AnyRecord, reason: str) -> None:
        """Note that a post is corrected some days after it was made."""
        self._change(step, Act.CORRECT, record, reason)

    def withdraw(self, step: Step, reason: str) -> None:
        """Note that a post is withdrawn some days after it was made."""
        self._change(step, Act.WITHDRAW, step.record, reason)

    def closed(self, person: Person) -> Life:
        """Return the life, its steps in the order of their moments.

        Who posts first begins the dossier; one without any step is the street's.
        """
        steps = sorted(self.steps, key=lambda step: step.at)
        body, began_at = (steps[0].body, steps[0].at) if steps else (STREET, self.now)
        return Life(person, body, began_at, tuple(steps))

    def _change(self, step: Step, act: Act, record: AnyRecord, reason: str) -> None:
        day = step.at.astimezone(self.zone).date()
        at = self._at(day + timedelta(days=self.chance.randint(2, 40)))
        changed = replace(step, at=max(at, step.at), act=act, record=record, reason=reason)
        self.steps.append(changed)

    def _known_on(self, record: AnyRecord) -> date:
        """Return the day from which everything that a record tells can be known."""
        return getattr(record, "ended_on", None) or record.effective_on or self.today

    def _delay(self) -> int:
        if self.chance.random() < _SHARE_OF_LATE:
            return self.chance.randint(60, 500)
        return self.chance.randint(2, 18)

    def _at(self, day: date) -> datetime:
        seconds = self.chance.randrange(_OFFICE_SECONDS)
        if day.weekday() in _WEEKEND:
            day += timedelta(days=2)
        opens = datetime.combine(day, time(_OFFICE_OPENS), self.zone)
        return min(opens + timedelta(seconds=seconds), self.now)
