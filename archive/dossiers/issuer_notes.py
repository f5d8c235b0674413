"""Which records a decision on their issuer names: their credits are held or revoked, no more.

The record, its level and its certificate stay valid, with this note (``docs/appeals.md``).
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from credit_bank.cases import Suspension
from schemas.credits import LearningOutcome
from schemas.dossiers import IssuerNote


def notes_on(
    outcomes: Iterable[LearningOutcome], suspensions: Mapping[UUID, Suspension]
) -> dict[UUID, IssuerNote]:
    """Return the note on each outcome that a decision names now; a revocation counts first."""
    standing = [one for one in suspensions.values() if one.holds or one.revokes]
    standing.sort(key=lambda one: (not one.revokes, one.last.effective_on, one.id))
    found: dict[UUID, IssuerNote] = {}
    if not standing:
        return found
    for outcome in outcomes:
        for one in standing:
            if one.names(outcome):
                found[outcome.id] = _note(one)
                break
    return found


def _note(one: Suspension) -> IssuerNote:
    decision = one.last if one.revokes else one.first
    return IssuerNote(is_revoked=one.revokes, since=decision.effective_on, source=decision.source)
