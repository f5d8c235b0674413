"""One cell each: what people write into it is read, and what cannot be read is refused by name."""

from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.dossiers.cells import days, figures, people, values, words
from archive.dossiers.cells.figures import Score
from archive.dossiers.cells.words import Award
from archive.dossiers.certificate_numbers import (
    Assessor,
    SkillLevelNumber,
    check_rank,
    check_year,
    contains_identity,
    is_qualification,
    read_skill_level,
)
from archive.dossiers.occupations import find_occupation, name_of, names_by_code
from archive.people import synthetic
from schemas.refusals import Refusal
from schemas.vocabulary import (
    ClassKind,
    ContestTier,
    Degree,
    DocumentType,
    Grade,
    Instrument,
    Mode,
    Prize,
    Rank,
    Step,
    TitleGrade,
)

TODAY = date(2026, 6, 1)
FIFTH_OF_MARCH = date(2024, 3, 5)
NUMBER = synthetic.resident_number(date(1990, 1, 31), 123)


def code_of(reader, *values_given, **circumstances) -> str:
    with pytest.raises(Refusal) as refused:
        reader(*values_given, **circumstances)
    return refused.value.code


@pytest.mark.parametrize(
    "written",
    [
        "2024年3月5日",
        "2024年03月05号",
        "2024.3.5",
        "2024/3/5",
        "2024-03-05",
        "２０２４－０３－０５",
        "20240305",
        "2024-03-05 00:00:00",
        "2024-03-05T08:30:00Z",
        "2024，3，5",
        "2024-03-05'",
        "‘2024-3-5 00:00:00’",
        "2024年3月5日（星期二）",
        "2024。3。5",
        "2024.03.05.",
        "'2024-03-05",
        "\u202a2024-03-05\u202c",
        "45356",
        20240305.0,
        45356.0,
        45356.5,
        FIFTH_OF_MARCH,
        datetime(2024, 3, 5, 8, 30),
    ],
)
def test_a_day_is_read_in_all_its_ways_of_writing(written) -> None:
    assert days.day(written) == FIFTH_OF_MARCH


def test_bare_day_numbers_of_old_mac_workbooks_count_from_1904() -> None:
    assert days.day(43894.0, date_1904=True) == FIFTH_OF_MARCH


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "value_missing"),
        ("3/5/2024", "day_unreadable"),
        ("24.3.5", "day_century"),
        ("24年3月5日", "day_century"),
        ("3/5/24", "day_century"),
        ("2024-02-30", "day_unreadable"),
        ("20241301", "day_unreadable"),
        ("上周", "day_unreadable"),
        (-3.0, "day_unreadable"),
        ("2024年3月", "day_incomplete"),
        ("2024", "day_incomplete"),
        (2024.3, "day_incomplete"),
        (36.0, "day_out_of_range"),
        ("1899-01-01", "day_out_of_range"),
        (date(2204, 1, 1), "day_out_of_range"),
    ],
)
def test_a_day_is_never_guessed(written, code) -> None:
    assert code_of(days.day, written) == code


@pytest.mark.parametrize(
    ("written", "last"),
    [
        ("2024年3月5日至2024年4月2日", date(2024, 4, 2)),
        ("2024.3.5-2024.4.2", date(2024, 4, 2)),
        ("2024年3月5日-4月2日", date(2024, 4, 2)),
        ("2024年3月5日-20日", date(2024, 3, 20)),
        ("2024.3.5～3.20", date(2024, 3, 20)),
        ("20240305-20240320", date(2024, 3, 20)),
        ("2024/3/5 - 2024/3/20", date(2024, 3, 20)),
        ("2024年3月5日—20日", date(2024, 3, 20)),
    ],
)
def test_a_period_is_read_even_when_its_end_is_shortened(written, last) -> None:
    assert days.period(written) == (FIFTH_OF_MARCH, last)


def test_one_day_is_no_period() -> None:
    assert code_of(days.period, "2024年3月5日") == "period_unreadable"
    assert code_of(days.period, FIFTH_OF_MARCH) == "period_unreadable"


