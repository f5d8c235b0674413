"""``keys list | new | rotate | revoke | seal | export-trust``: the signing keys of bodies."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archive.cli.options import CONSOLE, As, Json, day
from archive.cli.plainly import plainly
from schemas.keys import RevocationReason

if TYPE_CHECKING:
    from archive.cli.opened import Acting
    from archive.transcripts.body_keys import Papers
    from schemas.keys import KeyPlace

Body = Annotated[str, typer.Argument(metavar="BODY", help="The body's code.")]
Fingerprint = Annotated[str, typer.Argument(metavar="FINGERPRINT", help="As the list tells it.")]
File = Annotated[
    Path | None, typer.Option("--pkcs12", metavar="FILE", help="A PKCS#12 file, mode 600.")
]
InToken = Annotated[
    str | None, typer.Option("--token-key", metavar="NAME", help="The key's label in the token.")
]
Certificates = Annotated[
    Path | None,
    typer.Option(
        "--certificates",
        metavar="FILE",
        help="PEM: the certificate of a token's key, up to the root.",
    ),
]
Since = Annotated[
    date | None,
    typer.Option(
        "--since", metavar="DAY", parser=day, help="From when on it is not believed; else from now."
    ),
]
Why = Annotated[RevocationReason, typer.Option("--reason", help="Why it is revoked.")]
Drawing = Annotated[Path, typer.Argument(metavar="FILE", help="An SVG of filled paths.")]
Output = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write it.")]


@plainly
def list_keys(*, as_json: Json = False) -> None:
    """List the signing keys of all bodies, and which of them is in use."""
    from archive.cli.opened import acting_on

    with acting_on(CONSOLE) as acting:
        _tell(acting, as_json=as_json)


@plainly
def new(
    body: Body,
    *,
    file: File = None,
    token_key: InToken = None,
    certificates: Certificates = None,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Register a signing key of a body; without options one for tests is made."""
    from archive.cli.opened import acting_on
    from archive.people.access import refuse_administering
    from archive.transcripts import issuing_keys

    with acting_on(account) as acting:
        refuse_administering(acting.by)
        papers, place, reference = _key(acting, body, file, token_key, certificates)
        with acting.archive.transaction() as session:
            issuing_keys.add(session, body, papers, place, reference, by=acting.by, now=acting.now)
        _tell(acting, as_json=as_json)


@plainly
def rotate(fingerprint: Fingerprint, *, account: As = CONSOLE, as_json: Json = False) -> None:
    """Propose that a key signs for its body; another account approves."""
    from archive.cli.answers import answer
    from archive.cli.opened import writing
    from archive.cli.proposal_sheet import show_proposal
    from archive.transcripts import issuing_keys

    with writing(account) as opened:
        view = issuing_keys.propose_use(opened.session, fingerprint, by=opened.by, now=opened.now)
    answer(view, opened.settings, lambda voice: show_proposal(voice, view), as_json=as_json)


