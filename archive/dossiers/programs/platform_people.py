"""Whom a platform means: by an identity document, or by an account on a roster of the course."""

from collections.abc import Iterable
from datetime import date

from sqlmodel import Session, col, select

from archive.dossiers.cells import people
from archive.dossiers.classes.marks import member_with_account
from archive.dossiers.classes.models import ClassMember
from archive.dossiers.classes.opening import known
from archive.dossiers.classes.roster import Member
from archive.dossiers.course_models import OfferedCourse
from archive.dossiers.intake.reading import Person
from archive.dossiers.programs.arrivals import shown_account, shown_name
from archive.dossiers.programs.platform_refusals import (
    PlatformGroupError,
    PlatformNameMissingError,
    PlatformPersonSeveralError,
    PlatformPersonUnknownError,
)
from schemas.vocabulary import DocumentType
from schemas.xapi_actors import XActor, XAgent

DOCUMENTS = "/identifiers/"
"""Behind the archive's address, before a type of document: the home page of an account whose
name is the number of such a document."""


def person_meant(
    session: Session, course: OfferedCourse, actor: XActor, *, home: str, today: date
) -> Person:
    """Return whom a statement is about.

    Raises PlatformGroupError, PlatformNameMissingError, PlatformPersonUnknownError,
    PlatformPersonSeveralError, and what is wrong with a name or document.
    """
    if not isinstance(actor, XAgent):
        raise PlatformGroupError
    if actor.account is None:
        raise PlatformPersonUnknownError
    kind = document_type(actor.account.home_page, home)
    if kind is None:
        return person_with_account(session, course, actor.account.name)
    if not actor.name:
        raise PlatformNameMissingError
    document = people.document(actor.account.name, today=today, type_given=kind)
    return Person(people.person_name(actor.name), document)


def person_with_account(session: Session, course: OfferedCourse, account: str) -> Person:
    """Return who has an account on the roster of a class of a course, and has not left.

    Raises PlatformPersonUnknownError, PlatformPersonSeveralError.
    """
    found = member_with_account(session, course.organisation_id, account)
    return the_one(of_course(session, course, found))


def the_one(members: Iterable[Member]) -> Person:
    """Return the one person whom places on rosters mean; see ``person_with_account``."""
    found = {
        one.document.upgraded(): Person(one.name, one.document)
        for one in members
        if one.name and one.document
    }
    if not found:
        raise PlatformPersonUnknownError
    if len(found) > 1:
        raise PlatformPersonSeveralError
    return next(iter(found.values()))


def of_course(session: Session, course: OfferedCourse, members: Iterable[Member]) -> list[Member]:
    """Return those who are on the roster of a class of the course, and have not left."""
    here = [one for one in members if not one.told.has_left]
    ids = [one.id for one in here]
    query = select(ClassMember.id, ClassMember.class_id).where(col(ClassMember.id).in_(ids))
    class_of = dict(session.exec(query).all())
    codes = {one: known(session, one).course.code for one in set(class_of.values())}
    return [one for one in here if codes[class_of[one.id]] == course.code]


def document_type(home_page: str, home: str) -> DocumentType | None:
    """Return whose numbers an account's home page says its names are; None for a platform's."""
    before = home + DOCUMENTS
    word = home_page.removeprefix(before) if home_page.startswith(before) else ""
    return DocumentType(word) if word in set(DocumentType) else None


def shown(actor: XActor) -> str:
    """Return whom a statement names, masked."""
    if actor.name:
        return shown_name(actor.name)
    if actor.account:
        return shown_account(actor.account.name)
    return "*"
