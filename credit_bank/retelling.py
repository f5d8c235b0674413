"""Does a stored explanation tell what happened as it would be told again? Pure."""

from collections.abc import Mapping
from datetime import date

from credit_bank import motions
from credit_bank.conversion import GRANTING, judge
from credit_bank.expiring import last_day_of
from credit_bank.judging import EXPIRED, IS_WITHDRAWN, REPLACED, WITHDRAWN, in_credits
from credit_bank.rulebook import RuleBook
from schemas.credits import Arithmetic, Trace
from schemas.vocabulary import Family

_OVER = "shelf_life_over"
_TEXTS: Mapping[str, tuple[str, ...]] = {
    _OVER: (EXPIRED,),
    "given_back": (motions.GIVEN_BACK,),
    "appeal_open": (motions.HELD_FOR,),
    "appeal_over": (motions.RELEASED,),
    "issuer_suspended": (motions.HELD_FOR,),
    "issuer_released": (motions.RELEASED,),
    "issuer_revoked": (motions.TAKEN_AWAY,),
    "redemption_open": (motions.APPLIED,),
    "redemption_accepted": (motions.CONSUMED,),
    "redemption_ended": (motions.RELEASED,),
    "redemption_annulled": (motions.RELEASED, motions.OWED_NO_MORE),
    "consumed_record_gone": (motions.OWING,),
    "owed_covered": (motions.COVERING,),
    "use_carried_out": (motions.CARRIED_OUT,),
    "use_carried_in": (motions.CARRIED_IN,),
}
"""The sentence of each reason for which units move."""


def is_told_rightly(trace: Trace, reason: str, moved: int, rules: RuleBook) -> bool:
    """Whether rule, source and arithmetic of an entry are those that telling it again gives.

    ``reason`` is that of the entry, ``moved`` how many units it moved.
    """
    if trace.family in GRANTING:
        return _is_told_as_judged(trace, reason, rules)
    facts = {"credits": in_credits(moved)}
    if reason == _OVER:
        last_day = _last_day(trace, rules)
        if last_day is None or trace.day < last_day:
            return False
        facts["day"] = last_day.isoformat()
    told = [(Arithmetic(text=text, facts=facts),) for text in _TEXTS.get(reason, ())]
    return _names_its_rule(trace, rules) and trace.steps in told


def _last_day(trace: Trace, rules: RuleBook) -> date | None:
    """Return until when the units of an expiry could be used; None when they never end."""
    published = rules.of_version(trace.version) if trace.version else None
    granted_on = date.fromisoformat(trace.context["granted_on"])
    return last_day_of(trace.outcome, published, granted_on)


def _is_told_as_judged(trace: Trace, reason: str, rules: RuleBook) -> bool:
    if not _names_its_rule(trace, rules):
        return False
    if reason in (IS_WITHDRAWN, REPLACED):
        return trace.steps == (Arithmetic(text=WITHDRAWN),)
    cap = rules.of_version(trace.context["cap"]) if "cap" in trace.context else None
    if "cap" in trace.context and (cap is None or cap.rule.family is not Family.YEARLY_CAP):
        return False
    published = rules.of_version(trace.version) if trace.version else None
    return trace.steps == judge(trace.outcome, published, trace.context, rules).steps


def _names_its_rule(trace: Trace, rules: RuleBook) -> bool:
    published = rules.of_version(trace.version) if trace.version else None
    named = (published.rule.id, published.rule.source) if published else (None, None)
    return (trace.rule, trace.source) == named
