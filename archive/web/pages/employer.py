"""Pages of employers: they verify what they are shown."""

from fastapi import APIRouter, Response

from archive.web.audiences import EmployerMember
from archive.web.page import PageDep

router = APIRouter(include_in_schema=False)


@router.get("/employer")
def home(page: PageDep, _me: EmployerMember) -> Response:
    """Show how to verify a transcript."""
    return page("public/verify.html", refusal=None, code="")
