"""What a form says of an offer or a course: read field by field, every fault told."""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from archive.dossiers.occupations import find_occupation
from archive.web.field_faults import faults_of
from schemas.contracts import plain_decimal
from schemas.outputs import FieldFault
from schemas.redemptions import CourseAsked, CourseView, OfferAsked, OfferView
from schemas.vocabulary import Use

Asked = OfferAsked | CourseAsked
_ASKED: TypeAdapter[Asked] = TypeAdapter(Annotated[Asked, Field(discriminator="kind")])
_OF_OFFER = ("use", "credits")
_OF_COURSE = ("hours", "fee", "mode")
_FEN = 100


class WrittenOffer(BaseModel):
    """The form as it was typed; what is empty was not filled in."""

    model_config = ConfigDict(extra="ignore")

    kind: Literal["offer", "course"] = "offer"
    code: str = ""
    title: str = ""
    title_en: str = ""
    use: str = Use.EXEMPTION
    credits: str = ""
    occupation: str = ""
    rank: str = ""
    hours: str = ""
    fee: str = ""
    """In yuan."""
    mode: str = ""
    in_force_from: str = ""
    in_force_until: str = ""


def asked_in(written: WrittenOffer) -> tuple[Asked | None, tuple[FieldFault, ...]]:
    """Return what a form asks to publish, or what is wrong with its fields.

    Raises OccupationError.
    """
    told = {name: text.strip() for name, text in written.model_dump().items() if str(text).strip()}
    for name in _OF_COURSE if written.kind == "offer" else _OF_OFFER:
        told.pop(name, None)
    if "occupation" in told:
        told["occupation"] = find_occupation(told["occupation"]).code
    if "fee" in told:
        told["fee_fen"] = _in_fen(told.pop("fee"))
    try:
        return _ASKED.validate_python(told, strict=False), ()
    except ValidationError as invalid:
        faults = faults_of(invalid.errors(include_input=False, include_url=False))
        plain = (one.model_copy(update={"field": one.field.split(".")[-1]}) for one in faults)
        return None, tuple(plain)


def written_of(view: OfferView | CourseView) -> WrittenOffer:
    """Return the form as it would be typed for what is offered already."""
    told = {
        "code": view.code,
        "title": view.title.zh,
        "title_en": view.title.en,
        "occupation": view.occupation or "",
        "rank": "" if view.rank is None else str(int(view.rank)),
        "in_force_from": view.in_force_from.isoformat(),
        "in_force_until": view.in_force_until.isoformat() if view.in_force_until else "",
    }
    if isinstance(view, OfferView):
        asked = plain_decimal(view.credits) if view.credits else ""
        return WrittenOffer(kind="offer", use=view.use, credits=asked, **told)
    fee = "" if view.fee_fen is None else plain_decimal(Decimal(view.fee_fen) / _FEN)
    return WrittenOffer(
        kind="course", hours=plain_decimal(view.hours), fee=fee, mode=view.mode or "", **told
    )


def _in_fen(yuan: str) -> str:
    """Return an amount in fen; what is none stays as it is, and is refused where it is read."""
    try:
        return plain_decimal(Decimal(yuan) * _FEN)
    except InvalidOperation:
        return yuan
