"""What a form says of an agreement: read field by field, every fault told beside the form."""

from pydantic import BaseModel, ConfigDict, ValidationError

from archive.dossiers.occupations import find_occupation
from archive.web.field_faults import faults_in
from archive.web.typed_form import filled
from schemas.agreements import AgreementDraft
from schemas.outputs import FieldFault
from schemas.vocabulary import AgreementEffect


class WrittenAgreement(BaseModel):
    """The form as it was typed; what is empty was not filled in."""

    model_config = ConfigDict(extra="ignore")

    giver: str = ""
    receiver: str = ""
    effect: str = AgreementEffect.TRANSFER
    occupation: str = ""
    course: str = ""
    rank: str = ""
    needed: str = ""
    overlap: str = ""
    factor: str = ""
    credits: str = ""
    credits_a_year: str = ""
    requirement: str = ""
    lowered_by: str = ""
    in_force_from: str = ""
    in_force_until: str = ""
    notice_days: str = "30"
    source: str = ""


_OF_TRANSFER = ("factor", "credits", "credits_a_year")
_OF_EXEMPTION = ("requirement", "lowered_by")


def draft_in(written: WrittenAgreement) -> tuple[AgreementDraft | None, tuple[FieldFault, ...]]:
    """Return the draft that a form tells, or what is wrong with its fields.

    What belongs to the other effect is left out: both halves stand on one form. Raises
    OccupationError.
    """
    told = filled(written)
    is_transfer = told.get("effect") == AgreementEffect.TRANSFER
    for name in _OF_EXEMPTION if is_transfer else _OF_TRANSFER:
        told.pop(name, None)
    if "occupation" in told:
        told["occupation"] = find_occupation(told["occupation"]).code
    try:
        return AgreementDraft.model_validate(told, strict=False), ()
    except ValidationError as invalid:
        return None, faults_in(invalid)
