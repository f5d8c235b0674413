"""The public catalogue of courses as people read it, and the courses of one organisation."""

from datetime import date
from math import ceil

from sqlmodel import Session

from archive.dossiers import courses
from archive.dossiers.titles import occupation_name
from archive.errors import NotAllowedError
from archive.people.access import reaches_organisation
from archive.people.actors import Actor
from archive.people.models import Organisation
from schemas.courses import Catalogue, CatalogueAsked, CourseList, OccupationChoice
from schemas.vocabulary import Permission


def page_of(session: Session, asked: CatalogueAsked, *, today: date) -> Catalogue:
    """Return a page of what everyone is shown today."""
    found, total = courses.catalogue(session, asked, today)
    named = ((code, occupation_name(code)) for code in courses.occupations_on_show(session, today))
    return Catalogue(
        courses=tuple(courses.views(session, found)),
        page=asked.page,
        pages=max(1, ceil(total / asked.size)),
        total=total,
        occupations=tuple(OccupationChoice(code=code, name=name) for code, name in named if name),
    )


def of_organisation(session: Session, organisation: Organisation, *, by: Actor) -> CourseList:
    """Return all courses of an organisation, drafts too; raises NotAllowedError."""
    if not reaches_organisation(by, Permission.READ_CLASS, organisation.id):
        raise NotAllowedError
    found = courses.of_organisation(session, organisation.id)
    return CourseList(courses=tuple(courses.views(session, found)))