@plainly
def revoke(
    fingerprint: Fingerprint,
    *,
    reason: Why,
    since: Since = None,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Propose to revoke a signing key; another account approves."""
    from datetime import datetime, time

    from archive.cli.answers import answer
    from archive.cli.opened import writing
    from archive.cli.proposal_sheet import show_proposal
    from archive.transcripts import issuing_keys

    with writing(account) as opened:
        zone = opened.settings.zone
        moment = datetime.combine(since, time(), zone) if since else opened.now
        view = issuing_keys.propose_revocation(
            opened.session, fingerprint, reason, since=moment, by=opened.by, now=opened.now
        )
    answer(view, opened.settings, lambda voice: show_proposal(voice, view), as_json=as_json)


@plainly
def seal(body: Body, file: Drawing, *, account: As = CONSOLE, as_json: Json = False) -> None:
    """Register a body's seal from an SVG of paths; the newest is printed."""
    from archive.cli.answers import answer
    from archive.cli.files import read_bytes
    from archive.cli.issuing_key_sheet import show_seal
    from archive.cli.opened import writing
    from archive.transcripts import seals

    drawing = seals.read_svg(read_bytes(file))
    with writing(account) as opened:
        receipt = seals.register(opened.session, body, drawing, by=opened.by, now=opened.now)
    answer(receipt, opened.settings, lambda voice: show_seal(voice, receipt), as_json=as_json)


@plainly
def export_trust(*, output: Output, as_json: Json = False) -> None:
    """Write all roots, present and former, as PEM for verifiers."""
    from archive.cli.answers import answer
    from archive.cli.draft_files import draft_of
    from archive.cli.issuing_key_sheet import show_trust
    from archive.cli.opened import reading
    from archive.transcripts.keyring import Keyring
    from archive.transcripts.trusted_bodies import trust_bundle
    from schemas.keys import TrustReceipt

    with draft_of(output) as draft, reading() as opened:
        keyring = Keyring(opened.settings, now=opened.now)
        bundle = trust_bundle(opened.session, keyring, at=opened.now)
        draft.write(bundle.to_pem())
    receipt = TrustReceipt(
        roots=len(bundle.roots),
        stamp_roots=len(bundle.stamp_roots),
        lists=len(bundle.lists),
        fingerprints=bundle.fingerprints,
    )
    answer(receipt, opened.settings, lambda voice: show_trust(voice, receipt), as_json=as_json)


@plainly
def fetch_lists(*, account: As = CONSOLE, as_json: Json = False) -> None:
    """Fetch the revocation lists of bought keys and time stamps."""
    from archive.cli.answers import answer
    from archive.cli.issuing_key_sheet import show_lists
    from archive.cli.opened import acting_on
    from archive.people.access import refuse_administering
    from archive.transcripts import issuing_keys, list_fetching
    from archive.transcripts.keyring import Keyring
    from archive.transcripts.providing import lists_folder

    with acting_on(account) as acting:
        refuse_administering(acting.by)
        with acting.archive.reading() as session:
            keys = issuing_keys.everyone(session)
        ring = Keyring(acting.settings, now=acting.now)
        stamps = [*ring.fallback.stamps.chains(at=acting.now), ring.fallback.stamps.trust.roots]
        chains = [*(issuing_keys.certificates_of(one) for one in keys), *stamps]
        receipt = list_fetching.fetch(
            [one for chain in chains for one in chain],
            lists_folder(acting.settings),
            may_be_private=acting.settings.tsa_may_be_private,
        )
    answer(receipt, acting.settings, lambda voice: show_lists(voice, receipt), as_json=as_json)


def _key(
    acting: "Acting",
    body: str,
    file: Path | None,
    token_key: str | None,
    certificates: Path | None,
) -> "tuple[Papers, KeyPlace, str]":
    from archive.cli.files import read_bytes
    from archive.cli.usage import UnusableError
    from archive.transcripts.body_keys import papers_of
    from archive.transcripts.key_files import open_file
    from archive.transcripts.key_tokens import open_token
    from archive.transcripts.keyring import new_development_key, token_of
    from archive.transcripts.trust import certificates_in
    from schemas.keys import KeyPlace

    if file is not None and token_key is None:
        papers, _ = open_file(file.absolute(), now=acting.now)
        return papers, KeyPlace.PKCS12, str(file.absolute())
    if token_key is not None and certificates is not None and file is None:
        first, *others = certificates_in(read_bytes(certificates))
        papers = papers_of(first, others, now=acting.now)
        open_token(token_of(acting.settings), token_key, papers)
        return papers, KeyPlace.PKCS11, token_key
    if (file, token_key, certificates) != (None, None, None):
        raise UnusableError("give --pkcs12, or --token-key with --certificates, or neither")
    papers, name = new_development_key(acting.settings, body, now=acting.now)
    return papers, KeyPlace.DEVELOPMENT, name


def _tell(acting: "Acting", *, as_json: bool) -> None:
    from archive.cli.answers import answer
    from archive.cli.issuing_key_sheet import show_issuing_keys
    from archive.transcripts import issuing_keys
    from archive.transcripts.providing import signing_keys
    from schemas.keys import IssuingKeyList

    with acting.archive.reading() as session:
        keys = issuing_keys.listed(session)
    fallback = signing_keys(acting.settings, now=acting.now).fingerprint
    found = IssuingKeyList(keys=keys, fallback=fallback)
    answer(found, acting.settings, lambda voice: show_issuing_keys(voice, found), as_json=as_json)
