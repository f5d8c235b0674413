"""Keeping a signed file provable: another time stamp before the last one's certificate ages.

What the last stamp's judgement needs today goes into the file, then a new stamp covers all of
it and ends where the file ends. The old file stays as it is; this makes another one. Pure:
which kept files are due, and where they are kept, is told elsewhere.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO

from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper
from pyhanko.sign.validation import (
    DocumentSecurityStore,
    EmbeddedPdfSignature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.path import ValidationPath

from archive.transcripts.appending import Appending
from archive.transcripts.field_names import STAMP_FIELD_NAME
from archive.transcripts.grounds import Known, way_of_stamps
from archive.transcripts.list_files import ListFolder
from archive.transcripts.signing import SignedFile
from archive.transcripts.signing_refusals import (
    NO_STAMP,
    STAMP_OVER,
    STAMPER,
    ChainUnusableError,
    RefreshRefusedError,
)
from archive.transcripts.time_stamps import Chain, Stamper, TimeStamps
from archive.transcripts.trust import TrustBundle
from schemas.keys import SigningProfile
from schemas.refusals import Phrase

_STRONG = frozenset({"sha256", "sha384", "sha512"})
_TRIES = 3


@dataclass(frozen=True)
class Refresher:
    """With whose stamps files are refreshed, and by what their last stamps are judged."""

    stamps: TimeStamps
    trust: TrustBundle
    """All roots of time stamps, present and former."""
    lists: ListFolder
    """Where fresh lists of the former authorities lie, besides those of the present one."""


def is_due(pdf: bytes, *, at: datetime, ahead: timedelta) -> bool:
    """Whether a file's last stamp ends within ``ahead``, or rests on a digest that is weak.

    Raises RefreshRefusedError for a file without a stamp over the whole.
    """
    last = _last(pdf)
    ends = [one.not_valid_after for one in (last.signer_cert, *last.other_embedded_certs)]
    return min(ends) < at + ahead or last.external_md_algorithm not in _STRONG


def would_gain(pdf: bytes, *, at: datetime, using: Refresher) -> bool:
    """Whether another stamp would last longer than the last one, or take the place of a weak one.

    An authority in its own last year could stamp a file every week and gain nothing. Raises
    RefreshRefusedError, SigningUnavailableError.
    """
    last = _last(pdf)
    theirs = min(one.not_valid_after for one in (last.signer_cert, *last.other_embedded_certs))
    ours = [min(one.not_valid_after for one in way) for way in using.stamps.chains(at=at)]
    return last.external_md_algorithm not in _STRONG or not ours or max(ours) > theirs


def refreshed(pdf: bytes, *, at: datetime, using: Refresher) -> SignedFile:
    """Return a file with another time stamp over all that was there.

    Raises RefreshRefusedError when the last stamp does not hold any more, so that another one
    would prove nothing; SigningUnavailableError when no new stamp is to be had.
    """
    last = _last(pdf)
    for _ in range(_TRIES):
        known = _known(last, using, at)
        ways = [_way_of_last(last, using, known, at), *_ways_of_new(using, known, at)]
        stamper = using.stamps.stamper(at=at)
        size = using.stamps.size_of_token(at=at)
        try:
            made = asyncio.run(_stamped(pdf, ways, known, stamper, size))
        except SigningError:
            if using.stamps.size_of_token(at=at) <= size:
                raise
            continue  # A token longer than all before: its size is known now.
        covered = {sha256(chain[0].dump()).hexdigest() for chain in known.chains}
        if {stamp.fingerprint for stamp in stamper.stamps} <= covered:
            return _told(made)
    raise ChainUnusableError(whose=Phrase(STAMPER))


async def _stamped(
    pdf: bytes, ways: list[ValidationPath], known: Known, stamper: Stamper, size: int
) -> bytes:
    output = BytesIO(pdf)
    writer = Appending(output)
    number = len(writer.prev.embedded_signatures)
    DocumentSecurityStore.supply_dss_in_writer(
        writer, sig_contents=None, paths=ways, crls=known.lists
    )
    field = f"{STAMP_FIELD_NAME}{number}"
    await PdfTimeStamper(stamper, field_name=field).async_timestamp_pdf(
        writer, "sha256", bytes_reserved=2 * size, in_place=True
    )
    return output.getvalue()


def _last(pdf: bytes) -> EmbeddedPdfSignature:
    try:
        stamps = PdfFileReader(BytesIO(pdf)).embedded_timestamp_signatures
    except (PdfReadError, ValueError) as unreadable:
        raise RefreshRefusedError(problem=Phrase(NO_STAMP)) from unreadable
    if not stamps:
        raise RefreshRefusedError(problem=Phrase(NO_STAMP))
    last: EmbeddedPdfSignature = stamps[-1]
    return last


def _known(last: EmbeddedPdfSignature, using: Refresher, at: datetime) -> Known:
    """Return the lists of both authorities that are good now, and the present one's chains."""
    chains = using.stamps.chains(at=at)
    theirs = using.lists.good(_chain(last), at=at)
    lists = tuple(dict.fromkeys((*using.stamps.lists(at=at), *theirs)))
    return Known(lists, chains, has_lists=True)


def _way_of_last(
    last: EmbeddedPdfSignature, using: Refresher, known: Known, at: datetime
) -> ValidationPath:
    """Return the way from the last stamp's certificate: it holds today, over the whole file."""
    context = ValidationContext(
        trust_roots=[*using.trust.roots, *using.trust.stamp_roots],
        other_certs=list(_chain(last)),
        crls=list(known.lists),
        moment=at,
        allow_fetching=False,
        revocation_mode="require",
    )
    try:
        status = asyncio.run(async_validate_pdf_timestamp(last, context))
    except (SignatureValidationError, PdfReadError, ValueError) as over:
        raise RefreshRefusedError(problem=Phrase(STAMP_OVER)) from over
    is_whole = status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    way = status.validation_path
    if not (status.intact and status.valid and status.trusted and is_whole) or way is None:
        raise RefreshRefusedError(problem=Phrase(STAMP_OVER))
    return way


def _ways_of_new(using: Refresher, known: Known, at: datetime) -> list[ValidationPath]:
    return [way_of_stamps(one, using.stamps.trust, at=at, known=known) for one in known.chains]


def _chain(signature: EmbeddedPdfSignature) -> Chain:
    return (signature.signer_cert, *signature.other_embedded_certs)


def _told(pdf: bytes) -> SignedFile:
    """Return a file with what its signature's own stamp says."""
    first = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures[0]
    token = next(iter(extract_tst_data_iter(first.signer_info, signed=False)), None)
    if token is None:
        return SignedFile(pdf, SigningProfile.B_LTA, None, None)
    info = token["encap_content_info"]["content"].parsed
    sid = token["signer_infos"][0]["sid"].chosen
    certificate = next(
        one.chosen
        for one in token["certificates"]
        if one.chosen.serial_number == sid["serial_number"].native
    )
    fingerprint = sha256(certificate.dump()).hexdigest()
    return SignedFile(pdf, SigningProfile.B_LTA, info["gen_time"].native, fingerprint)
