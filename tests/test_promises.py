"""What must be true of the whole house: each test fails when a part lacks its counterpart."""

import ast
import importlib
import pkgutil
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import UniqueConstraint
from typer.main import get_command

import archive
import credit_bank
import schemas
from archive.cli.app import assembled
from archive.db import append_only_tables
from archive.migrations.tables import METADATA
from archive.people.passwords import OWN_WORDS
from archive.settings import Settings
from archive.texts import translations
from archive.web.routers import API
from archive.web.statuses import status_of
from credit_bank.checking import FAULTS
from credit_bank.publishing import shipped_files
from schemas.refusals import Refusal, all_refusals
from schemas.vocabulary import LEARNING_KINDS, Family, Language

ROOT = Path(__file__).parent.parent
CASES = ROOT / "tests" / "cases"
APPEND_ONLY = {
    "document_consent",
    "accreditation",
    "accreditation_change",
    "access_request",
    "audit_event",
    "case_event",
    "chain_link",
    "consent",
    "class_check",
    "class_closing",
    "class_filing",
    "class_lesson",
    "class_mark",
    "class_member",
    "class_posting",
    "class_presence",
    "closure",
    "contact",
    "correction_step",
    "declaration_step",
    "counter_act",
    "course_identifier",
    "entry",
    "incident_notice",
    "incident_person",
    "incident_receipt",
    "incident_step",
    "intake_batch",
    "issuer_decision",
    "issuing_key",
    "issuing_key_revocation",
    "issuing_key_use",
    "issuing_seal",
    "merger",
    "offer",
    "offered_course",
    "outcome",
    "personal_request",
    "platform",
    "platform_step",
    "posted_batch",
    "posted_statement",
    "posting",
    "proposal",
    "relative_handover",
    "report_file",
    "report_intent",
    "proposal_answer",
    "record",
    "reveal",
    "rule_version",
    "sighting",
    "training_class",
    "transcript",
    "transcript_file",
    "visit",
    "visit_end",
}
COMMAND_LINE = ("archive.cli", "archive.demo")  # No page and no program meets their refusals.
BASES = {"ArchiveError", "CreditBankError", "Refusal"}
BACKSTOPS = {"ValueNotAcceptedError"}  # For what a contract refuses and no reader of cells foresaw.
WITHOUT_OWN_TEST = BASES | BACKSTOPS


def _refusals() -> list[type[Refusal]]:
    for package in (schemas, credit_bank, archive):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations." not in module.name and not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    found = [one for one in all_refusals() if one.__module__.partition(".")[0] != "tests"]
    assert len(found) > 50
    return found


