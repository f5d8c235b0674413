"""Compares what was deposited at the bank with what the records of the dossier say."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers.keying import Keying
from archive.dossiers.models import Record
from archive.dossiers.sealing import unseal
from archive.people.privacy import PersonKey, Vault
from credit_bank.checking import Rows
from credit_bank.rulebook import RuleBook
from credit_bank.standing import Difference
from credit_bank.traces import outcome_in
from schemas.credits import LearningOutcome
from schemas.vocabulary import RecordKind


def records_of(session: Session, worker_ids: Sequence[UUID]) -> dict[UUID, list[Record]]:
    """Return the rows of some dossiers that tell of learning."""
    query = select(Record).where(
        col(Record.worker_id).in_(worker_ids),
        col(Record.kind).not_in((RecordKind.IDENTITY, RecordKind.NAME_CHANGE)),
    )
    found: dict[UUID, list[Record]] = {worker_id: [] for worker_id in worker_ids}
    for record in session.exec(query.execution_options(populate_existing=True)):
        found[record.worker_id].append(record)
    return found


class Keyings:
    """Digests texts as they were digested on the day on which each record was posted."""

    def __init__(self, vault: Vault, rules: RuleBook) -> None:
        """Take the vault, and the rules that tell how names of courses are compared."""
        self._of_day = cache(lambda day: Keying(vault, rules, day))

    def on(self, day: date) -> Keying:
        """Return what digested the texts of records that were posted on a day."""
        return self._of_day(day)


def unlike_records(
    rows: Rows, records: Sequence[Record], key: PersonKey, keyings: Keyings
) -> Iterator[Difference]:
    """Yield which outcomes are not what the records of the dossier say.

    What an earlier version of this program did not deposit yet is no difference: only what
    an outcome says is compared, and only kinds that every version deposited are missed.
    Raises SealBrokenError.
    """
    bodies = {link.subject_id: link.body for link in rows.links if link.subject_kind == "outcome"}
    outcomes = {row.id: row for row in rows.outcomes}
    for record in records:
        told = unseal(key, record.sealed).content.outcome(
            record.original_id,
            record.organisation_id,
            record.identity_digest.hex(),
            keyings.on(record.recorded_at.date()),
        )
        row = outcomes.pop(record.id, None)
        if row is None:
            if told is not None and record.kind in _ALWAYS_DEPOSITED:
                yield Difference("outcome_missing", record.id, record.kind.value, "–", "–")
        elif (
            told is None
            or (row.act, row.target_id) != (record.act, record.target_id)
            or not _agrees(outcome_in(bodies[row.id]), told)
        ):
            yield Difference("outcome_differs", row.id, row.kind.value, "–", "–")
    for row in outcomes.values():
        yield Difference("outcome_unfounded", row.id, row.kind.value, "–", "–")


_ALWAYS_DEPOSITED = frozenset({RecordKind.TRAINING, RecordKind.CERTIFICATE, RecordKind.COMPETITION})
"""Kinds that every version deposited."""


def _agrees(stored: LearningOutcome, told: LearningOutcome) -> bool:
    """Whether everything that a stored outcome says is what its record says now.

    What it leaves out, an earlier version did not ask.
    """
    mine, theirs = stored.model_dump(), told.model_dump()
    measures, due = mine.pop("measures"), theirs.pop("measures")
    same = all(due.get(name) == value for name, value in measures.items() if value is not None)
    return same and mine == theirs