@pytest.mark.parametrize(
    ("written", "hours"),
    [
        ("36学时", "36"),
        ("３６", "36"),
        ("36.0", "36"),
        ("36.5 课时", "36.5"),
        ("1,200", "1200"),
        (35.99999999999, "36"),
    ],
)
def test_class_hours_are_read(written, hours) -> None:
    assert figures.hours(written) == Decimal(hours)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "value_missing"),
        ("-", "value_missing"),
        (0.0, "hours_not_positive"),
        ("-4", "hours_not_positive"),
        ("36小时", "hours_unit"),
        ("5天", "hours_unit"),
        ("三十六", "number_unreadable"),
        (FIFTH_OF_MARCH, "number_unreadable"),
        ("36.333", "hours_too_fine"),
        ("100000", "hours_too_many"),
    ],
)
def test_wrong_class_hours_are_refused(written, code) -> None:
    assert code_of(figures.hours, written) == code


@pytest.mark.parametrize(
    ("written", "per_cent"),
    [
        ("95%", "95"),
        ("９５％", "95"),
        ("0.95", "95"),
        (0.955, "95.5"),
        (95.0, "95"),
        (1.0, "100"),
        ("1%", "1"),
        ("全勤", "100"),
        (0.799999, "79.99"),
    ],
)
def test_a_percentage_is_read_and_never_rounded_up(written, per_cent) -> None:
    assert figures.percent(written) == Decimal(per_cent)


def test_a_percentage_beyond_its_range_is_refused() -> None:
    assert code_of(figures.percent, "105%") == "percent_range"
    assert code_of(figures.percent, "-5") == "percent_range"


@pytest.mark.parametrize(
    ("written", "score"),
    [
        ("88分", Score(points=Decimal(88))),
        (88.5, Score(points=Decimal("88.5"))),
        ("59.996", Score(points=Decimal("59.99"))),
        ("120", Score(points=Decimal(120))),
        ("合格", Score(grade=Grade.PASS)),
        ("是", Score(grade=Grade.PASS)),
        ("否", Score(grade=Grade.FAIL)),
        ("及格", Score(grade=Grade.PASS)),
        ("不合格", Score(grade=Grade.FAIL)),
        ("优秀", Score(grade=Grade.EXCELLENT)),
        ("良好", Score(grade=Grade.GOOD)),
        ("B+", Score(grade=Grade.OTHER)),
        ("中等", Score(grade=Grade.OTHER)),
    ],
)
def test_a_score_is_points_or_a_grade(written, score) -> None:
    assert figures.score(written) == score


def test_a_score_that_is_neither_is_refused() -> None:
    assert code_of(figures.score, "不错") == "score_unreadable"
    assert code_of(figures.score, "8800") == "score_range"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        ("王\u200b嬿", "王嬿"),
        ("\u202a张三\u202c", "张三"),
        ("王\ue863", "王䶮"),
    ],
)
def test_a_name_is_read_as_the_document_has_it(written, name) -> None:
    assert people.person_name(written) == name


@pytest.mark.parametrize(
    "written", ["张三（女）", "张三1", "张*三", "王\ue000", "王★", "王😀", "张三_"]
)
def test_what_no_document_has_in_a_name_is_refused(written) -> None:
    assert code_of(people.person_name, written) == "name_unreadable"


@pytest.mark.parametrize(
    ("written", "rank"),
    [
        ("学徒工", Rank.APPRENTICE),
        ("初级工", Rank.JUNIOR),
        ("五级", Rank.JUNIOR),
        ("中级", Rank.INTERMEDIATE),
        ("４级", Rank.INTERMEDIATE),
        ("高级工", Rank.SENIOR),
        ("三级/高级工", Rank.SENIOR),
        ("高级工（三级）", Rank.SENIOR),
        ("国家职业资格三级", Rank.SENIOR),
        ("Ⅲ级", Rank.SENIOR),
        (3.0, Rank.SENIOR),
        ("Level 3", Rank.SENIOR),
        ("技师", Rank.TECHNICIAN),
        ("高级技师", Rank.SENIOR_TECHNICIAN),
        ("一级／高级技师", Rank.SENIOR_TECHNICIAN),
        ("特级技师", Rank.MASTER_TECHNICIAN),
        ("S", Rank.CHIEF_TECHNICIAN),
    ],
)
def test_a_level_is_read_by_name_and_by_its_falling_digit(written, rank) -> None:
    assert words.rank(written) is rank


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("三级/技师", "rank_contradictory"),
        ("预备技师", "rank_unknown"),
        ("十一级", "rank_unknown"),
        ("6", "rank_unknown"),
        ("等级", "rank_unknown"),
        ("", "value_missing"),
    ],
)
def test_a_wrong_level_is_refused(written, code) -> None:
    assert code_of(words.rank, written) == code


