"""From a finished PDF to a signed one: PAdES, certified, no changes allowed.

Of two revisions at most: the signature with all that its judgement needs, then a time stamp
over the whole file, at its very end. The signature has no appearance: the seal is drawn with
the page. What signs comes from ``keys``; whether a signature holds is told by ``verification``.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Protocol

from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers import Signer as PyHankoSigner
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.signers.pdf_signer import (
    DSSContentSettings,
    PdfTimeStamper,
    PreSignValidationStatus,
    SigDSSPlacementPreference,
)
from pyhanko.sign.timestamps.common_utils import dummy_digest

from archive.transcripts.appending import Appending
from archive.transcripts.field_names import FIELD_NAME, STAMP_FIELD_NAME
from archive.transcripts.grounds import Grounds, known_at, looked_at
from archive.transcripts.held_keys import digest_for
from archive.transcripts.keys import KeyProvider
from archive.transcripts.signing_refusals import STAMPER, ChainUnusableError
from archive.transcripts.time_stamps import Stamper, TimeStamps
from schemas.keys import SigningProfile
from schemas.refusals import Phrase

REASON = "skills-archive/transcript/1"
_WITH_LISTS = (SigningProfile.B_LT, SigningProfile.B_LTA)
_TRIES = 3
"""How often a document is signed when the authority takes a certificate not seen before."""
_MARGIN = 256
"""Bytes by which signatures of one key may differ in length, and more."""
_IN_ONE_REVISION = DSSContentSettings(
    include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE
)


@dataclass(frozen=True)
class SignedFile:
    """A signed document, and what its signature is."""

    pdf: bytes
    profile: SigningProfile
    stamped_at: datetime | None
    """The moment in the signature's time stamp; None without one."""
    stamper: str | None
    """Hex SHA-256 of the certificate that stamped; None without a time stamp."""


class Signer(Protocol):
    """Signs a whole document."""

    def sign(self, pdf: bytes, *, at: datetime) -> SignedFile:
        """Return ``pdf`` with a signature that covers all of it, claimed to be made ``at``."""


class PadesSigner:
    """Signs under the provider's key, in the profile that is wanted."""

    def __init__(
        self, keys: KeyProvider, *, profile: SigningProfile = SigningProfile.B_LTA
    ) -> None:
        """Take the provider; its signer is kept, and what was looked at for a signature."""
        self._keys = keys
        self._signer = keys.signer()
        self._profile = profile
        self._grounds: Grounds | None = None
        self._digest = digest_for(keys.certificate)
        self._size = asyncio.run(_size_of(self._signer, self._digest))
        self._metadata = PdfSignatureMetadata(
            field_name=FIELD_NAME,
            md_algorithm=self._digest,
            reason=REASON,
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
            dss_settings=_IN_ONE_REVISION,
        )

    def sign(self, pdf: bytes, *, at: datetime) -> SignedFile:
        """Return ``pdf`` signed; the last signature or time stamp ends where the file ends.

        Raises SigningUnavailableError: then nothing is signed.
        """
        stamps = None if self._profile is SigningProfile.B_B else self._keys.stamps
        if stamps is None:
            self._looked_at(None, at)
            return SignedFile(self._signed(pdf, at, None, None, 0), self._profile, None, None)
        for _ in range(_TRIES):
            grounds = self._looked_at(stamps, at)
            stamper, size = stamps.stamper(at=at), stamps.size_of_token(at=at)
            holds = grounds.status if self._profile in _WITH_LISTS else None
            try:
                signed = self._signed(pdf, at, holds, stamper, size)
            except SigningError:
                if stamps.size_of_token(at=at) <= size:
                    raise
                continue  # A token longer than all before: its size is known now.
            if all(grounds.cover(stamp.fingerprint) for stamp in stamper.stamps):
                stamp = stamper.stamps[0]
                return SignedFile(signed, self._profile, stamp.at, stamp.fingerprint)
        raise ChainUnusableError(whose=Phrase(STAMPER))

    def _looked_at(self, stamps: TimeStamps | None, at: datetime) -> Grounds:
        has_lists = self._profile in _WITH_LISTS
        known = known_at(self._keys, stamps, at=at, has_lists=has_lists)
        grounds = self._grounds
        if grounds is None or not grounds.hold(at=at, known=known):
            grounds = self._grounds = looked_at(self._keys, stamps, at=at, known=known)
        return grounds

    def _signed(
        self,
        pdf: bytes,
        at: datetime,
        holds: PreSignValidationStatus | None,
        stamper: Stamper | None,
        size_of_token: int,
    ) -> bytes:
        return asyncio.run(self._write(pdf, at, holds, stamper, size_of_token))

    async def _write(
        self,
        pdf: bytes,
        at: datetime,
        holds: PreSignValidationStatus | None,
        stamper: Stamper | None,
        size_of_token: int,
    ) -> bytes:
        signer = _PadesOnly(self._metadata, self._signer, timestamper=stamper)
        writer = Appending(BytesIO(pdf))
        session = signer.init_signing_session(writer)
        session.system_time = at
        reserved = 2 * (self._size + size_of_token)
        document = session.prepare_tbs_document(holds, reserved)
        output = BytesIO()
        prepared, _ = document.digest_tbs_document(output=output)
        await document.perform_signature(
            prepared.document_digest, PdfCMSSignedAttributes(signing_time=at)
        )
        if self._profile is SigningProfile.B_LTA and stamper is not None:
            await PdfTimeStamper(stamper, field_name=STAMP_FIELD_NAME).async_timestamp_pdf(
                Appending(output),
                self._digest,
                bytes_reserved=2 * size_of_token,
                in_place=True,
            )
        return output.getvalue()


class _PadesOnly(PdfSigner):
    """Declares PAdES only: pyHanko would name the curve too, and make it PDF 2.0 for that."""

    def register_extensions(self, pdf_out: BasePdfFileWriter, **_unused: str) -> None:
        pdf_out.register_extension(ESIC_EXTENSION_1)


async def _size_of(signer: PyHankoSigner, digest: str) -> int:
    """Return how many bytes a signature without a time stamp takes at most."""
    dry = await signer.async_sign(
        dummy_digest(digest), digest, dry_run=True, use_pades=True, signed_attr_settings=None
    )
    return len(dry.dump()) + _MARGIN
