"""Words of the credit bank: accounts, decisions, causes, cases, rule families."""

from enum import StrEnum


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
    HOLD = "hold"
    RELEASE = "release"
    REVOCATION = "revocation"
    REDEMPTION = "redemption"
    REVERSAL = "reversal"
    SHORTFALL = "shortfall"
    COVER = "cover"
    CARRY = "carry"


class CaseKind(StrEnum):
    """What a case of one worker is about."""

    REDEMPTION = "redemption"
    APPEAL = "appeal"
    REVIEW = "review"
    MERGER = "merger"


class CaseAct(StrEnum):
    """What happened to a case; which act may follow which, cases.py tells."""

    OPEN = "open"
    ANSWER = "answer"
    ESCALATE = "escalate"
    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"
    ANNUL = "annul"
    DECIDE = "decide"
    CARRY = "carry"
    CLOSE = "close"


class AppealState(StrEnum):
    """Where an appeal stands, as people are told it."""

    WAITING = "waiting"
    OVERDUE = "overdue"
    REJECTED = "rejected"
    WITH_BUREAU = "with_bureau"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class PairVerdict(StrEnum):
    """What a review finds of two courses of one name from two issuers."""

    SAME = "same"
    DISTINCT = "distinct"


class IssuerAct(StrEnum):
    """What the bureau decides about the credits that an issuer's outcomes brought."""

    SUSPEND = "suspend"
    EXTEND = "extend"
    RELEASE = "release"
    REVOKE = "revoke"


class Use(StrEnum):
    """What credits and records are used for."""

    EXEMPTION = "exemption"
    MODULE = "module"
    PROGRAMME = "programme"
    LEVEL_APPLICATION = "level_application"
    ENTITLEMENT = "entitlement"


class AgreementEffect(StrEnum):
    """What an agreement on mutual recognition does; never both for one thing."""

    TRANSFER = "transfer"
    EXEMPTION = "exemption"


class AgreementState(StrEnum):
    """Where an agreement stands on a day."""

    PROPOSED = "proposed"
    COMING = "coming"
    IN_FORCE = "in_force"
    ENDED = "ended"
    DECLINED = "declined"


class Limit(StrEnum):
    """What limits the credits of one redemption."""

    ONE_PROVIDER = "one_provider"
    EXTERNAL = "external"
    ONLINE = "online"
    CERTIFICATES = "certificates"
    UNRELATED = "unrelated"


class Family(StrEnum):
    """The rule families; each has one file of dated rules."""

    TRAINING = "training"
    CERTIFICATE = "certificate"
    COMPETITION = "competition"
    APPRENTICESHIP = "apprenticeship"
    EDUCATION = "education"
    YEARLY_CAP = "yearly_cap"
    DOUBLE_COUNTING = "double_counting"
    SHELF_LIFE = "shelf_life"
    ENTITLEMENT = "entitlement"
    PROMOTION = "promotion"
    RECOGNITION = "recognition"
    AGREEMENT = "agreement"
    REDEMPTION = "redemption"
    APPEAL = "appeal"
    SUSPENSION = "suspension"
    WORKING_DAYS = "working_days"
    APPLICATION = "application"
    OCCUPATION_STANDARD = "occupation_standard"
    RELATED_OCCUPATIONS = "related_occupations"
    OCCUPATION_CROSSWALK = "occupation_crosswalk"
