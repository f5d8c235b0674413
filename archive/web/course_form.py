"""What a form says of a course: read field by field, every fault told."""

from decimal import Decimal, InvalidOperation

from pydantic import BaseModel, ConfigDict, ValidationError

from archive.dossiers.occupations import find_occupation
from archive.web.field_faults import faults_of
from schemas.contracts import plain_decimal
from schemas.outputs import FieldFault
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


def asked_in(written: WrittenCourse) -> tuple[CourseAsked | None, tuple[FieldFault, ...]]:
    """Return what a form asks to publish, or what is wrong with its fields.

    Raises OccupationError.
    """
    typed = {name: str(text).strip() for name, text in written.model_dump().items()}
    told: dict[str, object] = {name: text for name, text in typed.items() if text}
    for ticked in ("asks_attendance", "is_published"):
        told[ticked] = bool(typed[ticked])
    if "occupation" in told:
        told["occupation"] = find_occupation(typed["occupation"]).code
    if "fee" in told:
        told["fee_fen"] = _in_fen(str(told.pop("fee")))
    told["identifiers"] = tuple(
        line.strip() for line in typed["identifiers"].splitlines() if line.strip()
    )
    try:
        return CourseAsked.model_validate(told), ()
    except ValidationError as invalid:
        faults = faults_of(invalid.errors(include_input=False, include_url=False))
        return None, tuple(
            one.model_copy(update={"field": one.field.split(".")[0] or "course"}) for one in faults
        )


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