@pytest.mark.parametrize(
    ("written", "award"),
    [
        ("一等奖", Award(prize=Prize.FIRST)),
        ("三等", Award(prize=Prize.THIRD)),
        ("铜牌", Award(prize=Prize.THIRD)),
        ("优胜奖", Award(prize=Prize.MERIT)),
        ("第1名", Award(placement=1)),
        ("第十二名", Award(placement=12)),
        (4.0, Award(placement=4)),
        (10.0, Award(placement=10)),
        ("冠军", Award(placement=1)),
        ("二等奖（第３名）", Award(prize=Prize.SECOND, placement=3)),
    ],
)
def test_an_award_is_a_prize_or_a_bare_placement(written, award) -> None:
    assert words.award(written) == award


def test_a_prize_without_a_place_in_the_table_is_refused() -> None:
    assert code_of(words.award, "特等奖") == "award_unknown"
    assert code_of(words.award, "第0名") == "award_unknown"
    assert code_of(figures.placement, "第一十一十名") == "placement_unreadable"


@pytest.mark.parametrize(
    ("reader", "written", "word"),
    [
        (words.tier, "国家级一类", ContestTier.NATIONAL),
        (words.tier, "省级（二类）", ContestTier.PROVINCE),
        (words.tier, "世界技能大赛", ContestTier.WORLD),
        (words.tier, "市赛", ContestTier.CITY),
        (words.tier, "区级", ContestTier.DISTRICT),
        (words.step, "中级", Step.MIDDLE),
        (words.degree, "大学本科", Degree.BACHELOR),
        (words.degree, "高职", Degree.HIGHER_VOCATIONAL),
        (words.title_grade, "助理级", TitleGrade.JUNIOR),
        (words.title_grade, "副高级", TitleGrade.SENIOR),
        (words.class_kind, "预备技师班", ClassKind.PRE_TECHNICIAN),
        (words.instrument, "职称", Instrument.PROFESSIONAL_TITLE),
        (words.mode, "线上+线下", Mode.BLENDED),
        (words.instrument, "1+X证书", Instrument.ONE_PLUS_X),
        (words.instrument, "特种作业操作证", Instrument.SPECIAL_OPERATION),
        (people.document_type, "港澳居民来往内地通行证", DocumentType.HM_TRAVEL_PERMIT),
        (people.document_type, "Passport", DocumentType.PASSPORT),
    ],
)
def test_words_of_the_field_are_read(reader, written, word) -> None:
    assert reader(written) is word


def test_unknown_words_are_refused_with_the_known_ones() -> None:
    with pytest.raises(Refusal, match="省级") as refused:
        words.tier("市（区）级")
    assert refused.value.code == "word_unknown"
    assert code_of(people.document_type, "驾驶证") == "id_type_unknown"


def test_team_events_are_told() -> None:
    assert words.team("团体")
    assert not words.team("个人")
    assert code_of(words.team, "也许") == "word_unknown"


def test_text_is_one_clean_line() -> None:
    assert values.text("电工\n基础\u200b  培训 ") == "电工 基础 培训"
    assert values.text(1001.0) == "1001"
    assert code_of(values.text, "长" * 201) == "text_too_long"
    assert code_of(values.text, 1.2e17) == "number_rounded"


def test_a_person_in_a_cell() -> None:
    assert people.person_name("张　三") == "张三"
    assert code_of(people.person_name, "张三1") == "name_unreadable"
    assert code_of(people.person_name, "无") == "value_missing"
    assert people.document(990000900131123.0, today=TODAY).type is DocumentType.RESIDENT_ID_15
    assert code_of(people.document, 9.90000199001311e17, today=TODAY) == "id_digits_lost"
    assert code_of(people.document, "", today=TODAY) == "id_missing"


