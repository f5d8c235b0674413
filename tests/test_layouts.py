"""What documents say never changes: a layout has its own words, and others stand beside it."""

import shutil
from enum import Enum
from io import BytesIO
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from archive import texts
from archive.transcripts import layouts
from archive.transcripts.checks import text
from archive.transcripts.layouts import layout_of
from archive.transcripts.opening import OpenedFile
from archive.transcripts.payload import Payload
from archive.transcripts.pdf import WeasyRenderer
from archive.transcripts.rendering import words_of
from credit_bank import crosswalk, motions, redemption_words, transferring, twins, unset
from credit_bank.families.recognition import REASONS as RECOGNITION_REASONS
from credit_bank.families.redemption import SENTENCES as LIMIT_SENTENCES
from credit_bank.judging import REASONS, SENTENCES
from schemas import vocabulary
from schemas.vocabulary import CheckState, DocumentLanguage, Language
from tests.document_samples import CLASSES, one_certificate, rendered
from tests.golden_words import TEMPLATE, kept, kept_digests, payloads, said, word_digests

WHAT_TO_DO = (
    "is not what was kept, and every document issued in this layout would be told to differ from "
    "its data. What a layout says is never changed: make the next one (docs/decisions/0042), or "
    "take the change back."
)
PAYLOADS = payloads()
PRINTED: dict[str, type[Enum]] = {
    "kind": vocabulary.RecordKind,
    "rank": vocabulary.Rank,
    "instrument": vocabulary.Instrument,
    "step": vocabulary.Step,
    "tier": vocabulary.ContestTier,
    "prize": vocabulary.Prize,
    "grade": vocabulary.Grade,
    "degree": vocabulary.Degree,
    "mode": vocabulary.Mode,
    "document_type": vocabulary.DocumentType,
    "account": vocabulary.Account,
    "decision": vocabulary.Decision,
    "verdict": vocabulary.Verdict,
    "check_state": vocabulary.CheckState,
}
"""What of the vocabulary stands in documents."""


@pytest.mark.parametrize("language", DocumentLanguage)
@pytest.mark.parametrize("name", PAYLOADS)
def test_a_layout_says_what_it_always_said(name, language):
    assert said(PAYLOADS[name], language) == kept(name, language), f"{name} {WHAT_TO_DO}"


def test_every_class_of_document_is_kept():
    assert CLASSES.keys() < PAYLOADS.keys()


def test_a_layout_loses_and_changes_no_word():
    before, now = kept_digests(), word_digests()
    assert len(before) > 300
    changed = [key for key, digest in before.items() if now.get(key) != digest]
    assert changed == [], f"a word of {TEMPLATE} {WHAT_TO_DO}"
    assert now.keys() == before.keys(), "new words: run python -m tests.golden_words to keep them"


@pytest.mark.parametrize("language", Language)
def test_a_layout_has_the_words_of_all_that_a_document_can_state(language):
    members = [f"{group}.{one.value}" for group, kind in PRINTED.items() for one in kind]
    causes = (*REASONS, *RECOGNITION_REASONS, *motions.REASONS, *transferring.REASONS)
    members += [f"reason.{one}" for one in (*causes, *twins.REASONS)]
    sentences = (*SENTENCES, *LIMIT_SENTENCES, *motions.SENTENCES, *transferring.SENTENCES)
    sentences += (*crosswalk.SENTENCES, *twins.SENTENCES, *redemption_words.SENTENCES)
    members += (*sentences, *unset.SENTENCES) if language is Language.CHINESE else ()
    layout = layout_of(TEMPLATE)
    lacking = [one for one in members if layout.sentence(one, language, {}) == one]
    assert lacking == [], "add them to words/*.po of the layout"


def test_what_the_site_says_today_is_in_no_document(monkeypatch):
    monkeypatch.setattr(texts, "translations", lambda _: pytest.fail("the site's words"))
    assert "持有人信息" in words_of(PAYLOADS["dossier"])


def opened(pdf: bytes) -> OpenedFile:
    reader = PdfFileReader(BytesIO(pdf))
    return OpenedFile(is_pdf=True, is_readable=True, claims_to_be_ours=True, reader=reader)


def of_next_layout(payload: Payload, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Payload:
    """Return a document in a layout that says things otherwise, in another order."""
    shutil.copytree(layout_of(TEMPLATE).folder, folder)
    words = folder / "words" / "zh_CN.po"
    words.write_text(words.read_text("utf-8").replace("证书在档证明", "在档证书证明"), "utf-8")
    closing = folder / "_closing.html"
    closing.write_text(closing.read_text("utf-8").replace("payload.code", "'新版' ~ payload.code"))
    monkeypatch.setitem(layouts.FOLDERS, "family/2", folder)
    return payload.model_copy(update={"template": "family/2"})


def test_documents_of_two_layouts_are_each_compared_with_their_own_words(tmp_path, monkeypatch):
    old = one_certificate(DocumentLanguage.CHINESE)
    new = of_next_layout(old, tmp_path / "family-2", monkeypatch)
    old_pdf, new_pdf = rendered("certificate", old.language), WeasyRenderer().render(new)

    assert "新版4TQ9" in words_of(new)
    for pdf, payload, state in (
        (old_pdf, old, CheckState.PASSED),
        (new_pdf, new, CheckState.PASSED),
        (old_pdf, new, CheckState.FAILED),
        (new_pdf, old, CheckState.FAILED),
    ):
        assert text(opened(pdf), payload).state is state
