"""What people read of using credits: the preview of an application, and what became of it."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers import citing, lowering, offers, reading, redeemed
from archive.dossiers.at_counter_views import Marks, marks_on
from archive.dossiers.notes import note_in
from archive.dossiers.offer_models import Offer
from archive.dossiers.redeemed import Told
from archive.errors import ClosedError
from archive.people import look_ups, organisations
from archive.people.actors import Actor
from archive.people.models import Organisation, Worker
from archive.people.permissions import scope_of
from archive.people.privacy import vault_of
from archive.texts import both
from credit_bank.models import Entry, Posting
from credit_bank.publishing import rule_book
from credit_bank.redemption import Plan, PlanLine
from credit_bank.rulebook import RuleBook
from schemas.applications import ProofView
from schemas.cases import Lowered
from schemas.contracts import Bilingual
from schemas.credits import as_credits
from schemas.dossiers import DossierView, RecordView
from schemas.redemptions import (
    LotLine,
    OfferView,
    Preview,
    RedemptionEvent,
    RedemptionList,
    RedemptionView,
    UsedLot,
)
from schemas.vocabulary import Fulfilment, Permission, Scope

MOST = 200
"""Applications shown at once: each opens its dossier. Those that wait come first."""
_NOBODY = Bilingual(zh="—", en="—")


def preview(
    session: Session, worker: Worker, offer: Offer, found: Plan, less: Sequence[Lowered]
) -> Preview:
    """Return a plan as people read it; where records are only cited, the records.

    ``less`` is what agreements took off before it was planned.
    """
    today = found.wanted.day
    (view,) = offers.views(session, [offer], today)
    cites = None if offer.units else citing.cited(session, worker, offer, on=today)
    titles = reading.learner(session, worker.worker_id).titles if less else {}
    plan_lines = () if cites else found.lines
    problems = cites.says if cites else tuple(both(one.text, one.facts) for one in found.problems)
    return Preview(
        archive_number=worker.archive_number,
        offer=view,
        on=today,
        is_possible=cites.state is not Fulfilment.FAILS if cites else not found.problems,
        is_limited=found.is_limited,
        rule=found.rule.id if found.rule else None,
        source=found.rule.source if found.rule else None,
        asked=as_credits(offer.units),
        needed=as_credits(found.wanted.units),
        lowered=lowering.views(less, rule_book(session), titles),
        available=as_credits(sum(line.source.units for line in plan_lines)),
        missing=as_credits(0 if cites else found.missing),
        lines=lot_lines(session, worker, plan_lines),
        problems=problems,
        picks=() if cites else found.picks,
        cites=cites.proofs if cites else (),
        state=cites.state if cites else None,
    )


def lot_lines(
    session: Session,
    worker: Worker,
    lines: Sequence[PlanLine],
    titles: Mapping[UUID, str] | None = None,
) -> tuple[LotLine, ...]:
    """Return what would be taken of each lot; ``titles`` are those of courses not yet on file."""
    known = {**reading.learner(session, worker.worker_id).titles, **(titles or {})}
    issuers = (line.source.lot.outcome.issuer for line in lines)
    names = _names(organisations.by_id(session, issuers))
    return tuple(_line(line, known, names) for line in lines)


def _line(line: PlanLine, titles: Mapping[UUID, str], names: Mapping[UUID, Bilingual]) -> LotLine:
    lot = line.source.lot
    return LotLine(
        lot_id=lot.id,
        record_id=lot.outcome.id,
        title=titles.get(lot.outcome.id, "—"),
        provider=names.get(lot.outcome.issuer, _NOBODY),
        available=as_credits(line.source.units),
        taken=as_credits(line.taken),
        last_day=line.source.last_day,
        reason=both(line.reason.text, line.reason.facts),
        limits=line.limits,
    )


def seen_by(session: Session, account: Actor, *, today: date) -> RedemptionList:
    """Return the applications that an account may see: all, those to its organisation, the own."""
    scope = scope_of(account, Permission.READ_APPLICATION)
    if scope is Scope.ALL:
        found = redeemed.of_organisation(session, None, most=MOST)
    elif scope is Scope.OWN and account.worker_id is not None:
        found = redeemed.of_worker(session, account.worker_id)
    elif scope is Scope.ORGANISATION and account.organisation_id is not None:
        found = redeemed.of_organisation(session, account.organisation_id, most=MOST)
    else:
        found = []
    return listed(session, found[:MOST], today=today)


def shown(session: Session, case_id: UUID, by: Actor, *, today: date) -> RedemptionView:
    """Return one application to whoever may see it; raises UnknownCaseError."""
    opening = redeemed.visible(session, case_id, by)
    return listed(session, redeemed.of_openings(session, [opening]), today=today).redemptions[0]


def listed(session: Session, told: Sequence[Told], *, today: date) -> RedemptionList:
    """Return applications as people read them; ``told`` was found for whoever asks."""
    wanted = [one.opening.offer_id for one in told if one.opening.offer_id]
    known, rules = offers.known(session, wanted), rule_book(session)
    shown = {one.id: one for one in offers.views(session, known.values(), today)}
    dossiers = {one.worker_id: _dossier(session, one.worker_id, today) for one in told}
    marks = marks_on(session, dossiers)
    views = (
        _view(session, one, shown, dossiers[one.worker_id], rules, today, marks=marks)
        for one in told
    )
    return RedemptionList(redemptions=tuple(views))


def _dossier(session: Session, worker_id: UUID, today: date) -> DossierView | None:
    """Return whose application it is; None for a person whose data were erased."""
    try:
        return reading.dossier(session, worker_id, today=today)
    except ClosedError:
        return None


def _view(
    session: Session,
    told: Told,
    shown: Mapping[UUID, OfferView],
    dossier: DossierView | None,
    rules: RuleBook,
    today: date,
    *,
    marks: Marks,
) -> RedemptionView:
    opening, last = told.opening, told.case.last or told.opening.act
    records = {one.id: one for one in dossier.records} if dossier else {}
    worker = look_ups.worker_known_as(session, told.worker_id)
    key = vault_of(session).keys_of([told.worker_id]).get(told.worker_id)
    return RedemptionView(
        id=told.case.id,
        archive_number=worker.archive_number,
        name=dossier.name if dossier else "—",
        offer=shown.get(opening.offer_id) if opening.offer_id else None,
        state=last,
        credits=as_credits(sum(one.units for one in opening.picks)),
        lots=_used(session, told, records),
        lowered=lowering.views(
            opening.lowered or (), rules, {one.id: one.title for one in records.values()}
        ),
        cites=tuple(
            ProofView(record_id=one, title=records[one].title if one in records else "—")
            for one in opening.cites
        ),
        opened_on=told.case.opened_on,
        waits_days=(today - told.case.opened_on).days if told.case.is_open else None,
        events=tuple(
            RedemptionEvent(
                act=fact.act,
                effective_on=fact.effective_on,
                recorded_at=event.recorded_at,
                note=note_in(key, event),
                reason=fact.reason,
                counter=marks.get(event.id),
            )
            for event, fact in told.events
        ),
    )


def _used(session: Session, told: Told, records: Mapping[UUID, RecordView]) -> tuple[UsedLot, ...]:
    """Return what was taken of each lot: its record, its provider, its credits."""
    query = (
        select(Posting.id, Entry.outcome_id)
        .join(
            Entry,
            (col(Entry.worker_id) == col(Posting.worker_id))
            & (col(Entry.id) == col(Posting.entry_id)),
        )
        .where(
            col(Posting.worker_id) == told.worker_id,
            col(Posting.id).in_([one.lot_id for one in told.opening.picks]),
        )
    )
    record_of = dict(session.exec(query).all())
    used = [(record_of[one.lot_id], one.units) for one in told.opening.picks]
    return tuple(
        UsedLot(
            record_id=record_id,
            title=records[record_id].title if record_id in records else "—",
            provider=records[record_id].organisation.name if record_id in records else _NOBODY,
            credits=as_credits(units),
        )
        for record_id, units in used
    )


def _names(bodies: Mapping[UUID, Organisation]) -> dict[UUID, Bilingual]:
    return {one.id: Bilingual(zh=one.name, en=one.name_en) for one in bodies.values()}
