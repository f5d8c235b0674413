"""Courses: the public catalogue, and those of one organisation. Publishing: see redemptions."""

from typing import Annotated

from fastapi import APIRouter, Query

from archive.dossiers import catalogue
from archive.people import organisations
from archive.web.api.asked import PROBLEMS
from archive.web.audiences import ClassReader, Reader
from archive.web.deps import ReadingDep, Today
from schemas.courses import Catalogue, CatalogueAsked, CourseList

router = APIRouter(prefix="/api/v1", tags=["Courses"], responses=PROBLEMS)


@router.get("/courses")
def courses(
    asked: Annotated[CatalogueAsked, Query()], _asker: Reader, session: ReadingDep, today: Today
) -> Catalogue:
    """Return a page of the published courses; nobody needs to be signed in."""
    return catalogue.page_of(session, asked, today=today)


@router.get("/organisations/{code}/courses")
def own(code: str, asker: ClassReader, session: ReadingDep) -> CourseList:
    """Return the courses of an organisation, published or not."""
    whose = organisations.coded(session, code)
    return catalogue.of_organisation(session, whose, by=asker.actor)
