"""How the proofs of the ledgers are shown to people."""

from pathlib import Path

from archive.cli.voice import Voice
from schemas.proofs import AuditReport, ExportReceipt, RebuildReport


def show_audit(voice: Voice, report: AuditReport) -> None:
    """Print how much was checked, and every finding."""
    voice.say(
        "{workers} ledgers with {outcomes} outcomes and {entries} entries were checked.",
        workers=report.workers,
        outcomes=report.outcomes,
        entries=report.entries,
    )
    voice.say("Invariants: {names}.", names=", ".join(report.invariants))
    voice.say("I6 and I11, the order of arrival and refusals, no row shows: the tests hold them.")
    if report.is_right:
        voice.say("All hold.")
        return
    voice.say("{findings} findings:", findings=len(report.findings))
    voice.table(
        ("Invariant", "Archive number", "What is wrong", "Identifier"),
        [
            (
                finding.invariant,
                finding.archive_number or "—",
                voice.pick(finding.message),
                finding.rule or str(finding.row_id or "—"),
            )
            for finding in report.findings
        ],
    )


def show_rebuilt(voice: Voice, report: RebuildReport) -> None:
    """Print how much was compared, what was posted, and every difference that remains."""
    voice.say(
        "{workers} ledgers with {outcomes} outcomes were computed anew.",
        workers=report.workers,
        outcomes=report.outcomes,
    )
    if report.not_opened:
        voice.say(
            "{count} dossiers were erased: their records cannot be compared.",
            count=report.not_opened,
        )
    if report.posted:
        voice.say(
            "{entries} entries were posted for {workers} workers, to apply what is published.",
            entries=report.posted,
            workers=report.workers_posted,
        )
    if report.is_same:
        voice.say("All is stored as it was computed.")
        return
    voice.say("{differences} differences:", differences=len(report.differences))
    voice.table(
        ("Archive number", "What is wrong", "Part", "Stored", "Computed", "Identifier"),
        [
            (
                one.archive_number or "—",
                voice.pick(one.message),
                one.part,
                one.stored,
                one.rebuilt,
                str(one.subject_id or "—"),
            )
            for one in report.differences
        ],
        right=("Stored", "Computed"),
    )


def show_exported(voice: Voice, receipt: ExportReceipt, path: Path) -> None:
    """Print what was written where."""
    voice.say("Written to {file}.", file=path)
    voice.facts(
        [
            ("Ledgers", str(receipt.workers)),
            ("Transactions", str(receipt.transactions)),
            ("Balances asserted", str(receipt.assertions)),
            ("First day", voice.day(receipt.first_on)),
            ("Last day", voice.day(receipt.last_on)),
            ("SHA-256", receipt.sha256),
        ]
    )
