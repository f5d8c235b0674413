"""Makes the example files of this folder: lists as training institutions really send them.

Run ``.venv/bin/python docs/examples/make_examples.py [FOLDER]``. The same content comes out
each time. Nobody in them exists: the numbers belong to area 990000, which was given to no
place, and their serials to 900-999, which the demo district leaves free.
"""

import csv
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from archive.dossiers.certificate_numbers import Assessor, SkillLevelNumber
from archive.people.synthetic import old_resident_number, resident_number
from schemas.vocabulary import Rank

HERE = Path(__file__).parent
MADE = datetime(2024, 12, 31)  # noqa: DTZ001  # Written into the workbooks, so that they stay equal.
_SURNAMES = "陈林黄张李王吴刘蔡杨许郑谢郭洪邱曾廖赖徐周叶苏庄江吕何罗高潘"
_GIVEN = re.findall(
    "..",
    "志强晓敏建国丽华俊杰雅婷伟明秀英浩然美玲国栋淑芬子轩玉兰文博"
    "佳怡海涛春燕宇航思琪永康慧敏明辉雪梅家豪婉婷振东桂芳泽宇欣怡",
)
_HEADERS = {
    "training": (
        "姓名,身份证号,课程名称,职业（工种）,等级,学时,出勤率,成绩,开班日期,结业日期,证书编号"
    ),
    "csv": "业务编号,姓名,证件号码,培训项目,工种,课时,考核结果,培训时间,备注",
    "competition": (
        "序号,选手姓名,身份证号,竞赛名称,竞赛级别,项目/组别,奖项,名次,获奖日期,证书编号"
    ),
    "certificate": "姓名,证件类型,身份证号,职业名称,工种,技能等级,证书编号,发证日期,成绩",
}
_FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
_EXCEL_EPOCH = date(1899, 12, 30)
_WRONG_CHECK_DIGIT_AT, _NO_HOURS_AT = 11, 22  # The two wrong rows of the training list.
_FAILED_AT, _RESAT_AT = 6, 3
_ROUNDED_AT = 7
_WRONG_LEVEL_AT = 9


@dataclass(frozen=True)
class Person:
    """Someone who does not exist."""

    name: str
    born: date
    serial: int

    @property
    def number(self) -> str:
        """The 18-digit number."""
        return resident_number(self.born, self.serial)


def people() -> list[Person]:
    """Return the thirty people of all files, in one order."""
    return [
        Person(
            _SURNAMES[at] + _GIVEN[at],
            date(1968 + at * 7 % 36, 1 + at * 5 % 12, 1 + at * 11 % 28),
            901 + at * 3,  # Odd for men: given names of men and women take turns.
        )
        for at in range(30)
    ]


def make(folder: Path) -> None:
    """Write all example files into a folder."""
    everyone = people()
    _training(folder / "training-2024.xlsx", everyone)
    (folder / "training-gb18030.csv").write_bytes(_training_csv(everyone).encode("gb18030"))
    _competition(folder / "competition-results.xlsx", everyone)
    _certificates(folder / "certificates.xlsx", everyone)


def _training(path: Path, everyone: Sequence[Person]) -> None:
    """Thirty rows with a title and notes; two are wrong: a check digit, and hours of 0."""
    with _workbook(path) as book:
        sheet = book.add_worksheet("结业名册")
        look = _Look(book)
        title = "光明区星河职业技能培训学校2024年结业人员名册（示例数据，人员均为虚构）"
        sheet.merge_range("A1:K1", title, look.title)
        sheet.write_row("A3", _HEADERS["training"].split(","), look.header)
        for at, person in enumerate(everyone):
            _training_row(sheet, look, at, person)
        sheet.merge_range(
            "A35:K35", "备注：1. 学时按每学时45分钟计算；2. 出勤率低于80%的不予结业。"
        )
        sheet.write("A36", "填表人：林老师")
        sheet.write("E36", "审核人：黄主任")
        sheet.write("I36", "日期：2024年12月20日（盖章）")
        sheet.set_column("A:K", 16)


