"""What notices say, in both languages. Each is a template with facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from archive.texts import both


class Channel(StrEnum):
    """By which way something is sent."""

    SMS = "sms"
    EMAIL = "email"


class Notice(StrEnum):
    """What is told. The word names the template at a provider of text messages, too."""

    SIGN_IN_CODE = "sign_in_code"
    CONTACT_CODE = "contact_code"
    CONTACT_CHANGED = "contact_changed"
    CLAIM_CODE = "claim_code"
    INCIDENT = "incident"
    ACCESS_ASKED = "access_asked"
    ACCESS_ENDED = "access_ended"
    SHARE_LOCKED = "share_locked"
    SHARES_MERGED = "shares_merged"
    CORRECTION_MOVED = "correction_moved"
    DECLARATION_ANSWERED = "declaration_answered"
    DOCUMENT_MOVED = "document_moved"
    RECORDS_DIGEST = "records_digest"


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one person; ``id`` is the same however often it is tried."""

    id: str
    channel: Channel
    to: str
    notice: Notice
    facts: Mapping[str, str]

    @property
    def subject(self) -> str:
        """The subject of an e-mail, in both languages."""
        told = both(_TEXTS[self.notice][0])
        return f"{told.zh} / {told.en}"

    @property
    def text(self) -> str:
        """The text, in both languages."""
        told = both(_TEXTS[self.notice][1], self.facts)
        return f"{told.zh}\n\n{told.en}"


_TEXTS: Mapping[Notice, tuple[str, str]] = {
    Notice.SIGN_IN_CODE: (
        "Your sign-in code",
        (
            "{code} is your code to sign in to the skills archive. It holds for {minutes} minutes. "
            "Tell it to nobody; if you did not ask for it, do nothing."
        ),
    ),
    Notice.CONTACT_CODE: (
        "Confirm your contact",
        (
            "{code} confirms that this contact is yours in the skills archive. It holds for "
            "{minutes} minutes. If you did not ask for it, do nothing."
        ),
    ),
    Notice.CONTACT_CHANGED: (
        "Your contact was changed",
        (
            "From now on the skills archive reaches you elsewhere, and no longer here. If you did "
            "not change your contact, tell the bureau's counter at once."
        ),
    ),
    Notice.CLAIM_CODE: (
        "Your dossier",
        (
            "{code} confirms that the dossier in the skills archive is yours. It holds for "
            "{minutes} minutes. Tell it to nobody; if you did not ask for it, tell the bureau."
        ),
    ),
    Notice.INCIDENT: (
        "A notice about your personal information",
        (
            "There is a notice about your personal information in the skills archive. Sign in and "
            "read it under “Personal information”, or ask at the bureau's counter."
        ),
    ),
    Notice.ACCESS_ASKED: (
        "A request for access to your dossier",
        (
            "There is a request for access to your dossier in the skills archive. Sign in, look "
            "under “Share” who asks for what, and grant or decline it; unanswered, it lapses."
        ),
    ),
    Notice.ACCESS_ENDED: (
        "An access has ended",
        (
            "A request for access to your dossier in the skills archive has lapsed, or an access "
            "that you granted is over. You need do nothing; see “Share”."
        ),
    ),
    Notice.SHARE_LOCKED: (
        "A share link is locked for now",
        (
            "The PIN of one of your share links in the skills archive was wrong so often that "
            "the link is locked for a while. If you do not know who tried, take the link back "
            "under “Share”."
        ),
    ),
    Notice.SHARES_MERGED: (
        "Links and accesses have ended",
        (
            "Two dossiers of yours in the skills archive were joined. Share links, requests and "
            "accesses of the one that was closed have ended; make new ones under “Share”."
        ),
    ),
    Notice.CORRECTION_MOVED: (
        "News about a request of yours",
        (
            "There is news about a request of yours in the skills archive. Sign in and read it "
            "under “Corrections and additions”."
        ),
    ),
    Notice.DECLARATION_ANSWERED: (
        "An answer on a self-declared record",
        (
            "An organisation has answered on a self-declared record of yours in the skills "
            "archive. Sign in and read it under “Self-declared records”."
        ),
    ),
    Notice.DOCUMENT_MOVED: (
        "News about a document that you asked for",
        (
            "There is news about a document that you asked for in the skills archive. Sign in and "
            "fetch it under “My documents”."
        ),
    ),
    Notice.RECORDS_DIGEST: (
        "News in your dossier",
        (
            "Your dossier in the skills archive since the last message: {added} new records, "
            "{corrected} corrected, {withdrawn} withdrawn. Sign in to see them, or to switch these "
            "messages off."
        ),
    ),
}
SENTENCES = tuple(sentence for pair in _TEXTS.values() for sentence in pair)
"""Every message id, so that a test can see whether each is translated."""


def title_of(notice: Notice) -> str:
    """Return the message id of a notice's subject, for a page that lists it."""
    return _TEXTS[notice][0]
