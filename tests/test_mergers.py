"""Merging two dossiers by two persons: the bureau's desk, its pages, the API, the command line."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from archive.bureau import mergers
from archive.db import Database
from archive.dossiers import records
from archive.dossiers.merging import Deed, merge
from archive.errors import NotAllowedError
from archive.files import (
    LARGEST_BYTES,
    Evidence,
    EvidenceEmptyError,
    EvidenceGoneError,
)
from archive.people import accounts, approvals, look_ups, organisations
from archive.people.approvals import OwnProposalError, UnknownProposalError
from archive.people.models import Worker
from archive.people.opening import open_archive
from archive.people.privacy import PersonKey, vault_of
from archive.scans import ScanTooLargeError, ScanUnreadableError
from archive.settings import Settings
from credit_bank import bank, bulk
from credit_bank.errors import DossierClosedError
from schemas.vocabulary import Account, Role
from tests.builders import NOW, TODAY, a_training, an_account, an_organisation, workers
from tests.command_line import CommandLine
from tests.doors import Door
from tests.test_cli_cases import added
from tests.test_redemptions import ZONE

SCAN = b"%PDF-1.7 a scan of two documents\n%%EOF"
WHOSE = UUID(int=7)
KEY = PersonKey(WHOSE, b"p" * 32)


@pytest.fixture
def evidence(tmp_path: Path) -> Evidence:
    """Return an empty folder of scans."""
    return Evidence(tmp_path / "evidence")


# --- The scan ------------------------------------------------------------------------------------


def test_a_scan_is_kept_sealed_under_the_persons_key_and_found_by_its_digest(
    evidence: Evidence, tmp_path: Path
) -> None:
    digest = evidence.keep(SCAN, WHOSE, KEY)

    assert evidence.get(evidence.keep(SCAN, WHOSE, KEY), WHOSE, KEY) == SCAN
    (file,) = (tmp_path / "evidence" / WHOSE.hex).iterdir()
    assert file.name == digest.hex()
    assert SCAN[:8] not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    with pytest.raises(EvidenceGoneError):
        evidence.get(digest, WHOSE, PersonKey(WHOSE, b"o" * 32))
    file.write_bytes(b"short")
    with pytest.raises(EvidenceGoneError):
        evidence.get(digest, WHOSE, KEY)


def test_an_empty_scan_a_huge_one_and_what_is_none_are_refused(evidence: Evidence) -> None:
    with pytest.raises(EvidenceEmptyError):
        evidence.keep(b"", WHOSE, KEY)
    with pytest.raises(ScanTooLargeError):
        evidence.keep(bytes(LARGEST_BYTES + 1), WHOSE, KEY)
    with pytest.raises(ScanUnreadableError):
        evidence.keep(b"<script>alert(1)</script>", WHOSE, KEY)


# --- Two persons ---------------------------------------------------------------------------------


@pytest.fixture
def house(archive: Database) -> Database:
    """Return an archive with two dossiers of one person, a course in each, and staff."""
    with archive.transaction() as session:
        school = an_organisation(session)
        clerk = an_account(session, "clerk", Role.CLERK)
        an_account(session, "approver", Role.APPROVER)
        an_account(session, "trainer", Role.TRAINER, school)
        for whose, course in zip(workers(session, school, clerk, 2), ("电工", "钳工"), strict=True):
            records.add(
                session,
                whose,
                a_training(hours="32", course_name=course),
                organisation_id=school.id,
                by=clerk,
                now=NOW,
                today=TODAY,
            )
    return archive


def both(session) -> tuple[Worker, ...]:
    """Return both workers, in the order of their enrolment."""
    heads = session.exec(text("SELECT worker_id, archive_number FROM worker ORDER BY created_at"))
    numbers = sorted(number for _, number in heads)
    return tuple(look_ups.worker_numbered(session, one) for one in numbers)


def proposed(archive: Database, evidence: Evidence, by: str = "clerk", reason: str = "同一人"):
    """Propose to merge the first dossier into the second."""
    with archive.transaction() as session:
        one, other = both(session)
        return mergers.propose(
            session,
            one.archive_number,
            other.archive_number,
            proof=mergers.Proof(SCAN, evidence, reason),
            by=accounts.named(session, by),
            now=NOW,
            zone=ZONE,
        )


def answered(archive: Database, proposal_id, by: str = "approver", *, is_approved: bool = True):
    """Answer a proposal."""
    with archive.transaction() as session:
        return approvals.answer(
            session,
            proposal_id,
            is_approved=is_approved,
            reason=None if is_approved else "材料不足",
            by=accounts.named(session, by),
            now=NOW + timedelta(hours=1),
        )


def test_a_merger_takes_a_clerk_a_scan_and_a_second_person(house, evidence):
    proposal = proposed(house, evidence)
    with pytest.raises(NotAllowedError):
        answered(house, proposal.id, "clerk")
    with pytest.raises(NotAllowedError):
        proposed(house, evidence, "trainer")
    with pytest.raises(mergers.MergerProposedError):
        proposed(house, evidence)

    answered(house, proposal.id)

    with house.reading() as session:
        clerk = accounts.named(session, "clerk")
        shown = mergers.shown(session, proposal.id, by=clerk)
        assert (shown.reason, shown.is_approved) == ("同一人", True)
        assert mergers.scan_of(session, proposal.id, evidence, by=clerk)[1] == SCAN
        assert look_ups.worker_numbered(session, shown.closing_number).archive_number == (
            shown.into_number
        )
        assert "同一人" not in str(proposal.payload)
        with pytest.raises(UnknownProposalError):
            mergers.shown(session, clerk.id, by=clerk)


def test_an_approver_does_not_answer_the_own_merger(house, evidence):
    proposal = proposed(house, evidence, "approver")
    with pytest.raises(OwnProposalError):
        answered(house, proposal.id)


def test_a_declined_merger_changes_nothing(house, evidence):
    proposal = proposed(house, evidence)
    with house.reading() as session:
        before = session.exec(text("SELECT count(*) FROM chain_link")).one()

    answered(house, proposal.id, is_approved=False)

    with house.reading() as session:
        assert session.exec(text("SELECT count(*) FROM chain_link")).one() == before
        one, other = both(session)
        assert one.worker_id != other.worker_id


# --- At once, and cut off ------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["chain_link", "outcome", "case_event", "entry", "record"])
def test_a_power_cut_inside_a_merger_leaves_nothing(house, monkeypatch, table):
    real = bulk.insert_rows

    def failing(session, where, rows) -> None:
        if where.name == table and rows:
            real(session, where, rows[: len(rows) // 2])
            raise PowerCutError
        real(session, where, rows)

    with house.reading() as session:
        before = _dump(session)
    for module in ("credit_bank.desk", "archive.dossiers.writing"):
        monkeypatch.setattr(f"{module}.insert_rows", failing)
    with pytest.raises(PowerCutError):
        _merge_both(house)
    with house.reading() as session:
        assert _dump(session) == before


def test_two_mergers_at_once_and_a_deposit_between_take_turns(house):
    with house.reading() as session:
        one, other = both(session)
    barrier = threading.Barrier(3)

    def merging(closing, into) -> str:
        barrier.wait()
        try:
            with house.transaction() as session:
                merge(session, closing, into, _deed(session))
        except DossierClosedError:
            return "closed"
        return "merged"

    def posting() -> str:
        barrier.wait()
        try:
            with house.transaction() as session:
                records.add(
                    session,
                    one.worker_id,
                    a_training(hours="64", course_name="焊工"),
                    organisation_id=_school(session),
                    by=accounts.named(session, "clerk"),
                    now=NOW + timedelta(hours=1),
                    today=TODAY,
                )
        except DossierClosedError:
            return "closed"
        return "posted"

    with ThreadPoolExecutor(3) as pool:
        asked = [
            pool.submit(merging, one.worker_id, other.worker_id),
            pool.submit(merging, other.worker_id, one.worker_id),
            pool.submit(posting),
        ]
        said = [each.result(60) for each in asked]

    assert sorted(said[:2]) == ["closed", "merged"]
    with house.reading() as session:
        survivor = look_ups.worker_numbered(session, one.archive_number)
        closed = other if survivor.worker_id == one.worker_id else one
        assert not any(bank.balances(session, closed.worker_id).values())
        expected = 8 if said[2] == "posted" else 4
        units = bank.balances(session, survivor.worker_id)[Account.AVAILABLE]
        assert units == expected * 10_000


class PowerCutError(Exception):
    """The power goes."""


def _merge_both(archive: Database) -> None:
    with archive.transaction() as session:
        one, other = both(session)
        merge(session, one.worker_id, other.worker_id, _deed(session))


def _deed(session) -> Deed:
    clerk = accounts.named(session, "clerk")
    return Deed(clerk.id, NOW + timedelta(hours=1), ZONE, bytes(32))


def _school(session):
    return organisations.coded(session, "TP01").id


def _dump(session) -> dict[str, int]:
    tables = ("chain_link", "outcome", "entry", "posting", "case_event", "record", "blind_index")
    counted = {
        name: session.exec(text(f"SELECT count(*) FROM {name}")).one()[0]
        for name in (*tables, "merger")
    }
    heads = session.exec(text("SELECT worker_id, sequence FROM chain_head ORDER BY worker_id"))
    return {**counted, **{str(one): sequence for one, sequence in heads}}


# --- Doors ---------------------------------------------------------------------------------------


def test_the_pages_compare_propose_and_show_without_a_script(door: Door) -> None:
    clerk, approver = door.visit("clerk"), door.visit("approver")
    closing, into = door.numbers
    assert "/bureau/mergers" in clerk.get("/bureau/records").text
    page = clerk.get(f"/bureau/mergers/preview?closing={closing}&into={into}").text
    assert "李**" in page
    assert "李明华" not in page

    told = {"closing": closing, "into": into, "reason": "居住证换发身份证"}
    answer = clerk.post("/bureau/mergers", data=told, files={"evidence": ("a.pdf", SCAN)})

    assert answer.status_code == 303
    where = answer.headers["location"]
    assert "居住证换发身份证" in approver.get(where).text
    assert approver.get(f"{where}/evidence").content == SCAN
    proposal_id = where.rsplit("/", 1)[1]
    assert where in approver.get("/bureau/approvals").text
    said = approver.post(f"/bureau/approvals/{proposal_id}", data={"decision": "approve"})
    assert said.status_code == 303
    assert into in clerk.get(f"/bureau/records/{closing}").text
    record = clerk.get(f"/bureau/records/{into}/{door.record_ids[0]}").text
    assert closing in record
    assert clerk.get("/bureau/mergers").text.count(closing) == 1
    refused = clerk.get(f"/bureau/mergers/preview?closing={closing}&into={into}")
    assert refused.status_code == 409
    assert clerk.get("/bureau/mergers/preview?closing=X&into=Y").status_code == 404


def test_the_worker_of_the_closed_dossier_signs_in_to_the_one_that_goes_on(door: Door) -> None:
    _merged(door)

    assert (
        door.program("other worker").get(f"/api/v1/workers/{door.numbers[0]}/dossier").status_code
        == 200
    )
    found = door.program("clerk").get(f"/api/v1/workers/{door.numbers[0]}/dossier").json()
    assert found["archive_number"] == door.numbers[1]
    address = f"/api/v1/workers/{door.numbers[0]}/records/{door.record_ids[0]}"
    record = door.program("clerk").get(address).json()["record"]
    assert record["id"] != str(door.record_ids[0])
    assert record["origins"][0]["record_id"] == str(door.record_ids[0])


def test_programs_of_others_merge_nothing(door: Door) -> None:
    for name in ("trainer", "worker", "employer", "street", "administrator"):
        program = door.program(name)
        assert program.get("/api/v1/mergers").status_code == 403
        asked = {"closing": door.numbers[0], "into": door.numbers[1]}
        assert program.get("/api/v1/mergers/preview", params=asked).status_code == 403


def _merged(door: Door) -> None:
    clerk, approver = door.program("clerk"), door.program("approver")
    closing, into = door.numbers
    asked = {"closing": closing, "into": into}
    preview = clerk.get("/api/v1/mergers/preview", params=asked).json()
    assert preview["is_same_name"]
    assert sum(one["is_carried"] for one in preview["records"]) == 2
    told = {**asked, "reason": "同一人"}
    proposal = clerk.post("/api/v1/mergers", data=told, files={"evidence": ("a.pdf", SCAN)}).json()
    shown = clerk.get(f"/api/v1/mergers/{proposal['id']}").json()
    assert shown["reason"] == "同一人"
    answer = approver.post(f"/api/v1/approvals/{proposal['id']}", json={"decision": "approve"})
    assert answer.status_code == 200, answer.text
    assert [one["is_approved"] for one in clerk.get("/api/v1/mergers").json()["mergers"]] == [True]


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> CommandLine:
    """Return the command line on an archive with two dossiers of one person."""
    archive = open_archive(settings)
    with archive.transaction() as session:
        body = an_organisation(session)
        trainer = an_account(session, organisation=body)
        an_account(session, "clerk", Role.CLERK)
        an_account(session, "approver", Role.APPROVER)
        workers(session, body, trainer, 2)
    vault_of(archive).store.close()
    archive.close()
    return CommandLine(monkeypatch, settings)


def test_the_command_line_previews_proposes_and_approves(line: CommandLine, tmp_path: Path) -> None:
    added(line)
    one, other = (each["archive_number"] for each in line.asked("worker", "list")["workers"])
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(SCAN)

    preview = line.asked("merger", "preview", one, other, "--as", "clerk")
    assert len(preview["records"]) == 1
    line.done("merger", "preview", one, other, "--as", "clerk")
    words = ("merger", "propose", one, other, "--evidence", scan, "--reason", "同一人")
    proposal = line.asked(*words, "--as", "clerk")["id"]
    assert line.asked("merger", "show", proposal, "--as", "clerk")["reason"] == "同一人"
    line.done("merger", "show", proposal, "--as", "clerk")
    line.done("approve", proposal, "--as", "approver")

    line.done("merger", "list", "--as", "clerk")
    assert line.asked("merger", "list", "--as", "clerk")["mergers"][0]["is_approved"]
    assert line.asked("dossier", one)["archive_number"] == other
    assert line.refused(*words, "--as", "clerk") == "merge_with_itself"
    for command in (("ledger", "audit"), ("ledger", "rebuild", "--check"), ("chain", "verify")):
        line.done(*command)
