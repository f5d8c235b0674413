"""What agreements make of outcomes: credits that no rule here grants, or an exemption. Pure.

Over one agreement only: what was transferred is booked under its own family and is never
the base of another transfer. Which agreements there are stands in the rule book.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from credit_bank.crosswalk import counts_as
from credit_bank.families import AgreementRule, EarningRule, TrainingRule
from credit_bank.families.agreement import party_of
from credit_bank.judging import Result, in_credits, nothing, undecided
from credit_bank.rulebook import PublishedRule, RuleBook
from schemas.credits import (
    UNITS_PER_CREDIT,
    Arithmetic,
    CertificateMeasures,
    LearningOutcome,
    TrainingMeasures,
)
from schemas.vocabulary import AgreementEffect, Decision

TRANSFERRED = "{base} credits of {giver} × {factor} = {credits} credits."
ROUNDED = "The part below one ten-thousandth of a credit is not counted."
COUNTED_HERE = "{domestic} credits come from the rules here already; {credits} are left."
COUNTED_BEFORE = "{held} credits were transferred for it already, so {credits} are added."
AGREEMENT_CAPPED = (
    "The agreement transfers at most {cap} credits a calendar year; {used} are used, so "
    "{credits} of {earned} count."
)
EXEMPTED = "At {receiver} “{requirement}” is lowered by {credits} credits; no credits are added."

SENTENCES = (TRANSFERRED, ROUNDED, COUNTED_HERE, COUNTED_BEFORE, AGREEMENT_CAPPED, EXEMPTED)
"""Every sentence of these explanations, so that a test can see that each is translated."""

NO_AGREEMENT, BY_AGREEMENT = "no_agreement", "converted_by_agreement"
REASONS = (
    NO_AGREEMENT,
    BY_AGREEMENT,
    "transferred",
    "exempted",
    "transfer_counted_here",
    "transfer_counted_before",
    "transfer_cap_partly",
    "transfer_cap_reached",
    "transfer_credits_missing",
)
"""Every reason code; its words stand in the vocabulary catalogue under ``reason.<code>``."""

_AGAINST = frozenset({"not_passed", "attendance_low"})


class Transfer(NamedTuple):
    """What one agreement makes of an outcome."""

    published: PublishedRule
    context: Mapping[str, str]
    result: Result


@dataclass
class Transfers:
    """What agreements gave for the outcomes before this one, by what limits the next."""

    used: dict[tuple[str, int], int] = field(default_factory=lambda: defaultdict(int))
    held: dict[tuple[str, ...], int] = field(default_factory=lambda: defaultdict(int))

    def of(
        self, outcome: LearningOutcome, domestic: PublishedRule | None, rules: RuleBook
    ) -> Transfer | None:
        """Return what agreements make of an outcome; None when none is about it.

        Of several transfers the one that gives most counts, and never two; exemptions
        stand beside each other. ``domestic`` is the rule of the outcome's own family.
        """
        found = covering(outcome, rules)
        if not found:
            return None
        told = told_here(outcome, domestic)
        tried = [self._tried(outcome, one, told, rules) for one in found]
        best = max(tried, key=_preferred)
        also = ",".join(
            one.published.version
            for one in tried
            if one is not best and _effect(one.published) is AgreementEffect.EXEMPTION
        )
        if also:
            context = {**best.context, "also": also}
            result = judged(outcome, best.published, context, rules)
            best = Transfer(best.published, context, result)
        self._remember(outcome, best)
        return best

    def _tried(
        self,
        outcome: LearningOutcome,
        published: PublishedRule,
        told: Mapping[str, str],
        rules: RuleBook,
    ) -> Transfer:
        rule = published.rule
        context = dict(told)
        if isinstance(rule, AgreementRule) and rule.effect is AgreementEffect.TRANSFER:
            context["held"] = str(self.held[_same_thing(outcome)])
            if rule.credits_a_year is not None:
                context["used"] = str(self.used[rule.track, outcome.effective_on.year])
        return Transfer(published, context, judged(outcome, published, context, rules))

    def _remember(self, outcome: LearningOutcome, chosen: Transfer) -> None:
        if chosen.result.units:
            track = chosen.published.rule.track
            self.used[track, outcome.effective_on.year] += chosen.result.units
            self.held[_same_thing(outcome)] += chosen.result.units


def covering(outcome: LearningOutcome, rules: RuleBook) -> list[PublishedRule]:
    """Return the agreements that count here and are about an outcome on its day, by id."""
    if not rules.agreements_from:
        return []
    return [
        one
        for one in rules.agreements_from.get(party_of(outcome), ())
        if one.is_in_force(outcome.effective_on)
        and isinstance(one.rule, AgreementRule)
        and one.rule.counts_here
        and one.rule.covers(outcome)
        and _same_occupation(one.rule, outcome, rules)
    ]


def _same_occupation(rule: AgreementRule, outcome: LearningOutcome, rules: RuleBook) -> bool:
    """Whether an agreement means the occupation of an outcome, by the crosswalk of its day."""
    code, day = outcome.occupation, outcome.effective_on
    if rule.occupation is None or rule.occupation == code:
        return True
    meant = counts_as(rules, rule.occupation, rule.in_force_from, read_on=day)
    return code is not None and counts_as(rules, code, day, read_on=day) == meant


def is_external(outcome: LearningOutcome) -> bool:
    """Whether another credit bank credited the outcome: no rule here converts it."""
    measures = outcome.measures
    return isinstance(measures, TrainingMeasures) and measures.scheme is not None


def converted_elsewhere(context: Mapping[str, str]) -> Result:
    """Return what the rules here say of an external outcome: an agreement has it, or none."""
    return nothing(BY_AGREEMENT) if context.get("agreement") else undecided(NO_AGREEMENT)


def judged(
    outcome: LearningOutcome,
    published: PublishedRule,
    context: Mapping[str, str],
    rules: RuleBook,
) -> Result:
    """Decide one outcome by one agreement, from its facts and its context alone."""
    rule = published.rule
    if not isinstance(rule, AgreementRule):
        return undecided("no_rule_for_kind")
    if "against" in context:
        is_open = context["against_decision"] == Decision.UNDECIDED
        return undecided(context["against"]) if is_open else nothing(context["against"])
    also = [rules.of_version(version) for version in context.get("also", "").split(",") if version]
    told = tuple(_lowered(one.rule) for one in also if one and isinstance(one.rule, AgreementRule))
    if rule.effect is AgreementEffect.EXEMPTION:
        return Result(Decision.NOTHING, "exempted", 0, (_lowered(rule), *told))
    result = _transferred(outcome, rule, context)
    return Result(result.decision, result.reason, result.units, (*result.steps, *told))


def told_here(outcome: LearningOutcome, domestic: PublishedRule | None) -> dict[str, str]:
    """Return what the rule here gives for the outcome alone, or what speaks against it.

    Alone: before caps and double counting, so that no agreement tops up what they cut.
    """
    rule = domestic.rule if domestic else None
    if is_external(outcome):
        failed = isinstance(rule, TrainingRule) and rule.failed(outcome)
        return _against("not_passed", Decision.NOTHING) if failed else {"domestic": "0"}
    if not isinstance(rule, EarningRule):
        return {"domestic": "0"}
    alone = rule.judge(outcome, 0)
    if alone.decision is Decision.UNDECIDED or alone.reason in _AGAINST:
        return _against(alone.reason, alone.decision)
    return {"domestic": str(alone.units)}


def _against(reason: str, decision: Decision) -> dict[str, str]:
    return {"against": reason, "against_decision": decision}


def _transferred(
    outcome: LearningOutcome, rule: AgreementRule, context: Mapping[str, str]
) -> Result:
    base = _base(outcome, rule)
    if base is None:
        return undecided("transfer_credits_missing")
    units, is_whole = rule.transferred(base)
    facts = {
        "base": in_credits(base),
        "giver": rule.giver_code,
        "factor": str(rule.exact),
        "credits": in_credits(units),
    }
    steps: tuple[Arithmetic, ...] = (Arithmetic(text=TRANSFERRED, facts=facts),)
    if not is_whole:
        steps = (*steps, Arithmetic(text=ROUNDED))
    result = Result(Decision.GRANTED, "transferred", units, steps)
    result = _less(result, int(context["domestic"]), COUNTED_HERE, "transfer_counted_here")
    result = _less(result, int(context["held"]), COUNTED_BEFORE, "transfer_counted_before")
    return _capped(result, rule, int(context.get("used", "0")))


def _base(outcome: LearningOutcome, rule: AgreementRule) -> int | None:
    """Return the giver's units: those that its credit bank told, else the agreement's."""
    measures = outcome.measures
    if isinstance(measures, TrainingMeasures) and measures.scheme_credits is not None:
        return int(measures.scheme_credits * UNITS_PER_CREDIT)
    return rule.credits


def _less(result: Result, already: int, text: str, reason: str) -> Result:
    """Take off what counts already; nothing may be left."""
    if not already or not result.units:
        return result
    units = max(0, result.units - already)
    facts = {
        "domestic" if text == COUNTED_HERE else "held": in_credits(already),
        "credits": in_credits(units),
    }
    steps = (*result.steps, Arithmetic(text=text, facts=facts))
    if not units:
        return Result(Decision.NOTHING, reason, 0, steps)
    return Result(result.decision, result.reason, units, steps)


def _capped(result: Result, rule: AgreementRule, used: int) -> Result:
    if rule.credits_a_year is None or result.units <= rule.credits_a_year - used:
        return result
    units = max(0, rule.credits_a_year - used)
    facts = {
        "cap": in_credits(rule.credits_a_year),
        "used": in_credits(used),
        "credits": in_credits(units),
        "earned": in_credits(result.units),
    }
    steps = (*result.steps, Arithmetic(text=AGREEMENT_CAPPED, facts=facts))
    if not units:
        return Result(Decision.NOTHING, "transfer_cap_reached", 0, steps)
    return Result(Decision.GRANTED, "transfer_cap_partly", units, steps)


def _lowered(rule: AgreementRule) -> Arithmetic:
    facts = {
        "receiver": rule.receiver_code,
        "requirement": rule.requirement or "",
        "credits": in_credits(rule.lowered_by or 0),
    }
    return Arithmetic(text=EXEMPTED, facts=facts)


def _same_thing(outcome: LearningOutcome) -> tuple[str, ...]:
    """Return what several outcomes share that are one thing learnt once.

    Of one issuer's course or certificate only the best result counts, as D1 wants. Another
    bank's credits of one name and day are one, whoever posted them.
    """
    party = party_of(outcome)
    match outcome.measures:
        case TrainingMeasures(scheme=str(), course=course):
            return (party, "course", course, outcome.effective_on.isoformat())
        case TrainingMeasures(course_code=code, course=course):
            return (party, "course", code or course)
        case CertificateMeasures(instrument=instrument, title=title):
            return (party, instrument, title or outcome.issuer_key)
        case _:
            return (party, str(outcome.id))


def _effect(published: PublishedRule) -> AgreementEffect | None:
    rule = published.rule
    return rule.effect if isinstance(rule, AgreementRule) else None


def _preferred(one: Transfer) -> tuple[int, bool, str]:
    """Prefer most units, then an exemption to a transfer of nothing; the id breaks ties."""
    exempts = one.result.reason == "exempted"
    return (one.result.units, exempts, one.published.rule.id)