_COURSES = (
    ("电工高级技能提升培训", "电工", "三级/高级工", 40),
    ("工业机器人系统操作员培训", "工业机器人系统操作员", "中级工", 64),
    ("养老护理员岗位技能培训", "养老护理员", "五级", 48),
    ("人工智能训练师数据标注培训", "人工智能训练师（数据标注员）", "四级", 36),
    ("焊工安全与工艺培训", "焊工", "国家职业资格四级", 32),
)
_SCORES = (88, "合格", 92.5, "优秀", 76, "良好", 55, 81)


def _training_row(sheet: Worksheet, look: "_Look", at: int, person: Person) -> None:
    course, occupation, level, hours = _COURSES[at % len(_COURSES)]
    number = person.number
    if at == _WRONG_CHECK_DIGIT_AT:
        number = number[:-1] + ("1" if number[-1] != "1" else "2")
    if at in {4, 13, 22}:
        number = number.translate(_FULL_WIDTH)
    started = date(2024, 1 + at % 10, 4 + at % 20)
    ended = date(2024, 2 + at % 10, 4 + at % 20)
    row = 3 + at
    sheet.write_row(row, 0, (person.name, number, course, occupation, level))
    sheet.write(row, 5, _hours(at, hours))
    if at % 4 == 0:
        sheet.write(row, 6, f"{90 + at % 11}%")
    else:
        sheet.write_number(row, 6, (86 + at % 15) / 100, look.per_cent)
    sheet.write(row, 7, _SCORES[at % len(_SCORES)])
    _write_day(sheet, look, (row, 8), started, at)
    _write_day(sheet, look, (row, 9), ended, at + 1)
    sheet.write(row, 10, f"XHPX2024{at + 1:04d}")


def _hours(at: int, hours: int) -> int | str:
    if at == _NO_HOURS_AT:
        return 0
    match at % 5:
        case 1:
            return f"{hours}学时"
        case 3:
            return str(hours).translate(_FULL_WIDTH)
        case _:
            return hours


def _write_day(
    sheet: Worksheet, look: "_Look", place: tuple[int, int], day: date, way: int
) -> None:
    """Write a day in one of the six ways that are found side by side in real files."""
    match way % 6:
        case 0:
            sheet.write_datetime(*place, datetime(day.year, day.month, day.day), look.day)  # noqa: DTZ001  # A day has no zone.
        case 1:
            sheet.write_string(*place, f"{day.year}年{day.month}月{day.day}日")
        case 2:
            sheet.write_string(*place, f"{day.year}.{day.month}.{day.day}")
        case 3:
            sheet.write_number(*place, (day - _EXCEL_EPOCH).days)
        case 4:
            sheet.write_string(*place, day.strftime("%Y/%m/%d").translate(_FULL_WIDTH))
        case _:
            sheet.write_string(*place, day.strftime("%Y%m%d"))


def _training_csv(everyone: Sequence[Person]) -> str:
    """Twelve rows of another school; one trade is unknown to the list, which is a warning."""
    text = StringIO(newline="")
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(_HEADERS["csv"].split(","))
    for at, person in enumerate((*everyone[::3], _RARE, _OLDER)):
        project, trade, hours = _PROJECTS[at % len(_PROJECTS)]
        number = (
            old_resident_number(person.born, person.serial) if person is _OLDER else person.number
        )
        grade = "不合格" if at == _FAILED_AT else ("合格", "优秀", "良好")[at % 3]
        period = f"2023年{3 + at % 8}月{6 + at}日至{4 + at % 8}月{2 + at}日"
        note = "补考通过" if at == _RESAT_AT else ""
        rows.writerow(
            (f"GM{at + 1:05d}", person.name, number, project, trade, hours, grade, period, note)
        )
    return text.getvalue()


_RARE = Person("刘䶮", date(1994, 5, 20), 999)  # A character that GBK does not have.
_OLDER = Person("古丽娜尔·买买提", date(1964, 9, 9), 998)  # Sent with the 15-digit number.
_PROJECTS = (
    ("互联网营销师直播技能培训", "直播销售员", "48"),
    ("家政服务技能培训", "家政服务员", "40课时"),
    ("短视频拍摄与剪辑", "短视频剪辑手", "24"),
    ("叉车司机安全操作培训", "叉车司机", "36.5"),
)


