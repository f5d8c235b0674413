"""From HTML to PDF/A-3a and PDF/UA-1 with the payload attached. Signing comes after.

Fonts and the style sheet are read once per process.
"""

import re
from functools import cache, partial
from html import unescape
from pathlib import Path
from threading import Lock
from typing import Protocol

from pydyf import PDF
from weasyprint import CSS, Attachment
from weasyprint.text.fonts import FontConfiguration

from archive.transcripts.fonts import check_subsetting, own_configuration, refuse_missing_glyphs
from archive.transcripts.layouts import layout_of
from archive.transcripts.markup import Markup
from archive.transcripts.object_streams import write
from archive.transcripts.payload import Payload, payload_bytes
from archive.transcripts.rendering import html_of
from archive.transcripts.strokes import Strokes
from archive.transcripts.tagging import finish
from archive.transcripts.views import DRAWN
from schemas.transcripts import TRANSCRIPT_FILE_NAME, SealV1

_ONE_AT_A_TIME = Lock()


class Renderer(Protocol):
    """Makes the page of a payload."""

    def render(self, payload: Payload, *, seal: SealV1 | None = None) -> bytes:
        """Return an unsigned PDF with the payload attached; None draws the specimen's seal."""


class WeasyRenderer:
    """Lays the document out with WeasyPrint."""

    def render(self, payload: Payload, *, seal: SealV1 | None = None) -> bytes:
        """Return an unsigned PDF/A-3a and PDF/UA-1; one at a time, as threads share the fonts.

        Raises GlyphMissingError, FontMissingError and FontSubsettingMissingError.
        """
        with _ONE_AT_A_TIME:
            return _rendered(payload, seal)


def _rendered(payload: Payload, seal: SealV1 | None) -> bytes:
    fonts, style = _prepared(layout_of(payload.template).style)
    strokes = Strokes()
    if seal is not None:
        seal = seal.model_copy(update={"path": strokes.set_aside(seal.path)})
    html = html_of(payload, seal=seal, pens=strokes.pens(DRAWN))
    refuse_missing_glyphs(_words_of(html))
    pdf = Markup(html).write_pdf(
        stylesheets=[style],
        font_config=fonts,
        pdf_variant="pdf/a-3a",
        finisher=partial(_finish, strokes),
        attachments=[_attached(payload)],
    )
    return bytes(pdf)


def _finish(strokes: Strokes, document: object, pdf: PDF) -> None:
    finish(document, pdf)
    strokes.put_back(pdf)
    pdf.write = partial(write, pdf)


def _attached(payload: Payload) -> Attachment:
    return Attachment(
        string=payload_bytes(payload),
        name=TRANSCRIPT_FILE_NAME,
        description=payload.schema_name,
        relationship="Data",
        created=payload.issued_at,
        modified=payload.issued_at,
    )


def _words_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


@cache
def _prepared(style: Path) -> tuple[FontConfiguration, CSS]:
    check_subsetting()
    with own_configuration():
        fonts = FontConfiguration()
    return fonts, CSS(filename=style, font_config=fonts)
