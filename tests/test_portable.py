"""A dossier to take along: complete, its own proof, and harmless in a spreadsheet."""

import csv
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from datetime import UTC
from pathlib import Path

import pytest

from archive.dossiers import corrections, declarations, records
from archive.dossiers.redemptions import Moment
from archive.people import accounts, contacts, look_ups
from credit_bank.merkle import leaf_of, merkle_root, path_to_root
from schemas.careers import Honour
from schemas.corrections import CorrectionTold
from schemas.ids import new_id
from schemas.vocabulary import ClosureAct, ContactKind
from tests.builders import NOW, TODAY, a_training
from tests.command_line import CommandLine
from tests.doors import Door, a_door
from tests.test_web_personal import closed

WRONG_FORMULA = "=cmd|' /C calc'!A0"


def with_data(door: Door) -> None:
    """Give the first worker a phone, and a record whose name looks like a formula."""
    with door.house.archive.transaction() as session:
        by = accounts.named(session, "trainer")
        worker = look_ups.worker_numbered(session, door.numbers[0]).worker_id
        clerk = accounts.named(session, "clerk")
        contacts.tell(session, worker, {ContactKind.PHONE: "13800138000"}, by=clerk, now=NOW)
        me, at = accounts.named(session, "worker"), Moment(NOW, UTC)
        missing = CorrectionTold(text="少了一门课")
        corrections.ask_addition(session, worker, "TP01", missing, by=me, at=at)
        honour = Honour(title="技术能手", awarded_on=TODAY)
        declarations.declare(session, worker, honour, by=me, at=at)
        assert by.organisation_id is not None
        records.add(
            session,
            worker,
            a_training(course_name=WRONG_FORMULA),
            organisation_id=by.organisation_id,
            by=by,
            now=NOW,
            today=TODAY,
        )


@pytest.fixture
def exported(door: Door, tmp_path: Path) -> Path:
    """Return the unpacked export of the first worker, taken on the own page."""
    with_data(door)
    answer = door.visit("worker").post("/me/export", data={"language": "zh"})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert door.numbers[0] in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as bundle:
        bundle.extractall(tmp_path)
    return tmp_path


def rows_of(path: Path) -> list[dict[str, str]]:
    body = path.read_bytes()
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))


def verified(folder: Path) -> subprocess.CompletedProcess[str]:
    script = str(folder / "proofs" / "verify.py")
    words = [sys.executable, "-I", script]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def test_the_export_holds_everything_that_is_kept_of_a_person(exported):
    personal = json.loads((exported / "personal.json").read_text(encoding="utf-8"))
    assert personal["contacts"] == {"phone": "13800138000"}
    assert personal["identity"]["name"] == "李明华"
    assert len(json.loads((exported / "dossier.json").read_text())["records"]) == 3
    assert json.loads((exported / "statement.json").read_text())["lines"]
    [asked] = json.loads((exported / "corrections.json").read_text(encoding="utf-8"))
    assert asked["steps"][0]["told"]["text"] == "少了一门课"
    [declared] = json.loads((exported / "declarations.json").read_text(encoding="utf-8"))
    assert declared["record"]["title"] == "技术能手"
    assert (exported / "transcript.pdf").read_bytes().startswith(b"%PDF-")
    assert {one["kind"] for one in rows_of(exported / "records" / "certificate.csv")} == {
        "certificate"
    }
    assert rows_of(exported / "statement.csv")
    assert "worker" in {one["role"] for one in rows_of(exported / "looks.csv")}
    readme = (exported / "README.md").read_text(encoding="utf-8")
    assert "如何验证" in readme
    assert "{number}" not in readme


def test_no_cell_of_a_table_is_a_formula(exported):
    names = [one["course_name"] for one in rows_of(exported / "records" / "training.csv")]
    assert f"'{WRONG_FORMULA}" in names


def test_the_recipe_runs_with_nothing_but_python(exported):
    found = verified(exported)
    assert (found.returncode, found.stdout[:3]) == (0, "OK:"), found.stderr


@pytest.mark.parametrize("file", ["links.jsonl", "records.jsonl", "checkpoint.signed"])
def test_the_recipe_finds_what_was_edited(exported, file):
    path = exported / "proofs" / file
    told = path.read_text(encoding="utf-8")
    edited = (
        told.replace("36", "63", 1)
        if file != "checkpoint.signed"
        else told.replace('"merkle_root":"', '"merkle_root":"0', 1)
    )
    assert edited != told
    path.write_text(edited, encoding="utf-8")
    found = verified(exported)
    assert (found.returncode, "WRONG" in found.stderr) == (1, True)


def test_the_signature_holds_for_openssl(exported):
    words = (
        "cms -verify -binary -inform DER -in checkpoint.p7s -content checkpoint.signed "
        "-CAfile root.pem -purpose any -out /dev/null"
    )
    done = subprocess.run(
        ["openssl", *words.split()], cwd=exported / "proofs", capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_only_the_holder_and_the_bureau_export_a_dossier(door):
    for name in ("clerk", "trainer", "employer"):
        assert door.visit(name).post("/me/export").status_code in (403, 404)
    assert door.visit().post("/me/export").status_code == 401
    assert door.program("worker").post("/me/export").status_code == 403  # No fresh proof.
    closed(door, ClosureAct.FREEZE)
    assert door.visit("worker").post("/me/export").status_code == 423


def test_the_command_line_writes_an_export(monkeypatch, sqlite_settings, tmp_path):
    door = a_door(sqlite_settings)
    door.house.close()
    cli = CommandLine(monkeypatch, sqlite_settings)
    file = tmp_path / "out.zip"
    view = cli.asked("dossier", "export", door.numbers[0], "-o", file)
    assert view["size_bytes"] == file.stat().st_size
    with zipfile.ZipFile(file) as bundle:
        assert "proofs/verify.py" in bundle.namelist()


def test_every_leaf_has_a_path_to_the_root():
    for count in range(1, 12):
        leaves = [leaf_of(new_id(), at, bytes(32)) for at in range(count)]
        for place, leaf in enumerate(leaves):
            node = hashlib.sha256(b"\0" + leaf).digest()
            for side, other in path_to_root(leaves, place):
                pair = other + node if side == "left" else node + other
                node = hashlib.sha256(b"\1" + pair).digest()
            assert node == merkle_root(leaves)