def _tracked(*endings: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    found = [ROOT / name for name in listed.stdout.splitlines() if name.endswith(endings)]
    assert found
    return found


def test_every_requirement_of_asvs_is_told_once_and_by_files_that_exist():
    told = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
    states = ("holds", "by deployment", "does not apply", "**does not hold yet**")
    rows = re.findall(r"^\| (\d+\.\d+\.\d+) \| ([^|]+) \| [^|]+ \|$", told, re.MULTILINE)
    counted = Counter(state for _, state in rows)
    sentence = "{} hold, {} by deployment, {} do not apply, {} do not hold yet."
    assert f"{len(rows)} requirements: {sentence.format(*(counted[one] for one in states))}" in told
    assert len({number for number, _ in rows}) == len(rows) == 253  # Of levels 1 and 2.
    assert set(counted) == set(states)
    named = set(re.findall(r"`([a-z_]+/[\w./-]+\.\w+)`", told))
    assert len(named) > 100
    assert [one for one in sorted(named) if not (ROOT / one).is_file()] == []


def test_the_words_that_no_password_is_made_of_are_told():
    told = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    listed = told.partition("Words no password is made of")[2].partition("Besides")[0]
    assert [word for word in OWN_WORDS if not re.search(rf"\b{word}\b", listed)] == []


def test_every_table_of_a_worker_begins_its_keys_with_the_worker():
    theirs = [table for table in METADATA.tables.values() if "worker_id" in table.primary_key]
    assert len(theirs) >= 9
    for table in theirs:
        assert next(iter(table.primary_key)).name == "worker_id", table.name
        for constraint in table.foreign_key_constraints:
            if constraint.referred_table in theirs:
                assert next(iter(constraint.columns)).name == "worker_id", constraint.name
        for unique in table.constraints:
            if isinstance(unique, UniqueConstraint):
                assert next(iter(unique.columns)).name == "worker_id", unique.name
        for index in table.indexes:
            if index.unique:
                assert next(iter(index.columns)).name == "worker_id", index.name


def test_what_is_never_overwritten_is_exactly_what_the_design_says():
    assert set(append_only_tables(METADATA)) == APPEND_ONLY


def test_every_setting_stands_in_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    names = [f"ARCHIVE_{name.upper()}" for name in Settings.model_fields]
    assert names
    assert [name for name in names if f"`{name}`" not in readme] == []


def test_every_code_is_one_word_for_one_refusal():
    codes = Counter(one.code for one in _refusals())
    assert [code for code, count in codes.items() if count > 1] == []
    assert [code for code in codes if not re.fullmatch(r"[a-z][a-z0-9_]+", code)] == []


def test_every_refusal_and_every_fault_of_a_chain_is_told_in_chinese_with_the_same_facts():
    chinese = translations(Language.CHINESE)
    placeholders = re.compile(r"\{\w*\}")
    wrong = []
    for sentence in (*(one.template for one in _refusals()), *FAULTS.values()):
        told = chinese.gettext(sentence)
        same = set(placeholders.findall(told)) == set(placeholders.findall(sentence))
        if not same or not re.search("[一-鿿]", told):
            wrong.append(sentence)
    assert wrong == []


def test_every_refusal_has_its_http_status_unless_only_the_command_line_meets_it():
    lacking = [
        one.__name__
        for one in _refusals()
        if status_of(one) is None and not one.__module__.startswith(COMMAND_LINE)
    ]
    assert set(lacking) <= BASES


def test_every_command_stands_in_a_guide_and_in_a_test():
    guides = "".join(path.read_text(encoding="utf-8") for path in _tracked(".md"))
    tests = "".join(
        path.read_text(encoding="utf-8") for path in _tracked(".py") if "tests" in path.parts
    )
    found = _commands(get_command(assembled()), ())
    assert len(found) > 25
    assert [" ".join(one) for one in found if " ".join(one) not in guides] == []
    assert [one for one in found if ", ".join(f'"{word}"' for word in one) not in tests] == []


def _commands(command: object, path: tuple[str, ...]) -> list[tuple[str, ...]]:
    below: dict[str, object] = getattr(command, "commands", {})
    if not below:
        return [path]
    return [one for name, child in below.items() for one in _commands(child, (*path, name))]


def test_every_route_of_the_api_stands_in_its_guide():
    guide = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    paths = {route.path for router in API for route in router.routes if isinstance(route, APIRoute)}
    assert len(paths) > 10
    untold = [
        path
        for path in sorted(paths)
        if not re.search(re.sub(r"\{\w+\}", r"[^/\\s]+", path.removeprefix("/api/v1")), guide)
    ]
    assert untold == []


def test_every_code_stands_in_the_guides_with_both_sentences():
    guides = "".join(
        (ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("codes.md", "intake.md")
    )
    codes = {one.code for one in _refusals()} - {Refusal.code}
    assert sorted(code for code in codes if f"`{code}`" not in guides) == []


def test_every_refusal_is_met_in_a_test():
    tests = "".join(
        path.read_text(encoding="utf-8")
        for path in _tracked(".py", ".toml")
        if "tests" in path.parts and path.name != "test_promises.py"
    )
    unmet = [
        one.__name__
        for one in _refusals()
        if one.__name__ not in tests
        and f'"{one.code}"' not in tests
        and one.__name__ not in WITHOUT_OWN_TEST
        and not one.__subclasses__()
    ]
    assert sorted(unmet) == []


@pytest.mark.parametrize("family", list(Family))
def test_every_rule_family_has_its_file_and_cases(family):
    files = {path.stem for path in shipped_files()} | {Family.AGREEMENT}  # Its parties make them.
    assert family.value in files
    assert (CASES / f"{family.value}.toml").is_file()


def test_every_shipped_rule_is_met_in_a_case_or_an_example():
    cases = "".join(path.read_text(encoding="utf-8") for path in CASES.glob("*.toml"))
    ids = [
        rule["id"]
        for path in shipped_files()
        for rule in tomllib.loads(path.read_text(encoding="utf-8"))["rule"]
    ]
    assert len(ids) >= 11
    assert [rule_id for rule_id in ids if f'"{rule_id}"' not in cases] == []


@pytest.mark.parametrize("kind", LEARNING_KINDS)
def test_every_kind_of_record_has_its_page(kind):
    assert (ROOT / "templates" / "records" / f"{kind.value}.html").is_file()


def test_no_room_and_no_function_has_grown_too_large():
    grown = []
    for path in _tracked(".py"):
        if "versions" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        most = 500 if "tests" in path.parts else 300
        if text.count("\n") > most:
            grown.append(f"{path.name}: {text.count(chr(10))} lines")
        grown += [
            f"{path.name}: {node.name}"
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and (node.end_lineno or node.lineno) - node.lineno >= 60
        ]
    assert grown == []


def test_no_file_names_a_registry_or_a_folder_of_one_machine():
    words = ("pypi" + ".org", "pythonhosted" + ".org", "registry.npmjs" + ".org", "deb" + ".debian")
    home = re.compile("/(root|home/[a-z]+|work)" + "/")
    named = [
        path.name
        for path in _tracked(".py", ".md", ".toml", ".txt", ".po", ".html", "Makefile", "prepare")
        for text in [path.read_text(encoding="utf-8")]
        if any(word in text for word in words) or home.search(text)
    ]
    assert named == []


@pytest.mark.slow
def test_what_is_installed_holds_every_file_that_the_program_reads(tmp_path):
    """The set-up uses the folder itself; a wheel would be found to lack its rules by its users."""
    floors = ("archive", "credit_bank", "schemas", "templates")
    wanted = {str(path.relative_to(ROOT)) for path in _tracked("") if _top(path) in floors}
    for name in (*wanted, "pyproject.toml", "README.md", "LICENSE"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    words = ("-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", ".")
    subprocess.run([sys.executable, *words], cwd=tmp_path, check=True, capture_output=True)

    [wheel] = tmp_path.glob("*.whl")
    assert wanted - set(zipfile.ZipFile(wheel).namelist()) == set()


def _top(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]
