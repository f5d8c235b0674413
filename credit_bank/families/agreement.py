"""An agreement on mutual recognition: what one party gives, another recognises.

Agreements are law like every rule, several in force at once. Who may propose and accept one
is the archive's affair; how it converts an outcome stands in ``transferring``.
"""

import re
from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from credit_bank.causes import (
    AGREEMENT_SUBJECT,
    AGREEMENT_TRANSFER,
    AGREEMENT_WITH_ITSELF,
    EXEMPTION_LOWERS,
    FACTOR_UNFIT,
    UnfitValueError,
)
from credit_bank.families.base import RuleBase, RuleId, Units, units_of
from credit_bank.judging import in_credits
from schemas.contracts import Hundredths, Line, OccupationCode
from schemas.credits import CertificateMeasures, LearningOutcome, TrainingMeasures
from schemas.vocabulary import LEVEL_GIVING, AgreementEffect, Family, Rank

_FACTOR = re.compile(r"([1-9][0-9]{0,5})(?:/([1-9][0-9]{0,5}))?")
_LONGEST_NOTICE = 365

_ORGANISATION = r"organisation:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_SCHEME = r"scheme:[A-Z0-9][A-Z0-9-]{1,39}"
Party = Annotated[str, Field(pattern=rf"^({_ORGANISATION}|{_SCHEME})$")]
"""An organisation of ours by its identifier, or another credit bank by its code."""


def party_of(outcome: LearningOutcome) -> str:
    """Return whose outcome it is: another credit bank's, or that of the organisation."""
    measures = outcome.measures
    scheme = measures.scheme if isinstance(measures, TrainingMeasures) else None
    return f"scheme:{scheme}" if scheme else f"organisation:{outcome.issuer}"


def exact_factor(text: str) -> Fraction:
    """Return the exact fraction that ``"3/4"`` or ``"2"`` tells; raises UnfitValueError."""
    found = _FACTOR.fullmatch(text)
    if found is None:
        raise UnfitValueError(FACTOR_UNFIT)
    return Fraction(int(found[1]), int(found[2] or "1"))


def _readable(text: str) -> str:
    exact_factor(text)
    return text


class AgreementRule(RuleBase):
    """From one party to another: credits by a factor, or a requirement that is lowered."""

    family: Literal[Family.AGREEMENT]
    replaces: RuleId | None = None
    giver: Party
    receiver: Party
    giver_code: Line
    """What people call the parties: the codes of organisations and schemes."""
    receiver_code: Line
    effect: AgreementEffect
    occupation: OccupationCode | None = None
    course: str | None = None
    """The normalised name of a course as a keyed digest, as outcomes hold it."""
    course_name: Line | None = None
    rank: Rank | None = None
    """The level of what is recognised; an outcome has at least this one."""
    needed: Rank | None = None
    """The level that the receiver asks for; None when it asks for none."""
    overlap: Annotated[Hundredths, Field(ge=0, le=100)]
    """How many per cent of the content both have."""
    factor: Annotated[str, AfterValidator(_readable)] | None = None
    """Of a transfer: how many credits one credit of the giver makes, an exact fraction."""
    credits: Units | None = None
    """Of a transfer: what the giver credits for it, where no credit bank tells."""
    credits_a_year: Units | None = None
    """Of a transfer: the most credits of one worker in a calendar year; None is no limit."""
    requirement: Line | None = None
    """Of an exemption: what the receiver does not ask for any more."""
    requirement_key: str | None = None
    """The same as a keyed digest of its normalised name, to be found among courses."""
    lowered_by: Units | None = None
    """Of an exemption: by how many credits the requirement is lowered."""
    notice_days: Annotated[int, Field(ge=1, le=_LONGEST_NOTICE)]
    """How many days before its end a party has to say so."""

    @model_validator(mode="after")
    def _says_what_it_does(self) -> Self:
        if self.giver == self.receiver:
            raise UnfitValueError(AGREEMENT_WITH_ITSELF)
        if self.occupation is None and self.course is None:
            raise UnfitValueError(AGREEMENT_SUBJECT)
        transfers = (self.factor, self.credits, self.credits_a_year)
        exempts = (self.requirement, self.requirement_key, self.lowered_by)
        if self.effect is AgreementEffect.TRANSFER:
            if self.factor is None or any(one is not None for one in exempts):
                raise UnfitValueError(AGREEMENT_TRANSFER)
        elif None in exempts or any(one is not None for one in transfers):
            raise UnfitValueError(EXEMPTION_LOWERS)
        return self

    @property
    def track(self) -> str:
        """One agreement at a time for a pair of parties and a subject, whatever its effect."""
        level = "" if self.rank is None else str(int(self.rank))
        subject = (self.occupation or "", self.course or "", level)
        return ">".join((self.giver, self.receiver, *subject))

    @property
    def exact(self) -> Fraction:
        """The factor; an exemption gives no credit."""
        return exact_factor(self.factor) if self.factor else Fraction(0)

    @property
    def counts_here(self) -> bool:
        """Whether it concerns our ledgers: what another credit bank recognises does not."""
        return self.receiver.startswith("organisation:")

    def covers(self, outcome: LearningOutcome) -> bool:
        """Whether it is about an outcome; day, giver and occupation are looked at elsewhere.

        Level certificates bring what the table says whoever issued them: they exempt, but
        are never transferred.
        """
        measures = outcome.measures
        match measures:
            case TrainingMeasures(course=course):
                same_course = self.course in (None, course)
            case CertificateMeasures(instrument=instrument):
                gives_level = instrument in LEVEL_GIVING
                transfers = self.effect is AgreementEffect.TRANSFER
                same_course = self.course is None and not (gives_level and transfers)
            case _:
                return False
        high_enough = self.rank is None or (outcome.rank is not None and outcome.rank >= self.rank)
        return same_course and high_enough

    def transferred(self, base: int) -> tuple[int, bool]:
        """Return the units that some of the giver's make, rounded down, and whether all went."""
        units, rest = divmod(base * self.exact.numerator, self.exact.denominator)
        return units, not rest

    def told(self, given: dict[str, object]) -> dict[str, str]:
        """Return what the giver's ``credits`` make, and what is lowered."""
        if self.effect is AgreementEffect.EXEMPTION:
            lowered = in_credits(self.lowered_by or 0)
            return {"credits": "0", "reason": "exempted", "lowered_by": lowered}
        units, _ = self.transferred(units_of(given["credits"]))
        return {"credits": in_credits(units), "reason": "transferred"}
