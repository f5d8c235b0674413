"""What the steps of a run found and wrote, row by row: packed, sealed, and read back.

Kept only as long as the file itself; afterwards counts and codes are all that is left.
"""

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers.intake.run_models import IntakeStep
from archive.people.privacy import PersonKey
from schemas.reports import Finding, RowReport

_COLUMN = "intake.results"


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in some rows, and what became of them."""

    rows: tuple[RowReport, ...]
    findings: tuple[Finding, ...]
    """Those of the file as a whole stand with its first rows."""


def packed(found: Found, key: PersonKey) -> bytes:
    """Return the sealed form of what a step found."""
    told = {
        "rows": [one.model_dump(mode="json", exclude_none=True) for one in found.rows],
        "findings": [one.model_dump(mode="json", exclude_none=True) for one in found.findings],
    }
    plain = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    return key.seal(_COLUMN, zlib.compress(plain, 1))


def found_in(steps: Iterable[IntakeStep], key: PersonKey) -> Found:
    """Return what steps found, in the order of the file; raises SealBrokenError."""
    rows: list[RowReport] = []
    findings: list[Finding] = []
    for step in steps:
        told = _opened(step, key)
        rows += [RowReport.model_validate(one) for one in told["rows"]]
        findings += _findings(told)
    return Found(tuple(rows), tuple(findings))


def first_findings(steps: Iterable[IntakeStep], key: PersonKey, *, most: int) -> Found:
    """Return the first findings of a long list, without its rows; raises SealBrokenError."""
    findings: list[Finding] = []
    for step in steps:
        findings += _findings(_opened(step, key))
        if len(findings) >= most:
            break
    return Found((), tuple(findings[:most]))


def steps_of(session: Session, run_id: UUID) -> Iterable[IntakeStep]:
    """Return the steps that a run has taken, in the order of the file, one after the other."""
    mine = col(IntakeStep.run_id) == run_id
    query = select(IntakeStep).where(mine).order_by(col(IntakeStep.first))
    return session.exec(query.execution_options(yield_per=20))


def _opened(step: IntakeStep, key: PersonKey) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(zlib.decompress(key.open(_COLUMN, step.sealed)))
    return told


def _findings(told: dict[str, Any]) -> list[Finding]:
    absent = {"row": None, "column": None, "value": None}
    return [Finding.model_validate(absent | one) for one in told["findings"]]
