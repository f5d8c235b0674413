"""The field's standard terms, once: kinds, ranks, roles, statuses.

Members stand in their canonical order where an order matters (``RecordKind`` decides
which of two outcomes of one day is converted first; domain facts 4, "Order and lateness").
Their words in both languages stand in the vocabulary catalogue under ``kind.member``.
"""

from enum import IntEnum, StrEnum


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


LEARNING_KINDS = (
    RecordKind.TRAINING,
    RecordKind.CERTIFICATE,
    RecordKind.COMPETITION,
    RecordKind.APPRENTICESHIP,
    RecordKind.HONOUR,
    RecordKind.EDUCATION,
    RecordKind.EXPERIENCE,
)


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


LEVEL_GIVING = frozenset({Instrument.SKILL_LEVEL, Instrument.QUALIFICATION})


class Step(StrEnum):
    """The three steps of a 1+X certificate; they are no ranks."""

    ELEMENTARY = "elementary"
    MIDDLE = "middle"
    ADVANCED = "advanced"


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
    JUNIOR_COLLEGE = "junior_college"
    BACHELOR = "bachelor"
    MASTER = "master"
    DOCTOR = "doctor"


class DocumentType(StrEnum):
    """By which document a person is known."""

    RESIDENT_ID = "resident_id"
    RESIDENT_ID_15 = "resident_id_15"
    HMT_RESIDENCE_PERMIT = "hmt_residence_permit"
    FOREIGN_PERMANENT_RESIDENT = "foreign_permanent_resident"
    HM_TRAVEL_PERMIT = "hm_travel_permit"
    TAIWAN_TRAVEL_PERMIT = "taiwan_travel_permit"
    PASSPORT = "passport"


class OrganisationKind(StrEnum):
    """What kind of body an organisation is."""

    BUREAU = "bureau"
    STREET_OFFICE = "street_office"
    DEPARTMENT = "department"
    TRAINING_PROVIDER = "training_provider"
    TECHNICAL_SCHOOL = "technical_school"
    VOCATIONAL_SCHOOL = "vocational_school"
    ASSESSMENT_BODY = "assessment_body"
    EMPLOYER = "employer"
    ASSOCIATION = "association"


class Role(StrEnum):
    """As whom an account acts."""

    WORKER = "worker"
    TRAINER = "trainer"
    EMPLOYER = "employer"
    CLERK = "clerk"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"


class Account(StrEnum):
    """The accounts of one worker's ledger.

    The first three hold what the worker has; the others are counter-accounts. All units
    of a worker sum to zero, so ``issued`` and ``owed`` are stored as negative sums.
    """

    AVAILABLE = "available"
    HELD = "held"
    PENDING = "pending"
    ISSUED = "issued"
    EXPIRED = "expired"
    REDEEMED = "redeemed"
    REVOKED = "revoked"
    OWED = "owed"


class Decision(StrEnum):
    """What the rules say of one outcome. Unset is not zero: ``UNDECIDED`` stands apart."""

    GRANTED = "granted"
    NOTHING = "nothing"
    UNDECIDED = "undecided"


class Cause(StrEnum):
    """Why an entry stands in a ledger."""

    GRANT = "grant"
    EXPIRY = "expiry"
    REVERSAL = "reversal"


class Family(StrEnum):
    """The rule families; each has one file of dated rules."""

    TRAINING = "training"
    CERTIFICATE = "certificate"
    COMPETITION = "competition"
    YEARLY_CAP = "yearly_cap"
    SHELF_LIFE = "shelf_life"
    ENTITLEMENT = "entitlement"


class CheckState(StrEnum):
    """What one check of a verification found."""

    PASSED = "passed"  # An answer, no password.
    FAILED = "failed"
    UNCHECKED = "unchecked"


class Verdict(StrEnum):
    """The five answers to "is this document genuine?"; never four."""

    VALID = "valid"
    PAST_VALIDITY = "past_validity"
    REVOKED = "revoked"
    DIFFERS = "differs"
    CANNOT_CHECK = "cannot_check"


class RowState(StrEnum):
    """What a row of a file would do to the archive."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    DUPLICATE = "duplicate"
    FAULTY = "faulty"


class Severity(StrEnum):
    """Whether a finding stops its row."""

    ERROR = "error"
    WARNING = "warning"


class Language(StrEnum):
    """In which language a person is spoken to."""

    CHINESE = "zh"
    ENGLISH = "en"


class DocumentLanguage(StrEnum):
    """In which language or languages a document is written."""

    CHINESE = "zh"
    ENGLISH = "en"
    BOTH = "both"
