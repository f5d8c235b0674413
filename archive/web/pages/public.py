"""Pages for everyone: the first page, verifying a transcript, whether the server is well."""

from typing import Annotated

from fastapi import APIRouter, File, Form, Response, UploadFile, status
from fastapi.responses import JSONResponse, RedirectResponse
from sqlalchemy import text

from archive.transcripts.codes import read_code
from archive.transcripts.register import DatabaseRegister
from archive.transcripts.report_composing import can_report
from archive.transcripts.report_tickets import read_ticket, ticket_of
from archive.transcripts.verification import verify_code
from archive.web.audiences import Reader, Verifier
from archive.web.deps import HouseDep, Now, ReadingDep
from archive.web.documents import report_handed_over, reported, verified
from archive.web.page import Page, PageDep
from archive.web.refusals import CodeUnreadableError, NoFileError
from archive.web.uploading import read_upload
from schemas.reports import VerificationReport
from schemas.vocabulary import DocumentLanguage

router = APIRouter(include_in_schema=False)


@router.get("/")
def landing(page: PageDep, _asker: Reader) -> Response:
    """Show what the archive is, and the two doors: sign in, verify."""
    return page("public/landing.html")


@router.get("/healthz")
def healthz(session: ReadingDep, _asker: Reader) -> Response:
    """Tell a watcher that the server answers and reaches its database."""
    session.connection().execute(text("SELECT 1"))
    return JSONResponse({"status": "ok"})


@router.get("/verify")
def verify_form(page: PageDep, _asker: Verifier) -> Response:
    """Show both ways to verify: the file, or the code beside the QR code."""
    return page("public/verify.html", refusal=None, code="")


@router.post("/verify")
def verify(
    page: PageDep,
    house: HouseDep,
    session: ReadingDep,
    now: Now,
    _asker: Verifier,
    file: Annotated[UploadFile | None, File()] = None,
    code: Annotated[str | None, Form()] = None,
) -> Response:
    """Verify an uploaded file, which is not kept; or go to the answer for a code.

    What is typed and is no code stays out of the address: it may be anything.
    """
    if code is not None:
        known = read_code(code)
        if known is None:
            return page("public/verify.html", 422, refusal=CodeUnreadableError(), code=code[:40])
        return RedirectResponse(f"/verify/{known}", status.HTTP_303_SEE_OTHER)
    try:
        name, content = read_upload(file)
    except NoFileError as refusal:
        return page("public/verify.html", 422, refusal=refusal, code="")
    report = verified(house, session, content, now=now)
    ticket = ticket_of(session, report) if can_report(report) else ""
    return _answered(page, report, name=name, ticket=ticket)


@router.post("/verify/report")
def report_of_answer(
    house: HouseDep,
    now: Now,
    _asker: Verifier,
    ticket: Annotated[str, Form()] = "",
    language: Annotated[DocumentLanguage, Form()] = DocumentLanguage.CHINESE,
) -> Response:
    """Hand an answer that was just given over as a signed report; the file is not needed again."""
    with house.archive.reading() as session:
        report = read_ticket(session, ticket, now=now)
    return report_handed_over(reported(house, report, language, now=now))


@router.get("/verify/{code}")
def verify_scanned(
    code: str, page: PageDep, session: ReadingDep, now: Now, _asker: Verifier
) -> Response:
    """Show what the register knows of the code in a QR code."""
    report = verify_code(code, register=DatabaseRegister(session), now=now)
    return _answered(page, report)


def _answered(
    page: Page, report: VerificationReport, *, name: str | None = None, ticket: str = ""
) -> Response:
    """Show an answer; with a ticket its report can be had."""
    return page(
        "public/verify_result.html",
        report=report,
        file_name=name,
        ticket=ticket,
        languages=DocumentLanguage,
        written=DocumentLanguage(page.language),
    )
