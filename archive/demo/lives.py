"""Lives of the demo district: what people may well have learnt in ten years, drawn by chance.

A life depends on the seed, the place and the number of its records alone, so that any part
of the district can be made by itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

from archive.demo import careers, certificates, courses
from archive.demo.bodies import BUREAU
from archive.demo.learner import Learner, Posted
from archive.demo.people import Person, person
from archive.demo.steps import Diary, Life, Step
from archive.demo.trades import TRADES
from schemas.identities import NameChange
from schemas.records import Training
from schemas.vocabulary import DocumentType, Rank, RecordKind

YEARS = 10
"""How far back the demo district's records reach."""
_TO_LEARN = timedelta(days=16 * 365 + 130)  # No course and no work before sixteen.
_KINDS = (
    *([RecordKind.TRAINING] * 60),
    *([RecordKind.CERTIFICATE] * 16),
    *([RecordKind.COMPETITION] * 6),
    *([RecordKind.EXPERIENCE] * 8),
    *([RecordKind.HONOUR] * 4),
    *([RecordKind.EDUCATION] * 3),
    *([RecordKind.APPRENTICESHIP] * 3),
)
_AT_MOST = {
    RecordKind.CERTIFICATE: 4,
    RecordKind.COMPETITION: 4,
    RecordKind.EXPERIENCE: 3,
    RecordKind.HONOUR: 2,
    RecordKind.EDUCATION: 1,
    RecordKind.APPRENTICESHIP: 1,
}
_AGE_FOR = {
    Rank.JUNIOR: 16,
    Rank.INTERMEDIATE: 18,
    Rank.SENIOR: 22,
    Rank.TECHNICIAN: 27,
    Rank.SENIOR_TECHNICIAN: 32,
}
"""From which age a level is plausible, so that no one is a technician too young."""
_YEARS_TO_NEXT_LEVEL = (3, 5)
_LONG_COURSES = 5
_HOURS_OF_LONG_COURSE = 160  # Five a year make 50 credits; the yearly cap is 40.
_SHARE_OF_CRAMMERS = 0.15
_SHARE_OF_PERMITS, _SHARE_OF_ABILITIES = 0.4, 0.7  # Of certificates without a level.
_SHARE_OF_CORRECTED = 0.03  # Of trainings.
_SHARE_OF_WITHDRAWN = 0.01
_WRONG_HOURS = "学时登记有误，按签到记录更正"
_POSTED_TWICE = "重复报送，撤回本条"


@dataclass(frozen=True, slots=True)
class District:
    """What the lives of one district share."""

    seed: int
    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        """The local day of ``now``."""
        return self.now.astimezone(self.zone).date()

    def diary(self, chance: Random) -> Diary:
        """Return an empty diary."""
        return Diary(self.now, self.zone, chance)


def life(district: District, place: int, records: int) -> Life:
    """Return the life of the worker at a place of the district, with some records."""
    chance = Random(f"life/{district.seed}/{place}")
    whose = person(district.seed, place, today=district.today)
    diary = district.diary(chance)
    learner = Learner(place, whose, chance.choice(TRADES), chance)
    days = _Days(chance, _first_day(whose, district.today), district.today)
    for kind, count in _shares(chance, records).items():
        for posted in _learnt(kind, count, learner, days):
            _write(diary, posted)
    if whose.new_name:
        changed = NameChange(name=whose.new_name, former_name=whose.name, changed_on=days.any_day())
        diary.post(BUREAU, changed)
    return diary.closed(whose)


class _Days:
    """Days of a life on which something happened; no day is drawn twice."""

    def __init__(self, chance: Random, first: date, last: date) -> None:
        self._chance, self.first, self.last = chance, first, last
        self._span = (last - first).days
        self._taken: set[int] = set()

    def any_day(self) -> date:
        return self.between(self.first, self.last)

    def between(self, first: date, last: date) -> date:
        """Return a free day of a stretch, or the last one tried when there is none."""
        low = max(0, (first - self.first).days)
        high = max(low, min(self._span, (last - self.first).days) - 1)
        for _ in range(50):
            drawn = self._chance.randint(low, high)
            if drawn not in self._taken:
                break
        self._taken.add(drawn)
        return self.first + timedelta(days=drawn)

    def has(self, day: date) -> bool:
        return self.first <= day <= self.last

    def later(self, day: date, years: tuple[int, int]) -> date | None:
        """Return a day some years later, or None when that lies in the future."""
        found = day + timedelta(days=self._chance.randint(years[0] * 365, years[1] * 365))
        return found if found < self.last else None


def _first_day(whose: Person, today: date) -> date:
    begins = date(today.year - YEARS, today.month, min(today.day, 28))
    return max(begins, whose.born_on + _TO_LEARN)


