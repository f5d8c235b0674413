"""One document of each class, in any language; all people are made up."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from uuid import UUID

from archive.transcripts.payload import Payload
from archive.transcripts.pdf import WeasyRenderer
from schemas.contracts import Bilingual
from schemas.credits import Arithmetic
from schemas.transcripts import (
    TranscriptChoice,
    TranscriptEntry,
    TranscriptHolder,
    TranscriptIssuer,
    TranscriptV1,
)
from schemas.verification_reports import (
    Reported,
    ReportedCheck,
    ReportedDocument,
    ReportedSignature,
    ReportV1,
)
from schemas.vocabulary import (
    Account,
    Cause,
    CheckState,
    DocumentLanguage,
    DocumentScope,
    DocumentType,
    RecordKind,
    Verdict,
)
from tests.transcript_samples import (
    CODE,
    ELECTRICIAN,
    ELECTRICIAN_NAME,
    NOW,
    a_certificate,
    a_competition,
    a_record,
    a_transcript,
)

RECORDS = (
    a_record(1),
    a_record(
        2,
        title="可编程控制器系统设计与维护",
        detail="岗位技能提升培训",
        hours=Decimal(72),
        credits=Decimal("4.5"),
        effective_on=date(2024, 8, 9),
    ),
    a_certificate(3),
    a_competition(4),
    a_record(
        5,
        kind=RecordKind.EXPERIENCE,
        title="示范智能制造有限公司",
        detail="维修电工班组长",
        effective_on=date(2019, 7, 1),
        started_on=date(2019, 7, 1),
        hours=None,
        attendance=None,
        score=None,
        credits=None,
        decision=None,
        reason="no_rule_for_kind",
        rule=None,
    ),
)


def a_dossier(language: DocumentLanguage, **changes: object) -> TranscriptV1:
    """The whole dossier of five records, with a credit that expired."""
    facts: dict[str, object] = {
        "records": RECORDS,
        "purpose": "申报技师评价",
        "template": "family/1",
        "credits": dict.fromkeys(Account, Decimal(0))
        | {
            Account.AVAILABLE: Decimal(47),
            Account.EXPIRED: Decimal("2.25"),
            Account.ISSUED: Decimal("49.25"),
        },
        "holder": TranscriptHolder(
            archive_number="7K3M-9QXT-4D2P",
            name="欧阳嬿䶮",
            former_names=("欧阳燕",),
            document_type=DocumentType.RESIDENT_ID,
            document_number_masked="990000********123X",
        ),
    }
    found = a_transcript(language=language, **(facts | changes))  # type: ignore[arg-type]  # Facts by name.
    entries = tuple(_granted(entry) for entry in found.entries if entry.units)
    return found.model_copy(update={"entries": (*entries, _expired(entries[0]))})


def _granted(entry: TranscriptEntry) -> TranscriptEntry:
    """Return an entry with the arithmetic of a course's hours."""
    earned = f"{entry.units / 10_000:g}"
    step = Arithmetic(
        text="{hours} class hours ÷ {hours_per_credit} = {credits} credits.",
        facts={"hours": f"{entry.units / 625:g}", "hours_per_credit": "16", "credits": earned},
    )
    return entry.model_copy(update={"steps": (step,)}) if entry.rule == "training-2022" else entry


def _expired(entry: TranscriptEntry) -> TranscriptEntry:
    return entry.model_copy(
        update={
            "entry_id": UUID(int=9001),
            "cause": Cause.EXPIRY,
            "units": -22_500,
            "effective_on": date(2025, 3, 1),
            "rule": "validity-2022",
        }
    )


def a_part(language: DocumentLanguage, scope: DocumentScope, **changes: object) -> TranscriptV1:
    """A document about a part: its records alone, no balance."""
    whole = a_dossier(language)
    facts: dict[str, object] = {"scope": scope, "credits": {}} | changes
    kept = {record.record_id for record in facts.get("records", whole.records)}  # type: ignore[attr-defined]  # Records.
    facts["entries"] = tuple(one for one in whole.entries if one.record_id in kept)
    facts["levels"] = tuple(one for one in whole.levels if one.record_id in kept)
    return whole.model_copy(update=facts)


