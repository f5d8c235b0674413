"""A draft of rules tried over a hand-made district: every number is known, nothing is written."""

import csv
import io
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import fromstring

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select as select_rows
from sqlalchemy import text

from archive.bureau.what_if import what_if
from archive.bureau.what_if_ages import age_group
from archive.bureau.what_if_changed import Changed
from archive.bureau.what_if_picture import picture
from archive.bureau.what_if_report import effect_of
from archive.bureau.what_if_tables import as_csv, as_xlsx, groups_table, records_table
from archive.dossiers.writing import Posting, writing
from archive.migrations.tables import METADATA
from archive.people import look_ups
from archive.people.key_store import WRAPPED_KEY
from archive.people.privacy import vault_of
from credit_bank.errors import RuleAlreadyPublishedError, RuleFileError
from credit_bank.publishing import shipped_files
from credit_bank.simulation_effects import Effect, Sums
from schemas.vocabulary import Family, Language, Rank
from schemas.what_if import Grouping
from tests.builders import (
    NOW,
    TODAY,
    a_certificate,
    a_training,
    an_account,
    an_identity,
    an_organisation,
)
from tests.test_rules_desk import DRAFT

YOUNG, MIDDLE, OLD = date(2002, 1, 1), date(1990, 1, 1), date(1960, 1, 1)
REPEAL = """
[[repeal]]
id = "training-2025-ends"
repeals = "training-2022"
in_force_from = 2025-02-15
leaves_no_rule = true
title = { zh = "培训不再折算", en = "No credits for training" }
clause = { zh = "不再折算。", en = "No more." }
source = "示范规定（2025）第9条"
"""


@pytest.fixture
def district(archive):
    """Six at middle age with 36 hours of one provider, six young ones with a level and 72
    hours of another, two old ones whom no draft of 2025 concerns."""
    with archive.transaction() as session:
        first, second = an_organisation(session), an_organisation(session, "TP02")
        by = an_account(session, organisation=first)
        born = [MIDDLE] * 6 + [YOUNG] * 6 + [OLD] * 2
        people = [an_identity(at, born=day) for at, day in enumerate(born, start=1)]
        with writing(session) as writer:
            ids = writer.enrol(people, Posting(first.id, by.id, NOW))
        with writing(session, ids) as writer:
            for at, worker_id in enumerate(ids):
                posting = Posting((first if at < 6 else second).id, by.id, NOW)
                if at < 6:
                    writer.add(worker_id, a_training("36"), posting)
                elif at < 12:
                    level = a_certificate(Rank.SENIOR, number=f"S000044030001243{at:06}")
                    writer.add(worker_id, a_training("72"), posting)
                    writer.add(worker_id, level, posting)
                else:
                    writer.add(worker_id, a_training("36", date(2024, 2, 1)), posting)
    return archive


def tried(archive, draft: str = DRAFT, *, by_age: bool = True, on: date = TODAY):
    return what_if(
        archive, draft.encode(), "draft.toml", on=on, by_age=by_age, tell=lambda *_: None
    )


def table(report, by: Grouping):
    [found] = [one for one in report.groups if one.by is by]
    return {line.code: line for line in found.lines}


def test_who_loses_how_much_is_known_by_level_age_and_organisation(district):
    report = tried(district).report

    assert (report.persons, report.records) == (14, 20)
    assert report.credits == 8 * Decimal("2.25") + 6 * (Decimal("4.5") + Decimal("37.5"))
    whole = report.together
    assert (whole.persons_gaining, whole.persons_losing) == (0, 12)
    assert (whole.credits_lost, whole.difference) == (Decimal("4.5"), Decimal("-4.5"))
    assert whole.records_changed == 12
    assert [one.effect for one in report.alone] == [whole]
    level = table(report, Grouping.LEVEL)
    assert (level["3"].persons, level["3"].credits_lost) == (6, 3)
    assert (level["-1"].losing, level["-1"].difference) == (6, Decimal("-1.5"))
    organisations = table(report, Grouping.ORGANISATION)
    assert {code: line.credits_lost for code, line in organisations.items()} == {
        "TP01": Decimal("1.5"),
        "TP02": 3,
    }


def test_the_two_old_ones_are_hidden_with_the_group_that_guards_them(district):
    ages = table(tried(district).report, Grouping.AGE)
    assert list(ages) == ["under_25", "35_44", "55_and_over"]
    assert [line.persons for line in ages.values()].count(None) == 2
    assert ages["55_and_over"].persons is None
    shown = [line for line in ages.values() if not line.is_hidden]
    assert [line.losing for line in shown] == [6]


@pytest.mark.parametrize(("few", "is_told"), [(4, False), (5, True), (0, True)])
def test_the_credits_of_a_few_are_hidden_in_the_totals_too(few, is_told):
    """Also where one number less another would tell them."""
    gaining = Effect(gaining=few, losing=9, gained=few * 10_000, lost=90_000, changed_workers=9)
    losing = Effect(gaining=9, losing=few, gained=90_000, lost=few * 10_000, changed_workers=9)

    one, other = effect_of(Sums(), gaining), effect_of(Sums(), losing)
    capped = effect_of(Sums(capped=few, forfeited=few * 10_000), Effect())

    assert one.persons_gaining == other.persons_losing == (few if is_told else None)
    assert one.credits_gained == other.credits_lost == (few if is_told else None)
    assert capped.cap_forfeits == capped.persons_capped == (few if is_told else None)
    for found in (one, other):
        assert (found.difference is None) is (found.records_changed is None) is (not is_told)


