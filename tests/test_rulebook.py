"""Which rules are taken, and which are refused: by file, by rule, by what is wrong."""

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session

from archive.texts import explained
from credit_bank import publishing
from credit_bank.chain import canonical_bytes
from credit_bank.errors import (
    RuleAlreadyPublishedError,
    RuleChangedError,
    RuleExampleUnreadableError,
    RuleFileError,
    RuleGapError,
    RuleReplacesUnknownError,
    RuleTwiceError,
)
from credit_bank.publishing import check_files, rule_book, shipped_files, shipped_terms
from credit_bank.rule_files import SHIPPED, Term, parse, read_file, version_of
from credit_bank.rulebook import RuleBook, book_of, refuse_gaps
from schemas.vocabulary import Family
from tests.builders import NOW
from tests.outcomes import shipped_rules

DAY = date(2025, 1, 1)


def a_rule(
    rule_id: str = "training-2027",
    begins: str = "2027-01-01",
    *,
    ends: str | None = None,
    replaces: str | None = "training-2022",
    source: str = 'source = "（示例）通知〔2026〕1号"',
    hours_per_credit: str = "18",
    expected: str = "2",
    more: str = "",
) -> str:
    """Return a training rule as a file writes it: 18 hours a credit from 2027 on."""
    until = f"in_force_until = {ends}\n" if ends else ""
    earlier = f'replaces = "{replaces}"\n' if replaces else ""
    return f"""
[[rule]]
id = "{rule_id}"
in_force_from = {begins}
{until}{earlier}{source}
title = {{ zh = "培训折算学分", en = "Credits for training" }}
clause = {{ zh = "每18学时折算1学分。", en = "18 class hours make one credit." }}
hours_per_credit = {hours_per_credit}
minimum_hours = 8
minimum_score = 60
full_score = 100
minimum_attendance = 80
passing_grades = ["pass"]
{more}
[[rule.example]]
name = "36 hours give two credits"
given = {{ hours = "36", score = "60" }}
expect = {{ credits = "{expected}", reason = "granted" }}
"""


def a_file(
    folder: Path, *rules: str, name: str = "training-2027.toml", family: str = "training"
) -> Path:
    """Return the path of a rule file."""
    path = folder / name
    path.write_text(f'family = "{family}"\n' + "".join(rules), encoding="utf-8")
    return path


def with_shipped(path: Path) -> RuleBook:
    """Check a file against what is shipped."""
    published = tuple(one.body for one in shipped_rules().rules)
    return check_files([path], published)


def refused(path: Path, kind: type[RuleFileError] = RuleFileError) -> str:
    """Return why a file is refused, which names the file."""
    with pytest.raises(kind) as found:
        with_shipped(path)
    told = str(found.value)
    assert path.name in told
    return told


# --- What is shipped


def test_what_is_shipped_stands_up_to_every_check():
    book = check_files(shipped_files())

    # Agreements are made between their parties: none is shipped.
    assert {one.rule.family for one in book.rules} == set(Family) - {Family.AGREEMENT}
    assert all(one.rule.source for one in book.rules)


@pytest.mark.parametrize("family", list(shipped_terms()))
def test_every_day_of_a_familys_term_has_one_rule(family):
    term = shipped_terms()[family]

    for day in (term.begins, date(2022, 9, 14), date(2022, 9, 15), term.ends or date(2099, 12, 31)):
        if day >= term.begins:
            assert shipped_rules().in_force(family, day) is not None
    assert shipped_rules().in_force(family, date(1989, 12, 31)) is None


# --- What is taken


def test_a_rule_that_replaces_another_ends_it_the_day_before(tmp_path):
    book = with_shipped(a_file(tmp_path, a_rule()))

    before, after = (
        book.in_force(Family.TRAINING, day) for day in (date(2026, 12, 31), date(2027, 1, 1))
    )
    assert before is not None
    assert before.rule.id == "training-2022"
    assert before.until == date(2026, 12, 31)
    assert after is not None
    assert after.rule.id == "training-2027"


