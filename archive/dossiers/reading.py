"""Reading a dossier: four statements and the key, whatever the number of records."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, tzinfo
from uuid import UUID

from sqlalchemy import exists
from sqlmodel import Session, col, select

from archive.dossiers import carried
from archive.dossiers.earned import credit_views, expiring, recognised_views
from archive.dossiers.issuer_notes import notes_on
from archive.dossiers.models import Record
from archive.dossiers.names_on_file import known_names
from archive.dossiers.sealing import Sealed, unseal
from archive.dossiers.titles import occupation_name, organisation_view, title_of
from archive.errors import UnknownWorkerError
from archive.people.closing import closed
from archive.people.models import Merger, Organisation, Worker
from archive.people.privacy import PersonKey, vault_of
from archive.people.written_numbers import masked
from archive.texts import bilingual_term
from credit_bank import bank
from credit_bank.issuers import suspensions
from credit_bank.levels import SkillLevel, entitlement, levels
from credit_bank.models import ChainHead, ChainLink, IssuerDecision, is_link_of
from credit_bank.publishing import rule_book
from schemas.credits import LearningOutcome, as_credits
from schemas.dossiers import (
    CreditView,
    DossierView,
    EntitlementView,
    IssuerNote,
    LevelView,
    OrganisationView,
    RecordView,
    VersionView,
)
from schemas.identities import Identity, NameChange
from schemas.record_base import Unkeyed
from schemas.records import Record as AnyRecord
from schemas.vocabulary import Act, Decision, Way


@dataclass(slots=True)
class Row:
    """One row of a dossier, opened, with its link in the chain."""

    row: Record
    link: ChainLink
    sealed: Sealed


@dataclass(slots=True)
class Opened:
    """A whole dossier, opened."""

    worker: Worker
    head: ChainHead
    by_original: dict[UUID, list[Row]] = field(default_factory=lambda: defaultdict(list))
    organisations: dict[UUID, OrganisationView] = field(default_factory=dict)
    is_joined: bool = False
    """Whether another dossier was merged into this one."""
    has_decisions: bool = False
    """Whether anything was ever decided on the credits of one of these organisations."""

    def live(self) -> list[list[Row]]:
        """Return the histories of records that were not withdrawn."""
        return [rows for rows in self.by_original.values() if rows[-1].row.act is not Act.WITHDRAW]


@dataclass(frozen=True, slots=True)
class Learner:
    """Who a dossier is about, and what was learnt, as far as conditions ask for it."""

    identity: Identity
    outcomes: tuple[LearningOutcome, ...]
    titles: Mapping[UUID, str]
    """What each record is called, by its id for good."""


def learner(session: Session, worker_id: UUID) -> Learner:
    """Return the outcomes of the live records, measured by what the records tell today.

    What was deposited long ago may lack a measure that came later; its record does not.
    Raises UnknownWorkerError, ErasedError.
    """
    opened = _open(session, worker_id)
    identity = _identity(rows[-1].sealed.content for rows in opened.live())
    titles = {rows[-1].row.original_id: title_of(rows[-1].sealed.content) for rows in opened.live()}
    return Learner(identity, tuple(_outcomes(opened)), titles)


def dossier(session: Session, worker_id: UUID, *, today: date, zone: tzinfo = UTC) -> DossierView:
    """Return one worker's dossier; levels and entitlement as of ``today``.

    ``zone`` tells whose days the notice before an expiry counts. Raises UnknownWorkerError,
    ErasedError.
    """
    opened = _open(session, worker_id)
    statement = bank.statement(session, worker_id)
    credits_of = credit_views(statement.lines)
    outcomes = _outcomes(opened)
    notes = notes_on(outcomes, suspensions(session)) if opened.has_decisions else {}
    origins = carried.origins(session, worker_id) if opened.is_joined else {}
    rules = rule_book(session)
    held = levels(outcomes, rules, today)
    entitled = entitlement(outcomes, rules, today)
    records = tuple(
        view.model_copy(
            update={"issuer_note": notes.get(view.id), "origins": origins.get(view.id, ())}
        )
        if view.id in notes or view.id in origins
        else view
        for view in _record_views(opened, credits_of, recognised_views(statement.lines))
    )
    titles = {view.id: view.title for view in records}
    contents = [rows[-1].sealed.content for rows in opened.live()]
    names, identity = known_names(contents), _identity(contents)
    return DossierView(
        archive_number=opened.worker.archive_number,
        name=names.present,
        former_names=tuple(names.former),
        document_type=identity.document_type,
        document_number_masked=masked(identity.document_number),
        is_demo=opened.worker.is_demo,
        balances={one: as_credits(units) for one, units in statement.accounts.items()},
        levels=tuple(_level_view(level, notes.get(level.outcome_id)) for level in held),
        entitlement=EntitlementView(
            rank=entitled.rank,
            sentence=entitled.sentence,
            rule=entitled.rule,
            source=entitled.source,
        )
        if entitled
        else None,
        records=records,
        expiring=expiring(statement.lines, titles, rules, today=today, zone=zone),
        chain_sequence=opened.head.sequence,
        chain_hash=opened.head.hash.hex(),
    )


def _open(session: Session, worker_id: UUID) -> Opened:
    key = vault_of(session).keys_of([worker_id]).get(worker_id)
    decided = exists().where(col(IssuerDecision.issuer_id) == col(Record.organisation_id))
    joined = exists().where(col(Merger.into_id) == col(Record.worker_id))
    query = (
        select(Record, ChainLink, ChainHead, Worker, Organisation, decided, joined)  # type: ignore[call-overload]  # SQLModel has types for four at most.
        .join(
            ChainLink,
            is_link_of(Record, "record"),
        )
        .join(ChainHead, col(ChainHead.worker_id) == col(Record.worker_id))
        .join(Worker, col(Worker.worker_id) == col(Record.worker_id))
        .join(Organisation, col(Organisation.id) == col(Record.organisation_id))
        .where(col(Record.worker_id) == worker_id)
        .order_by(col(ChainLink.sequence))
    )
    found: Sequence[tuple[Record, ChainLink, ChainHead, Worker, Organisation, bool, bool]] = list(
        session.exec(query)
    )
    if not found:
        raise UnknownWorkerError
    if key is None:
        raise closed(session, worker_id)
    _, _, head, worker, *_ = found[0]
    opened = Opened(worker, head)
    for record, link, _, _, organisation, is_decided, is_joined in found:
        opened.is_joined = is_joined
        opened.has_decisions |= is_decided
        opened.by_original[record.original_id].append(_opened_row(key, record, link))
        opened.organisations[organisation.id] = organisation_view(organisation)
    return opened


def _opened_row(key: PersonKey, record: Record, link: ChainLink) -> Row:
    return Row(record, link, unseal(key, record.sealed))


def _identity(contents: Iterable[AnyRecord]) -> Identity:
    """Return by which document the person is known; raises UnknownWorkerError."""
    for content in contents:
        if isinstance(content, Identity):
            return content
    raise UnknownWorkerError


def _outcomes(opened: Opened) -> list[LearningOutcome]:
    outcomes = []
    for rows in opened.live():
        row = rows[-1].row
        content = rows[-1].sealed.content
        outcome = content.outcome(
            row.original_id, row.organisation_id, row.identity_digest.hex(), Unkeyed()
        )
        if outcome:
            outcomes.append(outcome)
    return outcomes


def _record_views(
    opened: Opened,
    credits_of: dict[UUID, CreditView],
    recognised_of: dict[UUID, CreditView],
) -> tuple[RecordView, ...]:
    views = [
        _record_view(
            rows, opened.organisations[rows[-1].row.organisation_id], credits_of
        ).model_copy(update={"recognition": _recognition(rows, recognised_of)})
        for rows in opened.by_original.values()
        if not isinstance(rows[-1].sealed.content, Identity | NameChange)
    ]
    return tuple(sorted(views, key=_newest_first, reverse=True))


def _recognition(rows: list[Row], recognised_of: dict[UUID, CreditView]) -> CreditView | None:
    newest = rows[-1].row
    return None if newest.act is Act.WITHDRAW else recognised_of.get(newest.original_id)


def _newest_first(view: RecordView) -> tuple[date, int]:
    return (view.effective_on or date.min, view.sequence)


def _record_view(
    rows: list[Row], organisation: OrganisationView, credits_of: dict[UUID, CreditView]
) -> RecordView:
    newest, first = rows[-1], rows[0]
    content = newest.sealed.content
    is_withdrawn = newest.row.act is Act.WITHDRAW
    sources = (row.sealed.source for row in (newest, first))
    source = next((one for one in sources if one and one.way is Way.FILE), None)
    return RecordView(
        id=newest.row.original_id,
        record=content,
        is_withdrawn=is_withdrawn,
        organisation=organisation,
        title=title_of(content),
        occupation_name=occupation_name(content.occupation),
        effective_on=content.effective_on,
        recorded_at=first.row.recorded_at,
        sequence=newest.link.sequence,
        link_hash=newest.link.hash.hex(),
        versions=tuple(_version_view(row) for row in rows),
        way=next((one.way for one in (source, newest.sealed.source) if one), None),
        file=source.file_name if source else None,
        row=source.row if source else None,
        credit=None if is_withdrawn else credits_of.get(newest.row.original_id, _UNCOVERED),
    )


_UNCOVERED = CreditView(
    decision=Decision.UNDECIDED,
    reason="no_rule_for_kind",
    credits=as_credits(0),
    expired=as_credits(0),
    trace=None,
)


def _version_view(row: Row) -> VersionView:
    return VersionView(
        id=row.row.id,
        act=row.row.act,
        recorded_at=row.row.recorded_at,
        reason=row.sealed.reason,
        sequence=row.link.sequence,
        link_hash=row.link.hash.hex(),
    )


def _level_view(level: SkillLevel, note: IssuerNote | None) -> LevelView:
    return LevelView(
        rank=level.rank,
        rank_name=bilingual_term(f"rank.{int(level.rank)}"),
        occupation=level.occupation,
        occupation_name=occupation_name(level.occupation),
        held_since=level.held_since,
        record_id=level.outcome_id,
        issuer_note=note,
    )
