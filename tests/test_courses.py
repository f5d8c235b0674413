"""Courses: their versions, how platforms know them, and the public catalogue."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from archive.dossiers import courses, offers
from archive.dossiers.course_models import OfferedCourse
from archive.dossiers.course_refusals import CourseIdentifierTakenError, UnknownCourseError
from archive.people.accounts import named
from archive.people.organisations import coded
from schemas.courses import CatalogueAsked
from schemas.ids import new_id
from schemas.redemptions import CourseAsked
from tests.builders import NOW, TODAY
from tests.test_offering import end
from tests.test_redemptions import house

__all__ = ["house"]
ACTIVITY = "https://lms.example.cn/activities/plc-2"


def a_course(code: str = "C-201", **told: object) -> CourseAsked:
    """Return what is asked to publish a course."""
    plain = {"title": "可编程控制器", "title_en": "PLC", "hours": "40", "in_force_from": TODAY}
    return CourseAsked.model_validate({"code": code, **plain, **told})


def publish(session, asked: CourseAsked, *, by: str = "school") -> OfferedCourse:
    """Publish a course of the school and return its newest version."""
    school = coded(session, "TS01")
    offers.publish(session, asked, school, by=named(session, by), now=NOW)
    return courses.named(session, school.id, asked.code)


def shown(session, **asked: object) -> list[str]:
    """Return the codes that the catalogue shows today."""
    found, total = courses.catalogue(session, CatalogueAsked.model_validate(asked), TODAY)
    assert total >= len(found)
    return [one.code for one in found]


def test_a_course_is_found_by_its_code_and_by_what_platforms_call_it_in_its_newest_version(house):
    with house.transaction() as session:
        first = publish(session, a_course(identifiers=[ACTIVITY], asks_attendance=True))
        second = publish(session, a_course(identifiers=[ACTIVITY], hours="48"))

        school = coded(session, "TS01").id
        assert courses.find(session, school, "C-201") == second
        assert courses.known_as(session, school, ACTIVITY) == second
        assert session.get_one(OfferedCourse, first.id).hours == 40
        assert courses.known_as(session, new_id(), ACTIVITY) is None  # Another organisation's.
        with pytest.raises(CourseIdentifierTakenError):
            publish(session, a_course("C-202", identifiers=[ACTIVITY]))
        with pytest.raises(UnknownCourseError):
            courses.named(session, school, "C-999")

        publish(session, a_course())  # It gives the identifier up.
        assert courses.known_as(session, school, ACTIVITY) is None


def test_the_catalogue_shows_what_is_published_and_offered_today_and_finds_it(house):
    with house.transaction() as session:
        publish(session, a_course("A", mode="online", occupation="6-31-01-03"))
        publish(session, a_course("B", is_published=False))
        publish(session, a_course("C", in_force_from=TODAY + timedelta(days=9)))
        publish(session, a_course("D", title="100%_安全"))
        publish(session, a_course("D", title="100%_安全生产"))

        assert shown(session) == ["A", "D"]
        assert shown(session, mode="online") == ["A"]
        assert shown(session, occupation="6-31-01-03", text="编程") == ["A"]
        assert shown(session, text="0%_安") == ["D"]
        assert shown(session, text="_") == ["D"]
        assert shown(session, page=2, size=1) == ["D"]
        assert [one.code for one in offers.courses_on(session, TODAY)] == ["A", "D"]
        assert courses.occupations_on_show(session, TODAY) == ["6-31-01-03"]
        end_on = TODAY + timedelta(days=1)
        end(session, "A", end_on, kind="course")
        publish(session, a_course("D", is_published=False))
        assert shown(session) == ["A"]


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "http://lms.example.cn/",
        "https://lms.example.cn@evil.example/",
        "https://localhost",
        'https://a.cn/"><script>',
        "https://a.cn:99999/",
    ],
)
def test_the_address_of_a_digital_resource_is_one_that_everyone_can_open_safely(address):
    assert a_course(resource="https://lms.example.cn/c?id=1#a").resource
    with pytest.raises(ValidationError):
        a_course(resource=address)
