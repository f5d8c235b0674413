"""What the told workers of the demo district ask of organisations, and declare of themselves.

A request that waits, one that was declined, one that nobody answered and the bureau has, one
that the bureau dismissed; and two self-declared records, of which one waits to be confirmed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from archive.demo.accounts import as_console
from archive.demo.bodies import BUREAU, EMPLOYERS, NAME_OF, PROVIDERS
from archive.demo.decisions import Staff
from archive.demo.lives import District
from archive.dossiers import correction_answers as answers
from archive.dossiers import corrections, declarations
from archive.dossiers.models import Record
from archive.dossiers.redemptions import Moment
from archive.people import look_ups
from archive.people.actors import Acting
from schemas.careers import Experience, Honour
from schemas.corrections import CorrectionTold
from schemas.vocabulary import Act, RecordKind


@dataclass(frozen=True)
class _Asker:
    """A worker of the district, who has the console ask; and who answers."""

    session: Session
    district: District
    staff: Staff
    worker_id: UUID

    def at(self, days_ago: int) -> Moment:
        """Return a moment some days ago."""
        return Moment(self.district.now - timedelta(days=days_ago), self.district.zone)

    @property
    def me(self) -> Acting:
        """Who asks for workers that have no account."""
        return as_console(self.staff.of[BUREAU])

    def misses(self, what: str, organisation: str, days_ago: int) -> UUID:
        """Ask for an addition."""
        told = CorrectionTold(text=what)
        return corrections.ask_addition(
            self.session, self.worker_id, organisation, told, by=self.me, at=self.at(days_ago)
        )

    def training(self, organisation: str) -> UUID | None:
        """Return the first course that an organisation posted, in the order of the posting."""
        mine = (col(Record.worker_id) == self.worker_id, col(Record.act) == Act.ADD)
        body = self.staff.of[organisation].organisation_id
        query = select(Record.id).where(
            *mine,
            col(Record.kind) == RecordKind.TRAINING,
            col(Record.organisation_id) == body,
        )
        return self.session.exec(query.order_by(col(Record.recorded_at), col(Record.id))).first()


def ask(session: Session, district: District, staff: Staff, told: Mapping[str, str]) -> None:
    """Take the steps on those told lives that are there, by name and archive number."""
    for name, steps in (("electrician", _electrician), ("chemist", _chemist)):
        if name in told:
            worker = look_ups.worker_numbered(session, told[name])
            steps(_Asker(session, district, staff, worker.worker_id))


def _electrician(asker: _Asker) -> None:
    """Ask for a correction, miss a record that the organisation does not know, declare two."""
    record = asker.training(PROVIDERS[0])
    if record is not None:
        told = CorrectionTold(
            text="登记的学时少于结业证书上的学时。", right="88学时，以结业证书为准"
        )
        corrections.ask_correction(
            asker.session, asker.worker_id, record, told, by=asker.me, at=asker.at(4)
        )
    case = asker.misses(
        "2018年在贵中心参加的高处作业安全培训没有登记，当时用的是旧手机号。", PROVIDERS[1], 12
    )
    why = CorrectionTold(text="经查2018年学员名册，未找到本人，请提供结业证书或缴费凭证。")
    teacher = asker.staff.of[PROVIDERS[1]]
    answers.decline(asker.session, case, why, by=teacher, at=asker.at(6))
    honour = Honour(
        title="岗位练兵优秀选手", awarding_body=NAME_OF[EMPLOYERS[0]], awarded_on=date(2019, 11, 8)
    )
    _declare(asker, honour, None)
    job = Experience(
        employer_name=NAME_OF[EMPLOYERS[1]],
        post="维修电工",
        started_on=date(2014, 7, 1),
        ended_on=date(2015, 12, 31),
    )
    _declare(asker, job, EMPLOYERS[1])


def _chemist(asker: _Asker) -> None:
    """Miss a record that nobody answers about, and one that the bureau found never was."""
    asker.misses("实验室安全复训（2023年秋季班）没有登记。", PROVIDERS[2], 45)
    case = asker.misses("消防设施操作培训没有登记。", PROVIDERS[0], 40)
    clerk, teacher = asker.staff.of[BUREAU], asker.staff.of[PROVIDERS[0]]
    why = CorrectionTold(text="本中心未开设该课程。")
    answers.decline(asker.session, case, why, by=teacher, at=asker.at(33))
    more = CorrectionTold(text="课程由贵中心与其他单位合办，有报名短信。")
    corrections.go_on(asker.session, case, more, by=asker.me, at=asker.at(28))
    found = CorrectionTold(text="经向两家单位核实，该班次因报名不足未开班。")
    answers.dismiss(asker.session, case, found, by=clerk, at=asker.at(9))


def _declare(asker: _Asker, record: Honour | Experience, organisation: str | None) -> None:
    own = declarations.declare(asker.session, asker.worker_id, record, by=asker.me, at=asker.at(3))
    if organisation is not None:
        declarations.send(asker.session, own, organisation, by=asker.me, at=asker.at(2))