def test_birth_dates_stay_closed_unless_ages_are_asked_for(district, monkeypatch):
    def refuse(*_):
        raise AssertionError

    monkeypatch.setattr("archive.people.privacy.PersonKey.open", refuse)
    report = tried(district, by_age=False).report
    assert [one.by for one in report.groups] == [Grouping.LEVEL, Grouping.ORGANISATION]
    with pytest.raises(AssertionError):
        tried(district, by_age=True)


def test_a_level_counts_from_the_day_of_its_certificate(district):
    before = tried(district, on=date(2024, 5, 31)).report
    assert list(table(before, Grouping.LEVEL)) == ["-1"]


def test_nothing_is_written_in_any_table(district):
    before = _dump(district)
    tried(district)
    assert _dump(district) == before


def test_a_repeal_is_tried_alone_and_together_with_a_rule(district):
    report = tried(district, DRAFT + REPEAL.replace("training-2022", "training-2025")).report
    rule, repeal = report.alone
    assert repeal.is_repeal
    assert repeal.effect is None  # What it repeals is only in the draft.
    assert rule.effect == report.together


def test_what_does_not_change_credits_is_said_to_be_untried(district):
    text_ = next(path for path in shipped_files() if path.stem == "appeal").read_text("utf-8")
    draft = text_.replace("appeal-2022", "appeal-2099").replace("2022-09-15", "2099-01-01")
    draft = draft.replace("[[rule]]", '[[rule]]\nreplaces = "appeal-2022"', 1)
    report = tried(district, draft[draft.index("family =") :].replace("term =", "# term =")).report
    assert report.not_counted == (Family.APPEAL,)
    assert report.together.records_changed == 0


def test_a_draft_is_checked_like_one_that_is_proposed(district):
    with pytest.raises(RuleFileError):
        tried(district, DRAFT.replace('credits = "2"', 'credits = "3"'))
    with pytest.raises(RuleFileError):
        tried(district, DRAFT.replace('replaces = "training-2022"', ""))
    shipped = next(path for path in shipped_files() if path.stem == "training")
    with pytest.raises(RuleAlreadyPublishedError):
        tried(district, shipped.read_text("utf-8"))


def test_each_person_is_explained_before_and_after_by_the_archive_number(district):
    changed = tried(district).changed
    kept = Changed.unpacked(changed.packed())
    assert kept == changed
    with district.reading() as session:
        [most, *_] = kept.most_concerned(1)
        rows = list(records_table(session, kept, Language.ENGLISH))
        person = kept.person(session, look_ups.worker_known_as(session, most), today=TODAY)
    assert person.difference == Decimal("-0.5")
    [record] = person.records
    assert (record.title, record.before.rule, record.after.rule) == (
        "电工技能提升",
        "training-2022",
        "training-2025",
    )
    assert record.after.steps[0].en == "72 class hours ÷ 18 = 4 credits."
    assert record.after.steps[0].zh == "72学时 ÷ 18 = 4学分。"
    assert len(rows) == 13
    assert {row[6] for row in rows[1:]} == {Decimal("-0.25"), Decimal("-0.5")}


def test_tables_open_in_office_programs_and_hide_what_the_report_hides(district):
    report = tried(district).report
    rows = list(groups_table(report, Language.CHINESE))

    read = list(csv.reader(io.StringIO(as_csv(rows).decode("utf-8-sig"))))
    [sheet] = CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx(rows))).sheet_names
    book = CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx(rows)))
    cells = book.get_sheet_by_name(sheet).to_python()

    assert read[0][:3] == ["分组方式", "代码", "名称"]
    assert read[1][5] == "12"
    assert cells[1][5] == 12
    assert cells[1][8] == -4.5
    hidden = [row for row in read if row[1] == "55_and_over"]
    assert hidden[0][3:9] == ["*"] * 6
    assert as_csv([["=1+1", "-x", Decimal(-1)]]).decode("utf-8-sig") == "'=1+1,'-x,-1\r\n"


@pytest.mark.parametrize("language", Language)
def test_the_picture_says_in_words_what_it_draws(district, language):
    drawn = picture(tried(district).report, language)
    root = fromstring(drawn)
    spaces = {"svg": "http://www.w3.org/2000/svg"}
    assert root.get("role") == "img"
    told = root.findtext("svg:desc", namespaces=spaces) or ""
    words = {Language.CHINESE: ("不予显示", "减少"), Language.ENGLISH: ("hidden", "lost")}
    assert "−4.5 / +0" in told
    assert words[language][0] in told
    assert words[language][1] in drawn


def test_ages_change_on_the_birthday():
    assert age_group(date(2000, 3, 1), date(2025, 2, 28)) == "under_25"
    assert age_group(date(2000, 3, 1), date(2025, 3, 1)) == "25_34"
    assert age_group(date(1960, 1, 1), date(2025, 1, 1)) == "55_and_over"
    assert age_group(None, date(2025, 1, 1)) == "unknown"


def _dump(archive) -> dict[str, list[str]]:
    with archive.reading() as session:
        found = {
            table_.name: sorted(str(tuple(row)) for row in session.execute(select_rows(table_)))
            for table_ in METADATA.sorted_tables
        }
    with vault_of(archive).store.reading() as keys:
        found["keys"] = sorted(str(row) for row in keys.execute(text("SELECT * FROM wrapped_key")))
    assert found["entry"]
    assert WRAPPED_KEY.name == "wrapped_key"
    return found
