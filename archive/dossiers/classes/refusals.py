"""Why something is not done with a class."""

from typing import ClassVar

from archive.dossiers.intake.refusals import RowFaultError
from archive.errors import ArchiveError


class UnknownClassError(ArchiveError):
    """There is no such class, or it is another organisation's."""

    code: ClassVar[str] = "class_unknown"
    template: ClassVar[str] = "This class is not known here. See the list of classes."


class ClassNumberTakenError(ArchiveError):
    """The organisation has a class of this number."""

    code: ClassVar[str] = "class_number_taken"
    template: ClassVar[str] = "There is a class {number} already. Choose another number."


class ClassFiledLateError(ArchiveError):
    """A class is filed before it begins."""

    code: ClassVar[str] = "class_filed_late"
    template: ClassVar[str] = (
        "A class is filed before its first day. This one begins on {first}: choose a later day, "
        "or post what was taught without a class as a list."
    )


class ClassBegunError(ArchiveError):
    """Once a class has begun its course and first day stay as they were filed."""

    code: ClassVar[str] = "class_begun"
    template: ClassVar[str] = (
        "The class has begun: its course and first day stay as filed, and it cannot end before "
        "{earliest}. Change the other things only."
    )


class ClassClosedError(ArchiveError):
    """Nothing in a closed class changes."""

    code: ClassVar[str] = "class_closed"
    template: ClassVar[str] = (
        "The class is closed, and nothing in it changes any more. "
        "Correct or withdraw the single record instead."
    )


class ClassNotOverError(ArchiveError):
    """A class is closed when its last day is over."""

    code: ClassVar[str] = "class_not_over"
    template: ClassVar[str] = (
        "The class lasts until {last}. Close it on that day or later, or file an earlier last day."
    )


class ClassEmptyError(ArchiveError):
    """Nobody stands on the roster."""

    code: ClassVar[str] = "class_empty"
    template: ClassVar[str] = "Nobody stands on the roster. Enrol the people first."


class ClassFullError(ArchiveError):
    """A class has at most so many members."""

    code: ClassVar[str] = "class_full"
    template: ClassVar[str] = (
        "A class has at most {most} members. Open another class for the others."
    )


class AttendanceNotNotedError(ArchiveError):
    """The course asks for attendance, and no lesson was noted."""

    code: ClassVar[str] = "attendance_not_noted"
    template: ClassVar[str] = (
        "The course asks for attendance, and no lesson was noted. "
        "Note the lessons and who was present first."
    )


class ClassHasFaultsError(ArchiveError):
    """Some members cannot be recorded, and nobody said to close the class without them."""

    code: ClassVar[str] = "class_has_faults"
    template: ClassVar[str] = (
        "{faulty} members cannot be recorded; the preview tells why. "
        "Correct what is wrong, or close the class without them."
    )


class UnknownMemberError(ArchiveError):
    """Nobody stands on this roster under the identifier."""

    code: ClassVar[str] = "member_unknown"
    template: ClassVar[str] = "This member does not stand on the roster of the class."


class UnknownLessonError(ArchiveError):
    """The class has no such lesson."""

    code: ClassVar[str] = "lesson_unknown"
    template: ClassVar[str] = (
        "The class has no such lesson, or it was struck. See the list of lessons."
    )


class LessonDayError(ArchiveError):
    """A lesson lies outside the days of the class, or in the future."""

    code: ClassVar[str] = "lesson_day"
    template: ClassVar[str] = (
        "A lesson lies between {first} and {last} and is noted when it was held. Correct the day."
    )


class LessonHoursError(ArchiveError):
    """More class hours than there are."""

    code: ClassVar[str] = "lesson_hours"
    template: ClassVar[str] = "At most {most} class hours are possible here. Correct the figure."


class CheckDayError(ArchiveError):
    """A spot check lies before the class was filed, or in the future."""

    code: ClassVar[str] = "check_day"
    template: ClassVar[str] = (
        "A spot check is noted when it was made, and no class is checked before {first}. "
        "Correct the day."
    )


class RosterNameDiffersError(RowFaultError):
    """The person stands on the roster under another name."""

    code: ClassVar[str] = "roster_name_differs"
    template: ClassVar[str] = (
        "This number stands on the roster under another name, at place {place}. "
        "Compare both with the document. If the one on the roster is wrong, enter the person by "
        "itself and say that the name is corrected."
    )


class AccountTwiceError(RowFaultError):
    """Two members have one account at the platform."""

    code: ClassVar[str] = "roster_account_twice"
    template: ClassVar[str] = (
        "The member at place {place} has this account or student number. Correct one of the two."
    )


class ResultMissingError(RowFaultError):
    """Nobody told a result."""

    code: ClassVar[str] = "class_result_missing"
    template: ClassVar[str] = (
        "No result is entered. The record is posted without one, and its credits cannot be "
        "decided until it is corrected."
    )
