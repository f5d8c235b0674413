"""A passkey in software: answers as a browser does, and can be told to answer wrongly."""

import hashlib
import json
from dataclasses import dataclass, field
from secrets import token_bytes

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url, encode_cbor

from archive.people.passkeys import Party

PARTY = Party(id="localhost", origin="http://localhost:8000", name="Skills Archive")
_PRESENT, _VERIFIED, _ATTESTED = 0x01, 0x04, 0x40


@dataclass
class SoftPasskey:
    """One key pair with its counter."""

    party: Party = PARTY
    counter: int = 0
    verifies: bool = True
    credential_id: bytes = field(default_factory=lambda: token_bytes(32))

    def __post_init__(self) -> None:
        self._key = generate_private_key(SECP256R1())

    def registered(self, challenge: bytes) -> str:
        """Answer navigator.credentials.create()."""
        attested = bytes(16) + len(self.credential_id).to_bytes(2) + self.credential_id
        data = self._data(_ATTESTED) + attested + encode_cbor(self._public())
        attestation = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        return self._told(
            {
                "clientDataJSON": self._client("webauthn.create", challenge),
                "attestationObject": attestation,
            }
        )

    def signed(self, challenge: bytes, user: bytes | None = None) -> str:
        """Answer navigator.credentials.get()."""
        self.counter += 1
        data, client = self._data(0), self._client("webauthn.get", challenge)
        signature = self._key.sign(data + hashlib.sha256(client).digest(), ECDSA(SHA256()))
        told = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        return self._told(told | ({"userHandle": user} if user else {}))

    def _data(self, more: int) -> bytes:
        flags = _PRESENT | (_VERIFIED if self.verifies else 0) | more
        site = hashlib.sha256(self.party.id.encode()).digest()
        return site + bytes([flags]) + self.counter.to_bytes(4)

    def _client(self, kind: str, challenge: bytes) -> bytes:
        told = {"type": kind, "challenge": bytes_to_base64url(challenge)}
        return json.dumps(told | {"origin": self.party.origin, "crossOrigin": False}).encode()

    def _public(self) -> dict[int, object]:
        numbers = self._key.public_key().public_numbers()
        return {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}

    def _told(self, response: dict[str, bytes]) -> str:
        name = bytes_to_base64url(self.credential_id)
        encoded = {key: bytes_to_base64url(value) for key, value in response.items()}
        told = {"id": name, "rawId": name, "type": "public-key", "response": encoded}
        return json.dumps(told | {"clientExtensionResults": {}})
