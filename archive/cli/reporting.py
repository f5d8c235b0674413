"""The answer of a verification as a signed report: made where the archive itself is."""

from pathlib import Path

from archive.cli.draft_files import draft_of
from archive.cli.opened import acting_on
from archive.cli.options import CONSOLE
from archive.cli.refusals import ArchiveMissingError, ReportNeedsArchiveError
from archive.transcripts.own_works import press_for
from archive.transcripts.report_issuing import issue_report
from schemas.reports import VerificationReport
from schemas.vocabulary import DocumentLanguage


def write_report(
    found: VerificationReport, trust: Path | None, language: DocumentLanguage, output: Path
) -> None:
    """Write an answer to a file as a signed report.

    Raises ReportNeedsArchiveError where there is no archive, or others were trusted than it
    does; and what ``issue_report`` raises.
    """
    if trust is not None:
        raise ReportNeedsArchiveError
    try:
        with draft_of(output) as draft, acting_on(CONSOLE) as acting:
            press = press_for(acting.settings, now=acting.now)
            issued = issue_report(acting.archive, found, language, now=acting.now, using=press)
            draft.write(issued.pdf)
    except ArchiveMissingError as missing:
        raise ReportNeedsArchiveError from missing
