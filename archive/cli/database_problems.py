"""What is wrong with a database, in words."""

from archive.texts import both
from schemas.outputs import DatabaseProblem, DatabaseReport

SENTENCES = {
    "not_upgraded": "This database is not of this version. Run “skills-archive db upgrade”.",
    "differs": (
        "This database has other tables or columns than this version makes. "
        "Restore a backup, or ask those who changed it."
    ),
    "trigger_missing": (
        "Nothing keeps the rows of this table from being changed. Run “skills-archive db "
        "upgrade” to put the protection back, then “skills-archive chain verify”."
    ),
}
"""What each code of a problem says, and what to do."""


def report_of(problems: list[str]) -> DatabaseReport:
    """Return the problems, each a code and its subject, as a report."""
    found = tuple(_problem(*problem.partition(":")[::2]) for problem in problems)
    return DatabaseReport(problems=found, is_ready=not found)


def _problem(code: str, subject: str) -> DatabaseProblem:
    return DatabaseProblem(code=code, subject=subject, message=both(SENTENCES[code]))
