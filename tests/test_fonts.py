"""Without what documents need, the archive refuses to make them, rather than make ugly ones."""

import pytest

from archive.transcripts import fonts
from archive.transcripts.fonts import (
    FontMissingError,
    FontSubsettingMissingError,
    check_installed,
    face_of,
)


def test_what_documents_need_is_installed_by_the_set_up():
    check_installed()


def test_a_missing_subsetter_is_refused_at_the_start(monkeypatch):
    monkeypatch.setattr(fonts, "find_library", lambda _name: None)

    with pytest.raises(FontSubsettingMissingError):
        check_installed()


def test_a_missing_face_is_refused_by_its_name():
    with pytest.raises(FontMissingError, match="No Such Face Of Anyone"):
        face_of("No Such Face Of Anyone")
