"""Identity services on loopback: the real one of npm, and one of ours that can also do wrong."""

import json
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

NODE = Path(__file__).parent / "node"
CLIENT, SECRET = "skills-archive", "a secret of a test, long enough for HS256"
RETURN = "http://testserver/sign-in/identity/return"


@contextmanager
def real_service(
    people: Mapping[str, Mapping[str, str]], *, carries_claims: bool = True
) -> Iterator[str]:
    """Run npm's ``oidc-provider`` and yield its issuer."""
    if not (NODE / "node_modules").is_dir():
        pytest.fail("oidc-provider is not installed: see .venv/npm.log, then “make test” again")
    client = {"client_id": CLIENT, "client_secret": SECRET, "redirect_uris": [RETURN]}
    told = {"client": client, "people": people, "carriesClaims": carries_claims}
    command = ["node", "identity_service.js", json.dumps(told)]
    with subprocess.Popen(
        command, cwd=NODE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stdout is not None
            issuer = process.stdout.readline().strip()
            assert issuer, "the identity service did not start"
            yield issuer
        finally:
            process.terminate()


@dataclass
class Service:
    """What our own service answers; a test changes it to do wrong."""

    issuer: str = ""
    key: RSAKey | ECKey | OctKey = field(
        default_factory=lambda: RSAKey.generate_key(2048, {"kid": "first"})
    )
    shown: list[RSAKey | ECKey] = field(default_factory=list)
    algorithm: str = "RS256"
    claims: dict[str, object] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)
    nonce: str = ""
    token: str | None = None
    """Instead of one that is signed."""
    status: int = 200
    keys: dict[str, object] | None = None
    """Instead of those that are shown."""
    body: bytes | None = None
    """Instead of any document."""
    metadata: dict[str, object] = field(default_factory=dict)

    def signed(self) -> str:
        """Return the token of the last sign-in."""
        now = int(datetime.now(UTC).timestamp())
        own = {"iss": self.issuer, "aud": CLIENT, "sub": "someone", "nonce": self.nonce}
        claims = {**own, "iat": now, "exp": now + 300, **self.claims}
        header = {"alg": self.algorithm, "kid": self.key.kid}
        return jwt.encode(header, claims, self.key, algorithms=[self.algorithm])

    def document(self, path: str) -> object:
        """Return what stands at a path."""
        self.asked.append(path)
        match path:
            case "/.well-known/openid-configuration":
                return {
                    "issuer": self.issuer,
                    "authorization_endpoint": f"{self.issuer}/auth",
                    "token_endpoint": f"{self.issuer}/token",
                    "jwks_uri": f"{self.issuer}/keys",
                    **self.metadata,
                }
            case "/keys":
                return self.keys or KeySet([*self.shown]).as_dict(private=False)
            case _:
                return {"id_token": self.token or self.signed(), "token_type": "Bearer"}


class _Handler(BaseHTTPRequestHandler):
    service: ClassVar[Service]

    def do_GET(self) -> None:
        self._answer(200)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        self.service.forms.append({name: one[0] for name, one in parse_qs(body).items()})
        self._answer(self.service.status)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, status: int) -> None:
        document = self.service.document(urlsplit(self.path).path)
        body = self.service.body or json.dumps(document).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def own_service() -> Iterator[Service]:
    """Run our own service."""
    service = Service()
    assert isinstance(service.key, RSAKey)
    service.shown = [service.key]
    handler = type("Handler", (_Handler,), {"service": service})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    service.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
