"""Which HTTP status each refusal about courses and classes answers with."""

from starlette import status

from archive.dossiers import course_refusals as courses
from archive.dossiers.classes import refusals as classes
from schemas.refusals import Refusal

OF_CLASSES: dict[type[Refusal], int] = {
    courses.UnknownCourseError: status.HTTP_404_NOT_FOUND,
    courses.CourseIdentifierTakenError: status.HTTP_409_CONFLICT,
    classes.UnknownClassError: status.HTTP_404_NOT_FOUND,
    classes.UnknownMemberError: status.HTTP_404_NOT_FOUND,
    classes.UnknownLessonError: status.HTTP_404_NOT_FOUND,
    classes.ClassNumberTakenError: status.HTTP_409_CONFLICT,
    classes.ClassFiledLateError: status.HTTP_409_CONFLICT,
    classes.ClassBegunError: status.HTTP_409_CONFLICT,
    classes.ClassClosedError: status.HTTP_409_CONFLICT,
    classes.ClassNotOverError: status.HTTP_409_CONFLICT,
    classes.ClassEmptyError: status.HTTP_409_CONFLICT,
    classes.ClassFullError: status.HTTP_409_CONFLICT,
    classes.AttendanceNotNotedError: status.HTTP_409_CONFLICT,
    classes.ClassHasFaultsError: status.HTTP_409_CONFLICT,
    classes.LessonDayError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    classes.LessonHoursError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    classes.CheckDayError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    classes.RosterNameDiffersError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    classes.AccountTwiceError: status.HTTP_422_UNPROCESSABLE_CONTENT,
    classes.ResultMissingError: status.HTTP_422_UNPROCESSABLE_CONTENT,
}
