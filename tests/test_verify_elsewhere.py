"""Verifying on a machine that is not the archive's: what it needs, and what it must not."""

import json
import os
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path

from tests.test_promises import ROOT
from tests.transcript_samples import an_issued_document

HEAVY = ("sqlalchemy", "dbos", "fastapi", "weasyprint", "alembic", "fontTools", "segno")
"""What opens an archive, serves it or makes documents."""
COMMAND = """
import sys
from archive.cli import main
try:
    main()
finally:
    print(*sys.modules, file=sys.stderr)
"""


def test_a_file_is_verified_without_archive_home_and_all_that_one_needs(tmp_path):
    """Nothing is made, and nothing is loaded that takes longer than the checks."""
    issued = an_issued_document(tmp_path / "issuer")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "transcript.pdf").write_bytes(issued.pdf)
    (elsewhere / "trust.pem").write_bytes(issued.keys.trust.to_pem())
    plain = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(tmp_path / "none")}
    words = ("verify", "transcript.pdf", "--trust", "trust.pem", "--json")
    command = [sys.executable, "-c", COMMAND, *words]
    done = subprocess.run(command, cwd=elsewhere, env=plain, capture_output=True, check=False)
    assert done.returncode == 3, done.stderr
    report = json.loads(done.stdout)
    assert report["document"]["archive_number"] == issued.transcript.holder.archive_number
    assert [one["state"] for one in report["checks"][:8]] == ["passed"] * 8
    loaded = done.stderr.decode().split()
    assert "archive.transcripts.verification" in loaded
    assert [one for one in HEAVY if one in loaded] == []
    assert sorted(one.name for one in elsewhere.iterdir()) == ["transcript.pdf", "trust.pem"]
    assert not (tmp_path / "none").exists()


def test_the_package_holds_every_file_of_ours():
    """What is left out of the wheel is missed on the machines of others alone."""
    built = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    patterns = ("*.py", *built["package-data"]["*"])
    rooms = [one.removesuffix("*") for one in built["packages"]["find"]["include"]]
    command = ["git", "ls-files", "--", *rooms]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    files = [Path(one) for one in listed.stdout.splitlines()]
    assert len(files) > 500
    assert [
        one for one in files if not any(fnmatch(one.name, pattern) for pattern in patterns)
    ] == []
