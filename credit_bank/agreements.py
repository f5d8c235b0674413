"""Agreements together: the graph that they make, and what no agreement may do. Pure.

Exact fractions only: a cycle whose factors multiply to more than one gains, however little.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from credit_bank.agreement_refusals import (
    AgreementCycleError,
    AgreementNotRecognisedError,
    AgreementReplacesOtherError,
)
from credit_bank.families import AgreementRule, RecognitionRule
from credit_bank.rulebook import PublishedRule, RuleBook
from schemas.refusals import Phrase
from schemas.vocabulary import AgreementEffect, Decision, Family


class Edge(NamedTuple):
    """An agreement as an arrow: one credit of the giver makes ``factor`` of the receiver's."""

    giver: str
    receiver: str
    factor: Fraction
    agreement: str


def refuse_agreements(fresh: Sequence[AgreementRule], book: RuleBook) -> None:
    """Refuse new agreements that fail the test, take another's place, or let credits grow.

    Raises AgreementNotRecognisedError, AgreementReplacesOtherError, AgreementCycleError.
    """
    for rule in fresh:
        _refuse_unrecognised(rule, book)
        _refuse_taking_anothers_place(rule, book)
    if fresh:
        begun = min(rule.in_force_from for rule in fresh)
        for cycle in gaining_cycles(book, since=begun):
            raise AgreementCycleError(cycle=told_cycle(cycle, book), gain=str(product_of(cycle)))


def gaining_cycles(book: RuleBook, *, since: date = date.min) -> Iterator[tuple[Edge, ...]]:
    """Yield a cycle that gains for each set of agreements in force on a common day.

    A set grows only when an agreement begins, so those days are enough; ``since`` leaves
    out sets that had ended before.
    """
    published = [one for one in book.of(Family.AGREEMENT) if one.was_ever_in_force]
    begins = {max(one.rule.in_force_from, since) for one in published}
    for day in sorted(begins):
        if _gain_is_allowed(book, day):
            continue
        cycle = gaining_cycle(edges_on(published, day))
        if cycle:
            yield cycle


def edges_on(published: Iterable[PublishedRule], day: date) -> list[Edge]:
    """Return the transfers in force on a day as arrows; an exemption gives no credit."""
    edges = []
    for one in published:
        rule = one.rule
        if not isinstance(rule, AgreementRule) or not one.is_in_force(day):
            continue
        if rule.effect is AgreementEffect.TRANSFER:
            edges.append(Edge(rule.giver, rule.receiver, rule.exact, rule.id))
    return sorted(edges, key=lambda edge: edge.agreement)


def gaining_cycle(edges: Sequence[Edge]) -> tuple[Edge, ...] | None:
    """Return a cycle whose factors multiply to more than one; None when there is none.

    Bellman and Ford's search for the dearest walk: what still grows after as many rounds as
    there are parties goes round a cycle.
    """
    parties = {party for edge in edges for party in (edge.giver, edge.receiver)}
    most = dict.fromkeys(parties, Fraction(1))
    came_by: dict[str, Edge] = {}
    grown: str | None = None
    for _ in range(len(parties) + 1):
        grown = None
        for edge in edges:
            reached = most[edge.giver] * edge.factor
            if reached > most[edge.receiver]:
                most[edge.receiver], came_by[edge.receiver] = reached, edge
                grown = edge.receiver
        if grown is None:
            return None
    return _cycle_before(grown, came_by) if grown else None


def product_of(edges: Iterable[Edge]) -> Fraction:
    """Return what one credit has become at the end of a walk."""
    product = Fraction(1)
    for edge in edges:
        product *= edge.factor
    return product


def told_cycle(cycle: Sequence[Edge], book: RuleBook) -> str:
    """Return a cycle with the codes of its parties, the first of them first: ``A –×3/2→ A``."""
    told = []
    for edge in cycle:
        published = book.named(edge.agreement)
        rule = published.rule if published else None
        told.append((rule.giver_code if isinstance(rule, AgreementRule) else edge.giver, edge))
    first = told.index(min(told))
    told = [*told[first:], *told[:first], told[first]]
    legs = [f"{code} –×{edge.factor}→" for code, edge in told[:-1]]
    return " ".join([*legs, told[-1][0]])


def _cycle_before(party: str, came_by: dict[str, Edge]) -> tuple[Edge, ...]:
    """Return the cycle from which a party was reached that would grow for ever."""
    for _ in came_by:
        party = came_by[party].giver
    cycle = [came_by[party]]
    while cycle[-1].giver != party:
        cycle.append(came_by[cycle[-1].giver])
    return tuple(reversed(cycle))


def _gain_is_allowed(book: RuleBook, day: date) -> bool:
    rule = _test_on(book, day)
    return rule is not None and rule.gain_round_a_cycle


def _test_on(book: RuleBook, day: date) -> RecognitionRule | None:
    published = book.in_force(Family.RECOGNITION, day)
    rule = published.rule if published else None
    return rule if isinstance(rule, RecognitionRule) else None


def _refuse_unrecognised(rule: AgreementRule, book: RuleBook) -> None:
    test = _test_on(book, rule.in_force_from)
    if test is None:
        raise AgreementNotRecognisedError(
            agreement=rule.id, problem=Phrase("reason.no_rule_in_force")
        )
    decision, reason = test.tested(rule.rank, rule.needed, rule.overlap)
    if decision is not Decision.GRANTED:
        raise AgreementNotRecognisedError(agreement=rule.id, problem=Phrase(f"reason.{reason}"))


def _refuse_taking_anothers_place(rule: AgreementRule, book: RuleBook) -> None:
    published = book.named(rule.replaces) if rule.replaces else None
    replaced = published.rule if published else None
    if not isinstance(replaced, AgreementRule):
        return
    if (replaced.giver, replaced.receiver) != (rule.giver, rule.receiver):
        raise AgreementReplacesOtherError(agreement=rule.id, replaced=replaced.id)
