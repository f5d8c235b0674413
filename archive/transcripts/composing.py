"""From a dossier to the payload of a document: every fact that it will state.

Nothing is decided here: levels, treatment and credits come as the dossier shows them, and
which part of it is meant is told by ``choosing``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from archive.dossiers.outward import told_outside
from archive.transcripts.choosing import Part
from archive.transcripts.codes import new_code
from archive.transcripts.orders import Order
from schemas.contracts import Bilingual
from schemas.credits import StatementLine
from schemas.dossiers import CreditView, DossierView, EntitlementView, LevelView, RecordView
from schemas.ids import new_id
from schemas.transcripts import (
    TranscriptEntitlement,
    TranscriptEntry,
    TranscriptHolder,
    TranscriptIssuer,
    TranscriptLevel,
    TranscriptRecord,
    TranscriptV1,
)
from schemas.vocabulary import DocumentLanguage

VALIDITY_DAYS = 180
"""A proposal of this project: long enough for an application, short for what changes."""


@dataclass(frozen=True)
class Circumstances:
    """How, when and for whom a document is issued."""

    now: datetime
    today: date
    timezone: str
    language: DocumentLanguage
    base_url: str
    issuer_code: str
    issuer_name: Bilingual
    order: Order
    """By whose key it is signed, and which seal it shows."""
    purpose: str | None = None
    """What the holder wants it for; it is printed."""
    document_number: str | None = None
    """The whole number of the holder's document; None where it stands in part only."""


def compose(
    dossier: DossierView, part: Part, lines: Iterable[StatementLine], given: Circumstances
) -> TranscriptV1:
    """Return the payload with a new code, of all that belongs to a part of a dossier.

    A document about a part has the entries of its records, and no balance.
    """
    code = new_code()
    told = {view.id for view in part.records}
    return TranscriptV1(
        id=new_id(),
        code=code,
        scope=part.scope,
        choice=part.choice,
        purpose=given.purpose,
        template="family/1",
        language=given.language,
        timezone=given.timezone,
        issued_at=given.now,
        valid_until=given.today + timedelta(days=VALIDITY_DAYS),
        issuer=TranscriptIssuer(code=given.issuer_code, name=given.issuer_name),
        holder=TranscriptHolder(
            archive_number=dossier.archive_number,
            name=dossier.name,
            former_names=dossier.former_names,
            document_type=dossier.document_type,
            document_number_masked=dossier.document_number_masked,
            document_number=given.document_number,
        ),
        levels=tuple(_level(level) for level in part.levels),
        entitlement=_entitlement(part.entitlement),
        credits=dossier.balances if part.is_of_all else {},
        records=tuple(_record(view) for view in part.records),
        entries=tuple(_entry(line) for line in lines if part.is_of_all or line.outcome_id in told),
        chain_sequence=dossier.chain_sequence,
        chain_hash=dossier.chain_hash,
        verify_url=f"{given.base_url}/verify/{code.replace('-', '')}",
        is_demo=dossier.is_demo,
        is_development=given.order.is_development,
        signer=given.order.fingerprint,
        seal=given.order.seal_sha256,
    )


def _level(level: LevelView) -> TranscriptLevel:
    return TranscriptLevel(
        occupation=level.occupation,
        occupation_name=level.occupation_name,
        rank=level.rank,
        rank_name=level.rank_name,
        held_since=level.held_since,
        record_id=level.record_id,
    )


def _entitlement(found: EntitlementView | None) -> TranscriptEntitlement | None:
    if found is None:
        return None
    return TranscriptEntitlement(sentence=found.sentence, rule=found.rule, source=found.source)


def _earned(view: RecordView) -> CreditView | None:
    """Return what the record brought in all: by the rules here and by an agreement.

    Told with the rule that brought something; the agreement's where only it did.
    """
    credit, recognition = view.credit, view.recognition
    if credit is None or recognition is None or not recognition.credits:
        return credit
    told = credit if credit.credits else recognition
    total = credit.credits + recognition.credits
    return told.model_copy(update={"credits": total})


def _record(view: RecordView) -> TranscriptRecord:
    credit = _earned(view)
    return TranscriptRecord(
        **told_outside(view),
        sequence=view.sequence,
        link_hash=view.link_hash,
        credits=credit.credits if credit else None,
        decision=credit.decision if credit else None,
        reason=credit.reason if credit else None,
        rule=credit.trace.rule if credit and credit.trace else None,
    )


def _entry(line: StatementLine) -> TranscriptEntry:
    return TranscriptEntry(
        entry_id=line.entry_id,
        record_id=line.outcome_id,
        cause=line.cause,
        family=line.trace.family,
        effective_on=line.effective_on,
        recorded_at=line.recorded_at,
        units=line.units,
        decision=line.decision,
        reason=line.reason,
        rule=line.trace.rule,
        rule_version=line.trace.version,
        context=line.trace.context,
        steps=line.trace.steps,
    )
