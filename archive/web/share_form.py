"""What forms say of a share, a request for access and a grant: every fault told by its field."""

from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from archive.dossiers.occupations import find_occupation
from archive.texts import both
from archive.web.field_faults import WRONG_FORM, faults_in
from schemas.access_requests import AccessAsked, GrantAsked
from schemas.outputs import FieldFault
from schemas.shares import ShareAsked, ShareDays
from schemas.vocabulary import RecordKind

AnyAsked = TypeVar("AnyAsked", ShareAsked, AccessAsked, GrantAsked)
_MOST_RECORDS = 500
DAYS = get_args(ShareDays)
_PLAINLY = {
    "scope": "The first day is after the last. Change one of them, or leave one empty.",
    "record_ids": "Choose at least one record.",
    "pin": "A PIN has six to twelve digits.",
    "whom": "Enter the archive number, or the identity number with the full name; not both.",
    "reference": "Use letters, digits and hyphens only, at most forty.",
}
"""What people can do about a fault for which programs are sent to the API's description."""


class WrittenScope(BaseModel):
    """The part of a form that says what is meant; what is empty was not filled in."""

    model_config = ConfigDict(extra="ignore")

    part: Literal["whole", "filter", "chosen"] = "filter"
    record: Annotated[list[str], Field(max_length=_MOST_RECORDS)] = []
    kind: Annotated[list[str], Field(max_length=len(RecordKind))] = []
    occupation: str = ""
    begins_on: str = ""
    ends_on: str = ""
    credits: str = ""
    levels: str = ""
    name: Literal["full", "masked"] = "full"
    days: str = "30"

    def scope(self) -> dict[str, Any]:
        """Return what the form means, to be read by the contract; raises OccupationError."""
        told: dict[str, Any] = {
            "with_credits": bool(self.credits),
            "with_levels": bool(self.levels),
            "is_name_masked": self.name == "masked",
        }
        if self.part == "chosen":
            return told | {"record_ids": self.record}
        if self.part == "filter":
            days = {"begins_on": self.begins_on.strip(), "ends_on": self.ends_on.strip()}
            told |= {name: day for name, day in days.items() if day}
            if self.occupation.strip():
                told["occupation"] = find_occupation(self.occupation).code
            told["kinds"] = self.kind
        return told


class WrittenShare(WrittenScope):
    """The form of a share link."""

    for_whom: str = ""
    purpose: str = ""
    shows: Literal["live", "frozen"] = "live"
    pin: str = Field(default="", repr=False)
    download: str = ""


class WrittenRequest(WrittenScope):
    """The form of a request for access; whom it names is never repeated on a page."""

    archive_number: str = Field(default="", repr=False)
    document_number: str = Field(default="", repr=False)
    person: str = Field(default="", repr=False)
    reference: str = ""
    purpose: str = ""
    contact: str = ""
    documents: str = ""


class WrittenGrant(WrittenScope):
    """The form of a grant: what it leaves of a request, and the consent."""

    agrees: str = ""
    documents: str = ""


def share_in(written: WrittenShare) -> tuple[ShareAsked | None, tuple[FieldFault, ...]]:
    """Return the share that a form asks for, or its faults; raises OccupationError."""
    told = {
        "for_whom": written.for_whom,
        "purpose": written.purpose,
        "scope": written.scope(),
        "is_frozen": written.shows == "frozen",
        "days": _number(written.days),
        "pin": written.pin.strip() or None,
        "may_download": bool(written.download),
    }
    if written.part == "chosen" and not written.record:
        told["scope"] = {"record_ids": None}
    return _read(ShareAsked, told)


def request_in(written: WrittenRequest) -> tuple[AccessAsked | None, tuple[FieldFault, ...]]:
    """Return the request that a form makes, or its faults; raises OccupationError."""
    told = {
        "archive_number": written.archive_number.strip() or None,
        "document_number": written.document_number.strip() or None,
        "name": written.person.strip() or None,
        "reference": written.reference.strip(),
        "wanted": {
            "purpose": written.purpose,
            "contact": written.contact,
            "scope": written.scope(),
            "days": _number(written.days),
            "with_documents": bool(written.documents),
        },
    }
    return _read(AccessAsked, told)


def grant_in(written: WrittenGrant) -> tuple[GrantAsked | None, tuple[FieldFault, ...]]:
    """Return what a form grants, or its faults; raises OccupationError."""
    told = {
        "scope": written.scope(),
        "days": _number(written.days),
        "with_documents": bool(written.documents),
        "agrees": bool(written.agrees),
    }
    return _read(GrantAsked, told)


def _read(
    contract: type[AnyAsked], told: dict[str, Any]
) -> tuple[AnyAsked | None, tuple[FieldFault, ...]]:
    try:
        return contract.model_validate(told), ()
    except ValidationError as invalid:
        return None, tuple(_for_people(one) for one in faults_in(invalid))


def _for_people(fault: FieldFault) -> FieldFault:
    field = _last_name(fault.field)
    told: dict[str, object] = {"field": field}
    if field in _PLAINLY and fault.messages == both(WRONG_FORM):
        told["messages"] = both(_PLAINLY[field])
    return fault.model_copy(update=told)


def _last_name(field: str) -> str:
    """Return the name of a field without the parts that hold it; of a list the list's."""
    names = [part for part in field.split(".") if not part.isdecimal()]
    return names[-1] if names and names[-1] else "whom"


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdecimal() else text