def test_a_rule_may_take_effect_in_the_past(tmp_path):
    book = with_shipped(a_file(tmp_path, a_rule(begins="2024-01-01")))

    found = book.in_force(Family.TRAINING, DAY)
    assert found is not None
    assert found.rule.id == "training-2027"


def test_comments_and_order_in_the_file_do_not_make_another_version(tmp_path):
    plain = a_file(tmp_path, a_rule(), name="a.toml")
    other = a_file(tmp_path, a_rule().replace("full_score", "# 满分\nfull_score"), name="b.toml")

    assert read_file(plain) == read_file(other)


def test_the_version_is_the_digest_of_the_bytes():
    for one in shipped_rules().rules:
        assert one.version == version_of(one.body)
        assert shipped_rules().of_version(one.version) is one
        assert shipped_rules().named(one.rule.id) is one


# --- What is refused, by file and by what is wrong


def test_two_rules_on_one_day_are_refused_by_name_and_day(tmp_path):
    told = refused(a_file(tmp_path, a_rule(replaces=None), name="training.toml"))

    assert "training-2022 and training-2027 are both in force on 2027-01-01" in told


def test_a_gap_inside_the_term_is_refused_with_its_first_day(tmp_path):
    ending = a_rule(ends="2027-12-31")

    told = refused(a_file(tmp_path, ending, name="training.toml"), RuleGapError)

    assert "no rule on 2028-01-01" in told


def test_a_gap_between_two_rules_is_refused_with_its_first_day():
    first, second = a_rule("a", "1990-01-01", ends="2000-01-31"), a_rule("b", "2000-02-02")
    book = book_of(tuple(body_of(text) for text in (first, second)))

    with pytest.raises(RuleFileError, match="no rule on 2000-02-01"):
        refuse_gaps(book, {Family.TRAINING: Term(begins=date(1990, 1, 1))})
    refuse_gaps(book, {Family.TRAINING: Term(begins=date(1990, 1, 1), ends=date(2000, 1, 31))})


def test_a_rule_later_than_the_first_day_of_the_term_is_a_gap():
    book = book_of((body_of(a_rule("a", "1991-01-01")),))

    with pytest.raises(RuleFileError, match="no rule on 1990-01-01"):
        refuse_gaps(book, {Family.TRAINING: Term(begins=date(1990, 1, 1))})


def body_of(text: str, replaces: str | None = None) -> bytes:
    """Return the canonical bytes of a rule that replaces another, or none."""
    (draft,) = tomllib.loads(text)["rule"]
    return canonical_bytes({**draft, "family": "training", "replaces": replaces})


def test_a_rule_that_replaces_an_unknown_one_is_refused(tmp_path):
    path = a_file(
        tmp_path,
        a_rule("training-1980", "1980-01-01", ends="1989-12-31", replaces="trainig-2022"),
        name="training.toml",
    )

    told = refused(path, RuleReplacesUnknownError)
    assert "training-1980 replaces trainig-2022, which is not known" in told


def test_a_rule_that_replaces_one_of_another_family_is_refused(tmp_path):
    path = a_file(
        tmp_path,
        a_rule("training-1980", "1980-01-01", ends="1989-12-31", replaces="certificate-2022"),
        name="training.toml",
    )

    assert "training-1980 replaces certificate-2022" in refused(path)


def test_a_rule_that_ends_before_it_begins_is_refused(tmp_path):
    path = a_file(tmp_path, a_rule(begins="1985-01-01", ends="1984-12-31", replaces=None))

    assert "ends before it begins" in refused(path)


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("fifteen", "four places"),
        ("Infinity", "four places"),
        ("NaN", "four places"),
        ("-1", "four places"),
        ("0.00001", "four places"),
        ("1e3", "four places"),
        ("", "four places"),
        ("１５", "four places"),
    ],
)
def test_units_that_are_none_are_refused(tmp_path, written, problem):
    assert problem in refused(a_cap(tmp_path, f'"{written}"'))


