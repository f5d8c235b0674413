"""The street offices that rows name."""

from collections.abc import Sequence

from sqlmodel import Session

from archive.dossiers.headers import Field
from archive.dossiers.intake.candidates import Candidate
from archive.dossiers.intake.refusals import StreetUnknownError
from archive.people import streets


def find_streets(session: Session, candidates: Sequence[Candidate]) -> None:
    """Find the street office that each row names; an unknown one is no reason to refuse it."""
    if not any(one.street for one in candidates):
        return
    known = streets.offices_by_word(session)
    for candidate in candidates:
        if candidate.street is None:
            continue
        candidate.street_office_id = known.get(streets.plain(candidate.street))
        if candidate.street_office_id is None:
            candidate.warn(StreetUnknownError(), Field.STREET)
