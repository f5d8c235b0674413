"""One worker's ledger as the audit reads it: sorted once, explanations opened once. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from uuid import UUID

from pydantic import ValidationError

from credit_bank.cases import told_cases
from credit_bank.checking import Rows
from credit_bank.models import Entry, Posting
from credit_bank.rulebook import PublishedRule, RuleBook
from credit_bank.traces import case_fact_in, outcome_in, trace_in
from schemas.credits import LearningOutcome, Trace
from schemas.vocabulary import Account, Act, Family


class Law:
    """The rules, and when each was published: what counted as it was known at a moment."""

    def __init__(self, rules: RuleBook, published_at: Mapping[str, datetime]) -> None:
        """Take the rules, and when each rule and each repeal was published, by its id."""
        self.rules = rules
        self._published_at = published_at
        self._enders: dict[str, list[tuple[str, date]]] = defaultdict(list)
        for published in rules.rules:
            if published.rule.replaces:
                ender = (published.rule.id, published.rule.in_force_from)
                self._enders[published.rule.replaces].append(ender)
        for repeal in rules.repeals:
            self._enders[repeal.repeals].append((repeal.id, repeal.in_force_from))

    def was_in_force(self, published: PublishedRule, day: date, known_at: datetime) -> bool:
        """Whether a rule counted on ``day``, as far as rules were published before a moment."""
        rule = published.rule
        if not rule.in_force_from <= day <= (rule.in_force_until or date.max):
            return False
        return not any(
            begins <= day and self._published_at[ender] < known_at
            for ender, begins in self._enders.get(rule.id, ())
        )


class Audited:
    """All rows of one worker, by what the checks ask of them."""

    def __init__(self, rows: Rows, law: Law) -> None:
        """Sort the rows, which are as they were hashed.

        Raises ValidationError for an outcome or a case that cannot be read, and
        CaseActRefusedError for events of a case that cannot follow each other.
        """
        self.rows, self.law = rows, law
        bodies = {(link.subject_kind, link.subject_id): link.body for link in rows.links}
        places = {
            link.subject_id: link.sequence for link in rows.links if link.subject_kind == "outcome"
        }
        self.traces = _readable({entry.id: bodies["entry", entry.id] for entry in rows.entries})
        self.cases = told_cases(
            case_fact_in(link.body) for link in rows.links if link.subject_kind == "case"
        )
        self.postings: dict[UUID, list[Posting]] = defaultdict(list)
        self.accounts: dict[Account, int] = defaultdict(int)
        self.lots: dict[UUID, dict[Account, int]] = defaultdict(lambda: defaultdict(int))
        for posting in rows.postings:
            self.postings[posting.entry_id].append(posting)
            self.accounts[posting.account] += posting.units
            self.lots[posting.lot_id][posting.account] += posting.units
        self.series: dict[tuple[UUID, Family], list[Entry]] = defaultdict(list)
        for entry in sorted(rows.entries, key=lambda one: one.revision):
            self.series[entry.outcome_id, entry.family].append(entry)
        self.versions: dict[UUID, list[LearningOutcome]] = defaultdict(list)
        self.live: dict[UUID, LearningOutcome] = {}
        for outcome in sorted(rows.outcomes, key=lambda one: places[one.id]):
            content = outcome_in(bodies["outcome", outcome.id])
            self.versions[outcome.lineage_id].append(content)
            self.live.pop(outcome.lineage_id, None)
            if outcome.act is not Act.WITHDRAW:
                self.live[outcome.lineage_id] = content

    @property
    def rules(self) -> RuleBook:
        """The rules as they are published now."""
        return self.law.rules

    def moved(self, entry: Entry, accounts: Sequence[Account]) -> int:
        """Return the units that an entry brought into some accounts."""
        return sum(one.units for one in self.postings[entry.id] if one.account in accounts)


def _readable(bodies: Mapping[UUID, bytes]) -> dict[UUID, Trace]:
    """Return the explanations of entries; one that cannot be read is missing."""
    traces = {}
    for entry_id, body in bodies.items():
        with suppress(ValidationError):
            traces[entry_id] = trace_in(body)
    return traces
