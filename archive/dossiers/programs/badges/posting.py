"""Badges of course platforms: verified, then posted as completions of offered courses."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from archive.dossiers.course_models import OfferedCourse
from archive.dossiers.intake.enrolling import take_turns
from archive.dossiers.programs import arrivals, outcomes
from archive.dossiers.programs.arrivals import Arrival, shown_name
from archive.dossiers.programs.badges import credentials, platforms
from archive.dossiers.programs.badges.containers import credential_text
from archive.dossiers.programs.badges.credentials import Badge
from archive.dossiers.programs.badges.platforms import Known
from archive.dossiers.programs.badges.refusals import (
    BadgeExpiredError,
    BadgeIssuerEndedError,
    BadgeIssuerUnknownError,
    BadgeIssuerWaitingError,
    BadgeNotYetError,
    BadgeStatusUncheckedError,
    BadgeUnreadableError,
)
from archive.dossiers.programs.badges.signatures import refuse_unsigned
from archive.dossiers.programs.badges.subjects import person_of
from archive.dossiers.programs.outcomes import Outcome
from archive.dossiers.programs.platform_courses import course_meant
from archive.dossiers.programs.statements import Moment
from archive.people.access import refuse_posting
from archive.people.actors import Actor
from archive.people.models import Organisation
from archive.texts import explained
from schemas.contracts import Bilingual
from schemas.platforms import BadgeReport, BadgeWarning
from schemas.records import Training
from schemas.refusals import Refusal
from schemas.vocabulary import Grade, PlatformAct, RowState, Way


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of a badge: a report, or why it was refused."""

    report: BadgeReport | None = None
    refusal: Refusal | None = None

    @property
    def refused(self) -> Refusal:
        """Why it was refused, to be raised."""
        return self.refusal or BadgeUnreadableError()


@dataclass(frozen=True, slots=True)
class Examined:
    """A badge that was looked at: who issued it, or why it is refused."""

    content: bytes
    badge: Badge | None = None
    platform: Known | None = None
    refusal: Refusal | None = None


def examined(
    session: Session, content: bytes, organisation: Organisation, *, by: Actor, at: Moment
) -> Examined:
    """Read and verify a badge; nothing is fetched, and nothing written.

    This may take a second of a processor, so that nobody should have to wait for it: it is
    done before ``post`` begins to write. Raises NotAllowedError.
    """
    refuse_posting(by, organisation.id)
    badge: Badge | None = None
    try:
        badge = credentials.read(credential_text(content))
        return Examined(content, badge, verified(session, badge, organisation, at=at))
    except Refusal as refusal:
        return Examined(content, badge, refusal=refusal)


def post(
    session: Session, told: Examined, organisation: Organisation, *, by: Actor, at: Moment
) -> Posted:
    """Post the completion that a badge proves.

    A refusal is returned and not raised, so that the trainer's list keeps it; only what is no
    badge at all leaves no trace there. Raises NotAllowedError.
    """
    refuse_posting(by, organisation.id)
    badge, platform = told.badge, told.platform
    if badge is None:
        return Posted(refusal=told.refusal)
    take_turns(session, organisation.id)
    try:
        if platform is None or told.refusal:
            raise told.refusal or BadgeUnreadableError()
        course = course_meant(session, organisation.id, badge.achievement)
        outcome = _outcome(session, badge, course, told.content, at)
    except Refusal as refusal:
        _note(session, organisation, badge, None, refusal, at)
        return Posted(refusal=refusal)
    outcomes.post(session, organisation, [outcome], Way.BADGE, by=by.id, now=at.now, today=at.today)
    _note(session, organisation, badge, outcome, outcome.refusal, at)
    if outcome.refusal is not None:
        return Posted(refusal=outcome.refusal)
    return Posted(report=_report(badge, platform, course, outcome))


def verified(session: Session, badge: Badge, organisation: Organisation, *, at: Moment) -> Known:
    """Return the platform that issued a badge, which is valid at a moment.

    Raises a BadgeRefusedError.
    """
    known = platforms.issuing_as(session, organisation.id, badge.issuer)
    trusted = [one for one in known if one.is_trusted]
    if not trusted:
        raise _untrusted(known)
    refuse_unsigned(badge, [key for one in trusted for key in one.keys])
    if at.now < badge.valid_from:
        raise BadgeNotYetError(day=badge.valid_from.astimezone(at.zone).date())
    if badge.valid_until is not None and at.now >= badge.valid_until:
        raise BadgeExpiredError(day=badge.valid_until.astimezone(at.zone).date())
    return trusted[0]


def _untrusted(known: Sequence[Known]) -> Refusal:
    if not known:
        return BadgeIssuerUnknownError()
    if all(PlatformAct.END in one.steps for one in known):
        return BadgeIssuerEndedError()
    return BadgeIssuerWaitingError()


def _outcome(
    session: Session, badge: Badge, course: OfferedCourse, content: bytes, at: Moment
) -> Outcome:
    person = person_of(session, course, badge.identifiers, today=at.today)
    record = Training(
        course_name=course.title,
        course_code=course.code,
        occupation=course.occupation,
        rank=course.rank,
        hours=course.hours,
        score=badge.points,
        grade=Grade.FAIL if badge.has_failed else Grade.PASS,
        mode=course.mode,
        completed_on=badge.awarded_at.astimezone(at.zone).date(),
    )
    return Outcome(badge.id, hashlib.sha256(content).hexdigest(), person, record)


def _note(
    session: Session,
    organisation: Organisation,
    badge: Badge,
    outcome: Outcome | None,
    refusal: Refusal | None,
    at: Moment,
) -> None:
    arrival = Arrival(
        way=Way.BADGE,
        reference=badge.id,
        course=badge.achievement,
        whom=shown_name(outcome.person.name) if outcome else "*",
        state=outcome.state if outcome else RowState.FAULTY,
        record_id=outcome.record_id if outcome else None,
        refusal=refusal,
    )
    arrivals.note(session, organisation.id, [arrival], now=at.now)


def _report(badge: Badge, platform: Known, course: OfferedCourse, outcome: Outcome) -> BadgeReport:
    unchecked = BadgeStatusUncheckedError()
    warning = BadgeWarning(code=unchecked.code, message=explained(unchecked))
    return BadgeReport(
        state=outcome.state,
        record_id=outcome.record_id,
        platform=platform.own.name,
        course=course.code,
        course_title=Bilingual(zh=course.title, en=course.title_en),
        whom=shown_name(outcome.person.name),
        completed_on=outcome.record.completed_on,
        digest=outcome.digest,
        warnings=(warning,) if badge.has_status else (),
    )
