"""How the report of a verification is shown to people."""

from pathlib import Path

from archive.cli.issuer_sheet import tell_note
from archive.cli.proof_sheet import show_proof
from archive.cli.voice import Voice
from schemas.reports import VerificationReport, VerifiedDocument, VerifiedReport


def show_verification(voice: Voice, report: VerificationReport, written: Path | None) -> None:
    """Print the verdict, every check, what the document states, and where its report is."""
    voice.line(voice.word("verdict", report.verdict))
    voice.line(voice.pick(report.message))
    voice.line()
    voice.table(
        ("No.", "Result", "Check", "Finding"),
        [
            (
                str(check.number),
                voice.word("check_state", check.state),
                voice.pick(check.title),
                voice.pick(check.message),
            )
            for check in report.checks
        ],
        right=("No.",),
    )
    for one in report.noted:
        tell_note(voice, one.note, of=voice.sentence("Record {number}", number=one.number))
    if report.document:
        _show_document(voice, report.document)
    if report.report:
        _show_report(voice, report.report)
    if written:
        voice.line()
        voice.say("Written to {file}.", file=written)
    if report.proof:
        show_proof(voice, report.proof)


def _show_document(voice: Voice, document: VerifiedDocument) -> None:
    voice.line()
    if document.is_demo:
        voice.say("Demo data: this person does not exist.")
    if document.is_development:
        voice.say("Signed with a development key: the document proves nothing.")
    voice.facts(
        [
            ("Verification code", document.code),
            ("Held by", document.holder_name_masked),
            ("Archive number", document.archive_number),
            ("Issued at", voice.moment(document.issued_at)),
            ("Valid until", voice.day(document.valid_until)),
            ("Issuer", voice.pick(document.issuer)),
            *(("Skill level", voice.pick(level)) for level in document.levels),
            *([("Treatment", voice.pick(document.entitlement))] if document.entitlement else []),
            ("Records", str(document.records)),
            *([("Credits", document.credits)] if document.credits is not None else []),
        ]
    )


def _show_report(voice: Voice, told: VerifiedReport) -> None:
    voice.line()
    if told.is_development:
        voice.say("Signed with a development key: the document proves nothing.")
    voice.facts(
        [
            ("Code of the report", told.code),
            ("Found then", voice.word("verdict", told.verdict)),
            ("Checked at", voice.moment(told.checked_at)),
            ("Issued at", voice.moment(told.issued_at)),
            ("Issuer", voice.pick(told.issuer)),
            ("SHA-256 of the checked file", told.checked_sha256),
        ]
    )
