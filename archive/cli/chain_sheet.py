"""How the report on chains is shown to people."""

from archive.cli.voice import Voice
from schemas.reports import ChainReport


def show_chains(voice: Voice, report: ChainReport) -> None:
    """Print how much was checked, and every fault."""
    voice.say(
        "{dossiers} dossiers with {links} links were checked.",
        dossiers=report.dossiers,
        links=report.links,
    )
    if report.is_whole:
        voice.say("All are as they were written.")
        return
    voice.say("{faults} faults were found:", faults=len(report.faults))
    voice.table(
        ("Archive number", "Table", "Sequence", "What is wrong", "Row", "Code"),
        [
            (
                fault.archive_number or "—",
                fault.table,
                str(fault.sequence) if fault.sequence is not None else "—",
                voice.pick(fault.message),
                fault.row_id or "—",
                fault.code,
            )
            for fault in report.faults
        ],
        right=("Sequence",),
    )
