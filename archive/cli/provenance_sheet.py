"""How the source of a record is shown to people."""

from archive.cli.voice import Voice
from schemas.provenance import ProvenanceLine, ProvenanceView


def show_provenance(voice: Voice, view: ProvenanceView) -> None:
    """Print where each row of a record came from, the first posting first."""
    voice.facts(
        [
            ("Record", str(view.record_id)),
            ("Archive number", view.archive_number),
            ("Kind of records", voice.word("kind", view.kind)),
        ]
    )
    if view.is_closed:
        voice.say("The dossier is closed: only what names nobody is told.")
    for line in view.lines:
        voice.line("")
        voice.line(f"{voice.word('act', line.act)} · {voice.moment(line.recorded_at)}")
        _show(voice, line)


def _show(voice: Voice, line: ProvenanceLine) -> None:
    account = f"{line.account} · " if line.account else ""
    voice.facts(
        [
            ("Organisation", f"{voice.pick(line.organisation.name)} ({line.organisation.code})"),
            ("Posted by the account", f"{account}{voice.word('role', line.role)}"),
            ("Way", voice.word("way", line.way) if line.way else voice.sentence("not kept")),
            ("File", line.file_name or "—"),
            ("Row", str(line.row or "—")),
            ("Reference", line.reference or "—"),
            ("SHA-256", line.digest or "—"),
        ]
    )
