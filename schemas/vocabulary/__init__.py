"""The field's standard terms, once: kinds, ranks, roles, statuses.

Members stand in their canonical order where an order matters (``RecordKind`` decides
which of two outcomes of one day is converted first; domain facts 4, "Order and lateness").
Their words in both languages stand in the vocabulary catalogue under ``kind.member``.
"""

from schemas.vocabulary.answers import (
    CheckState,
    DocumentLanguage,
    Fulfilment,
    RequirementKind,
    RowState,
    Severity,
    Verdict,
)
from schemas.vocabulary.bank import (
    Account,
    CaseAct,
    CaseKind,
    Cause,
    Decision,
    Family,
    IssuerAct,
    Limit,
    PairVerdict,
    Use,
)
from schemas.vocabulary.learning import (
    LEARNING_KINDS,
    LEVEL_GIVING,
    Act,
    ClassKind,
    ContestGroup,
    ContestTier,
    Degree,
    Grade,
    Instrument,
    LearningKind,
    Mode,
    Prize,
    Rank,
    RecordKind,
    Step,
    TitleGrade,
)
from schemas.vocabulary.people import (
    DocumentType,
    Language,
    OrganisationKind,
    Role,
)

__all__ = [
    "LEARNING_KINDS",
    "LEVEL_GIVING",
    "Account",
    "Act",
    "CaseAct",
    "CaseKind",
    "Cause",
    "CheckState",
    "ClassKind",
    "ContestGroup",
    "ContestTier",
    "Decision",
    "Degree",
    "DocumentLanguage",
    "DocumentType",
    "Family",
    "Fulfilment",
    "Grade",
    "Instrument",
    "IssuerAct",
    "Language",
    "LearningKind",
    "Limit",
    "Mode",
    "OrganisationKind",
    "PairVerdict",
    "Prize",
    "Rank",
    "RecordKind",
    "RequirementKind",
    "Role",
    "RowState",
    "Severity",
    "Step",
    "TitleGrade",
    "Use",
    "Verdict",
]
