"""A real server of the product, as “make run” starts it, and the commands beside it."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from archive.settings import Settings
from tests.leaks import numbers_in, numbers_under

COMMAND = Path(sys.executable).with_name("skills-archive")
STARTED_WITHIN_SECONDS = 90  # A demo district is filled first, on a machine that may be busy.


@dataclass(frozen=True)
class Product:
    """The product with a home of its own."""

    settings: Settings
    environment: Mapping[str, str]
    passwords: dict[str, str] = field(default_factory=dict)
    opened: ExitStack = field(default_factory=ExitStack)
    """Every client that was opened, to be closed at the end."""

    @property
    def url(self) -> str:
        """Where it answers."""
        return self.settings.public_url

    def run(self, *arguments: str, told: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command beside the server."""
        return subprocess.run(
            [str(COMMAND), *arguments],
            env=dict(self.environment),
            input=told,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def read(self, *arguments: str, told: str = "") -> Any:  # Whatever JSON says.
        """Run a reading command and return its JSON document."""
        return json.loads(self.run(*arguments, "--json", told=told).stdout)

    def program(self, account: str) -> httpx2.Client:
        """Return a program that uses the API as an account."""
        token = self.read("token", account)["token"]
        headers = {"authorization": f"Bearer {token}"}
        client = httpx2.Client(base_url=self.url, headers=headers, timeout=60)
        return self.opened.enter_context(client)

    def browser(self, account: str | None = None) -> httpx2.Client:
        """Return a browser without JavaScript, signed in through the form."""
        client = self.opened.enter_context(
            httpx2.Client(base_url=self.url, follow_redirects=True, timeout=60)
        )
        if account:
            password = self.passwords[account]
            there = self.post(client, "/sign-in", "/sign-in", name=account, password=password)
            if there.url.path == "/sign-in/code":
                code = self.read("demo", "code", account)["code"]
                self.post(client, "/sign-in/code", "/sign-in/code", code=code)
        return client

    def post(
        self,
        client: httpx2.Client,
        page: str,
        to: str,
        file: tuple[str, bytes] | None = None,
        **fields: str,
    ) -> httpx2.Response:
        """Send a form of a page as a browser does: with the page's hidden token and origin."""
        token = re.search(r'name="form_token" value="([^"]+)"', client.get(page).text)
        if token:
            fields["form_token"] = token[1]
        files = {"file": file} if file else None
        return client.post(to, data=fields, files=files, headers={"origin": self.url})


@contextmanager
def serving(settings: Settings, *, demo: bool = True) -> Iterator[Product]:
    """Start the server on a free port; stop it at the end as an operator would."""
    port = _free_port()
    settings = settings.model_copy(update={"port": port, "demo": demo})
    environment = {
        **os.environ,
        "ARCHIVE_HOME": str(settings.home),
        "ARCHIVE_DATABASE_URL": settings.database_url,
        "ARCHIVE_PORT": str(port),
        "ARCHIVE_DEMO": "1" if demo else "0",
    }
    log = (settings.home.parent / "server.log").open("wb")
    process = subprocess.Popen(
        [str(COMMAND), "serve"], env=environment, stdout=log, stderr=subprocess.STDOUT
    )
    product = Product(settings, environment)
    try:
        _wait_for(product, process, Path(log.name))
        if demo:
            accounts = product.read("demo", "accounts")["accounts"]
            product.passwords.update({one["name"]: one["password"] for one in accounts})
        yield product
    finally:
        product.opened.close()
        process.terminate()
        assert process.wait(timeout=30) == 0, Path(log.name).read_text()
        log.close()
        assert numbers_in(Path(log.name).read_bytes()) == set()
        assert numbers_under(settings.home) == {}


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_for(product: Product, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + STARTED_WITHIN_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx2.get(f"{product.url}/healthz", timeout=5).status_code == httpx2.codes.OK:
                return
        except httpx2.TransportError:
            time.sleep(0.2)
    message = f"the server did not start: {log.read_text()}"
    raise AssertionError(message)
