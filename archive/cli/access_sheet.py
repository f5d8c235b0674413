"""The table of permissions as it is printed, and who looked at a dossier."""

from archive.cli.voice import Voice
from schemas.access import AccessMatrix
from schemas.audit import Look, LookList
from schemas.vocabulary import Scope


def show_matrix(voice: Voice, found: AccessMatrix) -> None:
    """Print the table; whom a permission does not name, may not."""
    lines = []
    for line in found.permissions:
        reached = [(voice.word("role", role), scope) for role, scope in line.roles.items() if scope]
        named = [
            name if scope is Scope.ALL else f"{name} ({voice.word('reach', scope)})"
            for name, scope in reached
        ]
        if line.strangers:
            named = [voice.sentence("Everyone, also without signing in")]
        elif len(reached) == len(line.roles):
            named = [voice.sentence("Everyone who is signed in")]
        lines.append((line.permission, voice.word("permission", line.permission), ", ".join(named)))
    voice.table(("Permission", "What may be done", "Who, how far"), lines)


def show_looks(voice: Voice, found: LookList) -> None:
    """Print who looked at a dossier, by day."""
    if not found.days:
        voice.say("Nobody has looked yet.")
        return
    rows = [
        (voice.moment(one.at), _who(voice, one), voice.pick(one.what), one.request or "—")
        for day in found.days
        for one in day.looks
    ]
    voice.table(("When", "Who", "What was done", "Number"), rows)
    voice.say("The worker: {count} ×", count=sum(day.own for day in found.days))
    if found.older:
        voice.say("Earlier ones: --before {look}", look=found.older)


def _who(voice: Voice, one: Look) -> str:
    if one.role is None:
        return voice.sentence(
            "Someone without an account" if one.is_stranger else "The archive itself"
        )
    body = f"{voice.pick(one.organisation)} " if one.organisation else ""
    return body + voice.word("role", one.role)
