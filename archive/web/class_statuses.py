"""Which HTTP status each refusal about courses and classes answers with."""

from starlette import status

from archive.dossiers import course_refusals as courses
from schemas.refusals import Refusal

OF_CLASSES: dict[type[Refusal], int] = {
    courses.UnknownCourseError: status.HTTP_404_NOT_FOUND,
    courses.CourseIdentifierTakenError: status.HTTP_409_CONFLICT,
}
