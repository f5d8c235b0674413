"""How the report of an intake is shown to people."""

from collections.abc import Sequence

from archive.cli.voice import Voice
from archive.settings import Settings
from schemas.intake import PostedFile
from schemas.reports import Finding, IntakeReport
from schemas.vocabulary import RowState

_WORTH_TELLING = 1_000
"""Rows; a shorter file is written before anybody has read how far it is."""


class Progress:
    """Tells how far a long file is."""

    def __init__(self, settings: Settings, *, is_shown: bool) -> None:
        """Take the language; programs are told nothing but the end."""
        self._voice = Voice(settings.lang, settings.zone)
        self._is_shown = is_shown

    def tell(self, done: int, total: int) -> None:
        """Print a line."""
        if self._is_shown and total >= _WORTH_TELLING:
            self._voice.say("{done} of {total}", done=done, total=total)


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
    if report.earlier:
        voice.say("This very file was posted before: {number}", number=report.earlier)
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


def show_posted(voice: Voice, files: Sequence[PostedFile]) -> None:
    """Print posted files, a row each."""
    if not files:
        voice.say("No files.")
        return
    voice.table(
        ("Number", "File", "Posted at", "State", "Rows", "Written", "Faulty"),
        [
            (
                str(one.id),
                one.file_name or "—",
                voice.moment(one.posted_at),
                voice.word("run_state", one.state),
                str(one.rows),
                str(one.written),
                str(one.counts[RowState.FAULTY]),
            )
            for one in files
        ],
        right=("Rows", "Written", "Faulty"),
    )


def show_posted_file(voice: Voice, one: PostedFile) -> None:
    """Print what a posted file is, and what became of its rows."""
    voice.facts(
        [
            ("Number", str(one.id)),
            ("Organisation", one.organisation),
            ("File", one.file_name or "—"),
            ("Kind", voice.word("kind", one.kind)),
            ("State", voice.word("run_state", one.state)),
            ("Rows", f"{one.done} / {one.rows}"),
            ("Posted at", f"{voice.moment(one.posted_at)} · {one.posted_by}"),
            ("Rows are kept until", voice.moment(one.kept_until)),
            ("Can be undone until", voice.moment(one.undo_until)),
            ("Records taken back", str(one.undone)),
        ]
    )
    voice.line()
    voice.table(
        ("Rows", "Count"),
        [(voice.word("row_state", state), str(count)) for state, count in one.counts.items()],
        right=("Count",),
    )
