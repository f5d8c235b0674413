"""How a decision on the issuer of a record is told to people."""

from archive.cli.voice import Voice
from schemas.dossiers import IssuerNote


def tell_note(voice: Voice, note: IssuerNote | None, *, of: str) -> None:
    """Print the note on a record or level, if there is one."""
    if note is None:
        return
    day = voice.day(note.since)
    if note.is_revoked:
        said = voice.sentence(
            "The credits were revoked by decision {source} on {day}. "
            "The record, its level and certificate stay valid.",
            day=day,
            source=note.source,
        )
    else:
        said = voice.sentence(
            "The issuer is suspended since {day} (decision {source}): the credits are held. "
            "The record, its level and certificate stay valid.",
            day=day,
            source=note.source,
        )
    voice.line(f"{of}: {said}")
