"""Text messages by a gateway of the city's or a provider's: the contract is docs/notices.md."""

import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Self

from archive.notices.faults import RejectedError, UncertainError, UndeliveredError
from archive.notices.messages import Message
from archive.outgoing import AddressForbiddenError, OutgoingError, ask
from archive.settings import Settings

_TAKEN = range(200, 300)
_TRY_AGAIN = (408, 425, 429)
_SERVER_FAULT = 500


def _this_second() -> str:
    return str(int(datetime.now(UTC).timestamp()))  # noqa: TID251  # A door to the outside.


@dataclass(frozen=True)
class Gateway:
    """A gateway that takes text messages as signed JSON."""

    url: str
    key: bytes = field(repr=False)
    may_be_private: bool = False
    second: Callable[[], str] = _this_second

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the gateway of the settings."""
        key = settings.sms_key.get_secret_value().encode()
        return cls(settings.sms_url, key, settings.sms_url_may_be_private)

    def send(self, message: Message) -> None:
        """Hand a message to the gateway, signed; a second one of the same id it must drop."""
        body = json.dumps(
            {
                "id": message.id,
                "to": message.to,
                "template": message.notice,
                "parameters": dict(message.facts),
                "text": message.text,
            },
            ensure_ascii=False,
        ).encode()
        second = self.second()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": message.id,
            "X-Archive-Timestamp": second,
            "X-Archive-Signature": signature(self.key, second, body),
        }
        try:
            reply = ask(
                "POST", self.url, body=body, headers=headers, may_be_private=self.may_be_private
            )
        except AddressForbiddenError:
            raise RejectedError from None
        except OutgoingError as fault:
            raise UncertainError(str(fault)) from None
        if reply.status in _TAKEN:
            return
        if reply.status in _TRY_AGAIN or reply.status >= _SERVER_FAULT:
            raise UndeliveredError(str(reply.status))
        raise RejectedError(str(reply.status))


def signature(key: bytes, second: str, body: bytes) -> str:
    """Return the signature of a request: HMAC-SHA256 over second, full stop and body, in hex."""
    return hmac.new(key, second.encode() + b"." + body, "sha256").hexdigest()
