"""How signing keys, seals and trust look on the command line."""

from archive.cli.voice import Voice
from schemas.keys import (
    IssuingKeyList,
    IssuingKeyView,
    KeyPlace,
    KeyStanding,
    ListsReceipt,
    SealReceipt,
    TrustReceipt,
)

PLACES = {
    KeyPlace.DEVELOPMENT: "for tests, made here",
    KeyPlace.PKCS12: "PKCS#12 file",
    KeyPlace.PKCS11: "PKCS#11 token",
}
STANDINGS = {
    KeyStanding.WAITING: "registered, not in use",
    KeyStanding.CURRENT: "in use",
    KeyStanding.FORMER: "former",
    KeyStanding.REVOKED: "revoked",
}
SENTENCES = (*PLACES.values(), *STANDINGS.values())
"""Every word of a key, so that a test can see that each is translated."""


def show_issuing_keys(voice: Voice, found: IssuingKeyList) -> None:
    """Print the signing keys of bodies, and what signs for the others."""
    if found.keys:
        voice.table(
            ("Organisation", "Fingerprint (SHA-256)", "Kept in", "State", "Valid until"),
            [_row(voice, one) for one in found.keys],
        )
    voice.say(
        "Bodies without a key of their own are signed for by the development key {fingerprint}.",
        fingerprint=found.fallback,
    )


def show_seal(voice: Voice, receipt: SealReceipt) -> None:
    """Print that a seal is registered."""
    voice.say(
        "The seal of {organisation} is registered; SHA-256 {sha256}.",
        organisation=receipt.organisation,
        sha256=receipt.sha256,
    )


def show_trust(voice: Voice, receipt: TrustReceipt) -> None:
    """Print what was written, with the fingerprints to compare."""
    voice.say(
        "Written: {roots} roots, {stamps} of time stamps only, {lists} revocation lists.",
        roots=receipt.roots,
        stamps=receipt.stamp_roots,
        lists=receipt.lists,
    )
    for one in receipt.fingerprints:
        voice.line(one)


def show_lists(voice: Voice, receipt: ListsReceipt) -> None:
    """Print how many lists were fetched, and from where none was had."""
    voice.say("Revocation lists fetched: {fetched}.", fetched=receipt.fetched)
    for one in receipt.failed:
        voice.say("No list of an authority of ours was had from {address}.", address=one)


def _row(voice: Voice, one: IssuingKeyView) -> tuple[str, ...]:
    return (
        one.organisation,
        one.fingerprint,
        voice.sentence(PLACES[one.place]),
        voice.sentence(STANDINGS[one.standing]),
        voice.moment(one.valid_to),
    )
