"""xAPI statements of course platforms: what was completed or passed becomes a record.

They are taken as a learning record store takes them. Statements with other verbs are answered
and stored nowhere; one that cannot be used stands in the trainer's list (arrivals).
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers.course_models import OfferedCourse
from archive.dossiers.intake.enrolling import take_turns
from archive.dossiers.programs import arrivals, outcomes
from archive.dossiers.programs.arrivals import Arrival
from archive.dossiers.programs.outcome_models import PostedStatement
from archive.dossiers.programs.outcomes import Outcome
from archive.dossiers.programs.platform_courses import course_meant
from archive.dossiers.programs.platform_people import person_meant, shown
from archive.dossiers.programs.statement_reading import USED, Sent, day_of, record_of
from archive.dossiers.programs.statement_refusals import StatementChangedError
from archive.people.access import refuse_posting
from archive.people.actors import Actor
from archive.people.models import Organisation
from archive.people.privacy import Vault, vault_of
from credit_bank.bulk import insert_rows, table_of
from schemas.refusals import Refusal
from schemas.vocabulary import RowState, Way
from schemas.xapi import XActivity


@dataclass(frozen=True, slots=True)
class Moment:
    """When statements come, by which clock, and under which address the archive is known."""

    now: datetime
    zone: tzinfo
    home: str

    @property
    def today(self) -> date:
        """The local day."""
        return self.now.astimezone(self.zone).date()


@dataclass(slots=True)
class _Fate:
    """What becomes of a statement that could be used."""

    sent: Sent
    course: str
    """The platform's identifier."""
    outcome: Outcome | None = None
    refusal: Refusal | None = None


def take(
    session: Session, sent: Sequence[Sent], organisation: Organisation, *, by: Actor, at: Moment
) -> None:
    """Take statements; those that were taken before change nothing.

    Raises NotAllowedError, and StatementChangedError, upon which nothing is taken.
    """
    refuse_posting(by, organisation.id)
    take_turns(session, organisation.id)
    usable = [one for one in sent if one.statement.verb.id in USED]
    known = _known(session, organisation.id, usable)
    vault = vault_of(session)
    for one in usable:
        if one.id in known and known[one.id] != _digest(vault, one):
            raise StatementChangedError(number=one.number)
    fates = [_fate(session, one, organisation.id, at) for one in usable if one.id not in known]
    posted = [one.outcome for one in fates if one.outcome]
    outcomes.post(session, organisation, posted, Way.XAPI, by=by.id, now=at.now, today=at.today)
    _keep(session, organisation.id, fates, by.id, at.now)
    arrivals.note(session, organisation.id, map(_arrival, fates), now=at.now)


def _known(session: Session, organisation_id: UUID, usable: Sequence[Sent]) -> dict[UUID, bytes]:
    """Return the digests of statements that were taken before."""
    query = select(PostedStatement.statement_id, PostedStatement.digest).where(
        col(PostedStatement.organisation_id) == organisation_id,
        col(PostedStatement.statement_id).in_([one.id for one in usable]),
    )
    return dict(session.exec(query).all())


def _fate(session: Session, sent: Sent, organisation_id: UUID, at: Moment) -> _Fate:
    about = sent.statement.object
    fate = _Fate(sent, about.id if isinstance(about, XActivity) else "-")
    try:
        course = course_meant(session, organisation_id, fate.course)
        fate.outcome = _outcome(session, sent, course, at)
    except Refusal as refusal:
        fate.refusal = refusal
    return fate


def _outcome(session: Session, sent: Sent, course: OfferedCourse, at: Moment) -> Outcome:
    statement = sent.statement
    person = person_meant(session, course, statement.actor, home=at.home, today=at.today)
    record = record_of(statement, course, day_of(statement, at.now, at.zone))
    digest = hashlib.sha256(_text(sent)).hexdigest()
    return Outcome(str(sent.id), digest, person, record)


def _keep(
    session: Session, organisation_id: UUID, fates: Sequence[_Fate], by: UUID, now: datetime
) -> None:
    """Remember the statements that were used."""
    vault = vault_of(session)
    rows = [
        {
            "organisation_id": organisation_id,
            "statement_id": one.sent.id,
            "digest": _digest(vault, one.sent),
            "record_id": one.outcome.record_id,
            "posted_by": by,
            "posted_at": now,
        }
        for one in fates
        if one.outcome and one.outcome.record_id
    ]
    insert_rows(session, table_of(PostedStatement), rows)


def _arrival(fate: _Fate) -> Arrival:
    outcome = fate.outcome
    return Arrival(
        way=Way.XAPI,
        reference=str(fate.sent.id),
        course=fate.course,
        whom=shown(fate.sent.statement.actor),
        state=outcome.state if outcome else RowState.FAULTY,
        record_id=outcome.record_id if outcome else None,
        refusal=outcome.refusal if outcome else fate.refusal,
    )


def _digest(vault: Vault, sent: Sent) -> bytes:
    return vault.digest("statement", _text(sent).decode())


def _text(sent: Sent) -> bytes:
    return json.dumps(sent.told, sort_keys=True, ensure_ascii=False, default=str).encode()
