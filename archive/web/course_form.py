"""What a form says of a course: read field by field, every fault told."""

from decimal import Decimal, InvalidOperation

from pydantic import BaseModel, ConfigDict

from archive.dossiers.occupations import find_occupation
from archive.web.typed_form import Faults, filled, read_as
from schemas.contracts import plain_decimal
from schemas.redemptions import CourseAsked, CourseView

_FEN = 100


class WrittenCourse(BaseModel):
    """The form as it was typed; what is empty was not filled in."""

    model_config = ConfigDict(extra="ignore")

    code: str = ""
    title: str = ""
    title_en: str = ""
    occupation: str = ""
    rank: str = ""
    hours: str = ""
    fee: str = ""
    """In yuan."""
    mode: str = ""
    asks_attendance: str = ""
    resource: str = ""
    identifiers: str = ""
    """One a line."""
    is_published: str = ""
    in_force_from: str = ""
    in_force_until: str = ""


def asked_in(written: WrittenCourse) -> tuple[CourseAsked | None, Faults]:
    """Return what a form asks to publish, or what is wrong with its fields.

    Raises OccupationError.
    """
    typed = filled(written)
    lines = (line.strip() for line in typed.pop("identifiers", "").splitlines())
    fee = typed.pop("fee", None)
    told: dict[str, object] = {**typed, "identifiers": tuple(line for line in lines if line)}
    told |= {ticked: ticked in typed for ticked in ("asks_attendance", "is_published")}
    if "occupation" in typed:
        told["occupation"] = find_occupation(typed["occupation"]).code
    if fee is not None:
        told["fee_fen"] = _in_fen(fee)
    return read_as(CourseAsked, told, whole="course")


def written_of(view: CourseView) -> WrittenCourse:
    """Return the form as it would be typed for a course that is there already."""
    return WrittenCourse(
        code=view.code,
        title=view.title.zh,
        title_en=view.title.en,
        occupation=view.occupation or "",
        rank="" if view.rank is None else str(int(view.rank)),
        hours=plain_decimal(view.hours),
        fee="" if view.fee_fen is None else plain_decimal(Decimal(view.fee_fen) / _FEN),
        mode=view.mode or "",
        asks_attendance="yes" if view.asks_attendance else "",
        resource=view.resource or "",
        identifiers="\n".join(view.identifiers),
        is_published="yes" if view.is_published else "",
        in_force_from=view.in_force_from.isoformat(),
        in_force_until=view.in_force_until.isoformat() if view.in_force_until else "",
    )


def _in_fen(yuan: str) -> str:
    """Return an amount in fen; what is none stays as it is, and is refused where it is read."""
    try:
        return plain_decimal(Decimal(yuan) * _FEN)
    except InvalidOperation:
        return yuan
