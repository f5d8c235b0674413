"""The web server: one process on one address, stopped by a signal without losing a request."""

import errno
import signal
import socket
from types import FrameType

import typer

from archive.cli.refusals import AddressUnusableError, PortTakenError, Status, problem_of
from archive.cli.voice import Voice
from archive.settings import Settings

_BACKLOG = 2048
_STOP_SECONDS = 10  # How long requests that are being answered are waited for.
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def leave_when_told() -> None:
    """End without a word when a signal says so; what was not committed is rolled back."""
    for one in _SIGNALS:
        signal.signal(one, _leave)


def refuse_taken(host: str, port: int) -> None:
    """Raise PortTakenError or AddressUnusableError before any work is done in vain."""
    listening(host, port).close()


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens; raises PortTakenError or AddressUnusableError."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as unusable:
        raise _refusal(unusable, host, port) from unusable
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as unusable:
        listener.close()
        raise _refusal(unusable, host, port) from unusable
    return listener


def run(settings: Settings, voice: Voice) -> None:
    """Serve until a signal comes; then answer what was asked, and end with status 0."""
    import uvicorn

    from archive.web.app import create_app

    listener = listening(settings.host, settings.port)
    serving = settings.model_copy(update={"port": listener.getsockname()[1]})
    config = uvicorn.Config(
        create_app(serving, has_others=True),
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # archive/web/addresses.py believes only the proxies of a setting.
        backlog=_BACKLOG,
        timeout_graceful_shutdown=_STOP_SECONDS,
    )

    class Server(uvicorn.Server):
        """Tells where it is once it answers."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets=sockets)
            voice.say("The archive is at {url} (Ctrl+C stops it).", url=serving.public_url)

    server = Server(config)

    def leave(number: int, frame: FrameType | None) -> None:
        """Leave, unless the server has obeyed already and only repeats its signal."""
        if not server.should_exit:
            _leave(number, frame)

    for one in _SIGNALS:
        signal.signal(one, leave)
    server.run(sockets=[listener])
    voice.say("Stopped.")


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise typer.Exit(Status.DONE)


def _refusal(unusable: OSError, host: str, port: int) -> PortTakenError | AddressUnusableError:
    if unusable.errno == errno.EADDRINUSE:
        return PortTakenError(host=host, port=port)
    return AddressUnusableError(host=host, port=port, problem=problem_of(unusable))
