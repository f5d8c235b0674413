"""Verification of a two-page B-LTA file against pyHanko's bare validation of its signatures.

Processor time, interleaved: each round runs every way once. “Bare” is what pyHanko is asked for
the same file, roots and lists: certification signature, its time stamp, the stamp of the document,
and what was changed between them; “AdES” its validation of B-LTA by the European rules. Ours asks
the same, and looks at attachment, gaps, encodings, data, words of the pages and validity.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import (
    DocumentSecurityStore,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.policy_decl import (
    PdfSignatureValidationSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

from archive.transcripts.keys import development_keys, published
from archive.transcripts.pdf import WeasyRenderer
from archive.transcripts.signing import PadesSigner
from archive.transcripts.trust import TrustBundle
from archive.transcripts.verification import verify_file
from tests.transcript_samples import NOW, OneDocument, a_certificate, a_record, a_transcript

ROUNDS = 25
RECORDS = 14  # Two pages in both languages.
_LATER = NOW + timedelta(hours=1)


def main() -> None:
    """Measure each way in turn and print the medians."""
    logging.disable(logging.CRITICAL)
    with TemporaryDirectory() as folder:
        keys = development_keys(Path(folder), now=NOW)
        records = tuple(a_certificate(n) if n % 7 == 0 else a_record(n) for n in range(1, RECORDS))
        transcript = a_transcript(
            signer=keys.fingerprint, records=records, template="family/1", chain_sequence=99
        )
        pdf = PadesSigner(keys).sign(WeasyRenderer().render(transcript), at=NOW).pdf
        trust = published(keys, at=_LATER)
    register = OneDocument(transcript, sha256(pdf).digest())
    ways: dict[str, Callable[[], object]] = {
        "bare": lambda: asyncio.run(_bare(pdf, trust)),
        "AdES": lambda: asyncio.run(_ades(pdf, trust)),
        "ours": lambda: verify_file(pdf, trust=trust, register=register, now=_LATER),
    }
    report = verify_file(pdf, trust=trust, register=register, now=_LATER)
    pages = len(PdfFileReader(BytesIO(pdf)).root["/Pages"]["/Kids"])
    print(f"{pages} pages, {len(pdf) / 1000:.0f} kB, {report.verdict.value}")
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(ROUNDS + 2):
        for name, way in ways.items():
            spent = _spent(way)
            if turn > 1:  # The first two warm up.
                taken[name].append(spent)
    for name, times in taken.items():
        print(f"{name}: {median(times) * 1000:.1f} ms of the processor")
    for name in ("bare", "AdES"):
        ratios = [ours / theirs for ours, theirs in zip(taken["ours"], taken[name], strict=True)]
        print(f"ours against {name}: {median(ratios):.2f} times")


def _spent(way: Callable[[], object]) -> float:
    began = time.process_time()
    way()
    return time.process_time() - began


async def _bare(pdf: bytes, trust: TrustBundle) -> None:
    reader = PdfFileReader(BytesIO(pdf), strict=True)
    store = DocumentSecurityStore.read_dss(reader)
    settings = {
        "trust_roots": list(trust.roots),
        "allow_fetching": False,
        "revocation_mode": "require",
        "moment": _LATER.astimezone(UTC),
    }
    for one in reader.embedded_signatures:
        context = store.as_validation_context(settings)
        status = (
            await async_validate_pdf_signature(one, context, context)
            if one.sig_object_type == "/Sig"
            else await async_validate_pdf_timestamp(one, context)
        )
        if not (status.intact and status.valid and status.trusted):
            message = "pyHanko does not validate what it is compared with"
            raise RuntimeError(message)


async def _ades(pdf: bytes, trust: TrustBundle) -> None:
    reader = PdfFileReader(BytesIO(pdf), strict=True)
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(list(trust.roots)),
        revinfo_policy=CertRevTrustPolicy(RevocationCheckingPolicy.from_legacy("require")),
    )
    spec = PdfSignatureValidationSpec(SignatureValidationSpec(cert_validation_policy=policy))
    moment: datetime = _LATER.astimezone(UTC)
    timing = ValidationTimingInfo(
        validation_time=moment, best_signature_time=moment, point_in_time_validation=True
    )
    found = await ades_lta_validation(
        reader.embedded_regular_signatures[0], spec, timing_info=timing
    )
    _ = found.ades_subindic
