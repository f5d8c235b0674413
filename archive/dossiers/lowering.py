"""What agreements take off what an offer asks for, and how people read it.

Which exemption counts how often is decided in credit_bank/exempting.py.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from uuid import UUID

from archive.dossiers.offer_models import Offer
from archive.dossiers.sealing import normalised
from credit_bank.book import Book
from credit_bank.exempting import exemptions, lowered
from credit_bank.families import AgreementRule
from credit_bank.rulebook import RuleBook
from schemas.cases import Lowered
from schemas.credits import LearningOutcome, as_credits
from schemas.redemptions import LoweredView

_IN_TITLE = re.compile("《(.+?)》")


def lowerings(book: Book, offer: Offer, rules: RuleBook, day: date) -> tuple[Lowered, ...]:
    """Return what agreements take off an offer on a day, by the outcomes that stand.

    What a decision on its issuer holds or revokes lowers nothing meanwhile.
    """
    receiver = f"organisation:{offer.organisation_id}"
    names = frozenset(_names(offer))
    found = exemptions(_standing(book, day), rules, receiver=receiver)
    return lowered(
        (one for one in found if normalised(one.rule.requirement or "") in names), offer.units
    )


def views(
    told: Iterable[Lowered], rules: RuleBook, titles: Mapping[UUID, str]
) -> tuple[LoweredView, ...]:
    """Return what was taken off as people read it."""
    return tuple(_views(told, rules, titles))


def _standing(book: Book, day: date) -> Iterator[LearningOutcome]:
    decisions = [one for one in book.suspensions.values() if one.holds or one.revokes]
    for outcome in book.outcomes.values():
        is_held = any(one.names(outcome) for one in decisions)
        if outcome.effective_on <= day and not is_held:
            yield outcome


def _names(offer: Offer) -> Iterator[str]:
    """Yield how an agreement may name an offer: its code, its titles, the course in one."""
    yield normalised(offer.code)
    for title in (offer.title, offer.title_en):
        yield normalised(title)
        yield from (normalised(one) for one in _IN_TITLE.findall(title))


def _views(
    told: Iterable[Lowered], rules: RuleBook, titles: Mapping[UUID, str]
) -> Iterator[LoweredView]:
    for one in told:
        published = rules.of_version(one.version)
        rule = published.rule if published else None
        if isinstance(rule, AgreementRule):
            yield LoweredView(
                agreement=one.agreement,
                version=one.version,
                giver=rule.giver_code,
                clause=rule.clause,
                source=rule.source,
                record_id=one.outcome_id,
                title=titles.get(one.outcome_id, "—"),
                credits=as_credits(one.units),
            )
