"""How the report of an intake is shown to people."""

from archive.cli.voice import Voice
from schemas.reports import Finding, IntakeReport


def show_intake(voice: Voice, report: IntakeReport) -> None:
    """Print what the file is, what its rows would do or did, and every fault."""
    where = [("Sheet", report.sheet), ("Encoding", report.encoding)]
    voice.facts(
        [
            ("Organisation", report.organisation),
            ("Kind", voice.word("kind", report.kind) if report.kind else "—"),
            *((name, value) for name, value in where if value),
        ]
    )
    if report.kind:
        _show_rows(voice, report)
    if report.findings:
        voice.line()
        voice.table(
            ("Row", "Column", "Value", "What is wrong and what to do", "Code"),
            [_finding_row(voice, finding) for finding in report.findings],
            right=("Row",),
        )
    voice.line()
    if report.committed:
        voice.say("{written} records were written.", written=report.written)
    elif report.kind:
        voice.say("Nothing was written yet. Add --commit to write the rows that are without fault.")


def _show_rows(voice: Voice, report: IntakeReport) -> None:
    voice.line()
    voice.table(
        ("Rows", "Count"),
        [(voice.word("row_state", state), str(count)) for state, count in report.counts.items()],
        right=("Count",),
    )
    if report.notes:
        voice.line()
        voice.say("Below the list, read as remarks and not as rows:")
        for note in report.notes:
            voice.line(f"  {note}")


def _finding_row(voice: Voice, finding: Finding) -> tuple[str, str, str, str, str]:
    severity = voice.word("severity", finding.severity)
    return (
        str(finding.row) if finding.row is not None else "",
        finding.column or "",
        finding.value or "",
        f"{severity}: {voice.pick(finding.message)}",
        finding.code,
    )
