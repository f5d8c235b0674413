"""The ways to send, as the settings name them: one provider a channel."""

import sys
from collections.abc import Mapping
from typing import Protocol

from archive.notices.console import Console
from archive.notices.messages import Channel, Message
from archive.notices.sms import Gateway
from archive.notices.smtp import MailServer
from archive.settings import Settings


class Provider(Protocol):
    """Sends messages of one channel."""

    def send(self, message: Message) -> None:
        """Send a message.

        Raises UndeliveredError when it was certainly not taken, UncertainError when nobody
        can say whether it was.
        """


def served(settings: Settings) -> frozenset[Channel]:
    """Return the channels by which a message leaves at all, so that pages promise no other."""
    ways = {Channel.EMAIL: settings.smtp_host, Channel.SMS: settings.sms_url}
    return frozenset(one for one, way in ways.items() if way or settings.notices_to_console)


def providers_of(settings: Settings) -> Mapping[Channel, Provider]:
    """Return the providers by channel; a channel that nothing serves is left out."""
    found: dict[Channel, Provider] = {}
    if settings.notices_to_console:
        found = dict.fromkeys(Channel, Console(sys.stderr))
    if settings.smtp_host:
        found[Channel.EMAIL] = MailServer.of(settings)
    if settings.sms_url:
        found[Channel.SMS] = Gateway.of(settings)
    return found
