"""What was decided in the demo district about told lives: appeals, a pair, a suspension, uses.

Through the services, each step by who may take it. Steps on the demo account's own dossier
are of today, because its last entries are; on the others' they lie days apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from archive.bureau import annulments, reviews, suspensions
from archive.demo.accounts import as_console
from archive.demo.bodies import BUREAU, PROVIDERS, TECHNICAL_SCHOOL
from archive.demo.lives import District
from archive.dossiers import appeals, offers, records, redemptions
from archive.dossiers.models import Record
from archive.dossiers.redemptions import Moment
from archive.dossiers.sealing import Source
from archive.people import approvals, look_ups
from archive.people.actors import Acting
from archive.people.models import Account, Worker
from credit_bank.models import Entry
from schemas.suspensions import SuspensionAsked
from schemas.vocabulary import Act, Cause, Decision, PairVerdict, RecordKind, Way

SUSPENDED = "叉车安全操作实训"
"""The course whose credits are held; only told lives take it."""
_SUSPENDED_SINCE_DAYS = 9


@dataclass(frozen=True)
class Staff:
    """Who acts: an account for each organisation, and the bureau's second person."""

    of: Mapping[str, Account]
    approver: Account


@dataclass(frozen=True)
class _Scene:
    """A worker of the district, and who acts on the dossier."""

    session: Session
    district: District
    staff: Staff
    worker: Worker

    def at(self, days_ago: int = 0) -> Moment:
        """Return a moment some days ago."""
        zone = self.district.zone
        return Moment(self.district.now - timedelta(days=days_ago), zone)

    def when(self, days_ago: int = 0) -> datetime:
        return self.at(days_ago).now

    @property
    def console(self) -> Acting:
        """Who applies and appeals for workers that have no account."""
        return as_console(self.staff.of[BUREAU])

    def record(self) -> UUID:
        """Return the course that was posted last."""
        mine = (col(Record.worker_id) == self.worker.worker_id, col(Record.act) == Act.ADD)
        query = select(Record).where(*mine, col(Record.kind) == RecordKind.TRAINING)
        found = sorted(self.session.exec(query), key=lambda row: (row.recorded_at, row.id))
        return found[-1].id


def decide(session: Session, district: District, staff: Staff, told: Mapping[str, str]) -> None:
    """Take the steps on those told lives that are there, by name and archive number."""
    tellers = {"electrician": _electrician, "mechanic": _mechanic, "chemist": _chemist}
    for name, tell in tellers.items():
        if name in told:
            worker = look_ups.worker_numbered(session, told[name])
            tell(_Scene(session, district, staff, worker))
    if "electrician" in told:
        _suspend(session, district, staff)


def _electrician(scene: _Scene) -> None:
    """Appeal against the newest course: its organisation has to answer, and the clock runs."""
    entry = _granted(scene, scene.record())
    if entry:
        appeals.file_appeal(
            scene.session,
            scene.worker.worker_id,
            entry,
            text="实际授课40学时，报送为24学时，有签到表和课程表为证，请予核对更正。",
            by=scene.console,
            now=scene.when(),
            zone=scene.district.zone,
        )


def _mechanic(scene: _Scene) -> None:
    """Use the only credits; the record is withdrawn afterwards, so that they are owed."""
    case_id = _apply(scene, f"{TECHNICAL_SCHOOL}:EX-11", days_ago=30)
    if case_id is None:
        return
    school, provider = scene.staff.of[TECHNICAL_SCHOOL], scene.staff.of[PROVIDERS[0]]
    redemptions.accept(scene.session, case_id, by=school, at=scene.at(26))
    records.withdraw(
        scene.session,
        scene.worker.worker_id,
        scene.record(),
        reason="经复核签到记录，本人未参加该班次，系同名学员误报，撤回本条",
        by=provider,
        now=scene.when(8),
        source=Source(way=Way.DEMO),
    )


