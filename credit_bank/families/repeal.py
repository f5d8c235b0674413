"""The end of a published rule: it is published like a rule, and edits nothing."""

from datetime import date

from credit_bank.families.base import RuleId, Source
from schemas.contracts import Bilingual, Contract
from schemas.vocabulary import Family


class Repeal(Contract):
    """From a day on a published rule is no longer in force; what it says stays readable."""

    family: Family
    id: RuleId
    repeals: RuleId
    """The rule that ends."""
    in_force_from: date
    """The first day on which that rule is not in force any more."""
    title: Bilingual
    clause: Bilingual
    source: Source
    leaves_no_rule: bool = False
    """Whether days without a rule are meant; else a gap inside the family's term is refused."""
