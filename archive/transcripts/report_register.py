"""The register of verification reports, asked by the code that each of them carries."""

import hashlib
from dataclasses import dataclass

from sqlmodel import Session, col, select

from archive.people.models import Organisation
from archive.transcripts.report_models import ReportFile, ReportIntent
from archive.transcripts.standing import ReportStanding
from schemas.contracts import Bilingual
from schemas.reports import VerifiedReport


def hash_of(code: str) -> bytes:
    """Return under what a report is found by its code, as it is printed."""
    return hashlib.sha256(f"report:{code}".encode()).digest()


@dataclass(frozen=True)
class ReportRegister:
    """The reports of one archive; made for one session."""

    session: Session

    def by_code(self, code: str) -> ReportStanding | None:
        """Return what was registered of a report; None of one that was never signed."""
        query = (
            select(ReportIntent, ReportFile, Organisation)
            .join(ReportFile, col(ReportFile.code_hash) == col(ReportIntent.code_hash))
            .join(Organisation, col(Organisation.id) == col(ReportIntent.issuer_id))
            .where(col(ReportIntent.code_hash) == hash_of(code))
        )
        found = self.session.exec(query).one_or_none()
        if found is None:
            return None
        intent, file, issuer = found
        told = VerifiedReport(
            code=code,
            issued_at=intent.intended_at,
            issuer=Bilingual(zh=issuer.name, en=issuer.name_en),
            language=intent.language,
            verdict=intent.verdict,
            checked_at=intent.checked_at,
            checked_sha256=intent.checked_sha256.hex(),
            is_development=intent.is_development,
        )
        return ReportStanding(intent.payload_digest, file.sha256, told)
