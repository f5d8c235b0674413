"""Which records an organisation is accredited to post, judged on the day of the outcome.

An organisation for which the bureau never recorded an accreditation posts as before, unless
``ARCHIVE_ACCREDITATION_REQUIRED`` is set. Recording and ending: archive/bureau/accreditations.py.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Self, TypeVar
from uuid import UUID

from sqlmodel import Session, col, select

from archive.people.accreditation_models import Accreditation, AccreditationChange
from archive.people.accreditation_refusals import (
    AccreditationEndedError,
    KindNotAccreditedError,
    NotAccreditedError,
    NotYetAccreditedError,
    OccupationNotAccreditedError,
    RankNotAccreditedError,
)
from archive.people.models import Organisation
from schemas.accreditation import PostingScope
from schemas.records import Record as AnyRecord
from schemas.refusals import Phrase
from schemas.vocabulary import LEARNING_KINDS, OrganisationKind, Rank, RecordKind

REQUIRED = "accreditation_required"
"""Under this name sessions know whether every organisation needs one."""
_DAY = timedelta(days=1)
_MOST_NAMED = 10
_Word = TypeVar("_Word", bound=str)


@dataclass(frozen=True, slots=True)
class Span:
    """What may be posted of some days, by one accreditation; None limits nothing."""

    kinds: frozenset[RecordKind] | None
    occupations: frozenset[str] | None
    highest_rank: Rank | None
    first_on: date
    last_on: date | None
    document: str

    def holds_on(self, day: date) -> bool:
        """Whether it counts on a day."""
        return self.first_on <= day and (self.last_on is None or day <= self.last_on)

    def covers(self, record: AnyRecord) -> bool:
        """Whether it is for such a record, whatever the day."""
        return self.has_kind(record) and self.has_occupation(record) and self.has_rank(record)

    def has_kind(self, record: AnyRecord) -> bool:
        """Whether it is for this kind of record."""
        return self.kinds is None or record.kind in self.kinds

    def has_occupation(self, record: AnyRecord) -> bool:
        """Whether it is for the record's occupation; a record without one is in no list."""
        return self.occupations is None or record.occupation in self.occupations

    def has_rank(self, record: AnyRecord) -> bool:
        """Whether the record's level is no higher than the highest; one without is never."""
        highest = self.highest_rank
        return highest is None or record.rank is None or record.rank <= highest

    def within(self, scope: PostingScope) -> Self:
        """Return what it has in common with a scope: perhaps nothing."""
        ranks = [one for one in (self.highest_rank, scope.highest_rank) if one is not None]
        return replace(
            self,
            kinds=_common(self.kinds, scope.kinds),
            occupations=_common(self.occupations, scope.occupations),
            highest_rank=min(ranks, default=None),
        )

    def is_narrowed_by(self, scope: PostingScope) -> bool:
        """Whether a scope takes something away from it, and names nothing that it has not."""
        left = self.within(scope)
        keeps = (
            scope.kinds is None or left.kinds == frozenset(scope.kinds),
            scope.occupations is None or left.occupations == frozenset(scope.occupations),
            scope.highest_rank in (None, left.highest_rank),
        )
        return left != self and all(keeps)

    def scope(self) -> PostingScope | None:
        """Return for what it is; None when nothing is left."""
        if frozenset() in (self.kinds, self.occupations):
            return None
        kinds = None if self.kinds is None else [one for one in LEARNING_KINDS if one in self.kinds]
        told = {
            "kinds": kinds,
            "occupations": self.occupations and sorted(self.occupations),
            "highest_rank": self.highest_rank,
        }
        return PostingScope.model_validate(told, strict=False)


@dataclass(frozen=True, slots=True)
class Accredited:
    """All that an organisation was, is and will be accredited for."""

    spans: tuple[Span, ...]
    is_required: bool = False
    """Whether it may post nothing without an accreditation."""

    def refuse(self, record: AnyRecord) -> None:
        """Raise NotAccreditedError, in the kind that says why, unless the record may be posted.

        Names and documents are the bureau's to record and need no accreditation.
        """
        day = record.effective_on
        if record.kind not in LEARNING_KINDS or day is None:
            return
        if not self.spans and not self.is_required:
            return
        if not any(one.covers(record) and one.holds_on(day) for one in self.spans):
            raise _why_not(self.spans, record, day)

    @classmethod
    def of(cls, session: Session, organisation_id: UUID) -> Self:
        """Return what is on record of an organisation; the bureau itself needs nothing."""
        is_required = bool(session.info.get(REQUIRED)) and not _is_bureau(session, organisation_id)
        given = select(Accreditation).where(col(Accreditation.organisation_id) == organisation_id)
        known = list(session.exec(given.order_by(col(Accreditation.first_on))))
        if not known:
            return cls((), is_required)
        changes = changes_of(session, [one.id for one in known])
        spans = [span for one in known for span in spans_of(one, changes.get(one.id, ()))]
        return cls(tuple(spans), is_required)


