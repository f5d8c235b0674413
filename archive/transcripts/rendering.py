"""From the payload to HTML: what stands where, in one language or both.

Words and layout stand in the folder of the layout that the payload names. Turning HTML into
a PDF is ``pdf``'s work.
"""

import re
from html import unescape

from archive.transcripts.layouts import layout_of
from archive.transcripts.payload import Payload
from archive.transcripts.views import BLANK, DRAWN, Pens, report_view_of, view_of
from archive.transcripts.wording import Wording
from schemas.transcripts import SealV1, TranscriptV1
from schemas.vocabulary import Account

SHOWN_ACCOUNTS = (
    Account.AVAILABLE,
    Account.HELD,
    Account.PENDING,
    Account.REDEEMED,
    Account.EXPIRED,
    Account.REVOKED,
    Account.OWED,
    Account.ISSUED,
)
_ANY_SEAL = SealV1(path="", width=1, height=1)
"""Stands for a registered one where only the words count."""
_BODY = re.compile(r"<main>(.*)</main>", re.DOTALL)
_NO_WORDS = re.compile(r"<title>.*?</title>|<[^>]*>", re.DOTALL)


def html_of(payload: Payload, *, seal: SealV1 | None = None, pens: Pens = DRAWN) -> str:
    """Return the document as HTML; without a registered seal the specimen is drawn."""
    layout = layout_of(payload.template)
    words = Wording(payload.language, payload.timezone, layout)
    if isinstance(payload, TranscriptV1):
        template = layout.templates.get_template("transcript.html")
        transcript = view_of(payload, words, seal=seal, pens=pens)
        return template.render(view=transcript, words=words, accounts=SHOWN_ACCOUNTS)
    template = layout.templates.get_template("report.html")
    report = report_view_of(payload, words, seal=seal, pens=pens)
    return template.render(view=report, words=words)


def words_of(payload: Payload) -> str:
    """Return the words of the document's body in reading order, one blank between them.

    Running head and foot, page numbers, marks of a specimen and what drawings are called stand
    in no line of it: the PDF marks them as artifacts, as it does table heads that are
    repeated on a further page. What is extracted from the PDF has the same letters in this
    order; blanks and line ends may fall elsewhere. Not so of the former layout ``dossier/1``.
    """
    registered = None if payload.seal is None else _ANY_SEAL
    found = _BODY.search(html_of(payload, seal=registered, pens=BLANK))
    if found is None:
        message = "the template has no body"
        raise ValueError(message)
    return " ".join(unescape(_NO_WORDS.sub(" ", found.group(1))).split())
