"""``rules show --known-on``, ``rules diff`` and ``rules explain`` on the command line."""

from datetime import date

import pytest

from archive.people.synthetic import resident_number
from tests.command_line import CommandLine
from tests.test_rule_exceptions import an_exception
from tests.test_rulebook import a_file, a_rule

HEADERS = "姓名,身份证号,课程名称,职业（工种）,学时,出勤率,成绩,开班日期,结业日期"


@pytest.fixture
def cli(monkeypatch, sqlite_settings, tmp_path):
    """One worker with one course of 36 hours."""
    cli = CommandLine(monkeypatch, sqlite_settings)
    cli.done(
        *("organisation", "add", "TP01", "--name", "光明示范培训中心", "--name-en", "Demo"),
        *("--kind", "training_provider"),
    )
    number = resident_number(date(1990, 5, 17), 1)
    row = f"李明华,{number},电工技能提升,电工,36,95,85,2024-02-01,2024-03-01"
    (tmp_path / "list.csv").write_text(f"{HEADERS}\n{row}\n", encoding="utf-8")
    cli.done("intake", tmp_path / "list.csv", "--organisation", "TP01", "--commit")
    return cli


def test_an_entry_of_the_statement_is_explained_in_both_languages(cli):
    [worker] = cli.done("worker", "list").split()
    [line] = cli.asked("statement", worker)["lines"]
    assert line["entry_id"] in cli.done("statement", worker)

    told = cli.asked("rules", "explain", line["entry_id"])
    english = cli.done("rules", "explain", line["entry_id"])
    cli.set(LANG="zh")
    chinese = cli.done("rules", "explain", line["entry_id"][:35])

    assert (told["rule"], told["credits"]) == ("training-2022", "2.25")
    assert "1. 36 class hours ÷ 16 = 2.25 credits." in english
    assert "16 class hours make one credit" in english
    assert "1. 36学时 ÷ 16 = 2.25学分。" in chinese
    assert "按所存依据重新计算，结果一致。" in chinese


def test_an_entry_that_the_cap_cut_names_the_rule_of_the_cap(cli, tmp_path):
    number = resident_number(date(1990, 5, 17), 1)
    row = f"李明华,{number},电工强化,电工,800,95,85,2024-04-01,2024-06-01"
    (tmp_path / "more.csv").write_text(f"{HEADERS}\n{row}\n", encoding="utf-8")
    cli.done("intake", tmp_path / "more.csv", "--organisation", "TP01", "--commit")
    [worker] = cli.done("worker", "list").split()
    lines = {one["credits"]: one["entry_id"] for one in cli.asked("statement", worker)["lines"]}

    assert "2. At most 40 credits" in cli.done("rules", "explain", lines["37.75"])
    assert "3. The yearly cap is that of rule yearly-cap-2022: " in cli.done(
        "rules", "explain", lines["37.75"]
    )
    assert "yearly-cap" not in cli.done("rules", "explain", lines["2.25"])


def test_an_unknown_entry_is_refused(cli):
    assert cli.refused("rules", "explain", "01970000") == "entry_unknown"


def test_a_file_a_rule_and_a_day_are_compared(cli, tmp_path):
    path = a_file(tmp_path, a_rule())

    [found] = cli.asked("rules", "diff", path)["differences"]
    told = cli.done("rules", "diff", "training-2022", path)

    changed = {one["field"]: one for one in found["changes"]}
    assert changed["hours_per_credit"] == {
        "field": "hours_per_credit",
        "before": "16",
        "after": "18",
    }
    assert "training-2022 → training-2027" in told
    assert cli.asked("rules", "diff", "2024-05-01", "2024-06-01")["differences"] == []
    assert "They say the same." in cli.done("rules", "diff", "2024-05-01", "2024-06-01")
    assert cli.refused("rules", "diff", "training-2023", path) == "rule_unknown"


def test_a_published_rule_with_an_exception_is_not_taken_for_an_edited_one(cli, tmp_path):
    exception = an_exception(when='issuer = ["TP01"], course_code = ["E-01"]')
    path = a_file(tmp_path, a_rule(more=exception))
    cli.done("account", "add", "wang", "--role", "approver", "--no-password")
    proposal = cli.asked("rules", "publish", path)["id"]
    cli.done("approve", proposal, "--as", "wang")

    assert cli.asked("rules", "check", path)["new"] == []
    assert cli.asked("rules", "diff", path)["differences"] == []
    assert cli.refused("rules", "publish", path) == "rule_already_published"
    shown = cli.done("rules", "show", "--on", "2027-06-01")
    assert "Exception (night-courses): （示例）补充通知" in shown


def test_rules_are_shown_as_they_were_published_on_a_day(cli):
    known = cli.asked("rules", "show", "--on", "2024-05-01", "--known-on", "2020-01-01")
    assert (known["rules"], known["known_on"]) == ([], "2020-01-01")
    told = cli.done("rules", "show", "--on", "2024-05-01", "--known-on", "2099-01-01")
    assert "As published until 2099-01-01." in told
    assert "training-2022" in told


def test_a_file_that_contradicts_what_is_published_is_named_as_it_was_sent(cli, tmp_path):
    path = a_file(tmp_path, a_rule(replaces=None))
    path = path.rename(tmp_path / "mine.toml")

    refused = cli("rules", "check", path)

    assert refused.status == 1
    assert "The rule file mine.toml is refused" in refused.stderr


def test_a_family_that_is_unknown_is_refused_with_the_words_that_a_file_would_use(cli, tmp_path):
    path = a_file(tmp_path, a_rule())
    path.write_text(path.read_text("utf-8").replace('"training"', '"trainning"', 1), "utf-8")

    refused = cli("rules", "check", path).stderr

    assert "trainning is none of training, certificate," in refused
    assert "Family" not in refused


def test_examples_that_come_or_go_as_a_whole_are_named_in_one_line(cli, tmp_path):
    told = cli.done("rules", "diff", a_file(tmp_path, a_rule()))

    assert "would change in what is published:" in told
    assert "Example that goes: 59 points are not passed" in told
    assert "example.59 points" not in told
