"""The public catalogue of courses: what is asked of it, and a page of it."""

from typing import Annotated

from pydantic import Field, StringConstraints

from schemas.contracts import Bilingual, Contract, OccupationCode
from schemas.redemptions import CourseView
from schemas.vocabulary import Mode


class CatalogueAsked(Contract):
    """What is looked for among the courses that everyone is shown."""

    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] = ""
    """A part of a name or a code, of the course or its organisation."""
    occupation: OccupationCode | None = None
    mode: Mode | None = None
    organisation: Annotated[str, StringConstraints(max_length=40)] | None = None
    page: Annotated[int, Field(ge=1, le=10_000)] = 1
    size: Annotated[int, Field(ge=1, le=100)] = 20


class OccupationChoice(Contract):
    """An occupation for which there are courses."""

    code: str
    name: Bilingual


class Catalogue(Contract):
    """A page of the courses that everyone is shown."""

    courses: tuple[CourseView, ...]
    page: int
    pages: int
    total: int
    occupations: tuple[OccupationChoice, ...]
    """Those of all courses on show, to choose from."""


class CourseList(Contract):
    """The courses of one organisation, published or not: the newest version of each."""

    courses: tuple[CourseView, ...]
