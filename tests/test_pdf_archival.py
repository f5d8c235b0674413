"""Every class of document in every language has the structure of PDF/A-3a and PDF/UA-1."""

import pytest
from weasyprint import HTML, Attachment

from archive.transcripts.fonts import own_configuration
from archive.transcripts.keys import DevelopmentKeys, development_keys
from archive.transcripts.signing import PadesSigner
from archive.transcripts.tagging import finish
from schemas.keys import SigningProfile
from tests.document_samples import EVERY, rendered
from tests.pdf_archival import faults
from tests.transcript_samples import NOW

BODY = "<p>text</p><table><tbody><tr><th>head</th><td>{}</td></tr></tbody></table>"
PICTURE = (
    '<img alt="a" src="data:image/png;base64,'
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    '+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==">'
)
LARGEST = 180_000
"""Bytes of a signed document of one or two pages."""


@pytest.fixture(scope="module")
def keys(tmp_path_factory) -> DevelopmentKeys:
    return development_keys(tmp_path_factory.mktemp("keys"), now=NOW)


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_every_document_is_archival_before_and_after_it_is_signed(name, language, keys):
    page = rendered(name, language)
    assert faults(page) == []
    signed = PadesSigner(keys, profile=SigningProfile.B_LTA).sign(page, at=NOW).pdf
    assert faults(signed) == []
    assert len(signed) <= LARGEST


def plain(
    body: str, *, lang: str = ' lang="en"', finished: bool = True, variant: str = "pdf/a-3a"
) -> bytes:
    """Return a PDF that others would make, with or without our last touch."""
    page = HTML(string=f"<html{lang}><head><title>T</title></head><body>{body}</body></html>")
    attached = Attachment(string=b"{}", name="a.json", relationship="Data")
    with own_configuration():
        pdf = page.write_pdf(
            pdf_variant=variant, attachments=[attached], finisher=finish if finished else None
        )
    return bytes(pdf)


FAULTY = {
    "there is no structure": lambda: plain(BODY, finished=False, variant="pdf/a-3u"),
    "an attachment is listed twice": lambda: plain(BODY, finished=False),
    "the metadata do not tell the part of PDF/UA": lambda: plain(BODY, finished=False),
    "a head of a table does not say what it heads": lambda: plain(BODY, finished=False),
    "a picture is interpolated": lambda: plain(BODY.format(PICTURE)),
    "a drawing has no words": lambda: plain(
        BODY.format("<svg width='9' height='9'><path d='M0 0h9v9z'/></svg>")
    ),
    "something is transparent": lambda: plain(BODY.format("<b style='opacity: 0.5'>x</b>")),
    "there is an action: /URI": lambda: plain(
        BODY.format("<a href='http://127.0.0.1/'>x</a>"), finished=False
    ),
    "the document is not marked as tagged": lambda: plain(BODY, finished=False, variant="pdf/a-3u"),
}


@pytest.mark.parametrize("fault", FAULTY)
def test_what_is_not_archival_is_found(fault):
    assert fault in faults(FAULTY[fault]())
