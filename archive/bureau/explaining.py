"""Why an entry of a credit account says what it says, in words a worker understands."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers import reading
from archive.errors import ArchiveError, ClosedError
from archive.people.access import reaches_worker
from archive.people.actors import Actor
from archive.people.models import Worker
from archive.texts import bilingual_term, both, in_language
from credit_bank import bank
from credit_bank.conversion import evaluate_again
from credit_bank.families import EarningRule
from credit_bank.judging import CAPPED, EXCEPTION
from credit_bank.models import ChainLink, Entry, is_link_of
from credit_bank.promotions import promotion
from credit_bank.publishing import rule_book
from credit_bank.rulebook import PublishedRule, RuleBook
from credit_bank.traces import trace_in
from schemas.contracts import Bilingual
from schemas.credits import Trace, as_credits
from schemas.rules import EntryExplanation, ExceptionView, PromotionView
from schemas.vocabulary import Language, Permission

_CAP = "The yearly cap is that of rule {rule}: {clause}"
_NOBODY = UUID(int=0)
_SHORTEST = 8
_WHOLE = 32


class UnknownEntryError(ArchiveError):
    """No entry, or more than one, begins like this."""

    code: ClassVar[str] = "entry_unknown"
    template: ClassVar[str] = (
        "No entry begins like this, or more than one does. Copy the entry's identifier from the "
        "statement, at least its first 8 characters."
    )


def explain(
    session: Session, entry: str, *, today: date, by: Actor | None = None
) -> EntryExplanation:
    """Return the explanation of an entry by its identifier, or what only it begins with.

    ``by`` asks, or None: who runs the archive. Another's dossier is not even opened. Raises
    UnknownEntryError, also for another's.
    """
    row, body = _found_for(session, entry, by)
    worker = session.exec(select(Worker).where(col(Worker.worker_id) == row.worker_id)).one()
    rules, trace = rule_book(session), trace_in(body)
    published = rules.of_version(trace.version) if trace.version else None
    rule = published.rule if published else None
    return EntryExplanation(
        entry_id=row.id,
        archive_number=worker.archive_number,
        record_id=row.outcome_id,
        title=_title(session, row, today),
        kind=trace.outcome.kind,
        cause=row.cause,
        effective_on=row.effective_on,
        recorded_at=row.recorded_at,
        credits=as_credits(row.posted_units),
        evaluated_credits=as_credits(row.evaluated_units),
        decision=row.decision,
        reason=bilingual_term(f"reason.{row.reason}"),
        steps=(*(both(step.text, step.facts) for step in trace.steps), *_cap(trace, rules)),
        family=row.family,
        rule=trace.rule,
        version=trace.version,
        rule_title=rule.title if rule else None,
        clause=rule.clause if rule else None,
        source=trace.source,
        exception=_exception(published, trace),
        comes_out_again=evaluate_again(trace, rules) == row.evaluated_units,
        promotion=_promotion(session, row.worker_id, trace, rules),
    )


def _cap(trace: Trace, rules: RuleBook) -> list[Bilingual]:
    """Return which rule's cap cut the credits: the entry itself names the rule that converts."""
    version = trace.context.get("cap")
    published = rules.of_version(version) if version else None
    if published is None or all(step.text != CAPPED for step in trace.steps):
        return []
    rule = published.rule
    return [
        Bilingual(
            zh=in_language(_CAP, Language.CHINESE, {"rule": rule.id, "clause": rule.clause.zh}),
            en=in_language(_CAP, Language.ENGLISH, {"rule": rule.id, "clause": rule.clause.en}),
        )
    ]


def _found_for(session: Session, entry: str, by: Actor | None) -> tuple[Entry, bytes]:
    """Return an entry that somebody may see; it takes as many statements for a missing one."""
    try:
        found = _found(session, entry)
    except UnknownEntryError:
        if by is not None:
            reaches_worker(session, by, Permission.READ_DOSSIER, _NOBODY)
        raise
    reached = Permission.READ_DOSSIER
    if by is not None and not reaches_worker(session, by, reached, found[0].worker_id):
        raise UnknownEntryError
    return found


def _found(session: Session, entry: str) -> tuple[Entry, bytes]:
    begins = entry.strip().replace("-", "").lower()
    try:
        first = UUID(begins.ljust(_WHOLE, "0"))
        last = UUID(begins.ljust(_WHOLE, "f"))
    except ValueError:
        raise UnknownEntryError from None
    if len(begins) < _SHORTEST:
        raise UnknownEntryError
    query = (
        select(Entry, ChainLink.body)
        .join(
            ChainLink,
            is_link_of(Entry, "entry"),
        )
        .where(col(Entry.id) >= first, col(Entry.id) <= last)
        .limit(2)
    )
    rows = session.exec(query).all()
    if len(rows) != 1:
        raise UnknownEntryError
    return rows[0]


def _title(session: Session, row: Entry, today: date) -> str | None:
    """Return what the record is called; None for a person whose data were erased."""
    try:
        dossier = reading.dossier(session, row.worker_id, today=today)
    except ClosedError:
        return None
    return next((one.title for one in dossier.records if one.id == row.outcome_id), None)


def _exception(published: PublishedRule | None, trace: Trace) -> ExceptionView | None:
    rule = published.rule if published else None
    named = next((one.facts["exception"] for one in trace.steps if one.text == EXCEPTION), None)
    if named is None or not isinstance(rule, EarningRule):
        return None
    found = next(one for one in rule.exception if one.id == named)
    return ExceptionView(
        id=found.id,
        title=found.title,
        source=found.source,
        when=found.when.model_dump(mode="json", exclude_defaults=True),
        changes=found.changes,
    )


def _promotion(
    session: Session, worker_id: UUID, trace: Trace, rules: RuleBook
) -> PromotionView | None:
    """Return which level a competition result supports; None for any other record."""
    outcomes = bank.live_outcomes(session, worker_id)
    found = promotion(trace.outcome, outcomes.values(), rules)
    if found is None:
        return None
    return PromotionView(
        decision=found.decision,
        reason=bilingual_term(f"promotion.{found.reason}"),
        rank=found.rank,
        rank_name=None if found.rank is None else bilingual_term(f"rank.{int(found.rank)}"),
        needs_conditions=found.needs_conditions,
        held=found.held,
        rule=found.rule,
        source=found.source,
    )
