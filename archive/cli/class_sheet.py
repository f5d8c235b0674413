"""How courses and classes are shown to people."""

from archive.cli.voice import Voice
from schemas.classes import ClassClosed, ClassDetail, ClassList
from schemas.contracts import plain_decimal
from schemas.courses import CourseList
from schemas.vocabulary import MemberFate


def show_courses(voice: Voice, found: CourseList) -> None:
    """Print courses by code."""
    if not found.courses:
        voice.say("No courses.")
        return
    voice.table(
        ("Code", "Course", "Class hours", "Offered from", "Catalogue"),
        [
            (
                one.code,
                voice.pick(one.title),
                plain_decimal(one.hours),
                str(one.in_force_from),
                voice.sentence("published" if one.is_published else "draft"),
            )
            for one in found.courses
        ],
    )


def show_classes(voice: Voice, found: ClassList) -> None:
    """Print classes, those that began last first."""
    if not found.classes:
        voice.say("No classes.")
        return
    voice.table(
        ("Class", "Organisation", "Number of the class", "Course", "Days", "People", "State"),
        [
            (
                str(one.id),
                one.organisation.code,
                one.number,
                voice.pick(one.course),
                f"{one.first_on} – {one.last_on}",
                str(one.members),
                voice.word("class_state", one.state),
            )
            for one in found.classes
        ],
    )


def show_class(voice: Voice, found: ClassDetail) -> None:
    """Print a class and its spot checks."""
    of = found.of
    voice.facts(
        [
            ("Class", str(of.id)),
            ("Organisation", of.organisation.code),
            ("Number of the class", of.number),
            ("Course", f"{of.course_code} {voice.pick(of.course)}"),
            ("Days", f"{of.first_on} – {of.last_on}"),
            ("Place", of.place),
            ("Teacher", found.teacher or "—"),
            ("People", f"{of.members} / {of.planned}"),
            ("Class hours", f"{plain_decimal(of.hours_held)} / {plain_decimal(of.hours)}"),
            ("State", voice.word("class_state", of.state)),
        ]
    )
    if found.checks:
        voice.table(
            ("Day", "Who went", "What was found"),
            [(str(one.checked_on), one.inspector, one.found) for one in found.checks],
        )


def show_closed(voice: Voice, done: ClassClosed) -> None:
    """Print what closing did with how many members."""
    voice.facts(
        [
            (voice.word("member_fate", fate), str(done.counts.get(fate, 0)))
            for fate in MemberFate
            if done.counts.get(fate, 0)
        ]
    )
    voice.say("The class is closed.")
