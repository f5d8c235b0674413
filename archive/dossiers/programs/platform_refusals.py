"""Why what a course platform sent became no record: of whom, of which course, with which result."""

from typing import ClassVar

from archive.errors import ArchiveError


class PlatformOutcomeError(ArchiveError):
    """The base: one outcome that a platform told is not used."""


class PlatformCourseUnknownError(PlatformOutcomeError):
    """No course of the organisation has this identifier."""

    code: ClassVar[str] = "platform_course_unknown"
    template: ClassVar[str] = (
        "No course of your organisation is known by this identifier. Enter the identifier with "
        "the course, then let the platform send it again."
    )


class PlatformPersonUnknownError(PlatformOutcomeError):
    """The account is on no roster of the course, and is no identity document."""

    code: ClassVar[str] = "platform_person_unknown"
    template: ClassVar[str] = (
        "Nobody on a roster of this course is known by what the platform tells of the person. "
        "Enter the account on the roster of the class, then let the platform send it again."
    )


class PlatformPersonSeveralError(PlatformOutcomeError):
    """More than one person on the rosters of the course is meant."""

    code: ClassVar[str] = "platform_person_several"
    template: ClassVar[str] = (
        "Several people on rosters of this course are meant by what the platform tells. "
        "Correct the accounts on the rosters, then let the platform send it again."
    )


class PlatformNameMissingError(PlatformOutcomeError):
    """An identity number alone, to which no name is told."""

    code: ClassVar[str] = "platform_name_missing"
    template: ClassVar[str] = (
        "The platform tells an identity number without the name. Let it send both, so that the "
        "name can be compared with the one on file."
    )


class PlatformGroupError(PlatformOutcomeError):
    """A group finished a course; records are of single persons."""

    code: ClassVar[str] = "platform_group"
    template: ClassVar[str] = (
        "A group is named and no single person. Let the platform tell the result of each."
    )


class PlatformResultContradictsError(PlatformOutcomeError):
    """What was done and what came of it do not go together."""

    code: ClassVar[str] = "platform_result_contradicts"
    template: ClassVar[str] = (
        "The result contradicts what is said to have been done, such as “passed” without success. "
        "Correct it at the platform and let it send the result anew."
    )
