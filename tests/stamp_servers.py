"""An authority for time stamps on loopback, which a test can make do wrong."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from asn1crypto import tsp, x509
from cryptography.hazmat.primitives.serialization import Encoding

from archive.transcripts import certifying, revoking
from archive.transcripts.certifying import Made
from archive.transcripts.list_files import ListFolder
from archive.transcripts.time_stamp_service import ServiceAddress
from archive.transcripts.time_stamps import OwnStamper, OwnTimeStamps
from archive.transcripts.trust import TrustBundle

Answer = Callable[[tsp.TimeStampReq], bytes]


@dataclass
class StampServer:
    """What the authority answers, and when it says that it is."""

    now: datetime
    folder: Path
    """Where its revocation lists are put, as an operator would."""
    root: Made = field(init=False)
    issuing: Made = field(init=False)
    stamper: Made = field(init=False)
    url: str = ""
    seconds: float = 0.0
    """How long it lets wait."""
    patience: float = 30.0
    """How long who asks waits, in seconds."""
    status: int = 200
    kind: str = "application/timestamp-reply"
    answer: Answer | None = None
    asked: list[dict[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        made = self.now - timedelta(days=365)
        self.root = certifying.root(made, "elsewhere")
        self.issuing = certifying.issuing_authority(self.root, made, "elsewhere")
        self.stamper = certifying.stamper(self.issuing, made)
        self.publish()

    def publish(self) -> None:
        """Put fresh lists where they are looked for."""
        self.folder.mkdir(exist_ok=True)
        for name, by in (("root", self.root), ("issuing", self.issuing)):
            revoking.fresh(self.folder / f"{name}.crl", by, at=self.now)

    @property
    def trust(self) -> TrustBundle:
        """The root that it publishes."""
        return TrustBundle((plain(self.root),))

    def address(self, **changes: object) -> ServiceAddress:
        """Return how it is asked."""
        told: dict[str, object] = {
            "url": self.url,
            "trust": self.trust,
            "lists": ListFolder(self.folder),
            "timeout_seconds": self.patience,
            "may_be_private": True,
        }
        return ServiceAddress(**(told | changes))  # type: ignore[arg-type]

    def stamped(
        self, request: tsp.TimeStampReq, *, by: Made | None = None, at: datetime | None = None
    ) -> bytes:
        """Return a good answer, or one of another key or moment."""
        made = by or self.stamper
        authority = OwnTimeStamps(made.key, (plain(made), plain(self.issuing)))
        stamper = OwnStamper(authority, at or self.now)
        nonce = None if request["nonce"].native is None else request["nonce"]
        token = stamper.token(request["message_imprint"], nonce)
        return answered(token)


def answered(token: object) -> bytes:
    """Return a token as it is answered."""
    told = {"status": {"status": "granted"}, "time_stamp_token": token}
    return bytes(tsp.TimeStampResp(told).dump())


def plain(made: Made) -> x509.Certificate:
    """Return a certificate as pyHanko takes it."""
    return x509.Certificate.load(made.certificate.public_bytes(Encoding.DER))


@contextmanager
def a_stamp_server(folder: Path, now: datetime) -> Iterator[StampServer]:
    """Yield an authority that answers on this machine."""
    told = StampServer(now=now.astimezone(UTC), folder=folder)

    class Handler(BaseHTTPRequestHandler):
        """Answers questions about digests."""

        def do_POST(self) -> None:
            """Answer as the test wants."""
            question = self.rfile.read(int(self.headers["Content-Length"]))
            told.asked.append(dict(self.headers.items()))
            time.sleep(told.seconds)
            request = tsp.TimeStampReq.load(question)
            body = (told.answer or told.stamped)(request)
            self.send_response(told.status)
            self.send_header("Content-Type", told.kind)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        told.url = f"http://127.0.0.1:{server.server_port}/tsa"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()
