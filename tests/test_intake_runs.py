"""Posted files are written in steps: each row once, whoever drives, whatever stops it."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from time import monotonic, sleep

import pytest
from sqlmodel import Session, col, select

from archive.bureau import dossier_closures, nightly
from archive.db import Database
from archive.dossiers import records, writing
from archive.dossiers.errors import RecordExistsError
from archive.dossiers.intake import driving, kept_files, posted_files, runs, undoing
from archive.dossiers.intake.choices import Choice
from archive.dossiers.intake.desk import keep
from archive.dossiers.intake.kept_files import UploadQuotaError
from archive.dossiers.intake.run_models import IntakeFile, IntakeRun, IntakeStep
from archive.dossiers.intake.run_refusals import (
    AllTooManyError,
    ListUnreadableError,
    RunOverError,
    RunUnknownError,
    UndoBlockedError,
    UndoOverError,
    UndoReasonMissingError,
)
from archive.dossiers.intake.work import Work, open_work
from archive.dossiers.models import IntakeBatch, Record
from archive.dossiers.records import content_of
from archive.errors import StorageFullError
from archive.files import UploadGoneError
from archive.jobs.desk import PlainSteps
from archive.people import closures
from archive.people.accreditation_models import Accreditation
from archive.people.personal_models import Closure
from archive.people.synthetic import resident_number
from credit_bank import bank
from schemas.vocabulary import Account as Units
from schemas.vocabulary import (
    AccreditationAct,
    Act,
    ClosureAct,
    RecordKind,
    RowState,
    RunMode,
    RunState,
)
from tests.builders import NOW, TODAY, an_account, an_organisation

HEADER = "姓名,身份证号,课程名称,职业（工种）,学时,出勤率,成绩,结业日期"
LATER = NOW + timedelta(hours=1)


def row(serial: int, hours: object = 36) -> str:
    number = resident_number(date(1990, 5, 17), serial)
    return f"李明华,{number},电工技能提升,电工,{hours},95%,88,2025-02-01"


def a_file(*rows: str) -> bytes:
    return "\n".join((HEADER, *rows)).encode()


def refusing(add):
    """Refuse 13 hours, as when somebody else records a certificate's number between two looks."""

    def adding(self, worker_id, record, posting):
        if getattr(record, "hours", 0) == 13:
            raise RecordExistsError(record=worker_id)
        return add(self, worker_id, record, posting)

    return adding


def wait_until_somebody_waits(session: Session) -> None:
    waiting = "SELECT 1 FROM pg_locks WHERE NOT granted"
    waiting += " AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
    until = monotonic() + 20
    while not session.connection().exec_driver_sql(waiting).all():
        assert monotonic() < until
        sleep(0.01)


