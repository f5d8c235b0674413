"""Documents look as they did when somebody looked at them last."""

import pytest
from PIL import Image

from archive.transcripts.pdf import WeasyRenderer
from schemas.transcripts import SealV1
from schemas.vocabulary import DocumentLanguage
from tests.document_samples import one_certificate, rendered
from tests.golden_pages import KEPT, MOST, farthest, kept, pages


@pytest.mark.parametrize(("name", "language"), KEPT)
def test_pages_look_as_they_were_kept(name, language, tmp_path):
    drawn = pages(rendered(name, language), tmp_path)
    known = [Image.open(one) for one in kept(name, language)]
    assert len(drawn) == len(known) > 0
    differences = [farthest(one, other) for one, other in zip(drawn, known, strict=True)]
    assert max(differences) <= MOST, (
        f"{differences}: if it is meant, look at the pages and run python -m tests.golden_pages"
    )


HOLDER = one_certificate(DocumentLanguage.CHINESE).holder
CHANGED: dict[str, dict[str, object]] = {
    "another name": {"holder": HOLDER.model_copy(update={"name": "张三"})},
    "a line less": {"purpose": None},
    "no mark of a specimen": {"is_demo": False, "is_development": False},
}


@pytest.mark.parametrize("change", CHANGED)
def test_a_page_that_looks_otherwise_is_seen(change, tmp_path):
    document = one_certificate(DocumentLanguage.CHINESE).model_copy(update=CHANGED[change])
    (page,) = pages(WeasyRenderer().render(document), tmp_path)
    (known,) = kept("certificate", DocumentLanguage.CHINESE)
    assert farthest(page, Image.open(known)) > MOST


def test_another_seal_is_seen(tmp_path):
    seal = SealV1(path="M0 0h10v10z", width=420, height=420)
    pdf = WeasyRenderer().render(one_certificate(DocumentLanguage.CHINESE), seal=seal)
    (page,) = pages(pdf, tmp_path)
    (known,) = kept("certificate", DocumentLanguage.CHINESE)
    assert farthest(page, Image.open(known)) > MOST
