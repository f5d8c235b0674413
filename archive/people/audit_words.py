"""What was done, in the words that an audit administrator reads; searching is elsewhere."""

from archive.audit.events import Own
from archive.people.access_log import COMMAND, JOB
from archive.texts import bilingual_term, both
from schemas.contracts import Bilingual
from schemas.vocabulary import Permission

ACTIONS: tuple[str, ...] = (*Own, *Permission)
"""What can be looked for by a word; commands and jobs are found by account and day."""


def acted(action: str) -> Bilingual:
    """Return what an act was, in words."""
    kind, _, name = action.partition(":")
    if kind == "command":
        return both(COMMAND, {"command": name})
    if kind == "job":
        return both(JOB, {"job": name})
    return bilingual_term(
        f"audit_action.{action}" if action in set(Own) else f"permission.{action}"
    )
