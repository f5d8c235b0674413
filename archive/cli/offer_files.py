"""From a JSON file to an offer or a course; which fields are wrong is told."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import Field, TypeAdapter, ValidationError

from archive.cli.files import read_object
from archive.errors import ArchiveError
from schemas.redemptions import CourseAsked, OfferAsked

_ASKED: TypeAdapter[OfferAsked | CourseAsked] = TypeAdapter(
    Annotated[OfferAsked | CourseAsked, Field(discriminator="kind")]
)


class OfferInvalidError(ArchiveError):
    """Fields of an offer are missing or cannot be used."""

    code: ClassVar[str] = "offer_invalid"
    template: ClassVar[str] = (
        "These fields of the offer are missing or cannot be used: {fields}. "
        "The guide to operations shows an offer and a course."
    )


def read_course(path: Path) -> CourseAsked:
    """Return the course that a file describes; raises OfferInvalidError."""
    asked = read_offer(path, {"kind": "course"})
    if isinstance(asked, CourseAsked):
        return asked
    raise OfferInvalidError(fields="kind")


def read_offer(
    path: Path, unless_told: Mapping[str, object] | None = None
) -> OfferAsked | CourseAsked:
    """Return the offer or course that a file describes; raises OfferInvalidError."""
    try:
        return _ASKED.validate_python({**(unless_told or {}), **read_object(path)}, strict=False)
    except ValidationError as invalid:
        wrong = (one["loc"] for one in invalid.errors(include_input=False, include_url=False))
        names = dict.fromkeys(str(place[-1]) if place else "kind" for place in wrong)
        raise OfferInvalidError(fields=", ".join(names)) from None
