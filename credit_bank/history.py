"""What was known when: rules and decisions on issuers, moment by moment."""

import json
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from credit_bank.cases import Suspension, told_suspensions
from credit_bank.models import Entry, IssuerDecision, RuleVersion
from credit_bank.rule_files import version_of
from credit_bank.rulebook import RuleBook, book_of
from schemas.cases import IssuerFact

BEGINNING = datetime.min.replace(tzinfo=UTC)


class History:
    """The rules and the decisions on issuers, as they were known at any moment."""

    def __init__(
        self,
        laws: Sequence[tuple[datetime, bytes]],
        decisions: Sequence[tuple[datetime, IssuerFact]],
    ) -> None:
        """Take both in the order in which they were recorded."""
        self._laws, self._decisions = laws, decisions
        self._books: dict[int, RuleBook] = {}
        self._published_at = {version_of(body): at for at, body in laws}
        self._decided_at: dict[UUID, datetime] = {}
        for at, fact in decisions:
            self._decided_at.setdefault(fact.case_id, at)

    @property
    def latest(self) -> datetime:
        """The moment from which everything is known."""
        return max([BEGINNING, *(at for at, _ in (*self._laws, *self._decisions))])

    def rules(self, known_at: datetime) -> RuleBook:
        """Return the rules that were published at a moment."""
        count = bisect_right(self._laws, known_at, key=lambda law: law[0])
        if count not in self._books:
            self._books[count] = book_of(tuple(body for _, body in self._laws[:count]))
        return self._books[count]

    def suspensions(self, known_at: datetime) -> Mapping[UUID, Suspension]:
        """Return the decisions on issuers, as they stood at a moment."""
        return told_suspensions(fact for at, fact in self._decisions if at <= known_at)

    def known_to(self, entries: Iterable[Entry], since: datetime) -> datetime:
        """Return the moment of which entries show that whoever booked them knew it.

        A clock may have been behind, and the demo books years of the past: an entry that
        names a rule or a decision was booked when that was known.
        """
        known = since
        for entry in entries:
            if entry.rule_version:
                known = max(known, self._published_at.get(entry.rule_version, known))
            if entry.case_id:
                known = max(known, self._decided_at.get(entry.case_id, known))
        return known


def history_of(session: Session) -> History:
    """Return what was published and decided, in the order in which it was recorded."""
    published = select(RuleVersion.published_at, RuleVersion.body).order_by(
        col(RuleVersion.published_at), col(RuleVersion.rule_id)
    )
    decided = select(IssuerDecision.recorded_at, IssuerDecision.body).order_by(
        col(IssuerDecision.recorded_at), col(IssuerDecision.id)
    )
    decisions = [
        (at, IssuerFact.model_validate(json.loads(body)["fact"]))
        for at, body in session.exec(decided)
    ]
    return History(list(session.exec(published)), decisions)