def _chemist(scene: _Scene) -> None:
    """Live through every kind of case, in the order of the days."""
    session, staff, worker_id = scene.session, scene.staff, scene.worker.worker_id
    clerk = staff.of[BUREAU]
    _find_distinct(scene, clerk)
    declined = _apply(scene, f"{TECHNICAL_SCHOOL}:EX-11", days_ago=35)
    if declined:
        why = "申请免修的课程与已修课程内容不符，建议改选《实验室安全》模块。"
        school = staff.of[TECHNICAL_SCHOOL]
        redemptions.decline(session, declined, text=why, by=school, at=scene.at(31))
    appealed = _granted(scene, scene.record())
    case_id = appealed and appeals.file_appeal(
        session,
        worker_id,
        appealed,
        text="出勤应为95%，因设备故障漏签两次，请核对。",
        by=scene.console,
        now=scene.when(30),
        zone=scene.district.zone,
    )
    _accept_and_annul(scene, clerk)
    if case_id:
        _reject_and_escalate(scene, case_id)


def _find_distinct(scene: _Scene, clerk: Account) -> None:
    whose = scene.worker.worker_id
    waits = [
        one
        for one in reviews.waiting(scene.session)
        if one.archive_number == scene.worker.archive_number
    ]
    for pair in waits[:1]:
        reviews.decide(
            scene.session,
            whose,
            pair.later_id,
            verdict=PairVerdict.DISTINCT,
            text="两班次大纲、学时和考核均不同，分别计算。",
            by=clerk,
            now=scene.when(36),
            today=scene.at(36).today,
        )


def _accept_and_annul(scene: _Scene, clerk: Account) -> None:
    case_id = _apply(scene, f"{PROVIDERS[0]}:EX-01", days_ago=28)
    if case_id is None:
        return
    provider = scene.staff.of[PROVIDERS[0]]
    redemptions.accept(scene.session, case_id, by=provider, at=scene.at(25))
    proposal = annulments.propose(
        scene.session,
        case_id,
        text="受理机构误将其他学员的申请办结，依申请予以撤销。",
        by=clerk,
        now=scene.when(14),
        zone=scene.district.zone,
    )
    _approve(scene.session, proposal.id, scene.staff, scene.when(13))


def _reject_and_escalate(scene: _Scene, case_id: UUID) -> None:
    zone = scene.district.zone
    appeals.answer(
        scene.session,
        case_id,
        is_upheld=False,
        text="经核对签到系统，出勤为85%，原报送无误。",
        by=scene.staff.of[PROVIDERS[1]],
        now=scene.when(12),
        zone=zone,
    )
    appeals.escalate(
        scene.session,
        case_id,
        text="签到系统当日检修，有带班老师证明，请求复核。",
        by=scene.console,
        now=scene.when(3),
        zone=zone,
    )


def _suspend(session: Session, district: District, staff: Staff) -> None:
    """Hold the credits of one course of one provider, by two persons of the bureau."""
    decided_on = district.today - timedelta(days=_SUSPENDED_SINCE_DAYS)
    asked = SuspensionAsked(
        organisation=PROVIDERS[1],
        begins_on=decided_on - timedelta(days=500),
        ends_on=decided_on - timedelta(days=1),
        courses=(SUSPENDED,),
        number=f"光人资决〔{decided_on.year}〕17号（虚构）",
        decided_on=decided_on,
        reason="抽查发现部分班次签到记录与门禁记录不一致，核查期间暂停使用相关学分。",
    )
    clerk, now = staff.of[BUREAU], district.now
    proposal = suspensions.propose(session, asked, by=clerk, now=now, today=district.today)
    _approve(session, proposal.id, staff, now)


def _approve(session: Session, proposal_id: UUID, staff: Staff, now: datetime) -> None:
    approvals.answer(session, proposal_id, is_approved=True, by=staff.approver, now=now)


def _apply(scene: _Scene, offer_code: str, *, days_ago: int) -> UUID | None:
    """Apply where the credits do; None when they do not."""
    at = scene.at(days_ago)
    offer = offers.named(scene.session, offer_code, at.today)
    if not redemptions.preview(scene.session, scene.worker, offer, at=at).is_possible:
        return None
    return redemptions.apply(scene.session, scene.worker, offer, by=scene.console, at=at)


def _granted(scene: _Scene, record_id: UUID) -> UUID | None:
    """Return the line by which a record earned credits."""
    query = select(Entry.id).where(
        col(Entry.worker_id) == scene.worker.worker_id,
        col(Entry.outcome_id) == record_id,
        col(Entry.cause) == Cause.GRANT,
        col(Entry.decision) == Decision.GRANTED,
    )
    return scene.session.exec(query).first()
