"""Facts of every class of document: what stands in it, in which order, and what does not."""

import re
import subprocess
from io import BytesIO

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from archive.transcripts.page_text import page_text, same_words
from archive.transcripts.payload import Payload, payload_bytes, read_payload, read_report
from archive.transcripts.pdf import WeasyRenderer
from archive.transcripts.rendering import html_of, words_of
from archive.transcripts.verification import verify_code
from schemas.transcripts import SealV1, TranscriptV1
from schemas.vocabulary import Account, DocumentLanguage, DocumentScope
from tests.document_samples import CLASSES, EVERY, a_dossier, a_period, rendered
from tests.transcript_samples import CODE, NOW, OneDocument, a_certificate, a_competition, a_record


def letters(text: str) -> str:
    """Return what is printed, without blanks and line ends."""
    return re.sub(r"\s+", "", text)


def told_by_its_structure(pdf: bytes) -> str:
    """Return the words that poppler reads along the structure tree: no artifact is among them."""
    command = ["pdfinfo", "-struct-text", "-"]
    found = subprocess.run(command, input=pdf, capture_output=True, check=True)
    return "".join(re.findall(r'^ *"(.*)"$', found.stdout.decode(), re.MULTILINE))


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_the_pdf_says_what_the_payload_says_in_the_same_order(name, language):
    told = page_text(PdfFileReader(BytesIO(rendered(name, language))))
    assert same_words(told, words_of(CLASSES[name](language)))


@pytest.mark.parametrize(("name", "language"), [("dossier", "both"), ("report", "zh")])
def test_who_reads_along_the_structure_hears_the_payload_and_nothing_else(name, language):
    """Poppler takes seconds for this, so that it is asked about two documents only."""
    document, pdf = (
        CLASSES[name](DocumentLanguage(language)),
        rendered(name, DocumentLanguage(language)),
    )
    assert letters(told_by_its_structure(pdf)) == letters(words_of(document))


@pytest.mark.parametrize("name", CLASSES)
def test_every_class_is_read_back_from_its_canonical_bytes(name):
    document = CLASSES[name](DocumentLanguage.BOTH)
    read = read_payload if isinstance(document, TranscriptV1) else read_report
    assert read(payload_bytes(document)) == document


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_every_class_says_what_it_is_not_and_calls_nothing_education(name, language):
    words = words_of(CLASSES[name](language))
    if name != "report":
        assert ("不代表学历" if language != "en" else "says nothing about education") in words
    assert not re.search(r"学历\s*[：:]", words)
    assert not re.search(r"[a-z]+[.][a-z_]+[^/0-9a-z]", words), "a word lacks its translation"
    if language == "zh":
        assert not re.search(r"[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}", words), "a sentence is English"
    if language == "en":
        assert not re.search("[，。；]", words)


@pytest.mark.parametrize("scope", DocumentScope)
def test_a_document_about_a_part_says_so_and_shows_no_balance_of_the_whole(scope):
    document = CLASSES[scope.value](DocumentLanguage.CHINESE)
    words = words_of(document)
    is_part = scope not in (DocumentScope.DOSSIER, DocumentScope.CREDITS)
    assert ("节选" in words) is is_part
    assert ("可用学分" in words) is not is_part
    assert isinstance(document, TranscriptV1)
    assert bool(document.credits) is not is_part


def test_who_verifies_a_document_about_a_part_is_told_no_balance():
    told = {
        name: verify_code(CODE, register=OneDocument(document, None), now=NOW).document
        for name in ("dossier", "records")
        if isinstance(document := CLASSES[name](DocumentLanguage.CHINESE), TranscriptV1)
    }
    assert {name: one and one.credits for name, one in told.items()} == {
        "dossier": "47",
        "records": None,
    }


def test_a_credit_statement_adds_up_line_by_line():
    document = CLASSES["credits"](DocumentLanguage.CHINESE)
    words = words_of(document)
    for line in ("+2.25 2.25", "+4.50 6.75", "+37.50 44.25", "+5.00 49.25", "−2.25 47.00"):
        assert line in words
    assert isinstance(document, TranscriptV1)
    assert f"{document.credits[Account.AVAILABLE]}" == "47"
    assert "36学时 ÷ 16 = 2.25学分。" in words
    assert words.count("示范智能制造有限公司") == 0, "what earns no credits is no entry"


def test_a_record_that_was_weighed_without_an_entry_stands_in_the_credit_statement():
    whole = a_dossier(DocumentLanguage.CHINESE, scope=DocumentScope.CREDITS)
    weighed = a_record(9, title="尚无成绩的课程", decision="undecided", reason="no_result")
    words = words_of(whole.model_copy(update={"records": (*whole.records, weighed)}))
    assert "未形成记账的记录" in words
    assert words.count("尚无成绩的课程") == 1


def test_the_number_of_the_document_is_masked_unless_the_payload_tells_it_whole():
    masked, whole = (CLASSES[name](DocumentLanguage.CHINESE) for name in ("dossier", "certificate"))
    assert "990000********123X" in words_of(masked)
    assert "99000019900307123X" in words_of(whole)
    assert "990000********123X" not in words_of(whole)


def test_purpose_and_period_stand_with_the_holder():
    words = words_of(a_period(DocumentLanguage.BOTH))
    assert "用途（本人填写） Purpose, as stated 申报技师评价" in words
    assert "2024-06-01 至 2024-12-31 2024-06-01 to 2024-12-31" in words


@pytest.mark.parametrize("name", CLASSES)
def test_a_document_without_anything_says_so_in_words(name):
    document: Payload = CLASSES[name](DocumentLanguage.CHINESE)
    if isinstance(document, TranscriptV1):
        bare = {"records": (), "entries": (), "levels": (), "entitlement": None}
        empty: Payload = document.model_copy(update=bare)
    else:
        report = document.report.model_copy(update={"document": None})
        empty = document.model_copy(update={"report": report})
    words = words_of(empty)
    assert re.search("暂无|没有|不展示", words)
    assert re.search(r"五?、说明", words)


def test_a_registered_seal_stands_in_place_of_the_specimen_and_as_large_as_it_is():
    document = a_dossier(DocumentLanguage.CHINESE, is_demo=False, is_development=False)
    seal = SealV1(path="M0 0h380v300h-380z", width=380, height=300, colour="#c00000")
    html = html_of(document, seal=seal)
    assert 'width="38.0mm" height="30.0mm"' in html
    assert "出具单位印章" in html
    assert "样章" not in html
    assert "样章" in html_of(document)


@pytest.mark.parametrize("records", range(5, 9))
def test_no_head_and_no_seal_is_left_alone_where_a_page_ends(records):
    kinds = (a_certificate(90), a_competition(91))
    told = (*(a_record(number) for number in range(1, records)), *kinds)
    pdf = WeasyRenderer().render(a_dossier(DocumentLanguage.CHINESE, records=told))
    command = ["pdftotext", "-raw", "-", "-"]
    found = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()
    pages = [page.strip().splitlines() for page in found.rstrip("\f").split("\f")]
    assert len(pages) > 1
    for lines in pages:
        above_foot = [line for line in lines if not re.match("查验码|第 |技能人才|陈|欧阳", line)]
        assert not re.fullmatch("培训|证书|技能竞赛|.、.*|序号.*", above_foot[-1])
    assert any(line.startswith("五、说明") for line in pages[-1])
