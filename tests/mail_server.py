"""A real mail server on loopback: it speaks SMTP over a socket, with STARTTLS, and keeps mails."""

import base64
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Desk:
    """What the server does, and what it got."""

    port: int = 0
    mails: list[Message] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    answer_to_recipient: str = "250 ok"
    hangs_up_in_data: bool = False
    context: ssl.SSLContext | None = None


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        desk: Desk = self.server.desk  # type: ignore[attr-defined]  # Ours has one.
        is_encrypted = False
        self._say("220 mail")
        while line := self.rfile.readline().decode().strip():
            word = line.split(" ")[0].upper()
            match word:
                case "EHLO":
                    self._say("250-mail", "250-AUTH PLAIN", "250 STARTTLS")
                case "STARTTLS":
                    self._say("220 go")
                    assert desk.context is not None
                    self.request = desk.context.wrap_socket(self.request, server_side=True)
                    self.rfile = self.request.makefile("rb")
                    self.wfile = self.request.makefile("wb")
                    is_encrypted = True
                case "AUTH":
                    desk.logins.append(base64.b64decode(line.split(" ")[2]).decode())
                    self._say("235 ok")
                case "RCPT":
                    self._say(desk.answer_to_recipient)
                case "DATA":
                    if desk.hangs_up_in_data:
                        return
                    self._say("354 go")
                    desk.mails.append(message_from_bytes(self._body()))
                    desk.encrypted.append(is_encrypted)
                    self._say("250 kept")
                case "QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("250 ok")

    def finish(self) -> None:
        self.rfile.close()
        self.wfile.close()
        self.request.close()  # The encrypted one, where it was exchanged.

    def _body(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        return b"".join(lines)

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())
        self.wfile.flush()


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a client that hangs up is what some tests are about."""


@contextmanager
def mail_server(folder: Path) -> Iterator[tuple[Desk, ssl.SSLContext]]:
    """Run a mail server; yields its desk, and a context that trusts its certificate."""
    certificate = _certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    desk = Desk(context=context)
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.desk = desk  # type: ignore[attr-defined]  # How the handler finds it.
        desk.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield desk, ssl.create_default_context(cafile=certificate)
        server.shutdown()


def _certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "mail.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path
