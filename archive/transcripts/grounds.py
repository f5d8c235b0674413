"""The grounds on which a signature can be judged later: ways to the roots, and revocation lists.

They are looked at before anything is signed, and serve all signatures until a list or a
certificate ends, or the authority for time stamps takes another certificate.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from asn1crypto import crl
from pyhanko.sign.signers.pdf_signer import PreSignValidationStatus
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, PathValidationError
from pyhanko_certvalidator.path import ValidationPath

from archive.transcripts.keys import KeyProvider
from archive.transcripts.signing_refusals import SIGNER, STAMPER, ChainUnusableError
from archive.transcripts.time_stamps import Chain, TimeStamps
from archive.transcripts.trust import TrustBundle
from schemas.refusals import Phrase

Lists = tuple[crl.CertificateList, ...]


@dataclass(frozen=True)
class Known:
    """What a signature of a moment can rest on, not looked at yet."""

    lists: Lists
    chains: tuple[Chain, ...]
    """Of the certificates that stamp."""
    has_lists: bool
    """Whether a list is needed of every certificate, as it is to be kept with the signature."""


@dataclass(frozen=True)
class Grounds:
    """What was looked at, and from when until when it holds."""

    status: PreSignValidationStatus
    known: Known
    begin: datetime
    end: datetime

    def hold(self, *, at: datetime, known: Known) -> bool:
        """Whether they serve a signature of that moment, with what is known now."""
        return self.begin <= at < self.end and self.known == known

    def cover(self, fingerprint: str) -> bool:
        """Whether a certificate that stamped is among those that were looked at."""
        return any(sha256(one[0].dump()).hexdigest() == fingerprint for one in self.known.chains)


def known_at(
    keys: KeyProvider, stamps: TimeStamps | None, *, at: datetime, has_lists: bool
) -> Known:
    """Return what is known at a moment; an authority elsewhere may be asked for it."""
    chains = () if stamps is None else stamps.chains(at=at)
    theirs = () if stamps is None else stamps.lists(at=at)
    lists = tuple(dict.fromkeys((*keys.lists(at=at), *theirs)))
    return Known(lists, chains, has_lists)


def looked_at(
    keys: KeyProvider, stamps: TimeStamps | None, *, at: datetime, known: Known
) -> Grounds:
    """Return the grounds of signatures at a moment; raises ChainUnusableError."""
    mine = (keys.certificate, *keys.chain)
    ways = [_way(mine, keys.trust, at=at, known=known, whose=SIGNER)]
    if stamps is not None:
        ways += [way_of_stamps(chain, stamps.trust, at=at, known=known) for chain in known.chains]
    return _grounds(ways, known)


def way_of_stamps(
    chain: Chain, trust: TrustBundle, *, at: datetime, known: Known
) -> ValidationPath:
    """Return the way from a stamp's certificate to a root; raises ChainUnusableError."""
    return _way(chain, trust, at=at, known=known, whose=STAMPER)


def _way(
    chain: Chain, trust: TrustBundle, *, at: datetime, known: Known, whose: str
) -> ValidationPath:
    context = ValidationContext(
        trust_roots=trust.roots,
        other_certs=chain[1:],
        crls=list(known.lists),
        moment=at,
        allow_fetching=False,
        revocation_mode="require" if known.has_lists else "soft-fail",
    )
    validator = CertificateValidator(chain[0], validation_context=context)
    usage = (set(), {"time_stamping"}) if whose == STAMPER else ({"non_repudiation"}, None)
    looking = validator.async_validate_usage(*usage)  # type: ignore[no-untyped-call]  # pyHanko's.
    try:
        way: ValidationPath = asyncio.run(looking)
    except (PathBuildingError, PathValidationError) as failed:
        raise ChainUnusableError(whose=Phrase(whose)) from failed
    return way


def _grounds(ways: list[ValidationPath], known: Known) -> Grounds:
    certificates = [one for way in ways for one in way]
    told = [one["tbs_cert_list"] for one in known.lists]
    ends = [one["next_update"].native for one in told if one["next_update"].native]
    status = PreSignValidationStatus(
        signer_path=ways[0],
        validation_paths=ways,
        ts_validation_paths=ways[1:],
        crls_to_embed=list(known.lists),
    )
    return Grounds(
        status=status,
        known=known,
        begin=max(
            [
                *(one["this_update"].native for one in told),
                *(one.not_valid_before for one in certificates),
            ]
        ),
        end=min([*ends, *(one.not_valid_after for one in certificates)]),
    )
