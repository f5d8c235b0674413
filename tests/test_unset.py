"""What nobody has set is listed by day, with the rule that leaves it open, in both languages."""

from datetime import date

import pytest

from archive.bureau.rule_views import unset_views
from archive.texts import translations
from credit_bank.families.clocks import NO_SECOND_ANSWER, NO_SECOND_FILE, AppealRule
from credit_bank.families.promotion import NO_TIER
from credit_bank.unset import NO_RULE, SENTENCES, unset_on
from schemas.vocabulary import Family, Language
from tests.outcomes import shipped_rules


def _told(day: date) -> dict[tuple[Family, str | None], str]:
    return {(one.family, one.rule): str(one.what) for one in unset_on(shipped_rules(), day)}


def test_what_the_defaults_leave_open_is_listed_with_its_rule_in_both_languages():
    [one] = unset_views(shipped_rules(), date(2024, 5, 1))
    assert (one.family, one.rule) == (Family.PROMOTION, "promotion-2022")
    assert one.message.en == "Nothing is set for competitions of this tier: World."
    assert one.message.zh == "未设定该级别竞赛的处理：世界级。"


def test_a_family_without_a_rule_on_the_day_is_listed():
    told = _told(date(2026, 3, 1))
    assert told[Family.ENTITLEMENT, None] == NO_RULE  # The Plan ends on 2025-12-31.
    assert (Family.ENTITLEMENT, None) not in _told(date(2025, 12, 31))


@pytest.mark.parametrize(
    ("day", "missing"), [(date(2026, 10, 2), False), (date(2026, 10, 3), True)]
)
def test_the_list_of_holidays_must_reach_as_far_as_a_clock_that_begins_now(day, missing):
    assert ((Family.WORKING_DAYS, None) in _told(day)) is missing


def test_an_appeal_without_clocks_of_the_second_instance_says_so():
    published = shipped_rules().in_force(Family.APPEAL, date(2024, 5, 1))
    assert published is not None
    told = {"second_file_within_days": None, "second_answer_within_days": None}
    without = AppealRule.model_validate(published.rule.model_dump() | told)
    assert [str(one) for one in without.unset()] == [NO_SECOND_FILE, NO_SECOND_ANSWER]
    assert published.rule.unset() == ()


def test_every_sentence_is_translated():
    chinese = translations(Language.CHINESE)
    sentences = (*SENTENCES, NO_SECOND_FILE, NO_SECOND_ANSWER, NO_TIER)
    assert [one for one in sentences if chinese.gettext(one) == one] == []
