"""Two who do the same at once: whatever the way in, it is done once. SQLite has one writer."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, select

from archive.db import Database
from archive.dossiers import correction_answers, corrections, declarations
from archive.dossiers.classes import closing, enrolment
from archive.dossiers.classes.models import ClassPosting
from archive.dossiers.correction_refusals import CorrectionActRefusedError, CorrectionWaitingError
from archive.dossiers.declaration_refusals import DeclarationActRefusedError
from archive.dossiers.intake import runs
from archive.dossiers.intake.run_models import IntakeRun
from archive.dossiers.intake.run_refusals import UndoOverError
from archive.dossiers.intake.work import Work
from archive.dossiers.models import Record
from archive.dossiers.programs import batches
from archive.dossiers.programs.batch_splitting import BatchForm, BatchReader
from archive.dossiers.programs.batches import Terms
from archive.dossiers.redemptions import Moment
from archive.files import UploadGoneError
from archive.people.accounts import named
from archive.people.models import Worker
from archive.people.organisations import coded
from archive.web.field_faults import faults_in
from schemas.batches import BatchReport
from schemas.classes import ClassClosed
from schemas.corrections import CorrectionTold
from schemas.refusals import Refusal
from schemas.vocabulary import Act, Role, RunMode, RunState
from tests.builders import NOW, TODAY, a_training, an_account
from tests.test_batches import an_item, lines
from tests.test_classes import attend, members, open_class, person
from tests.test_intake_runs import LATER, Provider, a_file, row
from tests.test_redemptions import house

__all__ = ["house"]
pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
AT = Moment(LATER, ZoneInfo("Asia/Shanghai"))


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Do things at once; return what each returned, or was refused with."""
    gate = Barrier(len(acts))

    def done(act: Callable[[], object]) -> object:
        gate.wait()
        try:
            return act()
        except Refusal as refusal:
            return type(refusal)

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(done, acts))


def within(archive: Database, act: Callable[[Session], object]) -> Callable[[], object]:
    """Return an act in a transaction of its own."""

    def done() -> object:
        with archive.transaction() as session:
            return act(session)

    return done


def counted(archive: Database, table: type) -> int:
    with archive.reading() as session:
        return len(session.exec(select(table)).all())


def test_a_run_with_two_drivers_writes_each_row_once_and_is_undone_once(archive, monkeypatch):
    monkeypatch.setattr(runs, "STEP_ROWS", 2)
    provider = Provider(archive)
    run = provider.begin(a_file(*(row(serial) for serial in range(1, 10))))

    at_once(lambda: provider.drive(run), lambda: provider.drive(run))

    assert (provider.seen(run).state, provider.seen(run).new) == (RunState.DONE, 9)
    assert len(provider.trainings()) == 9

    told = at_once(lambda: provider.undo(run), lambda: provider.undo(run))

    assert UndoOverError in told
    assert provider.seen(run).undone == 9
    assert [one.act for one in provider.trainings()].count(Act.WITHDRAW) == 9


def test_a_file_that_is_discarded_and_begun_at_once_is_one_of_both(archive):
    provider = Provider(archive)
    for serial in range(1, 9):
        with archive.transaction() as session:
            work = provider.kept(session, a_file(row(serial)))

        def discard(session: Session, work: Work = work) -> None:
            runs.discard(session, work.file)

        def begin(session: Session, work: Work = work) -> IntakeRun:
            return runs.begin(session, work, RunMode.GOOD, by=provider.trainer, now=NOW)

        _, run = at_once(within(archive, discard), within(archive, begin))

        if run is not UploadGoneError:
            assert isinstance(run, IntakeRun)
            assert provider.drive(run).new == 1


def test_one_person_whom_two_organisations_enrol_at_once_has_one_dossier(archive):
    provider = Provider(archive)
    with archive.transaction() as session:
        rival = coded(session, "TP02")
    content = a_file(*(row(serial) for serial in range(1, 6)))
    other = Provider.__new__(Provider)
    other.archive, other.organisation, other.trainer = archive, rival, provider.rival

    first, second = at_once(lambda: provider.post(content), lambda: other.post(content))

    for one in (first, second):
        assert isinstance(one, IntakeRun)
        assert (one.state, one.new, one.faulty) == (RunState.DONE, 5, 0)
    assert counted(archive, Worker) == 5
    assert len(provider.trainings()) == 10


def test_a_class_that_two_close_at_once_is_posted_once(house):
    with house.transaction() as session:
        class_id = open_class(session, course="C-202")
        people = [person(serial, "孙丽") for serial in range(20, 26)]
        by = named(session, "school")
        enrolment.enrol(session, class_id, people, by=by, now=NOW, today=TODAY)
        attend(session, class_id, "40", *(one.id for one in members(session, class_id)))
    before = counted(house, Record)

    def close(session: Session) -> object:
        by = named(session, "school")
        return closing.close(session, class_id, without_faulty=True, by=by, now=NOW, today=TODAY)

    first, second = at_once(within(house, close), within(house, close))

    assert isinstance(first, ClassClosed)
    assert first == second
    assert (counted(house, ClassPosting), counted(house, Record) - before) == (6, 12)


def test_a_list_that_a_program_sends_twice_at_once_is_written_once(archive):
    provider = Provider(archive)
    reader = BatchReader(BatchForm.LINES)
    reader.feed(lines(*(an_item(serial) for serial in range(50, 55))))
    batch = reader.finish()

    def commit(session: Session) -> object:
        return batches.commit(
            session,
            batch,
            provider.organisation,
            Terms(key="8e03"),
            faults=faults_in,
            by=provider.trainer,
            now=NOW,
            today=TODAY,
        )

    told = [one for one in at_once(*[within(archive, commit)] * 3) if isinstance(one, BatchReport)]

    assert sorted(one.written for one in told) == [0, 0, 5]
    assert len({one.items for one in told}) == 1
    assert len(provider.trainings()) == 5


def test_what_two_answer_at_once_is_answered_once(archive):
    provider = Provider(archive)
    provider.post(a_file(row(1)))
    record = provider.trainings()[0]
    with archive.transaction() as session:
        me = an_account(session, "worker", Role.WORKER, worker_id=record.worker_id)
        own = declarations.declare(
            session, record.worker_id, a_training(course_name="焊工基础"), by=me, at=AT
        )
        declarations.send(session, own, "TP01", by=me, at=AT)

    def confirm(session: Session) -> object:
        return declarations.confirm(session, own, by=provider.trainer, at=AT)

    told = at_once(within(archive, confirm), within(archive, confirm))
    assert told.count(DeclarationActRefusedError) == 1
    assert len(provider.trainings()) == 2

    wrong = CorrectionTold(text="学时有误", right="40学时")

    def ask(session: Session) -> UUID:
        return corrections.ask_correction(session, record.worker_id, record.id, wrong, by=me, at=AT)

    asked = at_once(within(archive, ask), within(archive, ask))
    assert asked.count(CorrectionWaitingError) == 1
    [case_id] = (one for one in asked if isinstance(one, UUID))

    def decline(session: Session) -> None:
        correction_answers.decline(session, case_id, wrong, by=provider.trainer, at=AT)

    def withdraw(session: Session) -> None:
        corrections.withdraw(session, case_id, by=me, at=AT)

    assert at_once(*[within(archive, decline)] * 2).count(CorrectionActRefusedError) == 1
    assert at_once(*[within(archive, withdraw)] * 2).count(CorrectionActRefusedError) == 1
