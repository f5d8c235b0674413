"""Which part of a dossier a document is about. Pure.

What was withdrawn never was, and is in no document. Levels stand beside the certificate that
gives them, and the treatment beside a certificate of its level; a document about a part tells
nothing of the whole.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from archive.dossiers.titles import occupation_name
from archive.errors import UnknownRecordError
from archive.transcripts.refusals import (
    ChoiceUnusedError,
    NothingChosenError,
    NotOneCertificateError,
    OccupationEmptyError,
    PeriodReversedError,
    PurposeTooLongError,
    RecordWithdrawnError,
)
from schemas.documents import DocumentAsked
from schemas.dossiers import DossierView, EntitlementView, LevelView, RecordView
from schemas.records import Certificate
from schemas.transcripts import TranscriptChoice
from schemas.vocabulary import LEVEL_GIVING, DocumentScope

LONGEST_PURPOSE = 60
"""Characters of what a document is for: one line of a page, in either language."""
WHOLE = frozenset({DocumentScope.DOSSIER, DocumentScope.CREDITS})
"""Documents that tell of the whole account."""

OccupationOf = Callable[[RecordView], str | None]
"""For which occupation a record counts on the day of issue, whatever it was called before."""


@dataclass(frozen=True, slots=True)
class Part:
    """What of a dossier stands in a document."""

    scope: DocumentScope
    choice: TranscriptChoice | None
    records: tuple[RecordView, ...]
    levels: tuple[LevelView, ...]
    entitlement: EntitlementView | None

    @property
    def is_of_all(self) -> bool:
        """Whether every entry of the account and its balance belong to it."""
        return self.scope in WHOLE


def refuse_unclear(asked: DocumentAsked) -> None:
    """Raise unless a request says what its kind of document needs, and nothing besides.

    Raises NothingChosenError, ChoiceUnusedError, PeriodReversedError, NotOneCertificateError,
    PurposeTooLongError.
    """
    if asked.purpose is not None and len(asked.purpose) > LONGEST_PURPOSE:
        raise PurposeTooLongError(most=LONGEST_PURPOSE)
    days = asked.first_day, asked.last_day
    told = {
        DocumentScope.OCCUPATION: asked.occupation is not None,
        DocumentScope.PERIOD: any(days),
        DocumentScope.RECORDS: bool(asked.records),
    }
    needed = {DocumentScope.CERTIFICATE: DocumentScope.RECORDS}.get(asked.scope, asked.scope)
    if not told.get(needed, True):
        raise NothingChosenError
    if any(is_told for scope, is_told in told.items() if scope is not needed):
        raise ChoiceUnusedError
    if all(days) and asked.first_day > asked.last_day:  # type: ignore[operator]  # Both are days.
        raise PeriodReversedError
    if asked.scope is DocumentScope.CERTIFICATE and len(set(asked.records)) > 1:
        raise NotOneCertificateError


def part_of(
    dossier: DossierView,
    asked: DocumentAsked,
    booked: Collection[UUID],
    occupation_of: OccupationOf,
) -> Part:
    """Return the part of a dossier that a request means; its occupation is told by code.

    ``booked`` are the records of which the account has entries. Raises what
    ``refuse_unclear`` raises, and UnknownRecordError, RecordWithdrawnError,
    OccupationEmptyError, NotOneCertificateError.
    """
    refuse_unclear(asked)
    standing = tuple(view for view in dossier.records if not view.is_withdrawn)
    match asked.scope:
        case DocumentScope.DOSSIER:
            return Part(asked.scope, None, standing, dossier.levels, dossier.entitlement)
        case DocumentScope.CREDITS:
            weighed = (view for view in standing if view.id in booked or _is_weighed(view))
            return Part(asked.scope, None, tuple(weighed), (), None)
        case DocumentScope.OCCUPATION:
            found = tuple(view for view in standing if occupation_of(view) == asked.occupation)
            if not found:
                raise OccupationEmptyError
        case DocumentScope.PERIOD:
            found = tuple(view for view in standing if _is_within(view, asked))
        case DocumentScope.RECORDS | DocumentScope.CERTIFICATE:
            found = _chosen(dossier, asked)
    return Part(
        asked.scope,
        _choice(asked),
        found,
        tuple(one for one in dossier.levels if one.record_id in {view.id for view in found}),
        _entitlement(dossier.entitlement, found),
    )


def _is_weighed(view: RecordView) -> bool:
    """Whether the credit bank has a rule for such records, though it may not have decided."""
    return view.credit is not None and view.credit.trace is not None


def _is_within(view: RecordView, asked: DocumentAsked) -> bool:
    day = view.effective_on
    return (
        day is not None
        and (asked.first_day is None or day >= asked.first_day)
        and (asked.last_day is None or day <= asked.last_day)
    )


def _chosen(dossier: DossierView, asked: DocumentAsked) -> tuple[RecordView, ...]:
    """Return the chosen records in the order of the dossier, each once."""
    found = {view.id: view for view in map(dossier.record, asked.records) if view is not None}
    if len(found) < len({_one(dossier, one) for one in asked.records}):
        raise UnknownRecordError
    if any(view.is_withdrawn for view in found.values()):
        raise RecordWithdrawnError
    if asked.scope is DocumentScope.CERTIFICATE:
        _refuse_other_kinds(found.values())
    return tuple(view for view in dossier.records if view.id in found)


def _one(dossier: DossierView, record_id: UUID) -> UUID:
    """Return the one id of a record that may be named by any of its versions."""
    view = dossier.record(record_id)
    return view.id if view else record_id


def _refuse_other_kinds(found: Iterable[RecordView]) -> None:
    if not all(isinstance(view.record, Certificate) for view in found):
        raise NotOneCertificateError


def _choice(asked: DocumentAsked) -> TranscriptChoice | None:
    match asked.scope:
        case DocumentScope.OCCUPATION:
            name = occupation_name(asked.occupation)
            return TranscriptChoice(occupation=asked.occupation, occupation_name=name)
        case DocumentScope.PERIOD:
            return TranscriptChoice(first_day=asked.first_day, last_day=asked.last_day)
        case _:
            return None


def _entitlement(
    found: EntitlementView | None, records: Iterable[RecordView]
) -> EntitlementView | None:
    """Return the holder's treatment if a certificate of its level is among the records."""
    if found is None:
        return None
    ranks = {
        view.record.rank
        for view in records
        if isinstance(view.record, Certificate) and view.record.instrument in LEVEL_GIVING
    }
    return found if found.rank in ranks else None
