"""Why a course is not published as it was asked."""

from typing import ClassVar

from archive.errors import ArchiveError


class UnknownCourseError(ArchiveError):
    """The organisation has no course of this code."""

    code: ClassVar[str] = "course_unknown"
    template: ClassVar[str] = (
        "The organisation has no course with the code {course}. See its list of courses."
    )


class CourseIdentifierTakenError(ArchiveError):
    """A platform's identifier already means another course of the organisation."""

    code: ClassVar[str] = "course_identifier_taken"
    template: ClassVar[str] = (
        "One of these identifiers belongs to the course {course} already. "
        "Take it off there first, or correct it here."
    )
