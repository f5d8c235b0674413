"""Headers: what they mean, which kind of file they make, and what is said when some are missing."""

from pathlib import Path

import pytest

from archive.dossiers import columns
from archive.dossiers.columns import columns_of, detect_kind, field_of, is_known
from archive.dossiers.headers import BY_KIND, EVERYWHERE, PASSED_OVER, REQUIRED, Field
from schemas.vocabulary import LEARNING_KINDS, RecordKind

TRAINING = (
    "姓名",
    "身份证号",
    "课程名称",
    "职业（工种）",
    "等级",
    "学时",
    "出勤率",
    "成绩",
    "开班日期",
    "结业日期",
)
CERTIFICATE = ("姓名", "证件号码", "职业名称", "技能等级", "证书编号", "发证日期")
COMPETITION = ("选手姓名", "身份证号", "竞赛名称", "竞赛级别", "项目/组别", "奖项", "获奖日期")


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        (TRAINING, RecordKind.TRAINING),
        ((*TRAINING, "证书编号"), RecordKind.TRAINING),
        (CERTIFICATE, RecordKind.CERTIFICATE),
        (COMPETITION, RecordKind.COMPETITION),
        (("姓名", "身份证号", "学徒企业", "企业导师", "开始日期", "结束日期"), "apprenticeship"),
        (("姓名", "身份证号", "荣誉名称", "授予单位", "授予日期"), RecordKind.HONOUR),
        (("姓名", "身份证号", "毕业院校", "专业", "学历", "毕业日期"), RecordKind.EDUCATION),
        (("姓名", "身份证号", "工作单位", "岗位", "入职日期", "离职日期"), RecordKind.EXPERIENCE),
        (("Name", "ID number", "Course name", "Class hours", "End date"), RecordKind.TRAINING),
        (("姓名", "身份证号", "课程名称", "出勤率"), RecordKind.TRAINING),
        (("姓名", "身份证号"), None),
        (("姓名", "身份证号", "用人单位", "开始日期", "结束日期"), None),
        ((), None),
    ],
)
def test_the_headers_tell_the_kind_or_nothing(headers, kind) -> None:
    assert detect_kind(headers) == kind


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("员工姓名", Field.NAME),
        ("居民身份证号（18位）", Field.DOCUMENT_NUMBER),
        ("培训课程\n名称", Field.COURSE_NAME),
        ("培训总学时", Field.HOURS),
        ("考核分数（百分制）", Field.SCORE),
        ("是否合格", Field.SCORE),
        ("培训开始时间", Field.STARTED_ON),
        ("结班日期", Field.COMPLETED_ON),
        ("合格证编号", Field.CERTIFICATE_NUMBER),
    ],
)
def test_offices_name_one_column_in_many_ways(header, field) -> None:
    assert field_of(header, RecordKind.TRAINING) is field


@pytest.mark.parametrize(
    "header",
    [
        "职业（工种）",
        "职业(工种)",
        "职业 ( 工种 )",
        " 职业",
        "职业/工种",
        "*职业(工种)：",
        "Occupation",
    ],
)
def test_brackets_spaces_and_stars_do_not_matter(header) -> None:
    assert field_of(header, RecordKind.TRAINING) is Field.OCCUPATION


def test_a_unit_in_brackets_does_not_matter() -> None:
    assert field_of("成绩（百分制）", RecordKind.TRAINING) is Field.SCORE
    assert field_of("出勤率(%)", RecordKind.TRAINING) is Field.ATTENDANCE
    assert field_of("学\n时", RecordKind.TRAINING) is Field.HOURS


def test_one_word_means_another_thing_in_another_kind_of_file() -> None:
    assert field_of("级别", RecordKind.TRAINING) is Field.RANK
    assert field_of("级别", RecordKind.COMPETITION) is Field.TIER
    assert field_of("结束日期", RecordKind.TRAINING) is Field.COMPLETED_ON
    assert field_of("结束日期", RecordKind.EXPERIENCE) is Field.ENDED_ON


