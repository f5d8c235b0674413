"""The grounds on which a signature can be judged later: ways to the roots, and revocation lists.

They are looked at before anything is signed, with revocation required of every certificate,
and serve all signatures until a list or a certificate ends.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import crl, x509
from pyhanko.sign.signers.pdf_signer import PreSignValidationStatus
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, PathValidationError
from pyhanko_certvalidator.path import ValidationPath

from archive.transcripts.keys import KeyProvider
from archive.transcripts.signing_refusals import SIGNER, STAMPER, ChainUnusableError
from archive.transcripts.time_stamps import TimeStamps
from archive.transcripts.trust import TrustBundle
from schemas.refusals import Phrase

Lists = tuple[crl.CertificateList, ...]


@dataclass(frozen=True)
class Grounds:
    """What was looked at, and from when until when it holds."""

    status: PreSignValidationStatus
    lists: Lists
    begin: datetime
    end: datetime

    def hold(self, *, at: datetime, lists: Lists) -> bool:
        """Whether they serve a signature of that moment, with the lists that are good now."""
        return self.begin <= at < self.end and self.lists == lists


def lists_at(keys: KeyProvider, stamps: TimeStamps | None, at: datetime) -> Lists:
    """Return all revocation lists that are good at a moment, each once."""
    theirs = () if stamps is None else stamps.lists(at=at)
    return tuple(dict.fromkeys((*keys.lists(at=at), *theirs)))


def looked_at(
    keys: KeyProvider, stamps: TimeStamps | None, *, at: datetime, lists: Lists
) -> Grounds:
    """Return the grounds of signatures at a moment; raises ChainUnusableError."""
    ways = [_way(keys.certificate, keys.chain, keys.trust, at=at, lists=lists, whose=SIGNER)]
    if stamps is not None:
        ways.append(way_of_stamps(stamps, at=at, lists=lists))
    return _grounds(ways, lists)


def way_of_stamps(stamps: TimeStamps, *, at: datetime, lists: Lists) -> ValidationPath:
    """Return the way from the stamps' certificate to a root; raises ChainUnusableError."""
    chain = stamps.certificates(at=at)
    return _way(chain[0], chain[1:], stamps.trust, at=at, lists=lists, whose=STAMPER)


def _way(
    certificate: x509.Certificate,
    known: Iterable[x509.Certificate],
    trust: TrustBundle,
    *,
    at: datetime,
    lists: Lists,
    whose: str,
) -> ValidationPath:
    context = ValidationContext(
        trust_roots=trust.roots,
        other_certs=list(known),
        crls=list(lists),
        moment=at,
        allow_fetching=False,
        revocation_mode="require",
    )
    validator = CertificateValidator(certificate, validation_context=context)
    usage = (set(), {"time_stamping"}) if whose == STAMPER else ({"non_repudiation"}, None)
    try:
        way: ValidationPath = asyncio.run(validator.async_validate_usage(*usage))  # type: ignore[no-untyped-call]  # pyHanko's.
    except (PathBuildingError, PathValidationError) as failed:
        raise ChainUnusableError(whose=Phrase(whose)) from failed
    return way


def _grounds(ways: list[ValidationPath], lists: Lists) -> Grounds:
    certificates = [one for way in ways for one in way]
    ends = [one["tbs_cert_list"]["next_update"].native for one in lists]
    begins = [one["tbs_cert_list"]["this_update"].native for one in lists]
    status = PreSignValidationStatus(
        signer_path=ways[0],
        validation_paths=ways,
        ts_validation_paths=ways[1:],
        crls_to_embed=list(lists),
    )
    return Grounds(
        status=status,
        lists=lists,
        begin=max([*begins, *(one.not_valid_before for one in certificates)]),
        end=min([*ends, *(one.not_valid_after for one in certificates)]),
    )
