"""Words for what is learnt and attested: kinds of record, ranks, instruments, prizes."""

from enum import IntEnum, StrEnum
from typing import Literal, TypeAlias, get_args


class RecordKind(StrEnum):
    """What a record tells of a worker."""

    IDENTITY = "identity"
    NAME_CHANGE = "name_change"
    TRAINING = "training"
    CERTIFICATE = "certificate"
    COMPETITION = "competition"
    APPRENTICESHIP = "apprenticeship"
    HONOUR = "honour"
    EDUCATION = "education"
    EXPERIENCE = "experience"


LearningKind: TypeAlias = Literal[
    RecordKind.TRAINING,
    RecordKind.CERTIFICATE,
    RecordKind.COMPETITION,
    RecordKind.APPRENTICESHIP,
    RecordKind.HONOUR,
    RecordKind.EDUCATION,
    RecordKind.EXPERIENCE,
]
"""What a worker did, and what a list can hold; the other kinds tell who the worker is."""
LEARNING_KINDS: tuple[RecordKind, ...] = get_args(LearningKind)


class Act(StrEnum):
    """What a row appended to a dossier does to the row that it targets."""

    ADD = "add"
    CORRECT = "correct"
    WITHDRAW = "withdraw"


class Rank(IntEnum):
    """Skill levels of the new eight-grade system, in rising order.

    Store and compare this, never the level code's digit: the digit falls as the level rises.
    """

    APPRENTICE = 0
    JUNIOR = 1
    INTERMEDIATE = 2
    SENIOR = 3
    TECHNICIAN = 4
    SENIOR_TECHNICIAN = 5
    MASTER_TECHNICIAN = 6
    CHIEF_TECHNICIAN = 7

    @property
    def is_high_skilled(self) -> bool:
        """Whether the level counts as high-skilled (高技能): 高级工 and above."""
        return self >= Rank.SENIOR


class Instrument(StrEnum):
    """The paper by which a skill, a permit or an ability was attested."""

    SKILL_LEVEL = "skill_level"
    QUALIFICATION = "qualification"
    SPECIFIC_ABILITY = "specific_ability"
    ONE_PLUS_X = "one_plus_x"
    SPECIAL_OPERATION = "special_operation"
    CONSTRUCTION_OPERATION = "construction_operation"
    SPECIAL_EQUIPMENT = "special_equipment"
    PROFESSIONAL_TITLE = "professional_title"


LEVEL_GIVING = frozenset({Instrument.SKILL_LEVEL, Instrument.QUALIFICATION})


class Step(StrEnum):
    """The three steps of a 1+X certificate; they are no ranks."""

    ELEMENTARY = "elementary"
    MIDDLE = "middle"
    ADVANCED = "advanced"


class TitleGrade(StrEnum):
    """The grades of professional titles (职称), in rising order; they are no ranks."""

    JUNIOR = "junior"
    INTERMEDIATE = "intermediate"
    SENIOR = "senior"


class Grade(StrEnum):
    """A result told in words instead of points."""

    EXCELLENT = "excellent"
    GOOD = "good"
    PASS = "pass"  # noqa: S105  # A grade, no password.
    FAIL = "fail"
    OTHER = "other"


class Mode(StrEnum):
    """How a course was held."""

    CLASSROOM = "classroom"
    ONLINE = "online"
    BLENDED = "blended"


class ContestTier(StrEnum):
    """How far a competition reaches."""

    WORLD = "world"
    NATIONAL = "national"
    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"


class ContestGroup(StrEnum):
    """Who competes with whom: working people, or pupils and students."""

    STAFF = "staff"
    STUDENT = "student"


class Prize(StrEnum):
    """What was won in a competition."""

    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    MERIT = "merit"


class Degree(StrEnum):
    """Schooling that was finished, in rising order."""

    JUNIOR_SECONDARY = "junior_secondary"
    SENIOR_SECONDARY = "senior_secondary"
    SECONDARY_VOCATIONAL = "secondary_vocational"
    TECHNICAL_SCHOOL = "technical_school"
    SENIOR_TECHNICAL_SCHOOL = "senior_technical_school"
    HIGHER_VOCATIONAL = "higher_vocational"
    JUNIOR_COLLEGE = "junior_college"
    BACHELOR = "bachelor"
    MASTER = "master"
    DOCTOR = "doctor"


class ClassKind(StrEnum):
    """Classes of technical schools that lead to a skill level, in rising order."""

    SENIOR_WORKER = "senior_worker"
    PRE_TECHNICIAN = "pre_technician"
    TECHNICIAN = "technician"
