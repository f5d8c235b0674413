"""Self-declared records as they are told: to their holder, and to who is asked to confirm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from archive.dossiers import declarations_found as found
from archive.dossiers.correction_steps import key_of
from archive.dossiers.declaration_models import DeclarationStep
from archive.dossiers.declarations_found import Declaration, told_in
from archive.dossiers.names_on_file import names_of
from archive.dossiers.titles import occupation_name, organisation_view, title_of
from archive.files import Evidence, EvidenceGoneError
from archive.people import organisations
from archive.people.actors import Actor
from archive.people.mergers import goes_on_in
from archive.people.privacy import PersonKey, vault_of
from archive.people.workers import numbers_of
from schemas.declarations import DeclarationStepView, DeclarationView
from schemas.dossiers import OrganisationView


def of_worker(session: Session, worker_id: UUID) -> tuple[DeclarationView, ...]:
    """Return a worker's self-declared records, the newest first."""
    return _views(session, found.of_worker(session, worker_id))


def sent_to(session: Session, organisation_id: UUID) -> tuple[DeclarationView, ...]:
    """Return what an organisation was asked to confirm, what waits first."""
    return _views(session, found.sent_to(session, organisation_id))


def own_view(session: Session, declaration_id: UUID, *, by: Actor) -> DeclarationView:
    """Return one of the asker's own; raises UnknownDeclarationError, FrozenError, ErasedError."""
    return _one(session, found.own(session, declaration_id, by=by))


def addressed_view(session: Session, declaration_id: UUID, *, by: Actor) -> DeclarationView:
    """Return one that the asker's organisation was asked to confirm.

    Raises UnknownDeclarationError, FrozenError, ErasedError.
    """
    return _one(session, found.addressed(session, declaration_id, by=by))


def evidence_of(session: Session, one: Declaration, kept_in: Evidence) -> bytes:
    """Return the file that was sent along; raises EvidenceGoneError, FrozenError, ErasedError."""
    if one.evidence is None:
        raise EvidenceGoneError
    worker_id = one.first.worker_id
    return kept_in.get(one.evidence, worker_id, key_of(session, worker_id))


@dataclass(frozen=True, slots=True)
class _Known:
    """What is looked up for some declarations at once."""

    holders: Mapping[UUID, UUID]
    keys: Mapping[UUID, PersonKey]
    names: Mapping[UUID, str]
    numbers: Mapping[UUID, str]
    bodies: Mapping[UUID, OrganisationView]


def _one(session: Session, one: Declaration) -> DeclarationView:
    key_of(session, one.first.worker_id)
    return _views(session, [one])[0]


def _views(session: Session, told: Sequence[Declaration]) -> tuple[DeclarationView, ...]:
    """Return declarations as they stand; of frozen and erased people nothing."""
    if not told:
        return ()
    steps = [step for one in told for step in one.steps]
    holders = {step.worker_id: goes_on_in(session, step.worker_id) for step in steps}
    everyone = sorted({*holders, *holders.values()})
    keys = vault_of(session).keys_of(everyone)
    bodies = organisations.by_id(
        session, [step.organisation_id for step in steps if step.organisation_id]
    )
    known = _Known(
        holders=holders,
        keys=keys,
        names={one: name.present for one, name in names_of(session, everyone, keys).items()},
        numbers=numbers_of(session, everyone),
        bodies={one: organisation_view(body) for one, body in bodies.items()},
    )
    return tuple(_view(one, known) for one in told if one.first.worker_id in keys)


def _view(one: Declaration, known: _Known) -> DeclarationView:
    worker_id = one.first.worker_id
    holder, key = known.holders[worker_id], known.keys[worker_id]
    record = one.record(key)
    asked = one.last.organisation_id
    return DeclarationView(
        id=one.first.declaration_id,
        archive_number=known.numbers[holder],
        holder=known.names.get(holder, ""),
        kind=record.kind,
        record=record,
        title=title_of(record),
        occupation_name=occupation_name(record.occupation),
        effective_on=record.effective_on,
        state=one.state,
        organisation=known.bodies[asked] if asked else None,
        record_id=one.last.record_id,
        has_evidence=one.evidence is not None,
        declared_at=one.first.recorded_at,
        steps=tuple(_step(step, key, known) for step in one.steps),
    )


def _step(step: DeclarationStep, key: PersonKey, known: _Known) -> DeclarationStepView:
    return DeclarationStepView(
        act=step.act,
        recorded_at=step.recorded_at,
        organisation=known.bodies[step.organisation_id] if step.organisation_id else None,
        text=told_in(key, step).text,
    )
