"""What a file writes, byte for byte, but for what is drawn by lot: as it was before it was fast.

The golden rows were written by the release before bulk writing; whoever changes them on
purpose says why, for chains and proofs rest on them.
"""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from uuid import UUID

from sqlmodel import select

from archive.audit.acts import Act, acting
from archive.db import Database
from archive.dossiers import intake, records
from archive.dossiers.models import Record
from archive.dossiers.sealing import COLUMN
from archive.people.privacy import PersonKey, vault_of
from archive.people.synthetic import resident_number
from archive.settings import Settings
from tests.builders import NOW, TODAY, a_training, an_account, an_organisation

GOLDEN = Path(__file__).parent / "golden" / "written_rows.json"
WHO = [
    f"{name},{resident_number(date(1990, 3, 1), serial)}"
    for serial, name in enumerate(("李明华", "王芳", "买买提·艾力", "Anna Kim"))
]
COURSES = (
    "姓名,身份证号,课程名称,职业,等级,学时,出勤率,成绩,开班日期,结业日期,业务编号,备注",
    f"{WHO[0]},电工初级班,电工,初级工,80,95%,86,2024-03-05,2024-03-20,,",
    f'{WHO[1]},电工初级班,电工,初级工,80,95%,51,2024-03-05,2024-03-20,,"“补”\t考"',
    f"{WHO[2]},焊工（Ⅱ）,焊工,,7.5,,合格,,2024-04-20,K-1,",
    f"{WHO[0]},焊工（Ⅱ）,焊工,,700.01,,良好,,2024-04-21,K-2,",
    f"{WHO[3]},Safety \\ 安全 😀,,,16,60%,90,,2012-04-20,,",
)
PAPERS = (
    "姓名,身份证号,职业,等级,证书编号,发证日期",
    f"{WHO[0]},电工,四级,Y000044001234234000001,2023-05-06",
    f"{WHO[3]},,,T990000199003010037,2023-05-06",
)
_TABLES = {
    "record": "rowid",
    "chain_link": "rowid",
    "chain_head": "rowid",
    "outcome": "rowid",
    "entry": "rowid",
    "posting": "rowid",
    "blind_index": "purpose, (SELECT rowid FROM record WHERE record.id = subject_id)",
    "search_index": "purpose",
    "audit_event": "rowid",
}
_IN_ORDER = """
SELECT {0}.* FROM {0} JOIN worker ON worker.worker_id = {0}.worker_id ORDER BY worker.rowid, {1}
"""
_QUERIES = {"worker": "SELECT * FROM worker"} | {
    table: _IN_ORDER.format(table, f"{table}.{order}") for table, order in _TABLES.items()
}
_DRAWN = frozenset({"hash", "salt", "subject_key", "course_key"})
_ID = re.compile(r"\b[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\b")
_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")
_NUMBER = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")


def test_a_file_writes_the_rows_that_it_always_wrote(sqlite_archive, sqlite_settings):
    _commit_files(sqlite_archive)

    assert list(_told_rows(sqlite_archive, sqlite_settings)) == json.loads(GOLDEN.read_text())


def _commit_files(archive: Database) -> None:
    """Write new people, known ones, every answer of the rule, a correction, a withdrawal."""
    with archive.transaction() as session:
        whose = an_organisation(session)
        trainer = an_account(session, organisation=whose)
    for lines in (COURSES, PAPERS, (COURSES[0], COURSES[1].replace(",80,", ",81,"))):
        act = Act(at=NOW, action="intake.commit", actor_id=trainer.id)
        with acting(act), archive.transaction() as session:
            content = "\n".join(lines).encode()
            report = intake.commit(
                session, content, "名单.csv", whose, by=trainer, now=NOW, today=TODAY
            )
            assert report.written == len(lines) - 1, report.findings
    with archive.transaction() as session:
        worker, record = session.exec(select(Record.worker_id, Record.id).limit(1)).one()
        last = report.rows[-1].record_id or record
        records.withdraw(session, worker, last, reason="误报", by=trainer, now=NOW)
        added = a_training(course_name="电工技能提升", outer_id="Z/9")
        records.add(
            session, worker, added, organisation_id=whose.id, by=trainer, now=NOW, today=TODAY
        )


def _told_rows(archive: Database, settings: Settings) -> Iterator[dict[str, object]]:
    """Yield every row of a dossier; identifiers by the order in which they are met."""
    met: dict[str, str] = {}
    with closing(sqlite3.connect(settings.home / "archive.db")) as file:
        file.row_factory = sqlite3.Row
        workers = [UUID(row[0]) for row in file.execute("SELECT worker_id FROM worker")]
        keys = vault_of(archive).keys_to_prove(workers)
        for table, query in _QUERIES.items():
            for row in file.execute(query):
                told = {name: _opened(row, name, keys) for name in row.keys()}  # noqa: SIM118  # No dict.
                cells = {name: _plain(met, name, cell) for name, cell in told.items()}
                yield {"table": table} | cells


def _opened(row: sqlite3.Row, name: str, keys: dict[UUID, PersonKey]) -> object:
    cell = row[name]
    if name == "sealed" and cell is not None:
        opened = json.loads(keys[UUID(row["worker_id"])].open(COLUMN, cell))
        told = {"salt": "", "source": opened["source"] and opened["source"]["row"]}
        return json.dumps(opened | told, ensure_ascii=False)
    if isinstance(cell, bytes):
        return cell.decode() if name == "body" else cell.hex()
    return cell


def _plain(met: dict[str, str], name: str, cell: object) -> object:
    if name in _DRAWN:
        return "drawn" if cell else cell
    if not isinstance(cell, str):
        return cell

    def ordinal(found: re.Match[str]) -> str:
        return met.setdefault(found[0].replace("-", ""), f"id {len(met) + 1}")

    return _NUMBER.sub("number", _ID.sub(ordinal, _DIGEST.sub("digest", cell)))
