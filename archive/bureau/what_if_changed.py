"""For whom a draft changes what, and why: for the bureau only, by archive number.

Kept as columns, so that half a million explanations fit into one sealed file.
"""

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session

from archive.dossiers import reading
from archive.errors import ClosedError
from archive.people.models import Worker
from archive.texts import bilingual_term, both
from credit_bank.conversion import FAMILY_OF
from credit_bank.simulation_effects import WhatIf
from credit_bank.simulation_judging import Books
from credit_bank.simulation_law import Verdict
from credit_bank.simulation_population import Population
from schemas.credits import as_credits
from schemas.vocabulary import Decision, RecordKind
from schemas.what_if import PersonChange, RecordChange, VerdictView

_KIND_OF = {family: kind for kind, family in FAMILY_OF.items()}


@dataclass(frozen=True, slots=True)
class ChangedRecord:
    """One record that is decided otherwise, and why before and after."""

    record_id: UUID
    kind: RecordKind
    effective_on: date
    before: Verdict
    after: Verdict

    @property
    def difference(self) -> int:
        """The units gained (+) or lost (-)."""
        return self.after.units - self.before.units


@dataclass
class Changed:
    """Everyone's changed records, by worker."""

    of_worker: dict[UUID, list[ChangedRecord]] = field(default_factory=dict)
    rule_of: dict[str, str] = field(default_factory=dict)
    """The id of each rule that an explanation names, by its version."""

    @classmethod
    def of(cls, population: Population, books: Books, found: WhatIf) -> "Changed":
        """Return what was found, without the population."""
        changed = cls()
        for change in found.changes:
            slot = population.slot_table[population.slots[change.place]]
            record = ChangedRecord(
                population.id_of(change.place),
                _KIND_OF[slot.family],
                slot.day,
                change.before,
                change.after,
            )
            worker_id = population.workers[change.worker]
            changed.of_worker.setdefault(worker_id, []).append(record)
        rules = (*books.before.rules, *books.together.rules)
        changed.rule_of = {one.version: one.rule.id for one in rules}
        return changed

    def net(self, worker_id: UUID) -> int:
        """Return the units that a worker gains (+) or loses (-) in all."""
        return sum(one.difference for one in self.of_worker.get(worker_id, ()))

    def most_concerned(self, most: int) -> list[UUID]:
        """Return the workers who lose or gain most, the greatest change first."""
        nets = {worker_id: self.net(worker_id) for worker_id in self.of_worker}
        return sorted(nets, key=lambda one: (-abs(nets[one]), one))[:most]

    def person(self, session: Session, worker: Worker, *, today: date) -> PersonChange:
        """Return what changes for one worker, with the titles of the records."""
        titles = _titles(session, worker.worker_id, today)
        return PersonChange(
            archive_number=worker.archive_number,
            difference=as_credits(self.net(worker.worker_id)),
            records=tuple(
                RecordChange(
                    record_id=one.record_id,
                    title=titles.get(one.record_id),
                    kind=one.kind,
                    effective_on=one.effective_on,
                    difference=as_credits(one.difference),
                    before=self._view(one.before),
                    after=self._view(one.after),
                )
                for one in self.of_worker.get(worker.worker_id, ())
            ),
        )

    def _view(self, verdict: Verdict) -> VerdictView:
        return VerdictView(
            credits=as_credits(verdict.units),
            decision=verdict.decision,
            reason=bilingual_term(f"reason.{verdict.reason}"),
            rule=self.rule_of.get(verdict.version) if verdict.version else None,
            version=verdict.version,
            steps=tuple(both(text, dict(facts)) for text, facts in verdict.steps),
        )

    # --- Kept between requests

    def packed(self) -> bytes:
        """Return all of it as compressed bytes."""
        verdicts: dict[Verdict, int] = {}
        rows = [
            [worker_id.hex, list(_rows(records, verdicts))]
            for worker_id, records in self.of_worker.items()
        ]
        told = {"rules": self.rule_of, "verdicts": list(verdicts), "workers": rows}
        return zlib.compress(json.dumps(told).encode())

    @classmethod
    def unpacked(cls, packed: bytes) -> "Changed":
        """Return what was packed."""
        told: dict[str, Any] = json.loads(zlib.decompress(packed))
        verdicts = [_verdict(*one) for one in told["verdicts"]]
        found = cls(rule_of=told["rules"])
        for worker, rows in told["workers"]:
            found.of_worker[UUID(worker)] = [
                ChangedRecord(
                    UUID(record_id),
                    RecordKind(kind),
                    date.fromisoformat(day),
                    verdicts[before],
                    verdicts[after],
                )
                for record_id, kind, day, before, after in rows
            ]
        return found


def _rows(
    records: list[ChangedRecord], verdicts: dict[Verdict, int]
) -> Iterator[tuple[str, str, str, int, int]]:
    for one in records:
        before, after = (
            verdicts.setdefault(verdict, len(verdicts)) for verdict in (one.before, one.after)
        )
        yield one.record_id.hex, one.kind.value, one.effective_on.isoformat(), before, after


def _verdict(
    units: int,
    decision: str,
    reason: str,
    version: str | None,
    held: int | None,
    forfeited: int,
    steps: list[tuple[str, list[tuple[str, str]]]],
) -> Verdict:
    told = tuple((text, tuple((name, fact) for name, fact in facts)) for text, facts in steps)
    return Verdict(units, Decision(decision), reason, version, held, forfeited, told)


def _titles(session: Session, worker_id: UUID, today: date) -> dict[UUID, str]:
    """Return what the records are called; nothing for a person whose data were erased."""
    try:
        dossier = reading.dossier(session, worker_id, today=today)
    except ClosedError:
        return {}
    return {one.id: one.title for one in dossier.records}
