"""Courses of the demo district: most are passed, some failed, missed or left without a result."""

from datetime import date, timedelta
from decimal import Decimal

from archive.demo.bodies import PROVIDERS, SAFETY
from archive.demo.learner import Learner, Posted
from archive.demo.trades import FOR_EVERYONE
from schemas.records import Training
from schemas.vocabulary import Grade, Mode

_HOURS = ((8, 1), (16, 2), (24, 2), (32, 2), (36, 3), (40, 4), (48, 2), (64, 2), (80, 2), (120, 1))
_HOURS_OF = tuple(Decimal(hours) for hours, weight in _HOURS for _ in range(weight))
_HOURS_OF_ALL = (Decimal(4), Decimal(8), Decimal(8), Decimal(12), Decimal(16))
_HOURS_A_DAY = 6
_SHARE_FOR_EVERYONE = 0.2  # Of trainings.
_SHARE_OF_REPEATED = 0.06  # Of courses of the trade.
_SHARE_OF_ABSENT = 0.04  # Of trainings.
_RESULTS = ("points", "grade", "failed", "missing", "scale")
_WEIGHTS = (75, 17, 4, 3, 1)
_GRADES = (Grade.PASS, Grade.PASS, Grade.GOOD, Grade.GOOD, Grade.EXCELLENT, Grade.FAIL)
_STAGES = ("", "（进阶）", "（高阶）")
_MODES = (Mode.CLASSROOM, Mode.CLASSROOM, Mode.CLASSROOM, Mode.BLENDED, Mode.ONLINE)


def training(learner: Learner, day: date) -> Posted:
    """Return a course; most are passed, some failed, missed or left without a result."""
    chance = learner.chance
    if chance.random() < _SHARE_FOR_EVERYONE:
        return _course_for_everyone(learner, day)
    place, course = _course(learner)
    body, hours = chance.choice(PROVIDERS), chance.choice(_HOURS_OF)
    code = f"{learner.trade.occupation}-{place + 1}" if body == PROVIDERS[0] else None
    score, grade = _result(learner)
    return Posted(
        body,
        Training(
            course_name=course,
            course_code=code,
            occupation=learner.trade.occupation,
            hours=hours,
            attendance=_attendance(learner),
            score=score,
            grade=grade,
            mode=chance.choice(_MODES),
            started_on=day - timedelta(days=int(hours) // _HOURS_A_DAY),
            completed_on=day,
        ),
    )


def long_course(learner: Learner, day: date, hours: int) -> Posted:
    """Return a long course that was passed: five of them in a year pass the yearly cap."""
    record = Training(
        course_name=f"{learner.trade.name}强化班",
        occupation=learner.trade.occupation,
        hours=Decimal(hours),
        attendance=Decimal(learner.chance.randint(88, 100)),
        score=Decimal(learner.chance.randint(70, 96)),
        mode=Mode.CLASSROOM,
        started_on=day - timedelta(days=hours // _HOURS_A_DAY),
        completed_on=day,
    )
    return Posted(learner.chance.choice(PROVIDERS), record)


def _course_for_everyone(learner: Learner, day: date) -> Posted:
    place = learner.chance.randrange(len(FOR_EVERYONE))
    body = SAFETY if place in (0, 2) else learner.chance.choice(PROVIDERS[1:])
    record = Training(
        course_name=FOR_EVERYONE[place],
        hours=learner.chance.choice(_HOURS_OF_ALL),
        grade=learner.chance.choice(_GRADES),
        mode=learner.chance.choice(_MODES),
        completed_on=day,
    )
    return Posted(body, record)


def _course(learner: Learner) -> tuple[int, str]:
    """Return the next course of the trade; none comes twice before all have come."""
    courses = learner.trade.courses
    if not learner.deck:
        learner.deck.extend(range(len(courses) * len(_STAGES)))
        learner.chance.shuffle(learner.deck)
    place = learner.deck.pop()
    if learner.chance.random() < _SHARE_OF_REPEATED:
        learner.deck.append(place)
    stage, course = divmod(place, len(courses))
    return place, courses[course] + _STAGES[stage]


def _attendance(learner: Learner) -> Decimal:
    low = learner.chance.random() < _SHARE_OF_ABSENT
    return Decimal(learner.chance.randint(40, 79) if low else learner.chance.randint(82, 100))


def _result(learner: Learner) -> tuple[Decimal | None, Grade | None]:
    (result,) = learner.chance.choices(_RESULTS, weights=_WEIGHTS)
    match result:
        case "missing":
            return None, None  # The provider has not told it yet.
        case "scale":
            return Decimal(learner.chance.randint(101, 145)), None  # Of 150 points.
        case "failed":
            return Decimal(learner.chance.randint(30, 59)), None
        case "grade":
            return None, learner.chance.choice(_GRADES)
        case _:
            return Decimal(learner.chance.randint(120, 196)) / 2, None
