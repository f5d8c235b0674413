"""Drawings in a document: the same strokes as WeasyPrint's own, and markup read by another way."""

from io import BytesIO

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from weasyprint import HTML

from archive.transcripts import pdf, strokes
from archive.transcripts.drawing import seal
from archive.transcripts.layouts import FOLDER, layout_of
from archive.transcripts.markup import Markup
from archive.transcripts.pdf import WeasyRenderer
from archive.transcripts.rendering import html_of
from archive.transcripts.strokes import operators
from schemas.transcripts import SealV1
from schemas.vocabulary import DocumentLanguage
from tests.document_samples import CLASSES, a_dossier, rendered
from tests.golden_pages import farthest, pages

_MOST = 6
"""Of 255: how far a square's mean may be off when the same curve is written with fewer decimals."""


@pytest.mark.parametrize("name", CLASSES)
def test_our_markup_sets_what_any_page_of_the_web_would_set(name):
    html = html_of(CLASSES[name](DocumentLanguage.BOTH))
    fonts, style = pdf._prepared(layout_of("family/1").style)

    ours, theirs = (
        page.write_pdf(stylesheets=[style], font_config=fonts, pdf_variant="pdf/a-3a")
        for page in (Markup(html), HTML(string=html, base_url=str(FOLDER)))
    )

    assert ours == theirs


def test_drawings_look_as_if_weasyprint_had_drawn_them(tmp_path, monkeypatch):
    document = a_dossier(DocumentLanguage.CHINESE, is_demo=True)
    registered = SealV1(path=seal("示范区技能鉴定中心", "专用章").path, width=420, height=420)
    for each in (None, registered):
        ours = pages(WeasyRenderer().render(document, seal=each), tmp_path)
        with monkeypatch.context() as patched:
            patched.setattr(strokes.Strokes, "set_aside", lambda _, path: path)
            theirs = pages(WeasyRenderer().render(document, seal=each), tmp_path)

        differences = [farthest(one, other) for one, other in zip(ours, theirs, strict=True)]
        assert max(differences) <= _MOST


def test_what_stands_on_every_page_is_written_once():
    reader = PdfFileReader(BytesIO(rendered("dossier", DocumentLanguage.BOTH)))
    first, second = (page.get_object() for page in reader.root["/Pages"]["/Kids"])
    drawings = first["/Resources"]["/XObject"]
    assert set(drawings) == {"/Drawing1", "/Drawing2"}, "one a language"
    for page in (first, second):
        content = page["/Contents"].data
        assert [content.count(f"{name} Do".encode()) for name in drawings] == [2, 2]


def test_a_path_in_the_operators_of_a_pdf():
    assert operators("M1 2h3l.5 .25z") == b"1 2 m\n4 2 l\n4.5 2.25 l\n1 2 l\nh"
    assert operators("M0 0q3 3 6 0") == b"0 0 m\n2 2 4 2 6 0 c"
