"""The provider of a machine of one's own: it prints what would be sent, and sends nothing.

It writes to the terminal and not to the log, because logs are kept and collected.
"""

from typing import TextIO

from archive.notices.messages import Message

WARNING = (
    "Notices are printed here and sent to nobody (ARCHIVE_NOTICES_TO_CONSOLE=1). "
    "This is not for production: whoever reads this screen reads the codes."
)


class Console:
    """Prints messages."""

    def __init__(self, screen: TextIO) -> None:
        """Take where to print."""
        self._screen = screen

    def send(self, message: Message) -> None:
        """Print a message."""
        self._screen.write(f"[{message.channel} -> {message.to}] {message.text}\n")
        self._screen.flush()
