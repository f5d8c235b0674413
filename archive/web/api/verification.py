"""Verifying transcripts: by file, by code."""

from typing import Annotated, Any

from fastapi import APIRouter, File, Response, UploadFile

from archive.transcripts.register import DatabaseRegister
from archive.transcripts.verification import verify_code
from archive.web.api.asked import PROBLEMS
from archive.web.audiences import Verifier
from archive.web.deps import HouseDep, Now, ReadingDep
from archive.web.documents import PDF, report_handed_over, reported, verified
from archive.web.uploading import read_upload
from schemas.reports import VerificationReport
from schemas.vocabulary import DocumentLanguage

router = APIRouter(tags=["Verification"], responses=PROBLEMS)
_REPORT: dict[int | str, dict[str, Any]] = {
    200: {"content": {PDF: {}}, "description": "The signed report."}
}


@router.post("/api/v1/verify")
def by_file(
    _asker: Verifier,
    house: HouseDep,
    session: ReadingDep,
    now: Now,
    file: Annotated[
        UploadFile | None, File(description="The PDF, or the proof of a single record or entry.")
    ] = None,
) -> VerificationReport:
    """Answer whether a file is genuine and still holds; the file is not kept."""
    _, content = read_upload(file)
    return verified(house, session, content, now=now)


@router.post("/api/v1/verify/report", response_class=Response, responses=_REPORT)
def report_of_file(
    _asker: Verifier,
    house: HouseDep,
    now: Now,
    file: Annotated[UploadFile | None, File(description="The PDF.")] = None,
    language: DocumentLanguage = DocumentLanguage.CHINESE,
) -> Response:
    """Verify a file, and answer with the signed report of that; its code is in X-Report-Code.

    Whatever the answer is. Of what is no PDF, or is a report itself, none is made.
    """
    _, content = read_upload(file)
    with house.archive.reading() as session:
        report = verified(house, session, content, now=now)
    return report_handed_over(reported(house, report, language, now=now))


@router.get("/api/v1/verify/{code}")
def by_code(code: str, _asker: Verifier, session: ReadingDep, now: Now) -> VerificationReport:
    """Answer what the register knows of a verification code."""
    return verify_code(code, register=DatabaseRegister(session), now=now)
