"""What a redemption asks for, and what each lot of a worker could give to it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, tzinfo
from uuid import UUID

from credit_bank.conditions.occupations import Nearness
from credit_bank.conversion import canonical_order
from credit_bank.crosswalk import counts_as
from credit_bank.eligibility import occupations_on
from credit_bank.expiring import last_day_of
from credit_bank.families.redemption import RedemptionRule
from credit_bank.filling import Tap
from credit_bank.lots import Lot
from credit_bank.rulebook import RuleBook
from schemas.credits import LearningOutcome, TrainingMeasures
from schemas.vocabulary import Account, Family, Mode, Use


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a receiving organisation asks for, on the day of the application.

    ``units`` is what remains to be given: what exemptions under agreements took off before
    stands in ``lowered``, and nothing is posted for it.
    """

    use: Use
    units: int
    receiver: UUID
    occupation: str | None
    day: date
    lowered: int = 0

    @property
    def size(self) -> int:
        """The units of the whole offer, by which it is decided whether limits bind."""
        return self.units + self.lowered


@dataclass(frozen=True, slots=True)
class Source:
    """A lot with what a redemption could take of it, and what limits ask of it."""

    lot: Lot
    units: int
    is_external: bool
    is_online: bool
    certificate: str | None
    """What counts as one certificate: its occupation; None for everything else."""
    is_unrelated: bool
    last_day: date | None

    @property
    def tap(self) -> Tap:
        """The source as the flow sees it."""
        return Tap(self.units, self.lot.outcome.issuer, self.is_external, self.is_online)


def rule_on(rules: RuleBook, day: date) -> RedemptionRule | None:
    """Return the rule on redemptions of a day; None when none is in force."""
    published = rules.in_force(Family.REDEMPTION, day)
    rule = published.rule if published else None
    return rule if isinstance(rule, RedemptionRule) else None


def sources_of(lots: Iterable[Lot], wanted: Wanted, rules: RuleBook, zone: tzinfo) -> list[Source]:
    """Return the lots that can give something on the day, in the order in which they are used.

    What is past its last day is left out, also before its expiry is booked.
    """
    found = [
        source_of(lot, wanted, rules, zone)
        for lot in lots
        if lot.units[Account.AVAILABLE] > 0 and lot.outcome.effective_on <= wanted.day
    ]
    usable_now = [one for one in found if one.last_day is None or one.last_day >= wanted.day]
    return sorted(usable_now, key=_preference)


def source_of(lot: Lot, wanted: Wanted, rules: RuleBook, zone: tzinfo) -> Source:
    """Return what a lot could give to a redemption."""
    outcome = lot.outcome
    shelf_life = rules.in_force(Family.SHELF_LIFE, outcome.effective_on)
    granted_on = lot.granted_at.astimezone(zone).date()
    measures = outcome.measures
    is_certificate = lot.family is Family.CERTIFICATE
    return Source(
        lot=lot,
        units=lot.units[Account.AVAILABLE],
        is_external=outcome.issuer != wanted.receiver,
        is_online=isinstance(measures, TrainingMeasures) and measures.mode is Mode.ONLINE,
        certificate=_certificate(outcome, wanted, rules) if is_certificate else None,
        is_unrelated=is_certificate and _is_unrelated(lot, wanted, rules),
        last_day=last_day_of(outcome, shelf_life, granted_on),
    )


def _certificate(outcome: LearningOutcome, wanted: Wanted, rules: RuleBook) -> str:
    """Return what counts as one certificate: the occupation as it is numbered on the day."""
    code, day = outcome.occupation, outcome.effective_on
    return counts_as(rules, code, day, read_on=wanted.day) if code else str(outcome.id)


def _is_unrelated(lot: Lot, wanted: Wanted, rules: RuleBook) -> bool:
    """Whether no table says that a certificate's occupation belongs to what is asked for.

    An offer that names no occupation takes all of them for related.
    """
    if wanted.occupation is None:
        return False
    outcome, occupations = lot.outcome, occupations_on(rules, wanted.day)
    found = occupations.nearness(outcome.occupation, outcome.effective_on, wanted.occupation)
    return found not in (Nearness.OWN, Nearness.RELATED)


def _preference(source: Source) -> tuple[object, ...]:
    is_certificate = source.certificate is not None
    order = canonical_order(source.lot.outcome)
    return (is_certificate, source.last_day or date.max, order, source.lot.id)
