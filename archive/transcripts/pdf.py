"""From HTML to PDF/A-3u with the payload attached. Signing comes after.

Fonts and the style sheet are read once per process.
"""

import re
from functools import cache
from html import unescape
from threading import Lock
from typing import Protocol

from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration

from archive.transcripts.fonts import check_subsetting, own_configuration, refuse_missing_glyphs
from archive.transcripts.payload import payload_bytes
from archive.transcripts.rendering import FOLDER, html_of
from schemas.transcripts import TRANSCRIPT_FILE_NAME, TranscriptV1

_ONE_AT_A_TIME = Lock()


class Renderer(Protocol):
    """Makes the page of a payload."""

    def render(self, transcript: TranscriptV1) -> bytes:
        """Return an unsigned PDF with the payload attached."""


class WeasyRenderer:
    """Lays the document out with WeasyPrint."""

    def render(self, transcript: TranscriptV1) -> bytes:
        """Return an unsigned PDF/A-3u; one at a time, as threads share the open fonts.

        Raises GlyphMissingError, FontMissingError and FontSubsettingMissingError.
        """
        with _ONE_AT_A_TIME:
            return _rendered(transcript)


def _rendered(transcript: TranscriptV1) -> bytes:
    fonts, style = _prepared()
    html = html_of(transcript)
    refuse_missing_glyphs(_words_of(html))
    page = HTML(string=html, base_url=str(FOLDER), url_fetcher=_no_fetching)
    pdf = page.write_pdf(
        stylesheets=[style],
        font_config=fonts,
        pdf_variant="pdf/a-3u",
        attachments=[_attached(transcript)],
    )
    return bytes(pdf)


def _attached(transcript: TranscriptV1) -> Attachment:
    return Attachment(
        string=payload_bytes(transcript),
        name=TRANSCRIPT_FILE_NAME,
        description=transcript.schema_name,
        relationship="Data",
        created=transcript.issued_at,
        modified=transcript.issued_at,
    )


def _words_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


def _no_fetching(url: str) -> object:
    message = f"a document fetches nothing, not even {url}"
    raise ValueError(message)


@cache
def _prepared() -> tuple[FontConfiguration, CSS]:
    check_subsetting()
    with own_configuration():
        fonts = FontConfiguration()
    return fonts, CSS(filename=FOLDER / "document.css", font_config=fonts)
