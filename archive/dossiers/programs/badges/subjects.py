"""Whom a badge means: by identity number and name, by an account, or by the roster of a course."""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from sqlmodel import Session, col, select

from archive.dossiers.cells import people
from archive.dossiers.classes import roster
from archive.dossiers.classes.models import ClassFiling, ClassMember, TrainingClass
from archive.dossiers.classes.roster import Member
from archive.dossiers.course_models import OfferedCourse
from archive.dossiers.intake.reading import Person
from archive.dossiers.programs.badges.credentials import Identifier
from archive.dossiers.programs.platform_people import of_course, person_with_account, the_one
from archive.dossiers.programs.platform_refusals import (
    PlatformNameMissingError,
    PlatformPersonUnknownError,
)
from archive.people.names import same_name

_NUMBER, _NAME = "nationalIdentityNumber", "name"
_ACCOUNTS = frozenset({"userName", "accountId", "systemId", "sourcedId", "lisSourcedId"})
_SHA256 = "sha256$"
_Tells = Callable[[Member], Iterable[str]]


def person_of(
    session: Session, course: OfferedCourse, identifiers: Sequence[Identifier], *, today: date
) -> Person:
    """Return whom a badge is about.

    Number and name in clear tell it by themselves; a digest, or one of the two alone, only
    where it fits somebody on a roster of the course. Raises PlatformPersonUnknownError,
    PlatformPersonSeveralError, PlatformNameMissingError, and what is wrong with a name or number.
    """
    plain = {one.kind: one.value for one in identifiers if not one.is_hashed}
    if _NUMBER in plain and _NAME in plain:
        document = people.document(plain[_NUMBER], today=today)
        return Person(people.person_name(plain[_NAME]), document)
    told = [one for one in identifiers if one.kind in _TOLD_BY]
    if told:
        members = [one for one in roster_of(session, course) if _fits(one, told)]
        if not members and _NUMBER in plain:
            raise PlatformNameMissingError
        return the_one(members)
    account = next((one.value for one in identifiers if one.kind in _ACCOUNTS), None)
    if account is None or plain.keys().isdisjoint(_ACCOUNTS):
        raise PlatformPersonUnknownError
    return person_with_account(session, course, account)


def roster_of(session: Session, course: OfferedCourse) -> list[Member]:
    """Return who is on the rosters of all classes of a course, and has not left."""
    versions = (
        col(OfferedCourse.organisation_id) == course.organisation_id,
        col(OfferedCourse.code) == course.code,
    )
    classes = (
        select(TrainingClass.id)
        .join(ClassFiling, col(ClassFiling.class_id) == col(TrainingClass.id))
        .join(OfferedCourse, col(OfferedCourse.id) == col(ClassFiling.course_id))
        .where(*versions)
    )
    query = select(ClassMember).where(col(ClassMember.class_id).in_(classes))
    return of_course(session, course, roster.opened(session, list(session.exec(query))))


def is_digest_of(told: Identifier, values: Iterable[str]) -> bool:
    """Whether a hashed identifier is made of one of the values and its salt."""
    digest = told.value.removeprefix(_SHA256).lower()
    made = (hashlib.sha256(f"{one}{told.salt}".encode()).hexdigest() for one in values)
    return any(hmac.compare_digest(one.encode(), digest.encode()) for one in made)


def _numbers(member: Member) -> Iterable[str]:
    if member.document is None:
        return ()
    number = member.document.number
    return (number, number.lower(), member.document.upgraded().number)


def _names(member: Member) -> Iterable[str]:
    return (member.name,) if member.name else ()


_TOLD_BY: Mapping[str, _Tells] = {_NUMBER: _numbers, _NAME: _names}


def _fits(member: Member, told: Iterable[Identifier]) -> bool:
    """Whether everything that a badge tells of name and number is a member's."""
    return all(_is_told(one, _TOLD_BY[one.kind](member)) for one in told)


def _is_told(told: Identifier, values: Iterable[str]) -> bool:
    if told.is_hashed:
        return is_digest_of(told, values)
    if told.kind == _NAME:
        return any(same_name(told.value, one) for one in values)
    return told.value.strip().upper() in values