class Provider:
    """An organisation with a trainer, and what it does with files."""

    def __init__(self, archive: Database) -> None:
        self.archive = archive
        with archive.transaction() as session:
            self.organisation = an_organisation(session)
            self.trainer = an_account(session, organisation=self.organisation)
            other = an_organisation(session, code="TP02")
            self.rival = an_account(session, name="rival", organisation=other)

    def begin(self, content: bytes, mode: RunMode = RunMode.GOOD) -> IntakeRun:
        with self.archive.transaction() as session:
            work = self.kept(session, content)
            return runs.begin(session, work, mode, by=self.trainer, now=NOW)

    def kept(self, session: Session, content: bytes) -> Work:
        whose, by = self.organisation, self.trainer
        work = keep(session, content, "名单.csv", whose, by=by, now=NOW, today=TODAY)
        assert isinstance(work, Work)
        return work

    def drive(self, run: IntakeRun) -> IntakeRun:
        driving.drive(self.archive, run.id, zone=UTC, clock=lambda: LATER)
        return self.seen(run)

    def post(self, content: bytes, mode: RunMode = RunMode.GOOD) -> IntakeRun:
        return self.drive(self.begin(content, mode))

    def killed_after(self, driver: driving.Driver) -> None:
        """Take a step in a transaction that does not happen."""
        with self.archive.transaction() as session:
            driver.step(session, LATER)
            raise ZeroDivisionError

    def seen(self, run: IntakeRun) -> IntakeRun:
        with self.archive.reading() as session:
            return session.get_one(IntakeRun, run.id)

    def undo(self, run: IntakeRun, reason: str = "名单报错了", now: datetime = LATER) -> IntakeRun:
        with self.archive.transaction() as session:
            undoing.begin(session, run.id, reason, by=self.trainer, now=now)
        steps = PlainSteps(self.archive, lambda: now)
        driving.undo_job(steps, str(run.id), UTC)
        return self.seen(run)

    def take_back(self, run: IntakeRun) -> None:
        with self.archive.transaction() as session:
            undoing.take_step(session, run.id, now=LATER)

    def correct(self, session: Session, row: Record) -> None:
        told = content_of(session, row).model_copy(update={"hours": 40})
        records.correct(
            session,
            row.worker_id,
            row.id,
            told,
            reason="学时有误",
            by=self.trainer,
            now=LATER,
            today=TODAY,
        )

    def trainings(self) -> list[Record]:
        with self.archive.reading() as session:
            mine = Record.kind == RecordKind.TRAINING
            return list(session.exec(select(Record).where(mine).order_by(col(Record.id))))

    def available(self) -> int:
        with self.archive.reading() as session:
            workers = {one.worker_id for one in self.trainings()}
            return sum(bank.balances(session, one)[Units.AVAILABLE] for one in workers)


@pytest.fixture
def provider(archive: Database, monkeypatch: pytest.MonkeyPatch) -> Provider:
    monkeypatch.setattr(runs, "STEP_ROWS", 3)
    monkeypatch.setattr(undoing, "STEP_RECORDS", 3)
    return Provider(archive)


@pytest.fixture
def small(sqlite_archive: Database, monkeypatch: pytest.MonkeyPatch) -> Provider:
    monkeypatch.setattr(runs, "STEP_ROWS", 3)
    monkeypatch.setattr(undoing, "STEP_RECORDS", 3)
    return Provider(sqlite_archive)


def test_a_file_is_written_in_steps_and_its_rows_tell_what_became_of_them(provider):
    content = a_file(*(row(serial) for serial in range(1, 8)), row(8, hours=-1), row(2))

    run = provider.post(content)

    assert (run.state, run.position, run.rows) == (RunState.DONE, 9, 9)
    assert (run.new, run.faulty, run.duplicate) == (7, 1, 1)
    with provider.archive.reading() as session:
        assert len(session.exec(select(IntakeStep)).all()) == 3
        file, found = posted_files.found(session, run)
        shown = posted_files.shown(session, run, now=LATER)
    assert file.name == shown.file_name == "名单.csv"
    states = [one.state for one in found.rows]
    assert states == [RowState.NEW] * 7 + [RowState.FAULTY, RowState.DUPLICATE]
    assert [one.record_id for one in found.rows[:7]] == [
        one.original_id for one in provider.trainings()
    ]
    assert [(one.row, one.code) for one in found.findings] == [
        (9, "hours_not_positive"),
        (10, "row_repeated"),
    ]
    assert shown.codes == {"hours_not_positive": 1, "row_repeated": 1}
    assert len({one.recorded_at for one in provider.trainings()}) == 1


def test_whoever_takes_a_run_over_writes_what_is_left_and_nothing_twice(provider):
    content = a_file(*(row(serial) for serial in (1, 2, 3, 4, 5, 1, 6)))
    run = provider.begin(content)
    first = driving.Driver(run.id, UTC)
    with provider.archive.transaction() as session:
        assert first.step(session, LATER).position == 3

    run = provider.drive(run)

    assert (run.new, run.duplicate) == (6, 1)
    assert len(provider.trainings()) == 6
    with provider.archive.transaction() as session:
        assert first.step(session, LATER).state is RunState.DONE
    assert len(provider.trainings()) == 6


