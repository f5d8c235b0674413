"""Finding self-declared records, for those who may see them; how one stands by its steps."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers.declaration_models import DeclarationStep
from archive.dossiers.declaration_refusals import UnknownDeclarationError
from archive.people.access import may, reaches_worker
from archive.people.actors import Actor
from archive.people.mergers import goes_on_in, is_or_was
from archive.people.privacy import PersonKey
from schemas.declarations import DeclarationTold
from schemas.records import RECORD
from schemas.records import Record as AnyRecord
from schemas.vocabulary import DeclarationAct, DeclarationState, Permission

COLUMN = "declaration_step.sealed"
_STATE_AFTER = {
    DeclarationAct.DECLARE: DeclarationState.DECLARED,
    DeclarationAct.CHANGE: DeclarationState.DECLARED,
    DeclarationAct.SEND: DeclarationState.SENT,
    DeclarationAct.CONFIRM: DeclarationState.CONFIRMED,
    DeclarationAct.DECLINE: DeclarationState.DECLINED,
    DeclarationAct.WITHDRAW: DeclarationState.WITHDRAWN,
}


@dataclass(frozen=True, slots=True)
class Declaration:
    """A self-declared record, by its steps in their order."""

    steps: tuple[DeclarationStep, ...]

    @property
    def first(self) -> DeclarationStep:
        """The step that declared it."""
        return self.steps[0]

    @property
    def last(self) -> DeclarationStep:
        """The last step."""
        return self.steps[-1]

    @property
    def state(self) -> DeclarationState:
        """How it stands."""
        return _STATE_AFTER[self.last.act]

    @property
    def evidence(self) -> bytes | None:
        """The digest of the file that was sent along last."""
        return next((one.evidence for one in self.steps[::-1] if one.evidence), None)

    def record(self, key: PersonKey) -> AnyRecord:
        """Return what is declared, as it was changed last."""
        telling = (DeclarationAct.DECLARE, DeclarationAct.CHANGE)
        newest = next(one for one in self.steps[::-1] if one.act in telling)
        told = told_in(key, newest)
        return RECORD.validate_python(told.record)


def own(session: Session, declaration_id: UUID, *, by: Actor) -> Declaration:
    """Return a declaration of the asker's own; raises UnknownDeclarationError."""
    found = _found(session, declaration_id)
    holder = goes_on_in(session, found.first.worker_id if found else declaration_id)
    if found is None or not reaches_worker(session, by, Permission.DECLARE, holder):
        raise UnknownDeclarationError
    return found


def addressed(session: Session, declaration_id: UUID, *, by: Actor) -> Declaration:
    """Return a declaration that the asker's own organisation was asked to confirm.

    Nobody confirms for another, not even the bureau. Raises UnknownDeclarationError.
    """
    found = _found(session, declaration_id)
    is_theirs = found and by.organisation_id and found.last.organisation_id == by.organisation_id
    if found is None or not is_theirs or not may(by, Permission.CONFIRM_DECLARATION):
        raise UnknownDeclarationError
    return found


def of_worker(session: Session, worker_id: UUID) -> list[Declaration]:
    """Return a worker's declarations, the newest first, with those of merged dossiers."""
    query = select(DeclarationStep).where(is_or_was(col(DeclarationStep.worker_id), worker_id))
    return _declarations(session.exec(query))


def sent_to(session: Session, organisation_id: UUID, *, most: int = 300) -> list[Declaration]:
    """Return the declarations that an organisation was asked to confirm, those that wait first."""
    newest = col(DeclarationStep.recorded_at).desc()
    query = select(DeclarationStep).where(
        col(DeclarationStep.organisation_id) == organisation_id,
        col(DeclarationStep.act) == DeclarationAct.SEND,
    )
    asked = session.exec(query.order_by(newest).limit(most)).all()
    steps = select(DeclarationStep).where(
        col(DeclarationStep.worker_id).in_({one.worker_id for one in asked}),
        col(DeclarationStep.declaration_id).in_({one.declaration_id for one in asked}),
    )
    found = [
        one
        for one in _declarations(session.exec(steps))
        if one.last.organisation_id == organisation_id
    ]
    return sorted(found, key=lambda one: one.state is not DeclarationState.SENT)


def told_in(key: PersonKey, row: DeclarationStep) -> DeclarationTold:
    """Return what a step says."""
    if row.sealed is None:
        return DeclarationTold()
    return DeclarationTold.model_validate(json.loads(key.open(COLUMN, row.sealed)))


def _found(session: Session, declaration_id: UUID) -> Declaration | None:
    query = select(DeclarationStep).where(col(DeclarationStep.declaration_id) == declaration_id)
    found = _declarations(session.exec(query))
    return found[0] if found else None


def _declarations(steps: Iterable[DeclarationStep]) -> list[Declaration]:
    by_id: dict[UUID, list[DeclarationStep]] = defaultdict(list)
    for one in sorted(steps, key=lambda step: step.number):
        by_id[one.declaration_id].append(one)
    found = [Declaration(tuple(told)) for told in by_id.values()]
    return sorted(found, key=lambda one: (one.first.recorded_at, one.first.id), reverse=True)
