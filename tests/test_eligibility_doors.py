"""The levels that can be applied for, seen through pages, the API and the command line."""

from datetime import date

import pytest

from archive.dossiers import records
from archive.people import accounts, look_ups, organisations
from archive.people.synthetic import resident_number
from schemas.careers import Education, Experience
from schemas.vocabulary import Degree
from tests.builders import ELECTRICIAN, NOW, TODAY
from tests.command_line import CommandLine
from tests.doors import Door

# The door's worker: 电工, level four since 2024-06-01, born on 1990-05-17.
ASKED = f"occupation={ELECTRICIAN}&on=2029-06-01"


def worked_since(door: Door, day: str, employer: str = "光明电子") -> None:
    """Add an employment as an electrician to the first worker."""
    add(
        door,
        Experience.model_validate(
            {"employer_name": employer, "occupation": ELECTRICIAN, "started_on": day}
        ),
    )


def add(door: Door, record: Education | Experience) -> None:
    """Add a record to the dossier of the first worker."""
    with door.house.archive.transaction() as session:
        records.add(
            session,
            look_ups.worker_numbered(session, door.numbers[0]).worker_id,
            record,
            organisation_id=organisations.coded(session, "TP01").id,
            by=accounts.named(session, "trainer"),
            now=NOW,
            today=TODAY,
        )


def test_a_worker_sees_the_next_level_what_is_missing_and_what_proves_the_rest(door):
    worked_since(door, "2024-01-01")
    page = door.visit("worker").get("/me/eligibility?on=2029-05-31")

    assert page.status_code == 200
    assert "高级工（三级）" in page.text
    assert "电工国家职业技能标准（2018年版）" in page.text
    assert "还差1天；继续从业，自2029年6月1日起符合" in page.text
    assert "光明电子" in page.text
    assert "/me/records/" in page.text


def test_on_the_day_itself_the_level_can_be_applied_for(door):
    worked_since(door, "2024-01-01")
    page = door.visit("worker").get(f"/me/eligibility?{ASKED}&rank=3&lang=en").text

    assert "5 years found." in page
    assert "nothing is awarded here" in page


def test_the_bureau_sees_the_same_of_a_worker_and_nobody_else_does(door):
    address = f"/bureau/records/{door.numbers[0]}/eligibility?{ASKED}"

    assert "可以申报哪一级" in door.visit("clerk").get(address).text
    assert door.visit("trainer").get(address).status_code == 403
    assert door.visit("worker").get(address).status_code == 403


def test_a_dossier_leads_to_its_levels(door):
    assert 'href="/me/eligibility"' in door.visit("worker").get("/me").text
    address = f"/bureau/records/{door.numbers[0]}"
    assert f'href="{address}/eligibility"' in door.visit("clerk").get(address).text


def test_an_occupation_that_is_not_in_the_list_is_refused_on_the_page_itself(door):
    page = door.visit("worker").get("/me/eligibility?occupation=飞行员驾驶员")

    assert page.status_code == 422
    assert "没有找到该职业" in page.text


def test_what_cannot_be_read_in_the_address_is_as_if_it_were_not_there(door):
    for odd in ("rank=9", "rank=x", "on=tomorrow", "on=9999-12-31"):
        assert door.visit("worker").get(f"/me/eligibility?{odd}").status_code == 200


def test_a_program_reads_every_generation_with_its_records(door):
    worked_since(door, "2024-01-01")
    address = f"/api/v1/workers/{door.numbers[0]}/eligibility?{ASKED}&rank=3"
    found = door.program("clerk").get(address).json()

    (level,) = found["levels"]
    assert [one["generation"] for one in level["generations"]] == ["before_2018", "2018", "2023"]
    assert [one["is_binding"] for one in level["generations"]] == [False, True, False]
    assert level["state"] == "holds"
    held = next(one for one in level["generations"][1]["ways"] if one["state"] == "holds")
    assert held["name"]["en"] == "L4 + 5 y"
    work = next(one for one in held["requirements"] if one["kind"] == "work")
    assert work["has"] == {"years": 5, "months": 0, "days": 0}
    assert [one["title"] for one in work["proofs"]] == ["光明电子"]
    assert work["found"]["zh"] == "已有5年。"


def test_a_program_of_another_worker_learns_nothing(door):
    address = f"/api/v1/workers/{door.numbers[0]}/eligibility?{ASKED}"
    assert door.program("other worker").get(address).status_code == 404


@pytest.mark.parametrize("odd", ["occupation=nothing", "occupation=6-31-01-03&rank=8", "rank=3"])
def test_a_program_that_asks_for_what_there_is_not_is_refused(door, odd):
    address = f"/api/v1/workers/{door.numbers[0]}/eligibility?{odd}"
    assert door.program("clerk").get(address).status_code == 422


def test_schooling_that_goes_on_is_no_diploma_but_lets_a_student_of_the_final_year_apply(door):
    add(
        door,
        Education.model_validate(
            {
                "school_name": "光明技师学院",
                "degree": Degree.SENIOR_TECHNICAL_SCHOOL,
                "class_kind": "senior_worker",
                "occupation": ELECTRICIAN,
                "started_on": "2022-09-01",
                "expected_on": "2025-07-01",
            }
        ),
    )
    page = door.visit("worker").get(f"/me/eligibility?occupation={ELECTRICIAN}&on=2025-03-01").text

    assert "应届毕业生，预计2025年7月1日毕业。" in page
    assert "光明技师学院" in page


def test_a_command_tells_all_levels_in_short_and_one_in_full(monkeypatch, settings, tmp_path):
    cli = CommandLine(monkeypatch, settings)
    worker = a_welder(cli, tmp_path)
    short = cli.done("eligibility", worker, "--occupation", "焊工", "--on", "2024-06-01")
    full = cli.done(
        *("eligibility", worker, "--occupation", "6-18-02-04", "--rank", "2"),
        *("--on", "2024-06-01"),
    )
    asked = cli.asked("eligibility", worker, "--occupation", "焊工", "--rank", "2")

    assert "1 y of work" in short
    assert "L5 + 4 y" in full
    assert "2 years 3 months found; 3 years 9 months missing." in full
    assert "it holds from March 1, 2028 on." in full
    assert asked["basis"]["rule"] == "standard-6-18-02-04-2018"


def a_welder(cli: CommandLine, folder) -> str:
    """Return the number of a worker who has worked as a welder since 2022-03-01."""
    cli.done(
        *("organisation", "add", "TP01", "--name", "光明示范培训中心", "--name-en", "Demo"),
        *("--kind", "training_provider"),
    )
    row = f"李明华,{resident_number(date(1990, 5, 17), 1)},光明船厂,焊工,2022-03-01"
    (folder / "list.csv").write_text(
        f"姓名,身份证号,工作单位,职业,入职日期\n{row}\n", encoding="utf-8"
    )
    cli.done("intake", folder / "list.csv", "--organisation", "TP01", "--commit")
    return cli.done("worker", "list").split()[0]
