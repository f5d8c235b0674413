"""The keys of all bodies as a process holds them, each opened once; it asks no database."""

from datetime import datetime
from pathlib import Path

from archive.settings import Settings
from archive.transcripts import certifying, development_ca
from archive.transcripts.body_keys import BodyKeys, Papers, papers_of
from archive.transcripts.development_authority import plain, read_made
from archive.transcripts.held_keys import HeldKeySigner
from archive.transcripts.key_files import open_file, secret_in
from archive.transcripts.key_tokens import Token, open_token
from archive.transcripts.keys import DevelopmentKeys, KeyProvider, development_keys
from archive.transcripts.list_files import ListFolder
from archive.transcripts.orders import KeyOrder
from archive.transcripts.providing import lists_folder, signing_keys, stamp_roots
from archive.transcripts.trust import certificates_in
from schemas.keys import KeyPlace


class Keyring:
    """Opens the keys of bodies, and the development key for bodies that have none."""

    def __init__(self, settings: Settings, *, now: datetime) -> None:
        """Take where keys lie; raises SigningKeyUnusableError, TrustUnreadableError."""
        self._settings = settings
        self.fallback = signing_keys(settings, now=now)
        self.folder = ListFolder(lists_folder(settings))
        self.stamp_roots = stamp_roots(settings)
        """Of all authorities elsewhere that stamp, or stamped before."""
        self._opened: dict[str, KeyProvider] = {}

    def opened(self, key: KeyOrder, *, now: datetime) -> KeyProvider:
        """Return a key that is registered, ready to sign; it is opened once."""
        if key.fingerprint not in self._opened:
            self._opened[key.fingerprint] = self._open(key, now)
        return self._opened[key.fingerprint]

    def _open(self, key: KeyOrder, now: datetime) -> KeyProvider:
        match key.place:
            case KeyPlace.DEVELOPMENT:
                return _development(self.fallback, key)
            case KeyPlace.PKCS12:
                papers, held = open_file(Path(key.reference), now=now)
            case KeyPlace.PKCS11:
                certificate, *others = certificates_in(key.chain)
                papers = papers_of(certificate, others, now=now)
                held = open_token(token_of(self._settings), key.reference, papers)
        return BodyKeys(papers, held, self.fallback.stamps, self.folder)


def token_of(settings: Settings) -> Token:
    """Return the token with the bodies' keys; raises SigningKeyUnusableError."""
    path = settings.signing_pkcs11_pin_file
    pin = settings.signing_pkcs11_pin if path is None else secret_in(path)
    return Token(settings.signing_pkcs11_module, settings.signing_pkcs11_token, pin)


def new_development_key(settings: Settings, body: str, *, now: datetime) -> tuple[Papers, str]:
    """Make a key of the development authority for a body; return it, and its name there."""
    keys = development_keys(settings.secrets_folder, now=now)
    made = certifying.signer(keys.authority.issuing, now, body)
    papers = Papers(plain(made), (plain(keys.authority.issuing),), keys.trust)
    name = f"{development_ca.SIGNER}-{papers.fingerprint[:16]}"
    development_ca.keep(keys.authority.folder, name, made)
    return papers, name


def _development(fallback: DevelopmentKeys, key: KeyOrder) -> DevelopmentKeys:
    authority = fallback.authority
    made = read_made(authority.folder, key.reference)
    certificate, chain = plain(made), (plain(authority.issuing),)
    return DevelopmentKeys(
        held=HeldKeySigner(made.key, certificate, chain),
        certificate=certificate,
        chain=chain,
        fingerprint=key.fingerprint,
        trust=authority.trust,
        authority=authority,
        stamps=fallback.stamps,
    )
