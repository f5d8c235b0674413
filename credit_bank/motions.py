"""What moves units of a lot besides its grant, and the sentence that says why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from credit_bank.rulebook import PublishedRule
from schemas.contracts import plain_decimal
from schemas.credits import Arithmetic, as_credits
from schemas.vocabulary import Account, Cause, Family

AVAILABLE, HELD, REDEEMED = Account.AVAILABLE, Account.HELD, Account.REDEEMED
EXPIRED, REVOKED, OWED = Account.EXPIRED, Account.REVOKED, Account.OWED

GIVEN_BACK = "The record was withdrawn or replaced, so {credits} credits that were gone come back."
HELD_FOR = "{credits} credits are held until it is decided."
RELEASED = "{credits} credits can be used again."
TAKEN_AWAY = "{credits} credits were revoked by decision."
APPLIED = "{credits} credits were asked for; they are held until the answer."
CONSUMED = "{credits} credits were used."
OWING = "{credits} credits were used already, but their record is gone: they are owed."
COVERING = "{credits} credits cover what is owed."
OWED_NO_MORE = "The use was annulled, so {credits} credits are not owed any more."
CARRIED_OUT = "{credits} used credits were carried to the dossier that this one was merged into."
CARRIED_IN = "{credits} credits were used in a dossier that was merged into this one."

SENTENCES = (
    GIVEN_BACK,
    HELD_FOR,
    RELEASED,
    TAKEN_AWAY,
    APPLIED,
    CONSUMED,
    OWING,
    COVERING,
    OWED_NO_MORE,
    CARRIED_OUT,
    CARRIED_IN,
)
"""Every sentence of these explanations, so that a test can see that each is translated."""

REASONS = (
    "given_back",
    "appeal_open",
    "appeal_over",
    "issuer_suspended",
    "issuer_released",
    "issuer_revoked",
    "redemption_open",
    "redemption_accepted",
    "redemption_ended",
    "redemption_annulled",
    "consumed_record_gone",
    "owed_covered",
    "use_carried_out",
    "use_carried_in",
)
"""Every reason code; its words stand in the vocabulary catalogue under ``reason.<code>``."""


@dataclass(frozen=True, slots=True)
class Motion:
    """Units of one lot on their way from account to account; the moves sum to zero."""

    family: Family
    cause: Cause
    reason: str
    day: date
    """As of which day."""
    moves: tuple[tuple[Account, int], ...]
    text: str
    case_id: UUID | None = None
    published: PublishedRule | None = None
    """The rule that governs the case; None where none was in force."""
    context: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    reverses_id: UUID | None = None

    @property
    def step(self) -> Arithmetic:
        """The sentence with its facts."""
        moved = max(units for _, units in self.moves)
        facts = {"credits": plain_decimal(as_credits(moved)), **self.facts}
        return Arithmetic(text=self.text, facts=facts)

    @property
    def standing(self) -> int:
        """How many more units stand under the family when it is done."""
        return -sum(units for account, units in self.moves if account in (AVAILABLE, OWED))


def exchange(taken: Account, given: Account, units: int) -> tuple[tuple[Account, int], ...]:
    """Return the moves of units out of one account and into another."""
    return ((taken, -units), (given, units))
