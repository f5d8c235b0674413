"""From a finished PDF to a signed one: PAdES, certified, no changes allowed.

The signature has no appearance: the seal is drawn with the page. What signs comes from
``keys``; whether a signature holds is told by ``verification``.
"""

from datetime import datetime
from io import BytesIO
from typing import Protocol

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_signer import PdfSigningSession

from archive.transcripts.keys import KeyProvider

FIELD_NAME = "SkillsArchiveSignature"
"""Stands in clear in each signed file: a file that carries it claims to be ours."""
REASON = "skills-archive/transcript/1"


class Signer(Protocol):
    """Signs a whole document."""

    def sign(self, pdf: bytes, *, at: datetime) -> bytes:
        """Return ``pdf`` with a signature that covers all of it, claimed to be made ``at``."""


class PadesSigner:
    """Signs with PAdES B-B under the provider's key."""

    def __init__(self, keys: KeyProvider) -> None:
        """Take the provider; its signer is kept."""
        self._signer = keys.signer()
        self._metadata = PdfSignatureMetadata(
            field_name=FIELD_NAME,
            md_algorithm="sha256",
            reason=REASON,
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
        )

    def sign(self, pdf: bytes, *, at: datetime) -> bytes:
        """Return ``pdf`` signed; the signature is the last thing in the file."""
        signer = _TimedPdfSigner(self._metadata, self._signer)
        signer.at = at
        signed = BytesIO()
        signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), output=signed)
        return signed.getvalue()


class _TimedPdfSigner(PdfSigner):
    """Takes the time of signing from the door; pyHanko's own reads the clock."""

    at: datetime

    def init_signing_session(  # pyHanko's signature.
        self,
        pdf_out: BasePdfFileWriter,
        existing_fields_only: bool = False,  # noqa: FBT001, FBT002
    ) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self.at
        return session

    def register_extensions(self, pdf_out: BasePdfFileWriter, **_unused: str) -> None:
        """Declare PAdES only: pyHanko would name the curve too, and make it PDF 2.0 for that."""
        pdf_out.register_extension(ESIC_EXTENSION_1)