@pytest.mark.parametrize("written", ["40", "27.5", "true", "[1]"])
def test_credits_without_quotes_are_refused(tmp_path, written):
    assert 'quotes, "27.5"' in refused(a_cap(tmp_path, written))


def a_cap(folder: Path, credits_a_year: str) -> Path:
    """Return a file with a cap."""
    rule = f"""
[[rule]]
id = "yearly-cap-2027"
in_force_from = 2027-01-01
replaces = "yearly-cap-2022"
title = {{ zh = "上限", en = "Cap" }}
clause = {{ zh = "上限", en = "Cap" }}
source = "（示例）"
capped = "training"
credits_a_year = {credits_a_year}
[[rule.example]]
name = "Nothing"
given = {{ earned = "0", used = "0" }}
expect = {{ credits = "0" }}
"""
    return a_file(folder, rule, family="yearly_cap", name="cap.toml")


def test_a_failing_example_is_refused_with_what_it_gives(tmp_path):
    told = refused(a_file(tmp_path, a_rule(expected="3")))

    assert "“36 hours give two credits” of training-2027" in told
    assert '"credits":"3"' in told
    assert '"credits":"2"' in told


def test_an_example_that_cannot_be_read_is_refused(tmp_path):
    text = a_rule().replace('hours = "36"', 'hours = "many"')

    told = refused(a_file(tmp_path, text), RuleExampleUnreadableError)
    assert "cannot be read" in told


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (a_rule(source=""), "source"),
        (a_rule(source='source = ""'), "source"),
        (a_rule(more="hours_per_week = 5"), "hours_per_week"),
        (a_rule(hours_per_credit="0"), "hours_per_credit"),
        (a_rule("Training 2027"), "id"),
        (a_rule(begins='"soon"'), "in_force_from"),
        (a_rule().split("[[rule.example]]", maxsplit=1)[0], "example"),
        (a_rule().replace('["pass"]', '["brilliant"]'), "passing_grades"),
    ],
)
def test_a_missing_unknown_or_wrong_field_is_refused_by_name(tmp_path, text, problem):
    assert problem in refused(a_file(tmp_path, text))


def test_all_faults_of_a_rule_are_told_at_once(tmp_path):
    text = a_rule(begins='"soon"', more="hours_per_week = 5")
    told = refused(a_file(tmp_path, text.replace("minimum_hours", "least_hours")))
    for fault in ("in_force_from is no day", "hours_per_week is not known", "least_hours is not"):
        assert fault in told
    assert "minimum_hours is missing" in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (a_rule(more="hours_per_week = 5"), "training-2027: hours_per_week is not known here"),
        (a_rule(hours_per_credit="0"), "training-2027: hours_per_credit must be greater than 0"),
        (a_rule(begins='"soon"'), "training-2027: in_force_from is no day such as 2027-01-01"),
        (a_rule(hours_per_credit="18.5"), '18.5 must stand in quotes, "27.5"'),
        (a_rule(hours_per_credit="= 5"), "line 10, column 20 is not written as TOML wants it"),
        (a_rule(hours_per_credit="07:30:00"), "it holds a time of day"),
        (a_rule(begins="2027-01-01", ends="2026-01-01"), "the rule ends before it begins"),
    ],
)
def test_the_cause_of_a_refusal_is_told_in_both_languages_with_its_place(tmp_path, text, told):
    with pytest.raises(RuleFileError) as found:
        with_shipped(a_file(tmp_path, text))

    both = explained(found.value)
    assert told in both.en
    words = re.sub(r"training-2027(\.toml)?|[a-z_]+_[a-z_]+|source|TOML", "", both.zh)
    assert re.findall("[A-Za-z]+", words) == []