@pytest.mark.parametrize(
    ("written", "trade"),
    [
        ("电工", None),
        ("6-31-01-03", None),
        ("６３１０１０３ 电工", None),
        ("电工（三级）", None),
        ("维修电工", "维修电工"),
        ("电工（高压电工）", "高压电工"),
        ("电工/低压电工", "低压电工"),
    ],
)
def test_an_occupation_is_found_by_code_name_former_name_and_trade(written, trade) -> None:
    found = find_occupation(written)

    assert (found.code, found.name, found.trade) == ("6-31-01-03", "电工", trade)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("电器工", "occupation_misspelt"),
        ("短视频剪辑手", "occupation_unknown"),
        ("9-99-99-99", "occupation_code_unknown"),
        ("6-31-01-03 车工", "occupation_contradictory"),
    ],
)
def test_an_occupation_that_is_not_in_the_list_is_told(written, code) -> None:
    assert code_of(find_occupation, written) == code


def test_the_list_of_occupations_is_the_classification_of_2022() -> None:
    assert len(names_by_code()) > 1600
    assert name_of("4-04-05-05") == "人工智能训练师"
    assert name_of("9-99-99-99") is None


def test_the_number_of_a_skill_level_certificate_tells_its_level_and_year() -> None:
    number = SkillLevelNumber.of(
        rank=Rank.SENIOR, year=2024, serial=17, assessor=Assessor.ASSESSMENT_BODY
    )

    assert str(number) == "S000099990000243000017"
    assert read_skill_level("ｓ000099990000243000017 ") == number
    check_rank(number, Rank.SENIOR)
    check_year(number, date(2025, 1, 10))
    assert code_of(check_rank, number, Rank.JUNIOR) == "certificate_level_differs"
    assert code_of(check_rank, number, Rank.APPRENTICE) == "certificate_level_differs"
    assert code_of(check_year, number, date(2023, 12, 31)) == "certificate_year_differs"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("S000099990000243000", "certificate_number_form"),
        ("X0000999900002430000017", "certificate_number_form"),
        ("1.2E+21", "certificate_number_rounded"),
        ("S000099990000 24T000017", "certificate_level_not_allowed"),
        ("S000099990000 24S000017", "certificate_level_not_allowed"),
    ],
)
def test_a_wrong_certificate_number_is_refused(written, code) -> None:
    assert code_of(read_skill_level, written) == code


def test_an_employer_may_appoint_the_highest_levels() -> None:
    assert read_skill_level("Y00009999000024S000017").rank is Rank.CHIEF_TECHNICIAN
    assert read_skill_level("Y00009999000024T000017").rank is Rank.MASTER_TECHNICIAN


def test_a_number_that_holds_an_identity_number_is_known_as_personal() -> None:
    assert contains_identity(f"T{NUMBER}")
    assert contains_identity(f"粤A-{NUMBER.lower()}-01")
    assert not contains_identity("S0000999900002430000017")
    assert not contains_identity("2024-000123")
    assert is_qualification("1234567890123456")


READERS = (
    days.day,
    days.period,
    figures.hours,
    figures.percent,
    figures.score,
    figures.placement,
    values.text,
    words.rank,
    words.award,
    words.tier,
    words.degree,
    people.person_name,
    partial(people.document, today=TODAY),
    lambda value: find_occupation(values.shown(value)),
    lambda value: read_skill_level(values.shown(value)),
)
WRITTEN = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="0123456789年月日至.-/% ０９XxE+级一二十第名(（)T", max_size=24),
    st.floats(),
    st.dates(),
    st.datetimes(),
)


@settings(max_examples=150, deadline=None)
@given(value=WRITTEN)
def test_whatever_is_written_is_read_or_refused_by_name(value) -> None:
    for reader in READERS:
        with suppress(Refusal):
            assert reader(value) is not None


@pytest.mark.parametrize(
    ("written", "told"), [("国家级一类", 1), ("省级（二类）", 2), ("市级II类", 2), ("市赛", None)]
)
def test_the_class_of_a_contest_is_read_behind_its_tier(written, told):
    assert words.contest_class(written) == told