def an_occupation(language: DocumentLanguage) -> TranscriptV1:
    """The records of one occupation."""
    choice = TranscriptChoice(occupation=ELECTRICIAN, occupation_name=ELECTRICIAN_NAME)
    return a_part(language, DocumentScope.OCCUPATION, choice=choice)


def a_period(language: DocumentLanguage) -> TranscriptV1:
    """The records of half a year, without a level."""
    choice = TranscriptChoice(first_day=date(2024, 6, 1), last_day=date(2024, 12, 31))
    records = (RECORDS[0], RECORDS[1], RECORDS[3])
    return a_part(language, DocumentScope.PERIOD, choice=choice, records=records, entitlement=None)


def some_records(language: DocumentLanguage) -> TranscriptV1:
    """Two records that the holder chose."""
    return a_part(language, DocumentScope.RECORDS, records=(RECORDS[1], RECORDS[2]))


def one_certificate(language: DocumentLanguage) -> TranscriptV1:
    """The proof of one certificate, with the whole number of the holder's document."""
    holder = a_dossier(language).holder.model_copy(
        update={"document_number": "99000019900307123X", "former_names": ()}
    )
    return a_part(language, DocumentScope.CERTIFICATE, records=(RECORDS[2],), holder=holder)


def a_credit_statement(language: DocumentLanguage) -> TranscriptV1:
    """Every entry with the balance after it."""
    weighed = tuple(record for record in RECORDS if record.credits is not None)
    facts = {"scope": DocumentScope.CREDITS, "levels": (), "entitlement": None}
    return a_dossier(language, records=weighed, **facts)


def a_report(language: DocumentLanguage) -> ReportV1:
    """The report of a document that is genuine, of which one check could not be made."""
    whole = a_dossier(language)
    checks = tuple(
        ReportedCheck(
            number=number,
            code=f"check-{number}",
            state=state,
            title=Bilingual(zh="签名覆盖整个文件", en="The signature covers the whole file"),
            message=Bilingual(
                zh="签名范围止于文件末尾。", en="The signature ends where the file ends."
            ),
        )
        for number, state in enumerate((*[CheckState.PASSED] * 8, CheckState.UNCHECKED), 1)
    )
    document = ReportedDocument(
        code=CODE,
        holder_name_masked="欧＊＊＊",
        archive_number=whole.holder.archive_number,
        issued_at=NOW,
        valid_until=whole.valid_until,
        issuer=whole.issuer.name,
        levels=(Bilingual(zh="电工 高级工（三级）", en="Electrician, senior worker (level 3)"),),
        entitlement=whole.entitlement.sentence if whole.entitlement else None,
        records=5,
        credits="47",
        is_demo=True,
        is_development=True,
    )
    return ReportV1(
        id=UUID(int=78),
        code="9WXH-2M4C-0T7R-KQ3A",
        language=language,
        timezone="Asia/Shanghai",
        issued_at=NOW + timedelta(days=2),
        issuer=TranscriptIssuer(code="BUREAU", name=whole.issuer.name),
        report=Reported(
            verdict=Verdict.VALID,
            reason="valid",
            message=Bilingual(
                zh="属实：由本系统出具，未经改动，当前有效。",
                en="Genuine: issued by this archive, unchanged, and valid today.",
            ),
            checked_at=NOW + timedelta(days=2),
            sha256="5e" * 32,
            checks=checks,
            document=document,
            signature=ReportedSignature(
                is_trusted=True,
                is_intact=True,
                reaches_end=True,
                fingerprint="cd" * 32,
                signer_name="技能人才电子档案（开发测试）",
                stamped_at=NOW,
            ),
        ),
        verify_url="http://127.0.0.1:8000/verify/9WXH2M4C0T7RKQ3A",
        is_development=True,
        signer="cd" * 32,
    )


@cache
def rendered(name: str, language: DocumentLanguage) -> bytes:
    """Return the page of a class, made once for all tests of a process."""
    return WeasyRenderer().render(CLASSES[name](language))


CLASSES: dict[str, Callable[[DocumentLanguage], Payload]] = {
    "dossier": a_dossier,
    "occupation": an_occupation,
    "period": a_period,
    "records": some_records,
    "certificate": one_certificate,
    "credits": a_credit_statement,
    "report": a_report,
}
EVERY = [(name, language) for name in CLASSES for language in DocumentLanguage]
