"""Lists of results and of apprentices: group, selection trial, registration of the class."""

import pytest

from archive.dossiers.cells import words
from archive.dossiers.cells.refusals import WordUnknownError
from archive.dossiers.columns import columns_of, detect_kind
from archive.dossiers.headers import Field
from schemas.records import RECORD
from schemas.vocabulary import ContestGroup, RecordKind

PERSON = ("姓名", "身份证号")


@pytest.mark.parametrize(
    ("written", "meant"),
    [("职工组", ContestGroup.STAFF), ("学生", ContestGroup.STUDENT), ("Staff", ContestGroup.STAFF)],
)
def test_a_group_is_told_by_its_usual_words(written, meant):
    assert words.contest_group(written) is meant


@pytest.mark.parametrize(("written", "meant"), [("是", True), ("已备案", True), ("未备案", False)])
def test_yes_and_no_are_told_by_their_usual_words(written, meant):
    assert words.yes(written) is meant


@pytest.mark.parametrize("reader", [words.contest_group, words.yes])
def test_other_words_are_refused(reader):
    with pytest.raises(WordUnknownError):
        reader("也许")


def test_the_columns_are_found_by_their_headers():
    results = (*PERSON, "竞赛名称", "竞赛级别", "名次", "获奖日期", "参赛组别", "是否选拔赛")
    apprentices = (*PERSON, "学徒企业", "企业导师", "开始日期", "结束日期", "备案编号", "是否备案")

    assert detect_kind(results) is RecordKind.COMPETITION
    assert detect_kind(apprentices) is RecordKind.APPRENTICESHIP
    places = columns_of(results, RecordKind.COMPETITION).places
    assert (places[Field.GROUP], places[Field.IS_SELECTION_TRIAL]) == (6, 7)
    places = columns_of(apprentices, RecordKind.APPRENTICESHIP).places
    assert (places[Field.CLASS_NUMBER], places[Field.IS_REGISTERED]) == (6, 7)


def test_a_prize_table_in_disorder_is_refused():
    record = {
        "kind": "competition",
        "event_name": "某大赛",
        "tier": "city",
        "placement": 2,
        "awarded_on": "2024-10-01",
    }
    RECORD.validate_python({**record, "prize_places": {"first": 1, "second": 3}})
    with pytest.raises(ValueError, match="later place"):
        RECORD.validate_python({**record, "prize_places": {"first": 3, "second": 3}})