def _shares(chance: Random, records: int) -> dict[RecordKind, int]:
    """Return how many records of each kind a life has; one is a training."""
    shares: dict[RecordKind, int] = dict.fromkeys((RecordKind.TRAINING, *_AT_MOST), 0)
    for at in range(records):
        kind = chance.choice(_KINDS) if at else RecordKind.TRAINING
        full = shares[kind] >= _AT_MOST.get(kind, records)
        shares[RecordKind.TRAINING if full else kind] += 1
    return shares


def _learnt(kind: RecordKind, count: int, learner: Learner, days: _Days) -> Iterator[Posted]:
    match kind:
        case RecordKind.TRAINING:
            yield from _trainings(count, learner, days)
        case RecordKind.CERTIFICATE:
            yield from _certificates(count, learner, days)
        case RecordKind.EXPERIENCE:
            yield from _jobs(count, learner, days)
        case RecordKind.EDUCATION:
            yield from _schooling(count, learner, days)
        case RecordKind.COMPETITION:
            yield from (careers.competition(learner, days.any_day()) for _ in range(count))
        case RecordKind.HONOUR:
            yield from (careers.honour(learner, days.any_day()) for _ in range(count))
        case RecordKind.APPRENTICESHIP:
            first = days.first + timedelta(days=360)
            yield from (
                careers.apprenticeship(learner, days.between(first, date.max)) for _ in range(count)
            )
        case RecordKind.IDENTITY | RecordKind.NAME_CHANGE:
            return


def _trainings(count: int, learner: Learner, days: _Days) -> Iterator[Posted]:
    years = range(days.first.year + 1, days.last.year)
    if years and count > _LONG_COURSES and learner.chance.random() < _SHARE_OF_CRAMMERS:
        year = learner.chance.choice(years)
        for _ in range(_LONG_COURSES):
            day = days.between(date(year, 2, 1), date(year, 12, 31))
            yield courses.long_course(learner, day, _HOURS_OF_LONG_COURSE)
        count -= _LONG_COURSES
    yield from (courses.training(learner, days.any_day()) for _ in range(count))


def _certificates(count: int, learner: Learner, days: _Days) -> Iterator[Posted]:
    """Yield rising levels some years apart, and other certificates when none can follow."""
    chance, day, others = learner.chance, days.any_day(), 0
    ranks = [rank for rank, age in _AGE_FOR.items() if _is_of_age(learner.person, day, age)]
    rank: Rank | None = chance.choice(ranks[:3])
    for _ in range(count):
        if rank is None or not _is_of_age(learner.person, day, _AGE_FOR[rank]):
            yield _other(learner, days.any_day(), is_first=not others)
            others += 1
            continue
        yield certificates.level(learner, day, rank)
        later = days.later(day, _YEARS_TO_NEXT_LEVEL)
        rank = None if later is None or rank is Rank.SENIOR_TECHNICIAN else Rank(rank + 1)
        day = later or day


def _other(learner: Learner, day: date, *, is_first: bool) -> Posted:
    """Return a permit (its number is the person's, so there is one), an ability, or 1+X."""
    drawn = learner.chance.random()
    has_number = learner.person.document_type is DocumentType.RESIDENT_ID
    if is_first and has_number and drawn < _SHARE_OF_PERMITS:
        return certificates.permit(learner, day)
    return (
        certificates.ability(learner, day)
        if drawn < _SHARE_OF_ABILITIES
        else certificates.one_plus_x(learner, day)
    )


def _jobs(count: int, learner: Learner, days: _Days) -> Iterator[Posted]:
    """Yield employments one after the other; the last may still go on."""
    stretch = (days.last - days.first) / max(1, count)
    begins = [
        days.between(days.first + at * stretch, days.first + (at + 0.6) * stretch)
        for at in range(count)
    ]
    for first, following in pairwise(begins):
        yield careers.experience(learner, first, following - timedelta(days=1))
    yield from (careers.experience(learner, first, None) for first in begins[-1:])


def _schooling(count: int, learner: Learner, days: _Days) -> Iterator[Posted]:
    for _ in range(count):
        year = days.any_day().year
        summers = (date(year + step, 7, 1) for step in (0, 1, -1))
        fitting = [day for day in summers if days.has(day)]
        yield careers.education(learner, fitting[0] if fitting else days.any_day())


def _is_of_age(whose: Person, day: date, age: int) -> bool:
    return (day - whose.born_on).days >= age * 366


def _write(diary: Diary, posted: Posted) -> Step:
    """Post a record; now and then it is corrected or withdrawn later."""
    drawn, record = diary.chance.random(), posted.record
    if drawn < _SHARE_OF_CORRECTED and isinstance(record, Training) and record.hours:
        wrong = record.model_copy(update={"hours": record.hours * 2})
        step = diary.post(posted.body, wrong)
        diary.correct(step, record, _WRONG_HOURS)
        return step
    step = diary.post(posted.body, record)
    if drawn > 1 - _SHARE_OF_WITHDRAWN:
        diary.withdraw(step, _POSTED_TWICE)
    return step
