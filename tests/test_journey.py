"""The main job from end to end, on the real server, as its users do it.

A trainer's spreadsheet becomes records, credits, a level and a signed PDF that a stranger
verifies; then one record is withdrawn, and the same PDF says so.
"""

import subprocess
from decimal import Decimal
from pathlib import Path

import httpx2
import pytest

from archive.dossiers.tables.reading import read_table
from archive.settings import Settings
from tests.serving import Product, serving

EXAMPLES = Path(__file__).parent.parent / "docs" / "examples"
TRAININGS = EXAMPLES / "training-2024.xlsx"
CERTIFICATES = EXAMPLES / "certificates.xlsx"


@pytest.mark.slow
def test_a_spreadsheet_becomes_a_document_that_a_stranger_verifies(
    settings: Settings, tmp_path: Path
):
    with serving(settings) as product:
        the_trainer_uploads_and_reads_the_faults(product)
        the_trainer_writes_the_good_rows_once(product)
        person = a_person_with_a_certificate(product)
        number = the_clerk_finds_the_person_and_the_credits(product, person)
        pdf = the_worker_gets_a_signed_document(product, number, tmp_path)
        other_programs_find_it_whole(pdf)
        a_stranger_verifies_it(product, pdf)
        the_trainer_withdraws_a_record_and_the_document_says_so(product, number, pdf)
        everything_is_still_as_it_was_written(product)


def the_trainer_uploads_and_reads_the_faults(product: Product) -> None:
    trainer = product.browser("trainer")

    preview = trainer.get(uploaded(product, trainer))

    for told in ("id_check_digit", "hours_not_positive", "990000********"):
        assert told in preview.text


def the_trainer_writes_the_good_rows_once(product: Product) -> None:
    trainer = product.browser("trainer")
    preview = uploaded(product, trainer)
    written = product.post(trainer, preview, preview)
    assert written.status_code == 200

    report = product.read(
        "intake", str(TRAININGS), "--organisation", "TP01", "--commit", "--as", "trainer"
    )
    assert report["written"] == 0
    assert report["counts"]["same"] == 28


def uploaded(product: Product, trainer: httpx2.Client) -> str:
    """Upload the example file; return the address of its preview."""
    form = "/trainer/intake"
    page = product.post(trainer, form, form, file=(TRAININGS.name, TRAININGS.read_bytes()))
    assert page.status_code == 200
    return page.url.path


def a_person_with_a_certificate(product: Product) -> str:
    first = product.run(
        "intake", str(CERTIFICATES), "--organisation", "TP01", "--commit", "--as", "trainer"
    )
    assert first.returncode == 1  # One planted fault; the others are written.
    trained = set(_column(TRAININGS, "身份证号"))
    return next(number for number in _column(CERTIFICATES, "身份证号") if number in trained)


def _column(file: Path, header: str) -> list[str]:
    table = read_table(file)
    at = table.headers.index(header)
    return [str(row.cells[at]) for row in table.rows]


def the_clerk_finds_the_person_and_the_credits(product: Product, person: str) -> str:
    clerk = product.browser("clerk")
    dossier = product.post(clerk, "/bureau/records", "/bureau/records", document_number=person)
    assert dossier.status_code == 200
    assert person not in dossier.text
    assert person not in str(dossier.url)
    number = str(dossier.url).rsplit("/", 1)[1]

    told = product.read("dossier", "-", told=person)
    assert told["archive_number"] == number
    assert told["levels"]
    statement = product.program("clerk").get(f"/api/v1/workers/{number}/statement").json()
    changes = [Decimal(line["credits"]) for line in statement["lines"]]
    assert sum(changes) == Decimal(statement["balances"]["available"]) > 0
    assert all(line["trace"]["source"] for line in statement["lines"] if line["trace"]["rule"])
    return number


def the_worker_gets_a_signed_document(product: Product, number: str, folder: Path) -> Path:
    pdf = folder / "transcript.pdf"
    made = product.run("transcript", number, "-o", str(pdf), "--lang", "both", "--as", "clerk")
    assert made.returncode == 0, made.stderr
    worker = product.browser("worker")
    own = product.post(worker, "/me", "/me/transcript", language="zh")
    assert own.headers["content-type"] == "application/pdf"
    assert own.content.startswith(b"%PDF")
    return pdf


def other_programs_find_it_whole(pdf: Path) -> None:
    signature = subprocess.run(
        ["pdfsig", "-nocert", str(pdf)], capture_output=True, text=True, check=True
    )
    assert "Signature is Valid" in signature.stdout
    assert "Total document signed" in signature.stdout
    subprocess.run(["qpdf", "--check", str(pdf)], capture_output=True, check=True)


def a_stranger_verifies_it(product: Product, pdf: Path) -> None:
    stranger = product.browser()
    page = product.post(stranger, "/verify", "/verify", file=(pdf.name, pdf.read_bytes()))
    assert "真实有效" in page.text

    report = product.read("verify", str(pdf))
    assert report["verdict"] == "valid"
    assert {check["state"] for check in report["checks"]} == {"passed"}
    scanned = stranger.get(f"/verify/{report['document']['code']}")
    assert scanned.status_code == 200

    broken = bytearray(pdf.read_bytes())
    broken[len(broken) // 3] ^= 1
    answer = product.post(stranger, "/verify", "/verify", file=("broken.pdf", bytes(broken)))
    assert "真实有效" not in answer.text.split("<main", 1)[1].split("查验结果的五种情形", 1)[0]


def the_trainer_withdraws_a_record_and_the_document_says_so(
    product: Product, number: str, pdf: Path
) -> None:
    dossier = product.read("dossier", number)
    posted = [one for one in dossier["records"] if one["organisation"]["code"] == "TP01"]
    where = f"/api/v1/workers/{number}/records/{posted[0]['id']}/withdrawal"
    withdrawn = product.program("trainer").post(where, json={"reason": "重复登记"})
    assert withdrawn.status_code == 201, withdrawn.text

    answer = product.run("verify", str(pdf), "--json")
    assert answer.returncode == 1
    assert '"revoked"' in answer.stdout


def everything_is_still_as_it_was_written(product: Product) -> None:
    assert product.run("chain", "verify").returncode == 0
    assert product.run("db", "check").returncode == 0