def test_a_step_whose_transaction_fails_is_taken_again_from_the_same_place(provider):
    run = provider.begin(a_file(*(row(serial) for serial in range(1, 6))))
    driver = driving.Driver(run.id, UTC)
    with pytest.raises(ZeroDivisionError):
        provider.killed_after(driver)
    assert (provider.seen(run).position, provider.trainings()) == (0, [])

    for _ in range(2):
        with provider.archive.transaction() as session:
            driver.step(session, LATER)
    assert provider.seen(run).new == len(provider.trainings()) == 5


def test_the_same_file_at_once_is_one_run_and_afterwards_shows_what_came_of_it(small):
    content = a_file(row(1), row(2))
    run = small.begin(content)
    assert small.begin(content).id == run.id
    small.drive(run)

    with small.archive.reading() as session:
        digest, whose = run.digest, small.organisation.id
        found = runs.settled(session, whose, digest)
        assert found is not None
        assert found.id == run.id
        assert runs.settled(session, small.rival.organisation_id, digest) is None

    again = small.post(content)
    assert (again.new, again.same) == (0, 2)
    with small.archive.reading() as session:
        assert len(session.exec(select(IntakeBatch)).all()) == 1


def test_faulty_rows_and_an_undo_free_a_file_to_be_sent_again(small):
    faulty = small.post(a_file(row(1), row(2, hours="x")))
    whole = small.post(a_file(row(3)))
    small.undo(whole)

    with small.archive.reading() as session:
        for run in (faulty, whole):
            assert runs.settled(session, run.organisation_id, run.digest) is None


def test_all_or_nothing_writes_nothing_when_a_row_is_faulty(provider):
    rows = [row(serial) for serial in range(1, 6)]

    refused = provider.post(a_file(*rows, row(6, hours="x")), RunMode.ALL)
    assert (refused.state, refused.faulty, refused.written) == (RunState.REFUSED, 1, 0)
    assert provider.trainings() == []

    written = provider.post(a_file(*rows), RunMode.ALL)
    assert (written.state, written.new) == (RunState.DONE, 5)


def test_all_or_nothing_is_for_lists_that_one_transaction_can_bear(small, monkeypatch):
    monkeypatch.setattr(runs, "MOST_AT_ONCE", 2)
    with pytest.raises(AllTooManyError):
        small.begin(a_file(row(1), row(2), row(3)), RunMode.ALL)


def test_a_run_is_stopped_between_two_steps_and_what_it_wrote_can_be_undone(small):
    run = small.begin(a_file(*(row(serial) for serial in range(1, 6))))
    with small.archive.transaction() as session:
        driving.Driver(run.id, UTC).step(session, NOW)
        with pytest.raises(RunUnknownError):
            runs.cancel(session, run.id, by=small.rival, now=NOW)
        runs.cancel(session, run.id, by=small.trainer, now=NOW)

    assert small.drive(run).state is RunState.CANCELLED
    assert len(small.trainings()) == 3
    with pytest.raises(RunOverError), small.archive.transaction() as session:
        runs.cancel(session, run.id, by=small.trainer, now=NOW)
    assert (small.undo(run).state, small.seen(run).undone) == (RunState.UNDONE, 3)


def test_a_row_that_is_refused_while_it_is_written_stops_no_other(small, monkeypatch):
    monkeypatch.setattr(writing.DossierWriter, "add", refusing(writing.DossierWriter.add))
    run = small.post(a_file(row(1), row(2, hours=13), row(3), row(4)))

    assert (run.state, run.new, run.faulty) == (RunState.DONE, 3, 1)
    with small.archive.reading() as session:
        _, found = posted_files.found(session, run)
    assert [(one.row, one.code) for one in found.findings] == [(3, "record_exists")]
    assert len(small.trainings()) == 3


