"""Published rules as programs and officials read them."""

import json
from datetime import date

from sqlmodel import Session

from credit_bank.publishing import rule_book
from credit_bank.rulebook import PublishedRule
from schemas.outputs import RuleList, RuleView


def rules_on(session: Session, day: date) -> RuleList:
    """Return the rules in force on a day, in the order of their families."""
    found = rule_book(session).all_in_force(day)
    return RuleList(on=day, rules=tuple(_view(rule) for rule in found))


def _view(published: PublishedRule) -> RuleView:
    rule = published.rule
    return RuleView(
        id=rule.id,
        family=rule.family,
        version=published.version,
        in_force_from=rule.in_force_from,
        in_force_until=published.until,
        title=rule.title,
        clause=rule.clause,
        source=rule.source,
        content=json.loads(published.body),
    )
