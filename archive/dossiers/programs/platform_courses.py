"""Which offered course a platform means: by its own identifier of it, or by the course's code."""

from uuid import UUID

from sqlmodel import Session

from archive.dossiers import courses
from archive.dossiers.course_models import OfferedCourse
from archive.dossiers.programs.platform_refusals import PlatformCourseUnknownError

BY_CODE = "urn:skills-archive:course:"
"""Before a course's code, for platforms that can be given an identifier of their own choice."""


def course_meant(session: Session, organisation_id: UUID, identifier: str) -> OfferedCourse:
    """Return the newest version of the course; raises PlatformCourseUnknownError."""
    found = courses.known_as(session, organisation_id, identifier)
    if found is None and identifier.startswith(BY_CODE):
        found = courses.find(session, organisation_id, identifier.removeprefix(BY_CODE))
    if found is None:
        raise PlatformCourseUnknownError
    return found