def test_all_or_nothing_writes_nothing_when_a_row_is_refused_while_it_is_written(
    small, monkeypatch
):
    monkeypatch.setattr(writing.DossierWriter, "add", refusing(writing.DossierWriter.add))

    run = small.post(a_file(row(1), row(2, hours=13), row(3)), RunMode.ALL)

    assert (run.state, run.new, run.faulty) == (RunState.REFUSED, 0, 1)
    assert small.trainings() == []


def test_undoing_takes_back_records_and_corrections_and_the_file_can_be_posted_again(provider):
    before = provider.post(a_file(row(1, hours=16)))
    earned = provider.available()
    content = a_file(row(1, hours=48), *(row(serial) for serial in range(2, 7)))
    run = provider.post(content)
    assert (run.new, run.changed) == (5, 1)

    undone = provider.undo(run)

    assert (undone.state, undone.undone) == (RunState.UNDONE, 6)
    assert provider.available() == earned
    acts = [one.act for one in provider.trainings()]
    assert (acts.count(Act.WITHDRAW), acts.count(Act.CORRECT)) == (5, 2)
    with provider.archive.reading() as session:
        newest = records.newest_version(
            session, provider.trainings()[0].worker_id, provider.trainings()[0].id
        )
        assert getattr(content_of(session, newest), "hours", None) == 16
    again = provider.post(content)
    assert (again.new, again.changed, again.faulty) == (5, 1, 0)
    assert provider.seen(before).state is RunState.DONE

    assert provider.undo(again).undone == 6
    assert provider.available() == earned


def test_nothing_is_undone_while_something_rests_on_a_record(small):
    run = small.post(a_file(row(1), row(2)))
    first = small.trainings()[0]
    with small.archive.transaction() as session:
        small.correct(session, first)

    with pytest.raises(UndoBlockedError) as refused:
        small.undo(run)

    assert (refused.value.facts["count"], refused.value.facts["rows"]) == (1, "2")
    assert small.seen(run).state is RunState.DONE


def test_what_a_record_said_before_is_restored_though_its_day_is_not_accredited_any_more(small):
    header, first, other = f"{HEADER},外部编号", f"{row(1)},X-1", f"{row(2)},X-2"
    small.post(f"{header}\n{first}\n{other}".encode())
    later = [first.replace("2025-02-01", "2025-02-20"), other.replace(",88,", ",90,")]
    run = small.post("\n".join((header, *later)).encode())
    assert run.changed == 2
    with small.archive.transaction() as session:
        session.add(
            Accreditation(
                organisation_id=small.organisation.id,
                act=AccreditationAct.FILING,
                first_on=date(2025, 2, 10),
                document="示例备〔2025〕1号",
                recorded_by=small.trainer.id,
                recorded_at=LATER,
            )
        )

    assert (small.undo(run).state, small.seen(run).undone) == (RunState.UNDONE, 2)
    days = [one.effective_on for one in small.trainings() if one.act is Act.CORRECT]
    assert sorted(days) == [date(2025, 2, 1), date(2025, 2, 1), date(2025, 2, 1), date(2025, 2, 20)]


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)  # On SQLite they take turns.
def test_what_somebody_corrects_while_a_file_is_undone_stays_as_corrected(provider):
    run = provider.post(a_file(row(1), row(2)))
    first = provider.trainings()[0]
    with provider.archive.transaction() as session:
        undoing.begin(session, run.id, "名单报错了", by=provider.trainer, now=LATER)

    with ThreadPoolExecutor(1) as beside:
        with provider.archive.transaction() as session:
            provider.correct(session, first)
            session.flush()
            step = beside.submit(provider.take_back, run)
            wait_until_somebody_waits(session)
        step.result()

    assert (provider.seen(run).state, provider.seen(run).undone) == (RunState.UNDONE, 1)
    acts = [one.act for one in provider.trainings() if one.worker_id == first.worker_id]
    assert acts == [Act.ADD, Act.CORRECT]


