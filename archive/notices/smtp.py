"""E-mail by a mail server (SMTP), encrypted from the start (TLS) or by STARTTLS."""

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from typing import Self

from archive.notices.faults import RejectedError, UncertainError, UndeliveredError
from archive.notices.messages import Message
from archive.settings import MailSecurity, Settings

_SECONDS = 15.0
_PERMANENT = 500


@dataclass(frozen=True)
class MailServer:
    """One mail server and the sender that it knows."""

    host: str
    port: int
    sender: str
    security: MailSecurity = MailSecurity.STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)
    trust: ssl.SSLContext | None = None
    """Whom to trust for certificates; None: the system's authorities."""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the mail server of the settings."""
        return cls(
            host=settings.smtp_host,
            port=settings.smtp_port,
            sender=settings.smtp_sender,
            security=settings.smtp_security,
            user=settings.smtp_user,
            password=settings.smtp_password.get_secret_value(),
        )

    def send(self, message: Message) -> None:
        """Hand a message to the mail server.

        A fault before the message itself is certain, and so is a refusal; a connection that
        breaks while it is handed over is not.
        """
        mail = self._mail(message)
        try:
            client = self._connected()
        except (OSError, smtplib.SMTPException) as fault:
            raise UndeliveredError(type(fault).__qualname__) from None
        try:
            client.send_message(mail)
        except smtplib.SMTPRecipientsRefused as refused:
            codes = [code for code, _ in refused.recipients.values()]
            raise (RejectedError if min(codes) >= _PERMANENT else UndeliveredError) from None
        except smtplib.SMTPResponseException as refused:
            is_final = refused.smtp_code >= _PERMANENT
            raise (RejectedError if is_final else UndeliveredError) from None
        except (OSError, smtplib.SMTPException) as broken:
            raise UncertainError(type(broken).__qualname__) from None
        finally:
            client.close()

    def _connected(self) -> smtplib.SMTP:
        trust = self.trust or ssl.create_default_context()
        if self.security is MailSecurity.TLS:
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=_SECONDS, context=trust
            )
        else:
            client = smtplib.SMTP(self.host, self.port, timeout=_SECONDS)
        try:
            if self.security is MailSecurity.STARTTLS:
                client.starttls(context=trust)
            if self.user:
                client.login(self.user, self.password)
        except BaseException:
            client.close()
            raise
        return client

    def _mail(self, message: Message) -> EmailMessage:
        """Return the e-mail; a line break in an address is refused by the library."""
        mail = EmailMessage(policy=SMTP)
        try:
            mail["To"] = message.to
        except ValueError:
            raise RejectedError from None
        mail["From"] = self.sender
        mail["Subject"] = message.subject
        mail["Date"] = formatdate()
        mail["Message-ID"] = f"<{message.id}@{self.sender.rpartition('@')[2].rstrip('>')}>"
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no one should answer it by machine.
        mail.set_content(message.text)
        return mail
