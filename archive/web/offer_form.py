"""What a form says of an offer: read field by field, every fault told. Courses: course_form."""

from pydantic import BaseModel, ConfigDict

from archive.dossiers.occupations import find_occupation
from archive.web.typed_form import Faults, filled, read_as
from schemas.contracts import plain_decimal
from schemas.redemptions import OfferAsked, OfferView
from schemas.vocabulary import Use


class WrittenOffer(BaseModel):
    """The form as it was typed; what is empty was not filled in."""

    model_config = ConfigDict(extra="ignore")

    code: str = ""
    title: str = ""
    title_en: str = ""
    use: str = Use.EXEMPTION
    credits: str = ""
    occupation: str = ""
    rank: str = ""
    in_force_from: str = ""
    in_force_until: str = ""


def asked_in(written: WrittenOffer) -> tuple[OfferAsked | None, Faults]:
    """Return what a form asks to publish, or what is wrong with its fields.

    Raises OccupationError.
    """
    told = filled(written)
    if "occupation" in told:
        told["occupation"] = find_occupation(told["occupation"]).code
    return read_as(OfferAsked, told, whole="offer")


def written_of(view: OfferView) -> WrittenOffer:
    """Return the form as it would be typed for what is offered already."""
    return WrittenOffer(
        code=view.code,
        title=view.title.zh,
        title_en=view.title.en,
        use=view.use,
        credits=plain_decimal(view.credits) if view.credits else "",
        occupation=view.occupation or "",
        rank="" if view.rank is None else str(int(view.rank)),
        in_force_from=view.in_force_from.isoformat(),
        in_force_until=view.in_force_until.isoformat() if view.in_force_until else "",
    )
