"""Handling what a stranger's file makes the parsers do: whatever they raise is an answer."""

import logging
from collections.abc import Callable
from typing import TypeVar

_PARSERS = ("pyhanko", "pyhanko_certvalidator")
Found = TypeVar("Found")


def hush() -> None:
    """Keep what the parsers say of a stranger's file out of every log: it names the signer."""
    for name in _PARSERS:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def attempt(read: Callable[[], Found]) -> Found | None:
    """Return what ``read`` finds, or None whatever a hostile file makes it raise."""
    try:
        return read()
    except Exception:  # noqa: BLE001 - the parsers promise nothing for such files.
        return None
