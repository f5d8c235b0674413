"""A file that is judged part by part, in several transactions: the outcome is the whole's."""

import random
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from sqlmodel import col, select

from archive.dossiers import records
from archive.dossiers.intake import Choice
from archive.dossiers.intake.enrolling import append
from archive.dossiers.intake.matching import Candidate, Said, match
from archive.dossiers.intake.plan import WRITTEN, Readable, candidates_of, read
from archive.dossiers.models import IntakeBatch, Record
from archive.dossiers.sealing import Source, source_of
from archive.dossiers.writing import Posting, writing
from archive.people import synthetic
from schemas.ids import new_id
from schemas.vocabulary import RecordKind, RowState, Way
from tests.builders import NOW, TODAY, an_account, an_organisation

BORN = date(1990, 5, 17)
ANNE, BO, CAI, DING = (synthetic.resident_number(BORN, serial) for serial in (1, 2, 3, 4))
HEADER = "姓名,身份证号,职业,等级,证书编号,发证日期,业务编号"


def certificate(serial: int) -> str:
    return f"S0000440300012440000{serial:02}"


def row(name: str, number: str, serial: int, day: str = "2024-06-01", outer: str = "") -> str:
    return f"{name},{number},电工,四级,{certificate(serial)},{day},{outer}"


ON_FILE = (row("安妮", ANNE, 1, outer="A1"), row("安妮", ANNE, 2))
ROWS = (
    row("安妮", ANNE, 3, outer="A1"),  # Changed: lets certificate 1 go.
    row("安妮", ANNE, 2),  # The same as on file.
    row("波", BO, 4),
    row("波", BO, 4),  # Said twice.
    row("才", CAI, 1),  # Anne's until a moment ago.
    row("彩", CAI, 5),  # Another name for a number that the file brought.
    row("波", BO, 4, "2024-06-02"),  # One number, two days: another record of the same person.
    row("才", CAI, 4),  # Bo's, since row 4.
    row("才", CAI, 6, outer="B1"),
    row("丁", DING, 6, outer="B1"),  # Cai's number and the organisation's own identifier.
    row("安妮", ANNE, 2, "2030-01-01"),  # Cannot be read.
    row("才", CAI, 7, outer="B1"),  # What row 10 said, with another number.
    row("安娜", ANNE, 8),  # Not the name on file.
    row("丁", DING, 9),
)


class Scene:
    """A list and its organisation, whose trainer posted two certificates before."""

    def __init__(self, session) -> None:
        self.session = session
        self.organisation = an_organisation(session)
        self.trainer = an_account(session, organisation=self.organisation)
        self.posting = Posting(self.organisation.id, self.trainer.id, NOW)
        self.write(self.judge(self.read(*ON_FILE)))

    def read(self, *rows: str) -> list[Candidate]:
        content = "\n".join((HEADER, *rows)).encode()
        found = read(content, Choice(kind=RecordKind.CERTIFICATE))
        assert isinstance(found, Readable)
        return list(candidates_of(found, found.table.rows, TODAY))

    def judge(self, part: list[Candidate], said: Said | None = None) -> list[Candidate]:
        match(self.session, self.organisation.id, part, today=TODAY, said=said)
        return part

    def write(self, part: list[Candidate]) -> None:
        source = source_of(Way.FORM, {})
        rows = [(one, source) for one in part if one.state in WRITTEN]
        append(self.session, rows, self.posting, is_demo=False)

    def undo(self, known) -> None:
        """Withdraw a record as the undoing of a file does."""
        batch = IntakeBatch(
            id=new_id(),
            organisation_id=self.organisation.id,
            digest=b"digest",
            kind=RecordKind.CERTIFICATE,
            rows=1,
            written=1,
            posted_by=self.trainer.id,
            posted_at=NOW,
        )
        self.session.add(batch)
        self.session.flush()
        source = Source(file_name="名单.csv", batch_id=batch.id, row=2, cells={})
        with writing(self.session, [known.worker_id]) as writer:
            posting = replace(self.posting, source=source)
            writer.withdraw(known.worker_id, known.id, self.content(known), posting, "撤销导入")

    def content(self, known):
        return records.content_of(self.session, known)

    def listed(self) -> list[Record]:
        """Return the certificates on file."""
        query = select(Record).where(col(Record.kind) == RecordKind.CERTIFICATE)
        return list(self.session.exec(query))


@pytest.fixture
def scene(sqlite_archive):
    with sqlite_archive.transaction() as opened:
        yield Scene(opened)


def outcome(rows: list[Candidate]) -> list[tuple[int, RowState, list[tuple[str, str]]]]:
    return [
        (one.row, one.state, [(f.refusal.code, str(f.refusal)) for f in one.faults]) for one in rows
    ]


def parts_of(rows: list[Candidate], cuts: list[int]) -> list[list[Candidate]]:
    places = [0, *cuts, len(rows)]
    return [rows[start:end] for start, end in pairwise(places)]


def test_parts_of_a_file_tell_what_the_whole_tells_whether_written_meanwhile_or_not(scene) -> None:
    whole = outcome(scene.judge(scene.read(*ROWS)))
    assert {state for _, state, _ in whole} == set(RowState)
    codes = {code for _, _, faults in whole for code, _ in faults}
    assert codes == {
        "record_changes",
        "row_repeated",
        "certificate_taken",
        "name_differs_in_file",
        "number_twice",
        "day_in_future",
        "row_contradicts",
        "name_differs",
    }
    drawn = random.Random(5)
    numbers = range(1, len(ROWS))
    cuttings = [list(numbers), *(sorted(drawn.sample(numbers, n)) for n in (1, 2, 3, 5, 8))]
    for cuts in cuttings:
        for writes in (False, True):
            attempt, said = scene.session.begin_nested(), Said()
            rows = scene.read(*ROWS)
            for part in parts_of(rows, cuts):
                scene.judge(part, said)
                if writes:
                    scene.write(part)
            assert outcome(rows) == whole, (cuts, writes)
            attempt.rollback()


def test_a_part_is_judged_and_written_again_after_an_attempt_that_failed(scene) -> None:
    whole = outcome(scene.judge(scene.read(*ROWS)))
    said, rows = Said(), scene.read(*ROWS)
    for part in parts_of(rows, [3, 6, 9]):
        attempt = scene.session.begin_nested()
        scene.write(scene.judge(part, said))
        attempt.rollback()
        for one in part:
            one.faults[:] = [fault for fault in one.faults if fault.refusal.code == "day_in_future"]
        scene.write(scene.judge(part, said))

    assert outcome(rows) == whole
    again = [one.row for one in scene.judge(scene.read(*ROWS)) if one.state in WRITTEN]
    assert again == [6]  # The number that Anne's record let go is free by now.


def test_a_record_that_went_with_its_file_is_new_again_and_one_withdrawn_is_not(scene) -> None:
    held = {scene.content(one).outer_id: one for one in scene.listed()}
    scene.undo(held["A1"])
    alone = {"reason": "误报", "by": scene.trainer, "now": NOW}
    records.withdraw(scene.session, held[None].worker_id, held[None].id, **alone)

    rows = scene.judge(scene.read(*ON_FILE))

    assert [one.state for one in rows] == [RowState.NEW, RowState.FAULTY]
    assert [fault.refusal.code for fault in rows[1].faults] == ["record_withdrawn"]
    scene.write(rows)
    assert scene.judge(scene.read(ON_FILE[0]))[0].state is RowState.SAME
