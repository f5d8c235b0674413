"""The table of permissions as it is printed: a line a permission, who reaches how far."""

from archive.cli.voice import Voice
from schemas.access import AccessMatrix
from schemas.vocabulary import Scope


def show_matrix(voice: Voice, found: AccessMatrix) -> None:
    """Print the table; whom a permission does not name, may not."""
    lines = []
    for line in found.permissions:
        reached = [(voice.word("role", role), scope) for role, scope in line.roles.items() if scope]
        named = [
            name if scope is Scope.ALL else f"{name} ({voice.word('scope', scope)})"
            for name, scope in reached
        ]
        if line.strangers:
            named = [voice.sentence("Everyone, also without signing in")]
        elif len(reached) == len(line.roles):
            named = [voice.sentence("Everyone who is signed in")]
        lines.append((line.permission, voice.word("permission", line.permission), ", ".join(named)))
    voice.table(("Permission", "What", "Who, how far"), lines)
