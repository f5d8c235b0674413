"""Published rules as programs and officials read them: on a day, as known on a day, over time."""

import json
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from archive.bureau.agreements import MAKE
from archive.bureau.rules_desk import PUBLISH
from archive.people import approvals
from archive.texts import both
from credit_bank.families.repeal import Repeal
from credit_bank.models import RuleVersion
from credit_bank.publishing import rule_book
from credit_bank.rulebook import PublishedRule, RuleBook
from credit_bank.unset import unset_on
from schemas.outputs import RuleList, RuleView, UnsetView
from schemas.rules import RepealView, RuleHistory, RuleVersionView
from schemas.vocabulary import Family


def rules_on(
    session: Session, day: date, *, known_on: date | None = None, zone: ZoneInfo
) -> RuleList:
    """Return the rules in force on a day, in the order of their families.

    ``known_on`` leaves out what was published after that local day.
    """
    book = book_known_on(session, known_on, zone)
    return RuleList(
        on=day,
        known_on=known_on,
        rules=tuple(_view(rule) for rule in book.all_in_force(day)),
        unset=unset_views(book, day),
    )


def unset_views(book: RuleBook, day: date) -> tuple[UnsetView, ...]:
    """Return what the bureau still has to set for a day, in both languages."""
    return tuple(
        UnsetView(family=one.family, rule=one.rule, message=both(one.what.template, one.what.facts))
        for one in unset_on(book, day)
    )


def book_known_on(session: Session, known_on: date | None, zone: ZoneInfo) -> RuleBook:
    """Return the rule book as it was at the end of a local day; as it is when none is given."""
    if known_on is None:
        return rule_book(session)
    begin_of_next = datetime.combine(known_on + timedelta(days=1), time(), zone)
    return rule_book(session, known_at=begin_of_next - timedelta(microseconds=1))


def history(session: Session, family: Family) -> RuleHistory:
    """Return every rule of a family that was ever published, newest first."""
    published_at = _published_at(session)
    proposals = _proposals(session)
    views = [
        _version(one, published_at[one.rule.id], proposals.get(one.rule.id))
        for one in rule_book(session).of(family)
    ]
    views.sort(key=lambda view: (view.in_force_from, view.published_at), reverse=True)
    return RuleHistory(family=family, versions=tuple(views))


class _Proposed(NamedTuple):
    proposal_id: UUID
    proposed_by: str
    approved_by: str | None


def _published_at(session: Session) -> dict[str, datetime]:
    found = session.exec(select(RuleVersion.rule_id, RuleVersion.published_at))
    return dict(found.all())


def _proposals(session: Session) -> dict[str, _Proposed]:
    """Return the approved proposal by which each rule came; shipped ones have none."""
    return {
        str(rule): _Proposed(view.id, view.proposed_by, view.answered_by)
        for view in approvals.listed(session, PUBLISH, MAKE)
        if view.is_approved
        for rule in view.payload["ids"]
    }


def _version(
    published: PublishedRule, published_at: datetime, proposed: _Proposed | None
) -> RuleVersionView:
    rule = published.rule
    return RuleVersionView(
        id=rule.id,
        version=published.version,
        in_force_from=rule.in_force_from,
        in_force_until=published.until,
        title=rule.title,
        clause=rule.clause,
        source=rule.source,
        published_at=published_at,
        proposal_id=proposed.proposal_id if proposed else None,
        proposed_by=proposed.proposed_by if proposed else None,
        approved_by=proposed.approved_by if proposed else None,
        repeal=_repeal(published.repealed_by) if published.repealed_by else None,
    )


def _repeal(repeal: Repeal) -> RepealView:
    return RepealView(
        id=repeal.id,
        in_force_from=repeal.in_force_from,
        title=repeal.title,
        clause=repeal.clause,
        source=repeal.source,
    )


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
