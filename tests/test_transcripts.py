"""Facts of the document: what it says, in which language, and what it never says."""

import json
import re
import subprocess
from datetime import date
from decimal import Decimal

import pytest
import rfc8785

from archive.transcripts.codes import new_code, read_code
from archive.transcripts.fonts import GlyphMissingError, refuse_missing_glyphs
from archive.transcripts.payload import payload_bytes, payload_digest, read_payload
from archive.transcripts.pdf import WeasyRenderer
from archive.transcripts.rendering import html_of
from schemas.contracts import Bilingual
from schemas.transcripts import TranscriptChoice, TranscriptV1
from schemas.vocabulary import Account, Cause, DocumentLanguage, DocumentScope, RecordKind
from tests.transcript_samples import (
    CODE,
    a_certificate,
    a_competition,
    a_record,
    a_transcript,
)

SENTENCE = "按相当于大专学历落实相关待遇（依据《“技能光明行动”实施方案》第16条，不代表学历）"
WATERMARK = 'class="watermark"'


def words_of(html: str) -> str:
    """Return the text of a page without its marks."""
    body = html[html.index("<body") :]
    return re.sub(r"\s+", " ", re.sub(r"<title>.*?</title>|<[^>]*>", " ", body))


def text_of(pdf: bytes, *options: str) -> str:
    """Return what pdftotext reads."""
    command = ["pdftotext", *options, "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


def test_the_payload_is_canonical_json():
    transcript = a_transcript()
    payload = payload_bytes(transcript)
    assert payload == rfc8785.dumps(transcript.model_dump(mode="json"))
    assert read_payload(payload) == transcript


def test_a_payload_of_before_documents_of_parts_still_has_its_bytes():
    payload = payload_bytes(a_transcript())
    first = "bd45f4a6d38263731c58b9992dc1bd35d0db7e6c85a1ba22e7f49dd37df50ec5"
    assert payload_digest(payload).hex() == first


def test_what_came_later_is_in_the_bytes_where_it_is_told_and_only_there():
    holder = a_transcript().holder.model_copy(update={"document_number": "99000019900101123X"})
    whole = a_transcript(
        holder=holder,
        scope=DocumentScope.PERIOD,
        choice=TranscriptChoice(first_day=date(2024, 1, 1), last_day=date(2024, 12, 31)),
        purpose="求职",
        seal="ef" * 32,
    )
    payload = payload_bytes(whole)
    assert read_payload(payload) == whole
    assert read_payload(payload.replace(b'"seal":', b'"reel":')) is None
    assert read_payload(payload_bytes(a_transcript())[:-1] + b',"purpose":null}') is None


SPOILT = {
    "a space behind it": lambda payload: payload + b" ",
    "a number for a switch": lambda payload: payload.replace(b'"is_demo":true', b'"is_demo":1'),
    "a field too many": lambda payload: b'{"a":1,' + payload[1:],
    "another version": lambda payload: payload.replace(b"/transcript/1", b"/transcript/2"),
    "a bracket missing": lambda payload: payload[:-1],
    "spaces between": lambda payload: json.dumps(json.loads(payload)).encode(),
    "nothing": lambda _payload: b"",
    "no text": lambda _payload: b"\xff\xfe",
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_payload_that_is_not_exactly_ours_is_none(how):
    assert read_payload(SPOILT[how](payload_bytes(a_transcript()))) is None


def test_the_treatment_stands_in_its_exact_words_and_never_as_education():
    words = words_of(html_of(a_transcript(language=DocumentLanguage.CHINESE)))
    assert SENTENCE in words
    assert "本证明不代表学历" in words
    assert not re.search(r"学历\s*[：:]", words)


def test_without_a_rule_in_force_the_document_says_so_instead_of_nothing():
    document = a_transcript(entitlement=None, language=DocumentLanguage.CHINESE)
    assert "出具之日没有适用于上述等级的相关待遇规则。" in words_of(html_of(document))


@pytest.mark.parametrize("language", DocumentLanguage)
def test_every_record_and_its_rule_stands_in_every_language(language):
    words = words_of(html_of(a_transcript(language=language)))
    for told in ("低压电工作业安全技术", "第三届全市职工技能大赛", "电工项目", "training-2022"):
        assert words.count(told) == 1
    assert "44.75" in words
    assert CODE in words


def test_a_document_of_one_language_speaks_only_that():
    english = html_of(a_transcript(language=DocumentLanguage.ENGLISH))
    chinese = html_of(a_transcript(language=DocumentLanguage.CHINESE))
    assert re.findall('lang="zh-CN">([^<]*)', english.split("<section>")[1]) == ["陈示例"]
    assert "Skills Archive Statement" not in words_of(chinese)
    assert re.search("[a-z]+[.][a-z_]+[^/0-9a-z]", words_of(english + chinese)) is None


def test_what_no_real_document_is_says_so():
    marked = html_of(a_transcript(language=DocumentLanguage.CHINESE))
    assert WATERMARK in marked
    assert "人员及全部记录均为虚构" in marked
    assert "开发测试密钥签名" in marked
    earnest = html_of(a_transcript(is_demo=False, is_development=False))
    assert WATERMARK not in earnest
    assert "虚构" not in earnest
    assert "开发测试" not in earnest


def test_a_development_key_marks_the_document_of_a_real_person_too():
    html = html_of(a_transcript(is_demo=False, language=DocumentLanguage.CHINESE))
    assert WATERMARK in html
    assert "虚构" not in html


def test_text_of_a_record_is_no_markup():
    html = html_of(a_transcript(records=(a_record(1, title="<b>粗</b> & <script>"),)))
    assert "<script>" not in html
    assert "&lt;b&gt;粗&lt;/b&gt; &amp; &lt;script&gt;" in html


def test_an_expiry_is_listed_with_its_reason_and_rule():
    document = a_transcript(language=DocumentLanguage.CHINESE)
    expiry = document.entries[0].model_copy(
        update={"cause": Cause.EXPIRY, "units": -22_500, "reason": "granted"}
    )
    told = document.model_copy(update={"entries": (*document.entries, expiry)})
    assert "−2.25" in words_of(html_of(told))
    assert "−2.25" not in words_of(html_of(document))


def test_a_character_that_no_font_has_is_refused_by_name():
    with pytest.raises(GlyphMissingError, match=r"U\+30000"):
        WeasyRenderer().render(a_transcript(name="陈\U00030000"))


def test_rare_names_are_printed():
    refuse_missing_glyphs("嬿𠮷䶮喆犇 Ångström Müller买买提·艾力")


def test_an_empty_dossier_is_one_page_that_says_so():
    pdf = WeasyRenderer().render(a_transcript(records=(), language=DocumentLanguage.CHINESE))
    text = text_of(pdf)
    assert "档案中暂无记录" in text
    assert "第1页共1页" in re.sub(r"\s+", "", text)


def test_a_short_dossier_is_one_page_with_its_seal():
    document = a_transcript(
        records=(a_record(1),),
        language=DocumentLanguage.CHINESE,
        levels=(),
        entitlement=None,
        is_demo=False,
    )
    pages = text_of(WeasyRenderer().render(document)).rstrip("\f").split("\f")
    assert len(pages) == 1
    assert CODE in pages[0]


def test_a_long_document_numbers_its_pages_and_repeats_the_head_of_its_table():
    records = tuple(a_record(number) for number in range(1, 61))
    pdf = WeasyRenderer().render(a_transcript(records=records, language=DocumentLanguage.BOTH))
    pages = text_of(pdf).rstrip("\f").split("\f")
    assert len(pages) > 3
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in page
        assert CODE in page
    assert all("提供单位" in page for page in pages[:-1])
    assert "示范区人力资源局" in pages[-1]
    assert "本证明不是学历证书" in pages[-1], "the seal stands alone on its page"


def test_the_text_of_the_pdf_is_the_text_of_the_payload():
    document = a_transcript(records=(a_record(1), a_certificate(2), a_competition(3)))
    text = re.sub(r"\s+", "", text_of(WeasyRenderer().render(document)))
    wanted = [document.holder.name, document.holder.archive_number, document.code]
    wanted += [record.certificate_number or "" for record in document.records]
    wanted += [record.title for record in document.records]
    for told in wanted:
        assert told in text


def test_long_names_stay_on_the_page():
    long = "工业机器人系统操作员与智能制造领域高技能人才综合职业能力提升研修班" * 4
    body = Bilingual(zh=long[:60], en="Human Resources Service Centre Company " * 5)
    records = (
        a_record(1, title=long, organisation=body),
        a_record(2, title="Unbroken" * 20),
        a_certificate(3, certificate_number="T" + "9900001234" * 9, organisation=body),
    )
    pdf = WeasyRenderer().render(a_transcript(records=records, name="阿卜杜热合曼·买买提明" * 4))
    words = re.findall(r'xMax="([\d.]+)"', text_of(pdf, "-bbox"))
    assert len(words) > 100
    assert max(float(right) for right in words) < 595 - 40


def test_a_code_is_read_as_people_write_it():
    assert read_code(" 4tq9 oxkm 7c2w—pd5q ") == CODE
    assert read_code(CODE.replace("-", "")) == CODE
    assert read_code("４ＴＱ９－０ＸＫＭ－７Ｃ２Ｗ－ＰＤ５Ｑ") == CODE
    assert read_code(f"http://127.0.0.1:8000/verify/{CODE.replace('-', '')}") == CODE


@pytest.mark.parametrize("text", ["", "4TQ9", CODE[:-1] + "R", CODE + "0", "4TQ9-0XKM-7C2W-PD5é"])
def test_what_is_no_code_is_none(text):
    assert read_code(text) is None


def test_codes_are_new_each_time_and_read_back():
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert {read_code(code) for code in codes} == codes


def test_the_contract_keeps_every_fact_of_the_first_version():
    """A field that goes, or changes its name, would make issued documents unreadable."""
    payload = json.loads(payload_bytes(a_transcript()))
    assert sorted(payload) == sorted(set(TranscriptV1.model_fields) - TranscriptV1.later)
    assert payload["schema_name"] == "skills-archive/transcript/1"
    assert sorted(payload["credits"]) == sorted(Account)
    assert (payload["credits"]["available"], payload["credits"]["held"]) == ("44.75", "0")
    assert payload["valid_until"] == date(2025, 9, 1).isoformat()
    assert {RecordKind(record["kind"]) for record in payload["records"]} == {
        RecordKind.TRAINING,
        RecordKind.CERTIFICATE,
        RecordKind.COMPETITION,
    }
    assert Decimal(payload["credits"][Account.AVAILABLE]) * 10_000 == sum(
        entry["units"] for entry in payload["entries"]
    )
