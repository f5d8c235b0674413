"""Badges as platforms issue them: made by programs of others (tests/node/issue_badges.js)."""

import hashlib
import json
import struct
import subprocess
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from openbadgeslib.ob3.contexts import bundled_contexts

from tests.builders import an_identity
from tests.platforms import ACCOUNT, COURSE

ISSUER = "https://learn.example.cn/issuer"
PROGRAM = Path(__file__).parent / "node" / "issue_badges.js"
CONTEXT = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]
SALT = "7f3a"
JWTS = ("EdDSA", "ES256", "RS256")


@dataclass(frozen=True)
class Issued:
    """What a platform issued, by name, and its public keys."""

    keys: str
    """As an administrator pastes them: a set of JWKs."""
    multikey: str
    badges: dict[str, str]

    def __getitem__(self, name: str) -> bytes:
        return self.badges[name].encode()

    def changed(self, name: str, **told: Any) -> bytes:
        """Return a signed JSON badge of which members were changed afterwards."""
        return json.dumps(json.loads(self.badges[name]) | told).encode()


def identity(kind: str, value: str, *, salt: str | None = None) -> dict[str, Any]:
    """Return by what a badge names a person: plain, or hashed where there is a salt."""
    told = {"type": "IdentityObject", "identityType": kind, "hashed": salt is not None}
    if salt is None:
        return {**told, "identityHash": value}
    digest = hashlib.sha256(f"{value}{salt}".encode()).hexdigest()
    return {**told, "identityHash": f"sha256${digest}", "salt": salt}


def a_subject(*identifiers: dict[str, Any], **told: Any) -> dict[str, Any]:
    """Return who reached what."""
    someone = an_identity(1)
    plain = (
        identity("nationalIdentityNumber", someone.document_number),
        identity("name", someone.name),
    )
    achievement = {
        "id": COURSE,
        "type": ["Achievement"],
        "name": "电工基础",
        "description": "四十学时",
        "criteria": {"narrative": "考核合格"},
        "resultDescription": [
            {
                "id": "urn:uuid:2e0c4a43-3f9b-4a5c-9d3b-0b5f0f8a1c11",
                "type": ["ResultDescription"],
                "name": "成绩",
                "resultType": "Percent",
            }
        ],
    }
    result = {
        "type": ["Result"],
        "resultDescription": "urn:uuid:2e0c4a43-3f9b-4a5c-9d3b-0b5f0f8a1c11",
        "value": "92",
    }
    return {
        "type": ["AchievementSubject"],
        "identifier": list(identifiers or plain),
        "achievement": achievement | told.pop("achievement", {}),
        "result": [result],
        **told,
    }


def a_credential(subject: dict[str, Any] | None = None, **told: Any) -> dict[str, Any]:
    """Return a badge before it is signed."""
    plain = {
        "@context": CONTEXT,
        "id": "urn:uuid:7ccd3322-e1a5-411a-a67d-6a735c76f119",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": ISSUER, "type": ["Profile"], "name": "学习平台"},
        "name": "电工基础",
        "validFrom": "2025-02-01T04:00:00Z",
        "credentialSubject": subject or a_subject(),
    }
    return {name: value for name, value in (plain | told).items() if value is not None}


def _asked() -> dict[str, dict[str, Any]]:
    status = {
        "id": "https://learn.example.cn/status/3#94567",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "94567",
        "statusListCredential": "https://learn.example.cn/status/3",
    }
    elsewhere = a_subject(achievement={"id": "https://learn.example.cn/courses/other"})
    number = an_identity(1).document_number
    graphs: dict[str, dict[str, Any]] = {
        "graph": a_credential(),
        "with status": a_credential(credentialStatus=status),
        "expired": a_credential(validUntil="2025-06-01T00:00:00Z"),
        "not yet": a_credential(validFrom="2999-01-01T00:00:00Z"),
        "other course": a_credential(elsewhere),
        "foreign": a_credential(issuer="https://elsewhere.example.cn"),
        "hashed": a_credential(a_subject(identity("nationalIdentityNumber", number, salt=SALT))),
        "hashed for nobody": a_credential(
            a_subject(identity("nationalIdentityNumber", number, salt=SALT) | {"salt": "0000"})
        ),
        "account": a_credential(a_subject(identity("userName", ACCOUNT))),
        "nobody": a_credential(a_subject(identity("emailAddress", "a@example.cn"))),
        "number alone": a_credential(
            a_subject(identity("nationalIdentityNumber", an_identity(2).document_number))
        ),
        "endorsement": a_credential(type=["VerifiableCredential", "EndorsementCredential"]),
    }
    asked = {name: {"form": "graph", "credential": one} for name, one in graphs.items()}
    asked["text"] = {"form": "text", "credential": a_credential()}
    own = {"iss": ISSUER, "jti": a_credential()["id"], "nbf": 1738382400}
    for algorithm in JWTS:
        asked[algorithm] = {"form": algorithm, "credential": a_credential(**own)}
    asked["vc claim"] = {"form": "ES256", "credential": {**own, "vc": a_credential()}}
    asked["other issuer"] = {
        "form": "ES256",
        "credential": a_credential(**own | {"iss": "https://elsewhere.example.cn"}),
    }
    asked["expired token"] = {"form": "ES256", "credential": a_credential(**own, exp=1738382500)}
    return asked


@cache
def issued(platform: str = "") -> Issued:
    """Return badges of a platform, made once a process; another platform has other keys."""
    asked = {"contexts": bundled_contexts(), "badges": _asked()}
    told = subprocess.run(  # Our own program, by its path, without a shell.
        ["node", PROGRAM],  # Wherever the set-up found it.
        input=json.dumps(asked, ensure_ascii=False),
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    found = json.loads(told.stdout)
    keys = [{**one, "kid": f"{platform}{place}"} for place, one in enumerate(found["keys"])]
    return Issued(json.dumps({"keys": keys}), found["multikey"], found["badges"])


def a_png(*chunks: tuple[bytes, bytes]) -> bytes:
    """Return a picture of one dot with more chunks in it."""
    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    told = [(b"IHDR", head), *chunks, (b"IDAT", zlib.compress(b"\0\0")), (b"IEND", b"")]
    parts = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in told
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def itxt(text: bytes, head: bytes = b"openbadgecredential\0\0\0\0\0") -> tuple[bytes, bytes]:
    """Return the chunk in which a picture holds a badge."""
    return b"iTXt", head + text
