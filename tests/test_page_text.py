"""Facts of reading the words of our own pages back from the finished PDF."""

from io import BytesIO

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from archive.transcripts.page_text import PageUnreadableError, page_text, same_words
from tests.transcript_samples import a_page, a_transcript


@pytest.fixture(scope="module")
def page() -> bytes:
    return a_page(a_transcript(name="陈嬿示例"))


def test_the_words_of_a_page_come_in_the_order_of_the_data(page):
    words = "".join(page_text(PdfFileReader(BytesIO(page))).split())
    said = (
        "陈嬿示例",
        "7K3M-9QXT-4D2P",
        "高级工（三级）",
        "低压电工作业安全技术",
        "职业技能等级证书",
        "电工项目",
    )
    places = [words.index(one) for one in said]
    assert places == sorted(places)


def test_lines_may_end_anywhere_but_no_character_may_differ():
    assert same_words("高级 工\n(三级)  co-operate", "高级工（三级）co‐operate")
    assert not same_words("高级工", "高级技师")
    assert not same_words("37.5", "375")


def test_a_page_that_our_layout_never_writes_is_not_guessed_at(page):
    reader = PdfFileReader(BytesIO(page))
    content = reader.root["/Pages"]["/Kids"][0]["/Contents"]
    content._data = b"/F1 12 Tf (a literal) Tj"
    with pytest.raises((PageUnreadableError, KeyError)):
        page_text(reader)
