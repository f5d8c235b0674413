"""How accreditations are shown to people."""

from archive.cli.voice import Voice
from schemas.accreditation import AccreditationList, PostingScopeView


def show_accreditations(voice: Voice, found: AccreditationList) -> None:
    """Print accreditations, a row each, with what became of them."""
    if not found.accreditations:
        voice.say("No accreditation is on record.")
        return
    voice.table(
        ("Accreditation", "Organisation", "By which act", "What may be posted", "Counts", "State"),
        [
            (
                f"{one.id}\n{one.document}",
                one.organisation.code,
                voice.word("accreditation_act", one.act),
                _scope(voice, one.changes[-1].scope if one.changes else one.scope),
                f"{voice.day(one.first_on)} – {voice.day(one.last_on)}",
                voice.word("accreditation_state", one.state),
            )
            for one in found.accreditations
        ],
    )


def _scope(voice: Voice, scope: PostingScopeView | None) -> str:
    if scope is None:
        return "—"
    kinds = [voice.word("kind", one) for one in scope.kinds or ()]
    parts = [
        ", ".join(kinds) or voice.sentence("all kinds"),
        ", ".join(map(voice.pick, scope.occupation_names)) or voice.sentence("all occupations"),
    ]
    if scope.highest_rank is not None:
        parts.append(f"≤ {voice.word('rank', int(scope.highest_rank))}")
    return "\n".join(parts)