def test_an_undo_needs_a_reason_and_comes_within_a_week_and_once(small):
    run = small.post(a_file(row(1)))
    with pytest.raises(UndoReasonMissingError):
        small.undo(run, reason="  ")
    with pytest.raises(UndoOverError):
        small.undo(run, now=LATER + timedelta(days=7))
    small.undo(run)
    with pytest.raises(UndoOverError):
        small.undo(run)


def test_a_run_is_read_as_it_was_begun_whatever_is_chosen_for_its_file_later(small):
    run = small.begin(a_file(row(1)))
    with small.archive.transaction() as session:
        files = kept_files.kept_files(session)
        file = files.of_run(session, run.file_id)
        file = files.choose(session, file, Choice(kind=RecordKind.CERTIFICATE), RunMode.GOOD)
        with pytest.raises(ListUnreadableError):
            open_work(session, file, today=TODAY)
    assert small.drive(run).new == 1


def test_a_run_that_nobody_drives_any_more_is_taken_up_by_a_job(small):
    run = small.begin(a_file(row(1)))
    assert driving.take_up(small.archive, now=NOW) == 0
    assert driving.take_up(small.archive, now=NOW + driving.LEFT_ALONE) == 1
    report = driving.run_job(PlainSteps(small.archive, lambda: LATER), str(run.id), UTC)
    assert report.state is RunState.DONE


def test_files_are_kept_a_day_then_a_month_and_then_open_no_more(small):
    waiting = small.begin(a_file(row(9)))
    with small.archive.transaction() as session:
        files = kept_files.kept_files(session)
        unwritten = files.keep(
            session,
            "b.csv",
            a_file(row(7)),
            small.organisation.id,
            choice=Choice(),
            by=small.trainer.id,
            now=NOW,
        )
        assert files.sweep(session, now=NOW + timedelta(hours=25)) == 1
        with pytest.raises(UploadGoneError):
            files.of_run(session, unwritten)
    small.drive(waiting)
    with small.archive.transaction() as session:
        assert kept_files.kept_files(session).sweep(session, now=NOW + timedelta(days=29)) == 0
    later = PlainSteps(small.archive, lambda: NOW + timedelta(days=31))
    assert nightly.run(later, "2025-04-01", UTC).files_forgotten == 1
    with small.archive.transaction() as session:
        shown = posted_files.shown(session, session.get_one(IntakeRun, waiting.id), now=LATER)
        assert (shown.file_name, shown.kept_until, shown.undo_until) == (None, None, None)
        assert (shown.written, session.exec(select(IntakeFile)).all()) == (1, [])


def test_whoever_is_erased_is_read_in_no_posted_file_any_more(small):
    run, other = small.post(a_file(row(1), row(2))), small.post(a_file(row(3)))
    whose = next(one.worker_id for one in small.trainings())
    assert (
        ClosureAct.ERASE in dossier_closures.ACTION_OF
    )  # Its import tells what goes with a person.
    with small.archive.transaction() as session:
        told = {"sealed": b"x", "proposed_by": small.trainer.id, "decided_at": LATER}
        closures.decide(session, Closure(worker_id=whose, act=ClosureAct.ERASE, **told), now=LATER)

    with small.archive.reading() as session:
        shown = [posted_files.shown(session, one, now=LATER) for one in (run, other)]
        assert [one.file_name for one in shown] == [None, "名单.csv"]
        with pytest.raises(UploadGoneError):
            posted_files.found(session, run)


def test_an_organisation_has_its_share_of_the_disk_and_a_full_one_is_told(small, monkeypatch):
    monkeypatch.setattr(kept_files, "MOST_BYTES", 100)
    with pytest.raises(UploadQuotaError):
        small.begin(a_file(row(1)))
    monkeypatch.undo()

    def full(*_told: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFullError):
        small.begin(a_file(row(1)))
    monkeypatch.undo()
    folder = small.archive.info["home"] / kept_files.FOLDER
    assert list(folder.iterdir()) == []
    assert small.post(a_file(row(1))).new == 1
