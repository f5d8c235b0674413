"""Streets: a street office's clerks see its dossiers, and cannot tell another's from none."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from archive.dossiers import intake
from archive.errors import NotAllowedError, UnknownRecordError
from archive.people import accounts, look_ups, organisations, streets
from archive.people.models import StreetOf
from archive.people.streets import NotAStreetOfficeError
from archive.people.synthetic import resident_number
from schemas.ids import RANDOM_CHARACTERS, archive_number_from
from schemas.vocabulary import OrganisationKind, Role
from tests.builders import NOW, TODAY, an_account, an_organisation
from tests.command_line import CommandLine
from tests.doors import Door
from tests.test_web_worker import counting, engines

NOBODYS = archive_number_from("K" * RANDOM_CHARACTERS)

BORN = date(1990, 5, 17)
HEADER = "姓名,身份证号,课程名称,学时,结业日期,街道"


@pytest.fixture
def cli(monkeypatch, sqlite_settings):
    return CommandLine(monkeypatch, sqlite_settings)


@pytest.fixture
def street(door: Door) -> Door:
    """Return a door where “worker” belongs to the street clerk's office, the other to another."""
    with door.house.archive.transaction() as session:
        by = accounts.named(session, "clerk")
        other = an_organisation(session, "SO02", OrganisationKind.STREET_OFFICE)
        mine = organisations.coded(session, "SO01")
        for number, office in zip(door.numbers, (mine, other), strict=True):
            worker = look_ups.worker_numbered(session, number)
            streets.assign(session, worker.worker_id, office, by=by, now=NOW)
    door.visit().get("/verify")  # Whether it is a demo is asked once a process.
    return door


def answered(
    door: Door, client: TestClient, ask: tuple[str, str, dict[str, str] | None], number: str
) -> tuple[int, str, int]:
    """Return status, body without the number, and how many statements it took."""
    method, path, body = ask
    form = {key: value.format(number) for key, value in body.items()} if body else None
    told = path.format(
        number=number,
        record=door.record_ids[door.numbers.index(number)] if number in door.numbers else uuid4(),
    )
    with counting(*engines(door)) as statements:
        sent = {"json": body} if path.startswith("/api") and body else {"data": form}
        response = client.request(method, told, **(sent if body else {}))
    text = response.text
    for one in (number, told.rpartition("/")[2]):
        text = text.replace(one, "…")
    return response.status_code, text, len(statements)


PAGES = [
    ("GET", "/bureau/records/{number}", None),
    ("GET", "/bureau/records/{number}/{record}", None),
    ("GET", "/bureau/records/{number}/statement", None),
    ("GET", "/bureau/records/{number}/eligibility?occupation=6-31-01-03", None),
    ("POST", "/bureau/records", {"archive_number": "{0}"}),
]
API = [
    ("GET", "/api/v1/workers/{number}/dossier", None),
    ("GET", "/api/v1/workers/{number}/statement", None),
    ("GET", "/api/v1/workers/{number}/street", None),
    ("GET", "/api/v1/workers/{number}/appeals", None),
    ("GET", "/api/v1/workers/{number}/exchange", None),
    ("GET", "/api/v1/workers/{number}/eligibility?occupation=6-31-01-03", None),
    ("GET", "/api/v1/workers/{number}/next-step?occupation=6-31-01-03&rank=3", None),
    ("GET", "/api/v1/workers/{number}/records/{record}", None),
    ("POST", "/api/v1/workers/{number}/transcripts", {"language": "zh"}),
]


@pytest.mark.parametrize("ask", [*PAGES, *API], ids=lambda ask: f"{ask[0]} {ask[1]}")
def test_another_streets_dossier_and_none_are_the_same_in_status_body_and_statements(street, ask):
    is_api = ask[1].startswith("/api")
    client = street.program("street") if is_api else street.visit("street")

    other = answered(street, client, ask, street.numbers[1])
    missing = answered(street, client, ask, NOBODYS)

    assert other == missing
    assert other[0] == 404


@pytest.mark.parametrize(
    "ask",
    [ask for ask in (*PAGES, *API) if not ask[1].endswith("/transcripts")],
    ids=lambda ask: f"{ask[0]} {ask[1]}",
)
def test_the_own_streets_dossiers_open(street, ask):
    client = street.program("street") if ask[1].startswith("/api") else street.visit("street")
    assert answered(street, client, ask, street.numbers[0])[0] in (200, 303)


def test_a_document_of_another_streets_worker_finds_as_little_as_an_unknown_one(street):
    client = street.visit("street")
    numbers = [resident_number(BORN, serial) for serial in (1, 2, 77)]
    found = []
    for number in numbers:
        with counting(*engines(street)) as statements:
            response = client.post("/bureau/records", data={"document_number": number})
        found.append((response.status_code, response.text, len(statements)))
    assert found[0][0] == 303
    assert found[1] == found[2]
    assert found[1][0] == 404


