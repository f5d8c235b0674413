"""A transcript is issued and verified by commands, also where there is no archive."""

import pytest

from archive.files import LARGEST_BYTES
from archive.transcripts.own_works import OwnWorks
from archive.transcripts.signing_refusals import SigningUnavailableError
from tests.command_line import EXAMPLES, CommandLine

UNKNOWN_CODE = "4TQ9-0XKM-7C2W-PD5H"


@pytest.fixture
def cli(monkeypatch, sqlite_settings):
    cli = CommandLine(monkeypatch, sqlite_settings)
    for code, kind in (("HR01", "bureau"), ("TP01", "training_provider")):
        names = ("--name", "光明区人力资源局", "--name-en", "Demo")
        cli.done("organisation", "add", code, *names, "--kind", kind)
    list_ = EXAMPLES / "training-gb18030.csv"
    cli.done("intake", list_, "--organisation", "TP01", "--commit")
    return cli


@pytest.fixture
def worker(cli):
    return cli.done("worker", "list").split()[0]


@pytest.mark.slow
def test_a_transcript_is_issued_and_verified(cli, worker, tmp_path):
    file = tmp_path / "transcript.pdf"
    receipt = cli.asked("transcript", worker, "-o", file, "--lang", "both")
    part = ("--scope", "period", "--purpose", "应聘")
    refused = ("transcript", "issue", worker, "-o", tmp_path / "part.pdf", *part)
    assert cli.refused(*refused) == "document_nothing_chosen"
    one = cli.asked(*refused, "--from", "1990-01-01", "--until", "1990-12-31")
    assert cli.asked("verify", one["code"])["document"]["records"] == 0
    assert file.read_bytes().startswith(b"%PDF-")
    assert file.stat().st_size == receipt["size_bytes"]

    signed = tmp_path / "report.pdf"
    report = cli.asked("verify", file, "--report", signed, "--lang", "en")
    of_report = cli.asked("verify", signed)
    assert (of_report["reason"], of_report["report"]["verdict"]) == ("genuine_report", "valid")
    assert (report["verdict"], len(report["checks"])) == ("valid", 12)
    assert report["document"]["archive_number"] == worker
    assert cli.asked("verify", receipt["code"])["verdict"] == "valid"

    assert cli.asked("transcript", "refresh")["refreshed"] == 0
    told = cli.done("verify", file)
    assert all(f"\n{number:3}  " in told for number in range(1, 10))
    assert "development key" in told

    [record] = cli.asked("dossier", worker)["records"][:1]
    proof = tmp_path / "proof.json"
    proved = cli.asked("prove", worker, record["id"], "--out", proof)
    assert proved["size_bytes"] == proof.stat().st_size
    opening = ("prove", worker, record["id"], "--out", tmp_path / "opened.json", "--open")
    assert cli.refused(*opening) == "proof_opening_not_yours"
    assert cli.asked("verify", proof)["proof"]["archive_number"] == worker
    told = cli.done("verify", proof)
    assert worker in told
    assert record["title"] not in told
    cli.done("record", "withdraw", record["id"], "--reason", "误报")
    assert cli.asked("verify", file, status=1)["verdict"] == "revoked"
    assert cli.asked("verify", proof, status=1)["reason"] == "superseded"

    changed = tmp_path / "changed.pdf"
    changed.write_bytes(file.read_bytes()[:-40] + b"x" * 40)
    assert cli.asked("verify", changed, status=1)["verdict"] == "differs"

    _where_there_is_no_archive(cli, file, tmp_path)


def _where_there_is_no_archive(cli, file, tmp_path):
    pem = cli.home / "keys" / "signing" / "root.pem"
    cli.set(HOME=str(tmp_path / "stranger"))
    report = cli.asked("verify", file, "--trust", pem, status=3)
    assert (report["verdict"], report["reason"]) == ("cannot_check", "offline")
    assert {check["state"] for check in report["checks"][:6]} == {"passed"}
    offline = cli.asked("verify", tmp_path / "proof.json", "--trust", pem, status=3)
    assert (offline["reason"], offline["checks"][8]["state"]) == ("offline", "passed")
    assert cli.refused("verify", file, status=3) == "trust_needed"
    report = ("--trust", pem, "--report", tmp_path / "none.pdf")
    assert cli.refused("verify", file, *report, status=3) == "report_needs_archive"
    assert not (tmp_path / "none.pdf").exists()
    assert cli.refused("verify", UNKNOWN_CODE, status=3) == "register_needed"
    assert cli.refused("verify", file, "--trust", file, status=3) == "trust_unreadable"
    assert not (tmp_path / "stranger").exists()


def test_what_cannot_be_checked_ends_with_3(cli, tmp_path):
    foreign = tmp_path / "letter.txt"
    foreign.write_text("no transcript")
    pem = cli.home / "keys" / "signing" / "root.pem"
    assert cli.asked("verify", UNKNOWN_CODE, status=3)["reason"] == "unknown_code"
    if not pem.exists():  # Nothing was signed here yet, so nobody is trusted.
        assert cli.refused("verify", foreign, status=3) == "trust_needed"
    assert cli.refused("verify", tmp_path / "none.pdf", status=3) == "file_missing"
    assert cli.refused("verify", tmp_path, status=3) == "file_unreadable"
    with (tmp_path / "film.pdf").open("wb") as large:
        large.truncate(LARGEST_BYTES + 1)
    assert cli.refused("verify", tmp_path / "film.pdf", status=3) == "upload_too_large"


def test_a_transcript_that_cannot_be_written_is_not_issued(cli, worker, tmp_path):
    nowhere = tmp_path / "none" / "transcript.pdf"
    assert cli.refused("transcript", worker, "-o", nowhere) == "file_unwritable"
    assert cli.refused("transcript", worker, "-o", tmp_path) == "file_unwritable"
    unknown = ("transcript", "7K3M-9QXT-4D2P", "-o", tmp_path / "transcript.pdf")
    assert cli.refused(*unknown) == "worker_unknown"
    assert not list(tmp_path.glob("*.pdf"))
    assert not list(tmp_path.glob(".draft*"))


def test_who_may_not_read_a_dossier_gets_no_transcript(cli, worker, tmp_path):
    cli.done("account", "add", "stranger", "--role", "employer", "--no-password")
    words = ("transcript", worker, "-o", tmp_path / "transcript.pdf", "--as", "stranger")
    assert cli.refused(*words) == "worker_unknown"


def test_while_nothing_signs_a_document_is_accepted_and_can_be_fetched_later(
    cli, worker, tmp_path, monkeypatch
):
    def down(*_told, **_more):
        raise SigningUnavailableError

    file = tmp_path / "transcript.pdf"
    with monkeypatch.context() as patched:
        patched.setattr(OwnWorks, "make", down)
        answered = cli("transcript", worker, "-o", file, "--json")
    assert answered.document["code"] == "document_awaited"
    assert not file.exists()
    [one] = cli.asked("transcript", "list", worker)["documents"]
    assert one["state"] == "awaited"
    assert cli.refused("transcript", "fetch", worker, one["id"], "-o", file) == "document_gone"

    part = ("--scope", "period", "--from", "1990-01-01")
    made = cli.asked("transcript", "issue", worker, "-o", file, *part)
    [newest, _] = cli.asked("transcript", "list", worker)["documents"]
    again = tmp_path / "again.pdf"
    assert cli.asked("transcript", "fetch", worker, newest["id"], "-o", again) == made
    assert again.read_bytes() == file.read_bytes()
    assert newest["code"] in cli.done("transcript", "list", worker)
