"""The sentences of a redemption: why a lot is used, what a limit leaves, what is missing. Pure."""

from datetime import date

from credit_bank.families.redemption import RedemptionRule
from credit_bank.judging import in_credits
from schemas.credits import Arithmetic
from schemas.vocabulary import Limit

NO_RULE = "No rule on redemptions is in force on {day}, so it cannot be decided."
SHORT = "{asked} credits are asked for, and {available} can be used: {missing} are missing."
TOGETHER = (
    "Each limit could be kept alone; all together they leave {usable} of {asked} credits: "
    "{missing} are missing."
)
BITES = {
    Limit.ONE_PROVIDER: (
        "At most {most} % of the credits, here {cap} of {asked}, may come from one provider. "
        "Within this limit {usable} can be used: {missing} are missing."
    ),
    Limit.EXTERNAL: (
        "At most {most} % of the credits, here {cap} of {asked}, may come from others than the "
        "receiving organisation. Within this limit {usable} can be used: {missing} are missing."
    ),
    Limit.ONLINE: (
        "At most {most} % of the credits, here {cap} of {asked}, may come from online courses. "
        "Within this limit {usable} can be used: {missing} are missing."
    ),
    Limit.CERTIFICATES: (
        "Certificates of at most {most} occupations can be used together. "
        "Within this limit {usable} of {asked} credits can be used: {missing} are missing."
    ),
    Limit.UNRELATED: (
        "Certificates of at most {most} unrelated occupations can be used. "
        "Within this limit {usable} of {asked} credits can be used: {missing} are missing."
    ),
}
KEPT_OUT = {
    Limit.ONE_PROVIDER: "Its provider gives {most} % of the credits already: more may not be.",
    Limit.EXTERNAL: (
        "Others than the receiving organisation give {most} % of the credits already: "
        "more may not be."
    ),
    Limit.ONLINE: "Online courses give {most} % of the credits already: more may not be.",
    Limit.CERTIFICATES: "Certificates of {most} occupations are used already: more may not be.",
    Limit.UNRELATED: (
        "Certificates of unrelated occupations are used already: more than {most} may not be."
    ),
}
ENDS = "Can be used until {day}: what ends sooner is used first."
STAYS = "Has no last day, so it comes after what has one."
CERTIFICATE = "Certificates have no last day and come last."
UNUSED = "Not used: this cannot be applied for as things stand."
SPARED = "Not needed: what stands before it is enough."

SENTENCES = (
    NO_RULE,
    SHORT,
    TOGETHER,
    *BITES.values(),
    *KEPT_OUT.values(),
    ENDS,
    STAYS,
    CERTIFICATE,
    SPARED,
    UNUSED,
)
"""Every sentence of a preview, so that a test can see that each is translated."""


def no_rule(day: date) -> Arithmetic:
    """Say that nothing can be decided without a rule."""
    return Arithmetic(text=NO_RULE, facts={"day": day.isoformat()})


def short(asked: int, available: int) -> Arithmetic:
    """Say how many units are missing in all."""
    return _told(SHORT, asked=asked, available=available, missing=asked - available)


def together(asked: int, left: int) -> Arithmetic:
    """Say that no limit alone, but all of them make it impossible."""
    return _told(TOGETHER, asked=asked, usable=left, missing=asked - left)


def bite(limit: Limit, rule: RedemptionRule, asked: int, cap: int, left: int) -> Arithmetic:
    """Say what one limit leaves of what is asked for."""
    told = _told(BITES[limit], asked=asked, cap=cap, usable=left, missing=asked - left)
    return told.model_copy(update={"facts": {**told.facts, "most": str(most_of(rule, limit))}})


def line_reason(
    last_day: date | None,
    certificate: str | None,
    *,
    taken: int = 1,
    tight: Limit | None = None,
    rule: RedemptionRule | None = None,
) -> Arithmetic:
    """Say why a lot stands where it stands, or why no more of it is used."""
    if tight is not None and rule is not None:
        return Arithmetic(text=KEPT_OUT[tight], facts={"most": str(most_of(rule, tight))})
    if not taken:
        return Arithmetic(text=SPARED)
    if last_day is not None:
        return Arithmetic(text=ENDS, facts={"day": last_day.isoformat()})
    return Arithmetic(text=STAYS if certificate is None else CERTIFICATE)


def most_of(rule: RedemptionRule, limit: Limit) -> int:
    """Return the number of a limit as the rule tells it: per cent, or certificates."""
    return {
        Limit.ONE_PROVIDER: rule.one_provider_percent,
        Limit.EXTERNAL: rule.external_percent,
        Limit.ONLINE: rule.online_percent,
        Limit.CERTIFICATES: rule.certificates,
        Limit.UNRELATED: rule.unrelated_certificates,
    }[limit]


def _told(text: str, **units: int) -> Arithmetic:
    return Arithmetic(text=text, facts={name: in_credits(one) for name, one in units.items()})