@pytest.mark.parametrize("act", ["correction", "withdrawal"])
@pytest.mark.parametrize("name", ["trainer", "rival"])
def test_whose_record_it_is_cannot_be_told_by_changing_it(street, name, act):
    """A provider's own are found; for another's as many statements as for none."""
    client = street.program(name)
    found = []
    for number, record in (
        (street.numbers[0], street.record_ids[0]),
        (street.numbers[0], uuid4()),
        (NOBODYS, uuid4()),
    ):
        body: dict[str, object] = {"reason": "x"}
        if act == "correction":
            body["record"] = {
                "kind": "training",
                "course_name": "x",
                "hours": "8",
                "completed_on": "2025-02-01",
            }
        with counting(*engines(street)) as statements:
            response = client.post(f"/api/v1/workers/{number}/records/{record}/{act}", json=body)
        found.append((response.status_code, len(statements)))
    assert found[1] == found[2]
    assert found[1][0] == 404
    assert (found[0] == found[1]) is (name == "rival")


def test_the_bureau_moves_a_dossier_and_the_office_of_before_sees_it_no_more(street):
    path = f"/bureau/records/{street.numbers[0]}"
    page = street.visit("clerk").get(path)
    assert "SO02" in page.text
    assert street.visit("street").get(path).status_code == 200
    moved = street.visit("clerk").post(f"{path}/street", data={"office": "SO02"})
    assert (moved.status_code, moved.headers["location"]) == (303, path)
    assert street.visit("street").get(path).status_code == 404

    address = f"/api/v1/workers/{street.numbers[0]}/street"
    told = street.program("approver").put(address, json={"organisation": "SO01"}).json()
    assert told["office"]["code"] == "SO01"
    assert street.visit("street").get(path).status_code == 200
    assert (
        street.program("clerk").put(address, json={"organisation": None}).json()["office"] is None
    )
    assert street.visit("street").get(path).status_code == 404


def test_only_the_bureau_moves_dossiers_and_only_to_street_offices(street):
    address = f"/api/v1/workers/{street.numbers[0]}/street"
    for name in ("street", "trainer", "worker", "administrator"):
        answer = street.program(name).put(address, json={"organisation": "SO02"})
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed"), name
    assert "office" not in street.visit("street").get(f"/bureau/records/{street.numbers[0]}").text
    answer = street.program("clerk").put(address, json={"organisation": "TP01"})
    assert (answer.status_code, answer.json()["code"]) == (422, "not_a_street_office")
    unknown = street.program("clerk").put(address, json={"organisation": "XX99"})
    assert unknown.json()["code"] == "organisation_unknown"


def test_the_service_refuses_whoever_may_not_assign(session):
    body = an_organisation(session)
    trainer = an_account(session, organisation=body)
    with pytest.raises(NotAllowedError):
        streets.assign(session, uuid4(), None, by=trainer, now=NOW)
    console = accounts.ensure_console(session, now=NOW)
    with pytest.raises(NotAStreetOfficeError):
        streets.assign(session, uuid4(), body, by=console, now=NOW)


def test_a_column_of_streets_sets_what_is_not_set_and_moves_nobody(session):
    provider = an_organisation(session)
    trainer = an_account(session, organisation=provider)
    office = organisations.add(
        session,
        "SO01",
        name="光明区启明街道办事处",
        name_en="Qiming Street Office",
        kind=OrganisationKind.STREET_OFFICE,
        street="启明街道",
        now=NOW,
    )
    an_organisation(session, "SO02", OrganisationKind.STREET_OFFICE)

    def commit(*rows: str) -> list[str]:
        content = "\n".join((HEADER, *rows)).encode()
        report = intake.commit(
            session, content, "a.csv", provider, by=trainer, now=NOW, today=TODAY
        )
        return [one.code for one in report.findings]

    first, second, third = (resident_number(BORN, serial) for serial in (11, 12, 13))
    assert commit(
        f"李明华,{first},课程,36,2025-02-01,启明街道办",
        f"王小红,{second},课程,36,2025-02-01,不知道街道",
        f"赵大山,{third},课程,36,2025-02-01,",
    ) == ["street_unknown"]
    (only,) = session.exec(select(StreetOf)).all()
    assert only.organisation_id == office.id

    # The same rows again: nothing to write, and yet the street is told now; nobody is moved.
    assert (
        commit(
            f"李明华,{first},课程,36,2025-02-01,SO02",
            f"王小红,{second},课程,36,2025-02-01,ＳＯ０１",
        )
        == []
    )
    assert {one.organisation_id for one in session.exec(select(StreetOf))} == {office.id}
    assert len(session.exec(select(StreetOf)).all()) == 2
    assert streets.office_of(session, uuid4()) is None


def test_a_malformed_number_is_no_record(session):
    from archive.dossiers.reached import reached_record  # noqa: PLC0415

    clerk = an_account(session, "clerk", Role.CLERK, an_organisation(session))
    with pytest.raises(UnknownRecordError):
        reached_record(session, "not a number", UUID(int=1), by=clerk)


def test_the_command_line_assigns_a_street(cli):
    cli.done(
        "organisation",
        "add",
        "SO09",
        "--name",
        "甲街道办事处",
        "--name-en",
        "A",
        "--kind",
        "street_office",
    )
    assert cli.refused("worker", "street", NOBODYS, "SO09") == "worker_unknown"
    cli.done("demo", "--workers", "4", "--records", "8")
    worker = cli.done("worker", "list").split()[1]
    told = cli.asked("worker", "street", worker, "SO09")
    assert told["office"]["code"] == "SO09"
    assert cli.done("worker", "street", worker) == (
        "The dossier belongs to no street office now.\n"
    )
    assert "belongs to A now" in cli.done("worker", "street", worker, "SO09")
    assert cli.refused("worker", "street", worker, "TP01") == "not_a_street_office"
