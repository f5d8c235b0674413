"""The numbered checks that ask the register, of a verification report.

A report states what was found at a moment. It has no validity of its own and no records of a
dossier: what it is about is verified by itself.
"""

from archive.transcripts.answers import NOT_REACHED, Answer, failed, passed, unchecked, written
from archive.transcripts.payload import payload_digest
from archive.transcripts.standing import ReportStanding
from schemas.reports import VerifiedReport
from schemas.verification_reports import ReportV1
from schemas.vocabulary import Verdict

_NO_RECORDS = "Not checked: a report holds no records of a dossier."
_OFFLINE = "Not checked: the register cannot be asked from here."


def told(report: ReportV1) -> VerifiedReport:
    """Return what a report states, in short."""
    found = report.report
    return VerifiedReport(
        code=report.code,
        issued_at=report.issued_at,
        issuer=report.issuer.name,
        language=report.language,
        verdict=found.verdict,
        checked_at=found.checked_at,
        checked_sha256=found.sha256,
        is_development=report.is_development,
    )


def offline(report: ReportV1) -> list[Answer]:
    """Return the answers to checks 10 to 12 where no register can be asked."""
    unasked = unchecked(_OFFLINE, Verdict.CANNOT_CHECK, "offline")
    return [unasked, _status(told(report)), unchecked(_NO_RECORDS)]


def registered(payload: bytes, sha256: bytes, standing: ReportStanding | None) -> list[Answer]:
    """Return the answers to checks 10 to 12: exactly this file was issued."""
    is_known = (
        standing is not None
        and standing.sha256 == sha256
        and standing.payload_digest == payload_digest(payload)
    )
    if standing is None or not is_known:
        unknown = failed(
            "The register does not know a document with this digest.",
            Verdict.DIFFERS,
            "not_registered",
        )
        return [unknown, unchecked(NOT_REACHED), unchecked(NOT_REACHED)]
    known = passed("The register holds the digest of exactly this file.")
    return [known, *of_code(standing)]


def of_code(standing: ReportStanding) -> list[Answer]:
    """Return the answers to checks 11 and 12 of a report that the register knows."""
    return [_status(standing.told), unchecked(_NO_RECORDS)]


def _status(report: VerifiedReport) -> Answer:
    return passed(
        "A report tells what was found at {at} and is not changed by what came later. "
        "Verify the document that it is about to know how that stands now.",
        at=written(report.checked_at),
    )
