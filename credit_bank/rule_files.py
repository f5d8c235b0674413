"""Reading rules: from TOML files and from published bytes, each checked by itself.

What several rules say together is checked in ``rulebook``.
"""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from credit_bank import causes
from credit_bank.chain import canonical_bytes
from credit_bank.errors import RuleFileError, RuleTwiceError
from credit_bank.families import RULE, EarningRule, Rule
from credit_bank.families.base import NOT_UNITS
from credit_bank.families.repeal import Repeal
from credit_bank.rule_refusals import (
    RuleExceptionIdleError,
    RuleExceptionsMeetError,
    RuleSourceMissingError,
    RuleUnitUnknownError,
)
from schemas.contracts import Contract
from schemas.refusals import Phrase

SHIPPED = Path(__file__).parent / "rules"

Law = Rule | Repeal
"""What can be published: a rule, or the end of one."""


class Term(Contract):
    """The days for which a family promises a rule, without gaps."""

    begins: date
    ends: date | None = None


def read_file(path: Path) -> list[bytes]:
    """Return the canonical bytes of each rule and repeal in a TOML file.

    Raises RuleFileError when the file cannot be read or something in it is not well formed.
    """
    try:
        content = path.read_bytes()
    except OSError as unreadable:
        raise RuleFileError(file=path.name, problem=causes.of_file(unreadable)) from None
    return read_content(content, path.name)


def read_content(content: bytes, file: str) -> list[bytes]:
    """Return the canonical bytes of each rule and repeal in a file's content."""
    told = _toml(content, file)
    family = told.get("family")
    drafts = [(draft, "rule") for draft in _tables(told, "rule", file)]
    drafts += [(draft, "repeal") for draft in _tables(told, "repeal", file)]
    if not isinstance(family, str) or not drafts:
        raise RuleFileError(file=file, problem=causes.NO_RULES)
    try:
        bodies = [canonical_bytes({**draft, "family": family}) for draft, _ in drafts]
    except TypeError as unreadable:
        raise RuleFileError(file=file, problem=causes.of_file(unreadable)) from None
    laws = [parse(body, file) for body in bodies]
    for law, (_, table) in zip(laws, drafts, strict=True):
        if isinstance(law, Repeal) != (table == "repeal"):
            problem = Phrase(causes.WRONG_TABLE, {"rule": law.id, "table": table})
            raise RuleFileError(file=file, problem=problem)
    ids = [law.id for law in laws]
    for one in ids:
        if ids.count(one) > 1:
            raise RuleTwiceError(file=file, rule=one)
    return bodies


def term_of(path: Path) -> Term | None:
    """Return the term that a rule file declares; None when it declares none."""
    term = tomllib.loads(path.read_text(encoding="utf-8")).get("term")
    return Term(begins=term["from"], ends=term.get("until")) if term else None


@lru_cache(maxsize=1024)
def parse(body: bytes, origin: str) -> Law:
    """Return the rule or repeal of canonical bytes.

    Raises RuleFileError naming ``origin``, by its own code for an unknown unit, a missing
    source, and exceptions that meet or can never apply.
    """
    told = json.loads(body)
    try:
        if isinstance(told, dict) and "repeals" in told:
            return Repeal.model_validate(told, strict=False)
        rule = RULE.validate_python(told, strict=False)
    except ValidationError as invalid:
        raise _refused(invalid.errors(), told, origin) from None
    if isinstance(rule, EarningRule):
        _refuse_exceptions(rule, origin)
    return rule


def version_of(body: bytes) -> str:
    """Return the digest under which a rule's bytes are published."""
    return hashlib.sha256(body).hexdigest()


def _toml(content: bytes, file: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(content.decode(), parse_float=_refuse_float)
    except ValueError as unreadable:  # No TOML, no UTF-8, a number without quotes.
        raise RuleFileError(file=file, problem=causes.of_file(unreadable)) from None


def _tables(told: Mapping[str, Any], name: str, file: str) -> list[dict[str, Any]]:
    found = told.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise RuleFileError(file=file, problem=Phrase(causes.NO_TABLE, {"table": name}))
    return found


def _refuse_float(text: str) -> float:
    """Refuse a number with a point: it would be rounded before anyone sees it."""
    raise causes.UnfitValueError(causes.NUMBER_UNQUOTED, number=text)


def _refused(faults: list[ErrorDetails], told: Mapping[str, Any], file: str) -> RuleFileError:
    """Return the refusal that says what the faults of a rule mean: one by its own code, or all."""
    rule = str(told.get("id", "?"))
    fields = [
        ".".join(str(part) for part in one["loc"] if part != told.get("family")) for one in faults
    ]
    kinds = {one["type"] for one in faults}
    if kinds == {NOT_UNITS}:
        return RuleUnitUnknownError(file=file, rule=rule, field=", ".join(fields))
    if len(faults) == 1 and fields[0].endswith("source") and kinds <= _SOURCE_FAULTS:
        return RuleSourceMissingError(file=file, rule=rule, field=fields[0])
    problems = [causes.of_error(one, field) for one, field in zip(faults, fields, strict=True)]
    return RuleFileError(file=file, problem=causes.of_rule(rule, problems))


_SOURCE_FAULTS = {"missing", "string_too_short"}


def _refuse_exceptions(rule: EarningRule, file: str) -> None:
    """Raise when an exception can never apply, or two could apply to one outcome."""
    last = rule.in_force_until or date.max
    for one in rule.exception:
        begins, ends = one.when.first_day or date.min, one.when.last_day or date.max
        if begins > last or ends < rule.in_force_from:
            raise RuleExceptionIdleError(file=file, rule=rule.id, exception=one.id)
    for first, second in combinations(rule.exception, 2):
        if first.when.meets(second.when):
            raise RuleExceptionsMeetError(file=file, rule=rule.id, first=first.id, second=second.id)
