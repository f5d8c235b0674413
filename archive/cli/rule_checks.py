"""Checking and listing rules: against what is published here, or against what ships."""

from pathlib import Path

from archive.bureau.rule_keys import keyed
from archive.cli.files import read_bytes
from archive.cli.opened import existing, is_set_up, reading
from archive.errors import DatabaseNotReadyError
from archive.migrations.running import refuse_unready
from archive.settings import Settings
from credit_bank import publishing
from credit_bank.errors import RuleChangedError
from credit_bank.examples import refuse_failing
from credit_bank.families.repeal import Repeal
from credit_bank.rule_files import parse, read_file
from schemas.outputs import RulesChecked


def check_file(path: Path, settings: Settings) -> RulesChecked:
    """Check a rule file; works where there is no archive, too.

    Raises FileUnreadableError, RuleFileError, RuleChangedError.
    """
    read_bytes(path)  # Refused by name when it cannot be read at all.
    bodies = read_file(path)
    fresh = _new_here(bodies, path.name, settings)
    against = "published"
    if fresh is None:
        against = "shipped"
        shipped = _shipped()
        _refuse_changed(bodies, shipped)
        publishing.check_files([path], tuple(shipped))
        fresh = [body for body in bodies if body not in shipped]
    return _checked(bodies, against, fresh)


def check_published() -> RulesChecked:
    """Check everything that is published here, and what ships with this version.

    Raises RuleFileError, RuleChangedError.
    """
    with reading() as opened:
        bodies = [one.body for one in publishing.rule_book(opened.session).rules]
        for law in (parse(body, "rule_version") for body in bodies):
            if not isinstance(law, Repeal):
                refuse_failing(law)
        fresh = publishing.check(opened.session, _shipped())
    return _checked(bodies, "published", fresh)


def _new_here(bodies: list[bytes], file: str, settings: Settings) -> list[bytes] | None:
    """Return those that are not published here; None where there is no archive to ask."""
    if not is_set_up(settings):
        return None
    with existing(settings) as archive:
        try:
            refuse_unready(archive)
        except DatabaseNotReadyError:
            return None
        with archive.reading() as session:
            return publishing.check(session, keyed(session, bodies), file)


def _refuse_changed(bodies: list[bytes], shipped: list[bytes]) -> None:
    known = {parse(body, "shipped").id: body for body in shipped}
    for body in bodies:
        rule = parse(body, "draft")
        if known.get(rule.id, body) != body:
            raise RuleChangedError(rule=rule.id)


def _shipped() -> list[bytes]:
    return [body for file in publishing.shipped_files() for body in read_file(file)]


def _checked(bodies: list[bytes], against: str, fresh: list[bytes]) -> RulesChecked:
    rules = [parse(body, "rule") for body in bodies]
    return RulesChecked(
        rules=tuple(rule.id for rule in rules),
        examples=sum(len(rule.example) for rule in rules if not isinstance(rule, Repeal)),
        against=against,
        new=tuple(parse(body, "rule").id for body in fresh),
    )