_CONTESTS = (
    ("第四届光明区职工技能竞赛", "区级", "电工", date(2024, 5, 18)),
    ("2023年广东省职业技能大赛", "省级二类", "工业机器人系统操作", date(2023, 9, 2)),
    ("深圳市养老护理职业技能竞赛", "市级", "养老护理", date(2024, 10, 26)),
)
_RESULTS = (
    (0, "一等奖", "第1名"),
    (0, "二等奖", "第2名"),
    (0, "", "第4名"),
    (1, "一等奖", ""),
    (1, "三等奖", "5"),
    (1, "优胜奖", ""),
    (1, "", "第十二名"),
    (2, "二等奖", "2"),
    (2, "三等奖", "第3名"),
    (2, "优胜奖", ""),
)


def _competition(path: Path, everyone: Sequence[Person]) -> None:
    """Ten results: prizes, bare placements, and one number that a spreadsheet has rounded."""
    with _workbook(path) as book:
        sheet = book.add_worksheet("成绩公布")
        look = _Look(book)
        sheet.merge_range("A1:J1", "竞赛获奖名单（示例数据，人员均为虚构）", look.title)
        sheet.write_row("A2", _HEADERS["competition"].split(","), look.header)
        for at, (contest, award, place) in enumerate(_RESULTS):
            event, tier, item, day = _CONTESTS[contest]
            person = everyone[5 + at]
            sheet.write_row(2 + at, 0, (at + 1, person.name, person.number, event, tier, item))
            sheet.write_row(2 + at, 6, (award, place))
            _write_day(sheet, look, (2 + at, 8), day, at % 3)
            sheet.write(2 + at, 9, f"JS{day.year}{at + 1:03d}")
            if at == _ROUNDED_AT:  # Wrong: typed as a number, so that its end is lost.
                sheet.write_number(2 + at, 2, int(person.number[:15] + "000"))
        sheet.write("A14", "注：名次以组委会公布为准。")
        sheet.set_column("A:J", 18)


def _certificates(path: Path, everyone: Sequence[Person]) -> None:
    """Ten skill-level certificates; one number tells another level than its row."""
    occupations = (("电工", "低压电工"), ("焊工", ""), ("养老护理员", ""), ("车工", "数控车工"))
    levels = {
        Rank.JUNIOR: "五级/初级工",
        Rank.INTERMEDIATE: "四级/中级工",
        Rank.SENIOR: "三级/高级工",
    }
    with _workbook(path) as book:
        sheet = book.add_worksheet("证书清单")
        look = _Look(book)
        sheet.write_row("A1", _HEADERS["certificate"].split(","), look.header)
        for at in range(10):
            person = everyone[at // 2]  # Each holds two: the later one a level higher.
            rank = (Rank.JUNIOR, Rank.INTERMEDIATE, Rank.SENIOR)[at // 2 % 2 + at % 2]
            day = date(2021 + 2 * (at % 2), 6, 10 + at)
            told = Rank.JUNIOR if at == _WRONG_LEVEL_AT else rank
            number = SkillLevelNumber.of(
                rank=told, year=day.year, serial=at + 1, assessor=Assessor.ASSESSMENT_BODY
            )
            occupation, trade = occupations[at // 2 % len(occupations)]
            cells = (person.name, "居民身份证", person.number, occupation, trade, levels[rank])
            sheet.write_row(1 + at, 0, (*cells, str(number)))
            _write_day(sheet, look, (1 + at, 7), day, at)
            sheet.write(1 + at, 8, 75 + at)
        sheet.set_column("A:I", 20)


class _Look:
    """Formats of cells."""

    def __init__(self, book: Workbook) -> None:
        self.title = book.add_format({"bold": True, "align": "center", "font_size": 14})
        self.header = book.add_format({"bold": True, "border": 1, "bg_color": "#DDEBF7"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.per_cent = book.add_format({"num_format": "0%"})


def _workbook(path: Path) -> Workbook:
    book = Workbook(path)
    book.set_properties({"title": "示例数据，人员均为虚构", "created": MADE})
    return book


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    make(target)
    print(f"Made the example files in {target}.")
