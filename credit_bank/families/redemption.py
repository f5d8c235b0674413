"""Which uses consume credits, and what limits the credits of one redemption."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from credit_bank.causes import EACH_USE_ONCE, LIMITED_CITES, UnfitValueError
from credit_bank.families.base import RuleBase, Units, units_of
from credit_bank.judging import in_credits
from schemas.contracts import Contract
from schemas.credits import Arithmetic
from schemas.vocabulary import Family, Limit, Use

Percent = Annotated[int, Field(ge=0, le=100)]

ONE_PROVIDER = "At most {most} % of the credits may come from one provider; here it is {found}."
EXTERNAL = "At most {most} % of the credits may come from elsewhere; here it is {found}."
ONLINE = "At most {most} % of the credits may come from online courses; here it is {found}."
CERTIFICATES = "Certificates of at most {most} occupations can be used together; here are {found}."
UNRELATED = "At most {most} of the occupations may be unrelated to the programme; here are {found}."

SENTENCES = (ONE_PROVIDER, EXTERNAL, ONLINE, CERTIFICATES, UNRELATED)
"""Every sentence of a limit that bites, so that a test can see that each is translated."""


class Shares(Contract):
    """What would be consumed together, summed up by what is limited."""

    units: int = Field(gt=0)
    """All units that are consumed: the base of the shares."""
    largest_provider: int = Field(default=0, ge=0)
    """Units of the one provider that gives most."""
    external: int = Field(default=0, ge=0)
    """Units that the receiving organisation did not issue itself."""
    certificates: int = Field(default=0, ge=0)
    """Occupations whose certificates are used; all lots of one occupation are one."""
    unrelated: int = Field(default=0, ge=0)
    """Those of them that are unrelated to the programme."""
    online: int = Field(default=0, ge=0)
    """Units of courses held online: hours are compared as the units that they earned."""


class Breach(Contract):
    """A limit that bites, and the sentence that says so."""

    limit: Limit
    step: Arithmetic


class RedemptionRule(RuleBase):
    """What credits can be used for, and the limits of one redemption."""

    family: Literal[Family.REDEMPTION]
    consumes: frozenset[Use]
    cites: frozenset[Use]
    """Uses that rest on the records and take no credit away."""
    limited: frozenset[Use]
    """Of those that consume, the ones to which the limits apply."""
    limited_from: Units
    """Only what asks for at least so many credits is limited."""
    one_provider_percent: Percent
    external_percent: Percent
    online_percent: Percent
    certificates: int = Field(ge=0)
    unrelated_certificates: int = Field(ge=0)

    @model_validator(mode="after")
    def _each_use_once(self) -> Self:
        if self.consumes & self.cites or (self.consumes | self.cites) != frozenset(Use):
            raise UnfitValueError(EACH_USE_ONCE)
        if not self.limited <= self.consumes:
            raise UnfitValueError(LIMITED_CITES)
        return self

    def binds(self, use: Use, asked: int) -> bool:
        """Whether the limits apply to an offer that asks for so many units."""
        return use in self.limited and asked >= self.limited_from

    def breaches(self, use: Use, asked: int, shares: Shares) -> tuple[Breach, ...]:
        """Return every limit that would be broken; none where the limits do not apply."""
        return tuple(self._broken(shares)) if self.binds(use, asked) else ()

    def told(self, given: dict[str, object]) -> dict[str, str]:
        """Return whether a use consumes, and the limits that ``used`` credits would break."""
        use = Use(str(given["use"]))
        if "asked" not in given:
            return {"credits": "consumed" if use in self.consumes else "cited"}
        asked = units_of(given["asked"])
        units = {
            name: units_of(given[name])
            for name in ("largest_provider", "external", "online")
            if name in given
        }
        plain = {name: given[name] for name in ("certificates", "unrelated") if name in given}
        used = units_of(given.get("used", given["asked"]))
        shares = Shares.model_validate({"units": used, **units, **plain})
        found = self.breaches(use, asked, shares)
        return {"breaks": ", ".join(one.limit for one in found)} if found else {}

    def _broken(self, shares: Shares) -> Iterator[Breach]:
        parts = (
            (Limit.ONE_PROVIDER, ONE_PROVIDER, shares.largest_provider, self.one_provider_percent),
            (Limit.EXTERNAL, EXTERNAL, shares.external, self.external_percent),
            (Limit.ONLINE, ONLINE, shares.online, self.online_percent),
        )
        for limit, text, part, most in parts:
            if part * 100 > most * shares.units:
                yield _breach(limit, text, most, f"{in_credits(part)}/{in_credits(shares.units)}")
        counts = (
            (Limit.CERTIFICATES, CERTIFICATES, shares.certificates, self.certificates),
            (Limit.UNRELATED, UNRELATED, shares.unrelated, self.unrelated_certificates),
        )
        for limit, text, found, most in counts:
            if found > most:
                yield _breach(limit, text, most, str(found))


def _breach(limit: Limit, text: str, most: int, found: str) -> Breach:
    return Breach(
        limit=limit, step=Arithmetic(text=text, facts={"most": str(most), "found": found})
    )
