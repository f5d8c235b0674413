"""Empty lists to fill in: one workbook a kind, with the usual headers, drop-downs and an example.

Every header and every choice of a drop-down is one that the reader knows. The example's number
belongs to nobody; a row with it is left out, so that it may stay in the list.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from archive.dossiers.columns import label, refuse_unlisted
from archive.dossiers.headers import BY_KIND, EVERYWHERE, REQUIRED, Field
from archive.people.synthetic import EXAMPLE_NUMBER
from archive.texts import in_language, term
from schemas.vocabulary import Language, RecordKind

_ROWS = 2_000  # So far down drop-downs reach, and columns are text.
_WIDE = 14
_RANKS = ("初级工", "中级工", "高级工", "技师", "高级技师", "特级技师", "首席技师")
_YES_NO = ("是", "否")
_CHOICES: dict[Field, tuple[str, ...]] = {
    Field.DOCUMENT_TYPE: (
        "居民身份证",
        "港澳台居民居住证",
        "外国人永久居留身份证",
        "港澳居民来往内地通行证",
        "台湾居民来往大陆通行证",
        "护照",
    ),
    Field.RANK: _RANKS,
    Field.MODE: ("线下", "线上", "混合"),
    Field.INSTRUMENT: (
        "职业技能等级证书",
        "国家职业资格证书",
        "专项职业能力证书",
        "1+X证书",
        "特种作业操作证",
        "建筑施工特种作业操作证",
        "特种设备作业人员证",
        "职称证书",
    ),
    Field.TITLE_GRADE: ("初级", "中级", "高级"),
    Field.TIER: ("世界级", "国家级", "省级", "市级", "区级"),
    Field.AWARD: ("一等奖", "二等奖", "三等奖", "优胜奖"),
    Field.GROUP: ("职工组", "学生组"),
    Field.TEAM: ("个人", "团体"),
    Field.IS_SELECTION_TRIAL: _YES_NO,
    Field.IS_REGISTERED: _YES_NO,
    Field.DEGREE: (
        "初中",
        "高中",
        "中专",
        "技校",
        "高级技校",
        "高职",
        "大专",
        "本科",
        "硕士",
        "博士",
    ),
    Field.CLASS_KIND: ("高级工班", "预备技师班", "技师班"),
}
_LEFT_OUT = frozenset({Field.PERIOD, Field.OCCUPATION_CODE, Field.TRADE})
"""Columns that another one of the template tells already."""
_EXAMPLE: dict[Field, str | float] = {
    Field.NAME: "示例（可删除）",
    Field.DOCUMENT_NUMBER: EXAMPLE_NUMBER,
    Field.DOCUMENT_TYPE: "居民身份证",
    Field.OUTER_ID: "2025-0001",
    Field.COURSE_NAME: "电工（初级）技能培训",
    Field.COURSE_CODE: "DG-01",
    Field.OCCUPATION: "电工",
    Field.RANK: "初级工",
    Field.HOURS: 80,
    Field.ATTENDANCE: "95%",
    Field.SCORE: "合格",
    Field.MODE: "线下",
    Field.STARTED_ON: "2025-03-03",
    Field.COMPLETED_ON: "2025-03-28",
    Field.INSTRUMENT: "职业技能等级证书",
    Field.ISSUED_ON: "2025-04-10",
    Field.EVENT_NAME: "光明区职工技能大赛",
    Field.ITEM: "电工",
    Field.TIER: "区级",
    Field.AWARD: "二等奖",
    Field.PLACEMENT: "第2名",
    Field.GROUP: "职工组",
    Field.TEAM: "个人",
    Field.AWARDED_ON: "2025-05-01",
    Field.EMPLOYER_NAME: "某某精密仪器有限公司",
    Field.MASTER_NAME: "（导师姓名）",
    Field.IS_REGISTERED: "是",
    Field.TITLE: "光明区技术能手",
    Field.AWARDING_BODY: "光明区人力资源局",
    Field.SCHOOL_NAME: "某某技师学院",
    Field.MAJOR: "机电一体化技术",
    Field.DEGREE: "高级技校",
    Field.GRADUATED_ON: "2025-06-30",
    Field.POST: "维修电工",
}


class Column(NamedTuple):
    """One column of a template."""

    field: Field
    header: str
    is_needed: bool
    instead: Field | None
    """The other column, of which one of the two suffices."""
    choices: tuple[str, ...]
    example: str | float


def columns_of_template(kind: RecordKind) -> list[Column]:
    """Return the columns of the list of a kind; raises KindUnlistedError."""
    refuse_unlisted(kind)
    own = [field for field in BY_KIND[kind] if field not in _LEFT_OUT]
    groups = [[one for one in group if one in own] for group in REQUIRED[kind]]
    needed = {Field.NAME, Field.DOCUMENT_NUMBER} | {one[0] for one in groups if len(one) == 1}
    pairs = {one[0]: one[1] for one in groups if len(one) > 1}
    instead = pairs | {other: one for one, other in pairs.items()}
    first = [Field.NAME, Field.DOCUMENT_NUMBER, Field.DOCUMENT_TYPE]
    last = [field for field in EVERYWHERE if field not in first]
    return [
        Column(
            field,
            label(field, kind),
            field in needed,
            instead.get(field),
            _CHOICES.get(field, ()),
            _EXAMPLE.get(field, ""),
        )
        for field in (*first, *own, *last)
    ]


def list_template(kind: RecordKind, language: Language) -> bytes:
    """Return an empty list of a kind as a workbook. Raises KindUnlistedError."""
    out = BytesIO()
    with Workbook(out, {"in_memory": True}) as workbook:
        columns = columns_of_template(kind)
        sheet = workbook.add_worksheet(term(f"kind.{kind}", language))
        _write_columns(workbook, sheet, columns, language)
        _write_help(workbook, columns, language)
    return out.getvalue()


def _write_columns(
    workbook: Workbook, sheet: Worksheet, columns: Sequence[Column], language: Language
) -> None:
    text = workbook.add_format({"num_format": "@"})
    example = workbook.add_format({"num_format": "@", "italic": True, "font_color": "#777777"})
    needed, other = _heads(workbook)
    for at, column in enumerate(columns):
        mark = "*" if column.is_needed else "(*)" if column.instead else ""
        sheet.write_string(0, at, mark + column.header, needed if column.is_needed else other)
        sheet.set_column(at, at, max(_WIDE, len(column.header) + 4), text)
        if isinstance(column.example, str):
            sheet.write_string(1, at, column.example, example)
        else:
            sheet.write_number(1, at, column.example, example)
        if column.choices:
            sheet.data_validation(1, at, _ROWS, at, _choice(column, language))
    sheet.freeze_panes(1, 2)


def _heads(workbook: Workbook) -> tuple[Format, Format]:
    shared = {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1}
    needed = workbook.add_format(shared | {"bg_color": "#1F3A5F", "font_color": "white"})
    return needed, workbook.add_format(shared | {"bg_color": "#DDE5EF"})


def _choice(column: Column, language: Language) -> dict[str, object]:
    """Return a drop-down that suggests and does not forbid: other words are understood too."""
    return {
        "validate": "list",
        "source": list(column.choices),
        "error_type": "information",
        "error_title": in_language("Not in the list", language)[:32],
        "error_message": in_language("It is checked when the file is sent.", language)[:255],
    }


HELP = (
    "Columns with a star are needed; the others may stay empty or be deleted.",
    "Of columns with (*) one of the two suffices.",
    "The example in row 2 is never posted; it may stay or be deleted.",
    "Identity numbers and certificate numbers are text, so that no digit is lost.",
    "Days such as 2025-03-28, 2025年3月28日 or 2025.3.28.",
    "One row for each person and course, certificate or result.",
)


def _write_help(workbook: Workbook, columns: Sequence[Column], language: Language) -> None:
    sheet = workbook.add_worksheet(in_language("How to fill it in", language))
    sheet.set_column(0, 0, 100)
    for at, sentence in enumerate(HELP):
        sheet.write_string(at, 0, in_language(sentence, language))
    chosen = [column for column in columns if column.choices]
    for at, column in enumerate(chosen, start=len(HELP) + 1):
        sheet.write_string(at, 0, f"{column.header}: {'、'.join(column.choices)}")
