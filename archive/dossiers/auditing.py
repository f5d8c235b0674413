"""Are all ledgers right? The bank's invariants over every dossier, told by archive number.

Almost every ledger is proved by one quick walk; the others are checked piece by piece.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from archive.db import Database
from archive.dossiers.many_hands import Range, in_snapshot, over_all
from archive.people.models import Worker
from archive.settings import Settings
from archive.texts import both
from credit_bank.auditing import BROKEN, Finding, audit
from credit_bank.auditing_law import audit_law
from credit_bank.bare_rows import BareRows, bare_rows
from credit_bank.collecting import no_collection
from credit_bank.proving import WrittenLaw, is_plainly_right, written_law
from credit_bank.publishing import publication_times, rule_book
from credit_bank.stored import stored_rows
from schemas.proofs import AuditFinding, AuditReport

_BATCH = 400  # Below every database's limit on bound values.


class Looked(NamedTuple):
    """What was found in a range of workers."""

    workers: int
    outcomes: int
    entries: int
    closely: int
    findings: list[tuple[UUID, Finding]]


def audit_all(
    archive: Database, settings: Settings, *, processes: int | None = None
) -> AuditReport:
    """Check every invariant of every ledger, and the law that all of them rest on."""
    with archive.reading() as session:
        law = audit_law(session)
    if law:  # Nothing can be judged by rules that are not those that were published.
        return _report([], law, [])
    looked = list(over_all(archive, settings, look, processes=processes))
    with archive.reading() as session:
        findings = [pair for one in looked for pair in one.findings]
        return _report(looked, law, _named(session, findings))


def audit_one(archive: Database, worker_id: UUID) -> AuditReport:
    """Check every invariant of one ledger, and the law that it rests on."""
    with archive.reading() as session:
        law = audit_law(session)
    if law:
        return _report([], law, [])
    looked = in_snapshot(archive, look, Range(worker_id, worker_id))
    with archive.reading() as session:
        return _report([looked], law, _named(session, looked.findings))


def look(session: Session, whose: Range) -> Looked:
    """Prove the ledgers of a range of workers; look closely where that fails."""
    rules = rule_book(session)
    law = written_law(rules)
    with no_collection():
        bare = bare_rows(session.connection(), *whose)
        unproved = not_proved(bare, law)
        begun = select(col(Worker.worker_id)).where(col(Worker.worker_id).between(*whose))
        unproved |= {one for one in session.exec(begun) if one.hex not in bare}
    counts = [(len(rows.outcomes), len(rows.entries)) for rows in bare.values()]
    return Looked(
        workers=len(bare),
        outcomes=sum(outcomes for outcomes, _ in counts),
        entries=sum(entries for _, entries in counts),
        closely=len(unproved),
        findings=list(_looked_closely(session, sorted(unproved), law)),
    )


def not_proved(bare: dict[str, BareRows], law: WrittenLaw) -> set[UUID]:
    """Return the workers whose ledger the quick walk does not prove: they need a closer look."""
    return {UUID(whose) for whose, rows in bare.items() if not is_plainly_right(whose, rows, law)}


def _looked_closely(
    session: Session, worker_ids: list[UUID], law: WrittenLaw
) -> Iterator[tuple[UUID, Finding]]:
    published_at = publication_times(session)
    for at in range(0, len(worker_ids), _BATCH):
        part = worker_ids[at : at + _BATCH]
        for whose, rows in stored_rows(session, part).items():
            for finding in audit(rows, law.rules, published_at):
                yield whose, finding


def _named(
    session: Session, findings: list[tuple[UUID, Finding]]
) -> list[tuple[str | None, Finding]]:
    """Return findings with the archive number of each worker; None for one who is gone."""
    whose = sorted({worker_id for worker_id, _ in findings})
    numbers: dict[UUID, str] = {}
    for at in range(0, len(whose), _BATCH):
        query = select(Worker).where(col(Worker.worker_id).in_(whose[at : at + _BATCH]))
        numbers |= {worker.worker_id: worker.archive_number for worker in session.exec(query)}
    return [(numbers.get(worker_id), finding) for worker_id, finding in findings]


def _report(
    looked: Iterable[Looked], law: list[Finding], findings: list[tuple[str | None, Finding]]
) -> AuditReport:
    all_looked = list(looked)
    whole = [*((None, finding) for finding in law), *findings]
    return AuditReport(
        workers=sum(one.workers for one in all_looked),
        outcomes=sum(one.outcomes for one in all_looked),
        entries=sum(one.entries for one in all_looked),
        looked_at_closely=sum(one.closely for one in all_looked),
        invariants=tuple(BROKEN),
        findings=tuple(
            AuditFinding(
                invariant=finding.invariant,
                archive_number=number,
                row_id=finding.row_id,
                rule=finding.rule,
                message=both(BROKEN[finding.invariant]),
            )
            for number, finding in whole
        ),
    )
