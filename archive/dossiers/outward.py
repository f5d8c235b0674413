"""What may be said of a record outside the house: on a signed document, or behind a share link.

One place for both, so that neither says what the other must not.
"""

from typing import Any

from archive.dossiers.certificate_numbers import contains_identity
from archive.people.written_numbers import masked
from schemas.careers import Education, Experience, Honour
from schemas.dossiers import RecordView
from schemas.records import Apprenticeship, Certificate, Competition, Training
from schemas.records import Record as AnyRecord

_TAKEN_OVER = {
    "started_on",
    "ended_on",
    "valid_until",
    "occupation",
    "rank",
    "step",
    "instrument",
    "degree",
    "tier",
    "prize",
    "placement",
    "team",
    "mode",
    "hours",
    "attendance",
    "score",
    "grade",
}
"""Fields that are taken over from a record as they are, where its kind has them."""


def told_outside(view: RecordView) -> dict[str, Any]:
    """Return the facts of a record by the fields of what is shown outside, without credits."""
    record = view.record
    return {
        "record_id": view.id,
        "kind": record.kind,
        "title": view.title,
        "detail": _detail(record),
        "organisation": view.organisation.name,
        "organisation_code": view.organisation.code,
        "recorded_at": view.recorded_at,
        "effective_on": view.effective_on,
        "occupation_name": view.occupation_name,
        "certificate_number": _number(record),
        **record.model_dump(include=_TAKEN_OVER, exclude=_untold(record)),
    }


def _untold(record: AnyRecord) -> set[str]:
    """Return what must not be said: schooling that goes on is no degree, a goal no level."""
    match record:
        case Education(graduated_on=None):
            return {"degree", "rank"}
        case Education():
            return {"rank"}
        case _:
            return set()


def _number(record: AnyRecord) -> str | None:
    """Return the certificate's number; one that holds an identity number only masked."""
    match record:
        case Training() | Certificate() | Competition() | Education():
            number = record.certificate_number
        case _:
            return None
    return masked(number) if number is not None and contains_identity(number) else number


def _detail(record: AnyRecord) -> str | None:
    match record:
        case Apprenticeship():
            return record.employer_name
        case Honour():
            return record.awarding_body
        case Experience():
            return record.trade
        case _:
            return None