def changes_of(
    session: Session, accreditation_ids: Sequence[UUID]
) -> Mapping[UUID, list[AccreditationChange]]:
    """Return ends and narrowings by accreditation, in the order in which they take effect."""
    query = (
        select(AccreditationChange)
        .where(col(AccreditationChange.accreditation_id).in_(accreditation_ids))
        .order_by(col(AccreditationChange.from_on), col(AccreditationChange.recorded_at))
    )
    found: dict[UUID, list[AccreditationChange]] = defaultdict(list)
    for change in session.exec(query):
        found[change.accreditation_id].append(change)
    return found


def spans_of(one: Accreditation, changes: Iterable[AccreditationChange]) -> list[Span]:
    """Return what an accreditation is for, from change to change; each only takes away."""
    left = whole_of(one)
    spans: list[Span] = []
    for change in changes:
        if left.last_on is not None and change.from_on > left.last_on:
            break  # It was over by then.
        if change.from_on > left.first_on:
            before = change.from_on - _DAY
            spans.append(replace(left, last_on=before, document=change.document))
        if change.is_end:
            return spans
        first = max(change.from_on, left.first_on)
        left = replace(left.within(scope_of(change)), first_on=first)
    return [*spans, left]


def whole_of(one: Accreditation) -> Span:
    """Return what an accreditation was for when it was given."""
    unlimited = Span(
        kinds=None,
        occupations=None,
        highest_rank=None,
        first_on=one.first_on,
        last_on=one.last_on,
        document=one.document,
    )
    return unlimited.within(scope_of(one))


def scope_of(row: Accreditation | AccreditationChange) -> PostingScope:
    """Return what a row counts for."""
    kinds = row.kinds.split() if row.kinds else None
    return PostingScope.model_validate(
        {
            "kinds": kinds and [RecordKind(one) for one in kinds],
            "occupations": row.occupations.split() if row.occupations else None,
            "highest_rank": row.highest_rank,
        },
        strict=False,
    )


def _common(
    limit: frozenset[_Word] | None, other: Iterable[_Word] | None
) -> frozenset[_Word] | None:
    if other is None:
        return limit
    return frozenset(other) if limit is None else limit & frozenset(other)


def _why_not(spans: Sequence[Span], record: AnyRecord, day: date) -> NotAccreditedError:
    """Return what comes nearest to the reason: first the day, then the kind, then the rest."""
    if not spans:
        return NotAccreditedError()
    meant = [one for one in spans if one.covers(record)]
    if meant:
        return _wrong_day(meant, day)
    of_kind = [one for one in spans if one.has_kind(record)]
    if not of_kind:
        return KindNotAccreditedError()
    on_day = [one for one in of_kind if one.holds_on(day)]
    if not on_day:
        return _wrong_day(of_kind, day)
    allowed = [
        one.highest_rank
        for one in on_day
        if one.highest_rank is not None and one.has_occupation(record)
    ]
    if allowed:
        return RankNotAccreditedError(highest=Phrase(f"rank.{int(max(allowed))}"))
    codes = sorted({code for one in on_day for code in one.occupations or ()})
    return OccupationNotAccreditedError(occupations="、".join(codes[:_MOST_NAMED]))


def _wrong_day(spans: Sequence[Span], day: date) -> NotAccreditedError:
    over = [one for one in spans if one.last_on is not None and one.last_on < day]
    if over:
        latest = max(over, key=lambda one: one.last_on or date.max)
        return AccreditationEndedError(last=latest.last_on, document=latest.document)
    earliest = min(spans, key=lambda one: one.first_on)
    return NotYetAccreditedError(first=earliest.first_on, document=earliest.document)


def _is_bureau(session: Session, organisation_id: UUID) -> bool:
    whose = session.get(Organisation, organisation_id)
    return whose is not None and whose.kind is OrganisationKind.BUREAU
