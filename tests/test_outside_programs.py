"""Programs of others find nothing wrong with any class of document, in any profile."""

import pytest

from archive.transcripts.keys import DevelopmentKeys, development_keys
from schemas.keys import SigningProfile
from schemas.vocabulary import DocumentLanguage
from tests.document_samples import CLASSES
from tests.outside_programs import FINE, answers, signed, stamped_anew
from tests.transcript_samples import NOW

LANGUAGES = dict(zip(CLASSES, 3 * tuple(DocumentLanguage), strict=False))
"""Each class in one language: ``python -m tests.outside_programs`` asks about each in all."""
STAMPS = {
    SigningProfile.B_B: "none",
    SigningProfile.B_T: "1 of 1 good",
    SigningProfile.B_LT: "1 of 1 good",
    SigningProfile.B_LTA: "2 of 2 good",
}


@pytest.fixture(scope="module")
def keys(tmp_path_factory) -> DevelopmentKeys:
    return development_keys(tmp_path_factory.mktemp("keys"), now=NOW)


@pytest.mark.parametrize("name", LANGUAGES)
def test_they_find_every_class_valid(name, keys, tmp_path):
    pdf = signed(name, LANGUAGES[name], SigningProfile.B_LTA, keys)
    assert answers(pdf, keys, tmp_path) == FINE | {"openssl ts": "2 of 2 good"}


@pytest.mark.parametrize("profile", [one for one in STAMPS if one is not SigningProfile.B_LTA])
def test_they_find_every_profile_valid(profile, keys, tmp_path):
    pdf = signed("certificate", LANGUAGES["certificate"], profile, keys)
    assert answers(pdf, keys, tmp_path) == FINE | {"openssl ts": STAMPS[profile]}


def test_they_find_a_refreshed_file_valid(keys, tmp_path):
    former = signed("certificate", LANGUAGES["certificate"], SigningProfile.B_LTA, keys)
    pdf = stamped_anew(former, keys, tmp_path)
    assert answers(pdf, keys, tmp_path) == FINE | {"openssl ts": "3 of 3 good"}


def test_a_changed_byte_is_seen_by_who_looks_at_signatures(keys, tmp_path):
    pdf = signed("certificate", LANGUAGES["certificate"], SigningProfile.B_LTA, keys)
    place = pdf.index(b"stream") + 40
    changed = pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]
    told = answers(changed, keys, tmp_path)
    for program in ("pdfsig", "pdfsigner", "openssl cms", "pyHanko"):
        assert told[program] != FINE[program], program
    assert told["openssl ts"] == "1 of 2 good", "the signature itself is unchanged"