def test_columns_are_placed_and_strange_ones_are_told() -> None:
    found = columns_of(("序号", *TRAINING, "幸运数字", ""), RecordKind.TRAINING)

    assert found.places[Field.NAME] == 1
    assert found.places[Field.COMPLETED_ON] == 10
    assert found.unused == ("幸运数字",)


def test_all_missing_columns_are_named_at_once() -> None:
    (fault,) = columns_of(("姓名", "成绩"), RecordKind.TRAINING).faults

    assert fault.code == "columns_missing"
    for named in ("身份证号", "课程名称", "学时", "结业日期", "hours"):
        assert named in str(fault)
    assert "姓名 " not in str(fault)


def test_a_period_stands_for_first_and_last_day() -> None:
    headers = ("姓名", "身份证号", "课程名称", "学时", "培训时间")

    assert Field.PERIOD in columns_of(headers, RecordKind.TRAINING).places


def test_a_trade_alone_names_the_occupation_and_beside_one_stays_itself() -> None:
    alone = columns_of((*CERTIFICATE[:2], "工种", *CERTIFICATE[4:]), RecordKind.CERTIFICATE)
    beside = columns_of((*CERTIFICATE, "工种"), RecordKind.CERTIFICATE)

    assert alone.places[Field.OCCUPATION] == 2
    assert beside.places[Field.TRADE] == 6


def test_two_columns_that_mean_the_same_are_refused() -> None:
    (fault,) = columns_of((*TRAINING, "总学时"), RecordKind.TRAINING).faults

    assert (fault.code, fault.facts) == ("column_twice", {"columns": "学时、总学时"})


def test_what_a_person_says_of_a_column_goes_before_its_header() -> None:
    headers = ("姓名", "号码", "培训项目", "课程名称", "学时", "结业日期", "成绩")
    said = {"号码": Field.DOCUMENT_NUMBER, "课程名称": Field.COURSE_NAME, "成绩": None}

    found = columns_of(headers, RecordKind.TRAINING, said)

    assert found.faults == ()
    assert (found.places[Field.DOCUMENT_NUMBER], found.places[Field.COURSE_NAME]) == (1, 3)
    assert found.told[2] is None
    assert (found.unused, Field.SCORE in found.places) == (("培训项目",), False)
    assert (
        detect_kind(("甲", "乙", "丙"), {"甲": Field.TIER, "乙": Field.EVENT_NAME}) == "competition"
    )


def test_all_that_is_wrong_with_a_header_is_told_at_once() -> None:
    headers = ("姓名", "学时", "总学时", "成绩", "得分", "幸运数字")
    said = {"结业": Field.COMPLETED_ON, "幸运数字": Field.TIER}

    found = columns_of(headers, RecordKind.TRAINING, said)

    assert [fault.code for fault in found.faults] == [
        "column_unknown",
        "column_field_unfit",
        "column_twice",
        "column_twice",
        "columns_missing",
    ]


def test_titles_are_no_headers() -> None:
    assert not is_known("光明区2024年电工培训结业人员花名册")
    assert not is_known("")
    assert is_known("身份证号码")
    assert is_known("序号")


def test_every_kind_that_is_learning_can_be_sent_as_a_file() -> None:
    assert set(BY_KIND) == set(REQUIRED) == set(LEARNING_KINDS)
    for kind, groups in REQUIRED.items():
        assert all(field in BY_KIND[kind] for group in groups for field in group)
        assert all(columns.label(field, kind) for group in groups for field in group)


def test_one_column_that_only_one_kind_has_is_enough_to_name_the_missing_ones():
    assert detect_kind(["姓名", "身份证号", "课程名称"]) is RecordKind.TRAINING
    assert detect_kind(["姓名", "身份证号"]) is None


def test_every_word_over_a_column_stands_in_the_guide() -> None:
    guide = (Path(__file__).parent.parent / "docs" / "intake.md").read_text(encoding="utf-8")
    words = {
        word
        for fields in (EVERYWHERE, *BY_KIND.values())
        for told in (*fields.values(), PASSED_OVER)
        for word in told.split("|")
    }
    assert len(words) > 200
    assert sorted(word for word in words if word not in guide) == []
