"""Verifying transcripts: by file, by code."""

from typing import Annotated

from fastapi import APIRouter, File, UploadFile

from archive.transcripts.register import DatabaseRegister
from archive.transcripts.verification import verify_code, verify_file
from archive.web.api.asked import PROBLEMS
from archive.web.audiences import Verifier
from archive.web.deps import HouseDep, Now, ReadingDep
from archive.web.uploading import read_upload
from schemas.reports import VerificationReport

router = APIRouter(tags=["Verification"], responses=PROBLEMS)


@router.post("/api/v1/verify")
def by_file(
    _asker: Verifier,
    house: HouseDep,
    session: ReadingDep,
    now: Now,
    file: Annotated[UploadFile | None, File(description="The PDF.")] = None,
) -> VerificationReport:
    """Answer whether a file is genuine and still holds; the file is not kept."""
    _, content = read_upload(file)
    register = DatabaseRegister(session)
    trust = house.trust(session, at=now)
    return verify_file(content, trust=trust, register=register, now=now)


@router.get("/api/v1/verify/{code}")
def by_code(code: str, _asker: Verifier, session: ReadingDep, now: Now) -> VerificationReport:
    """Answer what the register knows of a verification code."""
    return verify_code(code, register=DatabaseRegister(session), now=now)
