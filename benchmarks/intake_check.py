"""How much longer a file is checked than it takes to parse it: the dry run of 20,000 rows.

The file is a training list of sixteen columns as offices send it: each person once, classes of
37 with their own scores, days as cells and as text, a paper's number for each. The parse is
calamine's ``to_python()`` in this process. Both are measured in turns and by processor time,
that of the reading child included; the beginning of the child's program, once a process, is not.
Then 100,000 rows: whether they cost five times as much, and how much this process grows.
"""

import gc
import io
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import xlsxwriter
from python_calamine import CalamineWorkbook

from archive.db import Database
from archive.dossiers import intake
from archive.dossiers.tables import parsing
from archive.dossiers.tables.reading import read_table
from archive.migrations.running import upgrade
from archive.people.models import Account, Organisation
from archive.people.opening import open_archive
from archive.people.synthetic import resident_number
from archive.settings import Settings
from benchmarks._measuring import print_profile
from schemas.reports import IntakeReport
from schemas.vocabulary import RowState
from tests.builders import an_account, an_organisation

ROWS, LONG, TURNS, SHOWN = 20_000, 100_000, 9, 100
_NOW, _TODAY = datetime(2025, 3, 1, tzinfo=UTC), date(2025, 3, 1)
_HEADS = (
    *("序号", "姓名", "性别", "身份证号", "联系电话", "工作单位", "课程名称", "职业（工种）"),
    *("等级", "学时", "出勤率", "成绩", "开班日期", "结业日期", "证书编号", "备注"),
)
_COURSES = (
    ("电工初级班", "电工", "初级工", 40),
    ("焊工中级班", "焊工", "中级工", 60),
    ("汽车维修", "汽车维修工", "初级工", 80),
    ("育婴", "育婴员", "初级工", 100),
    ("安全生产", "电工", "中级工", 24),
)
_FAMILY = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华"
_CLASS = 37


def training_list(rows: int) -> bytes:
    """Return a workbook with so many people."""
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        sheet = book.add_worksheet("培训")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, _HEADS)
        for at in range(rows):
            born = date(1970, 1, 1) + timedelta(days=at // 900)
            name = _FAMILY[at % 20] + _GIVEN[at % 24] + _GIVEN[(at // 24) % 24]
            course, occupation, rank, hours = _COURSES[at // _CLASS % 5]
            begins = date(2024, 1, 8) + timedelta(weeks=at // _CLASS % 40)
            ends = begins + timedelta(days=12)
            told = (
                *(at + 1, name, "男" if at % 2 else "女", resident_number(born, at % 900)),
                *(f"139{at:08d}", f"光明示范企业{at % 211}有限公司", course, occupation),
                *(rank, hours, "95%" if at % 3 else "100%", 60 + at % 40),
            )
            sheet.write_row(at + 1, 0, told)
            sheet.write_datetime(at + 1, 12, datetime.combine(begins, time_of_day.min), day)
            last = (f"{ends.year}年{ends.month}月{ends.day}日", f"GM2024-{at + 1:06d}")
            sheet.write_row(at + 1, 13, (*last, "补考" if at % 50 == 0 else ""))
    return packed.getvalue()


def processor() -> float:
    """Return the seconds of processors of this process and of the children that read for it."""
    program = parsing.program_id()
    of_children = 0.0
    if program is not None:
        ticks = Path(f"/proc/{program}/stat").read_text().rsplit(") ", 1)[1].split()[11:15]
        of_children = sum(map(int, ticks)) / 100
    return time.process_time() + of_children


def parsed(content: bytes) -> float:
    """Parse a workbook and nothing else; return the seconds."""
    began = time.process_time()
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    assert len(sheet.to_python()) > ROWS
    return time.process_time() - began


class Desk:
    """An archive with an organisation that sends lists."""

    def __init__(self, archive: Database, organisation: Organisation, account: Account) -> None:
        """Take them."""
        self.archive, self.organisation, self.account = archive, organisation, account

    def check(self, content: bytes) -> IntakeReport:
        """Check a list."""
        with self.archive.reading() as session:
            return intake.check(
                session,
                content,
                self.organisation,
                by=self.account,
                today=_TODAY,
                most_rows=SHOWN,
            )

    def checked(self, content: bytes, rows: int) -> float:
        """Check a list; return the seconds."""
        began = processor()
        report = self.check(content)
        time.sleep(0.05)  # Until the child that has answered is counted.
        assert report.counts[RowState.NEW] == rows
        return processor() - began


def turns(desk: Desk, content: bytes, rows: int) -> float:
    """Parse and check a list in turns; print the figures, return the least seconds of a check."""
    pairs = [(parsed(content), desk.checked(content, rows)) for _ in range(TURNS)]
    bare, whole = (min(one) for one in zip(*pairs, strict=True))
    middle = median(pair[1] / pair[0] for pair in pairs)
    print(f"{rows:>7,} rows: parse {bare:.2f} s, check {whole:.2f} s of processors")
    print(f"{'':>13}check / parse: {whole / bare:.1f} (least of each), {middle:.1f} (median)")
    return float(whole)


def main() -> None:
    """Compare the check of a list with its parse, and a long list with a short one."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as beside:  # It grows instead.
        short, long = beside.map(training_list, (ROWS, LONG))
    with TemporaryDirectory() as home:
        archive = open_archive(Settings(home=Path(home), demo=False))
        upgrade(archive, now=_NOW)
        with archive.transaction() as session:
            organisation = an_organisation(session)
            desk = Desk(archive, organisation, an_account(session, organisation=organisation))
        desk.check(training_list(SHOWN))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        of_long = desk.checked(long, LONG)
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        gc.freeze()  # As a server does that has begun.
        of_long = min(of_long, *(desk.checked(long, LONG) for _ in range(2)))
        least = turns(desk, short, ROWS)
        began = processor()
        read_table(short)
        print(f"{'':>13}of it reading the table: {processor() - began:.2f} s")
        print(f"{LONG:>7,} rows: check {of_long:.2f} s; a row costs", end=" ")
        print(f"{of_long / LONG / (least / ROWS):.2f} times that of the short list")
        print(f"{'':>13}this process grew by {grown:.0f} MB")
        print_profile(f"the check of {ROWS:,} rows", partial(desk.check, short))


if __name__ == "__main__":
    main()
