"""Without what documents need, the archive refuses to make them, rather than make ugly ones."""

import subprocess

import pytest
from fontTools.ttLib import TTFont

from archive.transcripts import font_files, fonts, hot_faces
from archive.transcripts.font_files import FontMissingError, Role, full_face
from archive.transcripts.fonts import (
    FontSubsettingMissingError,
    GlyphMissingError,
    check_installed,
    refuse_missing_glyphs,
)
from archive.transcripts.hot_characters import hot_characters
from archive.transcripts.pdf import WeasyRenderer
from schemas.vocabulary import DocumentLanguage
from tests.transcript_samples import a_transcript


def test_what_documents_need_is_installed_by_the_set_up():
    check_installed()
    assert hot_faces.is_up_to_date()


def test_a_missing_subsetter_is_refused_at_the_start(monkeypatch):
    monkeypatch.setattr(fonts, "find_library", lambda _name: None)

    with pytest.raises(FontSubsettingMissingError):
        check_installed()


def test_a_missing_face_is_refused_by_its_name(monkeypatch):
    monkeypatch.setitem(font_files.FAMILIES, Role.SERIF, "No Such Face Of Anyone")
    full_face.cache_clear()
    with pytest.raises(FontMissingError, match="No Such Face Of Anyone"):
        check_installed()
    full_face.cache_clear()


@pytest.mark.parametrize("role", hot_faces.NAMES)
def test_the_small_faces_hold_what_the_state_council_lists_and_draw_with_quadratic_curves(role):
    assert len(hot_characters()) > 8_105
    with TTFont(hot_faces.hot_face(role), lazy=True) as face:
        missing = hot_characters() - set(face.getBestCmap())
        assert max(missing) < 0x2040, "only Latin and marks, which the Latin face has"
        assert face.sfntVersion == "\0\1\0\0"
        assert face["OS/2"].fsType == 0, "the licence of the face would forbid to embed it"
        assert face["name"].getDebugName(1) == hot_faces.NAMES[role]


@pytest.mark.parametrize("are_made", [True, False], ids=["small faces", "full faces alone"])
def test_rare_names_are_printed_and_what_no_face_has_is_refused_by_name(monkeypatch, are_made):
    monkeypatch.setattr(hot_faces, "are_made", lambda: are_made)

    refuse_missing_glyphs("嬿𠮷䶮喆犇㐀㑇𠀀𪚥𫍯 Ångström Müller nǐ hǎo “…” 买买提·艾力")

    with pytest.raises(GlyphMissingError, match=r"\(U\+30000\), .*\(U\+F0000\)"):
        refuse_missing_glyphs("陈\U00030000\U000f0000")


def test_traditional_and_rare_names_are_set_without_the_large_faces():
    name = "陳國豪㐀𠮷"
    pdf = WeasyRenderer().render(a_transcript(name=name, language=DocumentLanguage.CHINESE))
    found = subprocess.run(["pdffonts", "-"], input=pdf, capture_output=True, check=True)
    assert b"Archive-Serif-Rest" in found.stdout
    assert b"Noto" not in found.stdout


def test_that_the_small_faces_are_missing_is_told_once_in_a_process(monkeypatch, caplog):
    monkeypatch.setattr(hot_faces, "are_made", lambda: False)
    fonts._tell_once.cache_clear()
    for _ in range(3):
        with fonts.own_configuration():
            pass
    assert [one.levelname for one in caplog.records] == ["WARNING"]
