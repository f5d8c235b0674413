"""Lives of one worker that hypothesis makes up: records, corrections, withdrawals, any order."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from hypothesis import strategies as st

from schemas.credits import ApprenticeshipMeasures, EducationMeasures, LearningOutcome
from schemas.vocabulary import LEVEL_GIVING, ContestTier, Degree, Instrument, Prize, Rank, Step
from tests.builders import ELECTRICIAN, WELDER
from tests.outcomes import a_course, a_level, a_prize, an_outcome, from_elsewhere

# Few days, codes and events, so that caps, twins and stages meet; days of both rule sets.
DAYS = st.sampled_from(
    [
        date(2022, 9, 14),
        date(2022, 9, 15),
        date(2022, 9, 16),
        date(2012, 3, 1),
        date(1989, 12, 31),
    ]
)
COURSES = st.builds(
    a_course,
    st.sampled_from(["480", "320", "160.01", "36", "7"]),
    DAYS,
    code=st.sampled_from([None, "1"]),
    by=st.sampled_from("AB"),
    name=st.sampled_from(["", "shared"]),
    score=st.sampled_from(["85", "60", "59", None]),
    attendance=st.sampled_from([None, "80", "79"]),
)
LEVELS = st.builds(
    a_level,
    st.sampled_from(Rank),
    DAYS,
    occupation=st.sampled_from([ELECTRICIAN, WELDER]),
    instrument=st.sampled_from(sorted(LEVEL_GIVING)),
    prepared_by=st.sampled_from([None, "shared"]),
)
OTHER_CERTIFICATES = st.builds(
    a_level,
    DAYS.map(lambda _: None),
    DAYS,
    instrument=st.sampled_from([one for one in Instrument if one not in LEVEL_GIVING]),
    step=st.sampled_from([None, *Step]),
    title=st.sampled_from([None, "1"]),
)
PRIZES = st.builds(
    a_prize,
    st.sampled_from([None, *Prize]),
    st.sampled_from(ContestTier),
    DAYS,
    event=st.sampled_from("12"),
    placement=st.just(1),
)


PASSED = st.builds(
    a_course,
    st.sampled_from(["480", "160", "36"]),
    st.dates(date(2019, 1, 1), date(2025, 1, 1)),
    code=st.sampled_from([None, "1"]),
    by=st.sampled_from("AB"),
    name=st.sampled_from(["", "shared"]),
)
FROM_ELSEWHERE = st.builds(
    from_elsewhere,
    st.sampled_from(["1", "2.5", "7.0001", None]),
    st.dates(date(2022, 9, 1), date(2025, 1, 1)),
    course=st.sampled_from(["wiring", "shared"]),
    by=st.sampled_from("AC"),
)

APPRENTICESHIPS = st.builds(
    an_outcome,
    st.builds(
        ApprenticeshipMeasures,
        hours=st.sampled_from([None, Decimal(320), Decimal(480)]),
        class_number=st.sampled_from([None, "1"]),
        is_registered=st.sampled_from([None, True, False]),
    ),
    DAYS,
)
DIPLOMAS = st.builds(
    an_outcome, st.builds(EducationMeasures, degree=st.sampled_from([None, *Degree])), DAYS
)


@dataclass(frozen=True)
class Life:
    """Each record's versions in their own order, and two orders in which they arrive.

    None stands for a withdrawal; what follows it is posted again.
    """

    versions: tuple[tuple[LearningOutcome | None, ...], ...]
    orders: tuple[tuple[int, ...], tuple[int, ...]]


def _one_record(pool: st.SearchStrategy[LearningOutcome]) -> st.SearchStrategy[object]:
    """Return the versions of one record: its kind stays, its key and id too."""
    return st.builds(
        lambda first, others: (first, *(of_one_record(first, other) for other in others)),
        pool,
        st.lists(st.none() | pool, max_size=2),
    )


def of_one_record(first: LearningOutcome, other: LearningOutcome | None) -> LearningOutcome | None:
    """Return another content under the identity of the first."""
    if other is None:
        return None
    return other.model_copy(update={"issuer": first.issuer})


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """Make up a life."""
    pools = (COURSES, LEVELS, OTHER_CERTIFICATES, PRIZES, APPRENTICESHIPS, DIPLOMAS)
    records = st.one_of([_one_record(pool) for pool in pools])
    drawn = draw(st.lists(records, min_size=1, max_size=6))
    versions = [identified(one, place) for place, one in enumerate(drawn)]
    arrivals = [place for place, one in enumerate(versions) for _ in one]
    orders = (tuple(draw(st.permutations(arrivals))), tuple(draw(st.permutations(arrivals))))
    return Life(tuple(versions), orders)


def identified(versions: object, place: int) -> tuple[LearningOutcome | None, ...]:
    """Return the versions under one identity, the same in every run."""
    assert isinstance(versions, tuple)
    identity = {"id": UUID(int=place + 1), "issuer_key": str(place)}
    return tuple(one and one.model_copy(update=identity) for one in versions)