@pytest.mark.parametrize(
    ("family", "left_out", "missing"),
    [
        ("certificate", ', advanced = "8"', "advanced"),
        ("certificate", '3 = "37.5", ', "3"),
        (
            "competition",
            'world = { first = "20", second = "16", third = "12", merit = "8" }',
            "world",
        ),
        ("competition", ', merit = "0.5"', "merit"),
    ],
)
def test_a_table_that_leaves_a_value_out_is_refused(tmp_path, family, left_out, missing):
    """Unset is not zero, and would only be found when somebody's record cannot be converted."""
    (shipped,) = (path for path in shipped_files() if path.stem == family)
    text = shipped.read_text(encoding="utf-8").replace(left_out, "")
    path = tmp_path / "draft.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(RuleFileError, match=f"no value is given for {missing}"):
        read_file(path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"family = ",
        b'family = "training"\n',
        b'family = "training"\nrule = [1, 2]\n',
        b'family = "training"\nrule = "x"\n',
        b'family = 5\n[[rule]]\nid = "x"\n',
        b"\xff\xfe\x00",
        b'family = "unheard"\n[[rule]]\nid = "x"\n',
    ],
)
def test_what_is_no_rule_file_is_refused_by_name(tmp_path, content):
    path = tmp_path / "rules.toml"
    path.write_bytes(content)

    refused(path)


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path):
    refused(tmp_path / "nowhere.toml")


def test_two_rules_of_one_name_are_refused(tmp_path):
    twice = [
        a_rule("training-1980", f"{year}-01-01", ends=f"{year}-12-31", replaces=None)
        for year in (1980, 1985)
    ]

    told = refused(a_file(tmp_path, *twice), RuleTwiceError)
    assert "training-1980 stands there twice" in told


def test_an_entitlement_whose_sentence_has_no_place_for_the_treatment_is_refused(tmp_path):
    text = (SHIPPED / "entitlement.toml").read_text(encoding="utf-8")
    path = tmp_path / "entitlement.toml"
    assert "{treatment}" in text
    path.write_text(text.replace("{treatment}", "{treatement}"), encoding="utf-8")

    with pytest.raises(RuleFileError, match="treatment"):
        read_file(path)


# --- What was published stays


def test_a_changed_rule_is_refused_under_its_old_name(session: Session, tmp_path):
    path = a_file(tmp_path, a_rule("training-2022", "2022-09-15", replaces=None))
    bodies = read_file(path)

    with pytest.raises(RuleChangedError, match="training-2022"):
        publishing.publish(session, bodies, now=NOW)
    with pytest.raises(RuleChangedError, match="training-2022"):
        with_shipped(path)


def test_a_changed_shipped_file_is_refused_at_the_next_upgrade(session, tmp_path, monkeypatch):
    (original,) = (path for path in shipped_files() if path.stem == "training")
    changed = tmp_path / "training.toml"
    text = original.read_text(encoding="utf-8")
    changed.write_text(text.replace("minimum_hours = 8", "minimum_hours = 4"), encoding="utf-8")
    monkeypatch.setattr(publishing, "shipped_files", lambda: [changed])

    with pytest.raises(RuleChangedError, match="training-legacy"):
        publishing.ship(session, now=NOW)


def test_shipping_again_publishes_nothing(session):
    assert publishing.ship(session, now=NOW) == []
    assert rule_book(session).rules == shipped_rules().rules


def test_what_is_published_already_needs_no_proposal(session):
    bodies = [one.body for one in shipped_rules().rules]

    with pytest.raises(RuleAlreadyPublishedError):
        publishing.refuse_known(session, bodies)


def test_a_published_rule_is_in_the_book_from_then_on(session, tmp_path):
    bodies = read_file(a_file(tmp_path, a_rule()))

    assert publishing.publish(session, bodies, now=NOW) == ["training-2027"]
    found = rule_book(session).in_force(Family.TRAINING, date(2027, 1, 1))
    assert found is not None
    assert found.body == bodies[0]
    assert parse(found.body, "published").source.startswith("（示例）")
