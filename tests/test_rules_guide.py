"""The rule files that docs/rules.md shows are taken just as they stand there."""

import re
from pathlib import Path

import pytest

from credit_bank.rule_files import read_content
from schemas.vocabulary import Family
from tests.test_rulebook import with_shipped

GUIDE = Path(__file__).parent.parent / "docs" / "rules.md"
TEXT = GUIDE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
FILES = [block for block in BLOCKS if "family =" in block]
(EXCEPTION,) = (block for block in BLOCKS if "[[rule.exception]]" in block)


@pytest.mark.parametrize("block", FILES)
def test_a_file_of_the_guide_stands_up_to_every_check(tmp_path, block):
    path = tmp_path / "guide.toml"
    path.write_text(block, encoding="utf-8")

    with_shipped(path)


def test_the_guide_shows_a_rule_a_repeal_and_an_exception(tmp_path):
    (rule,) = (block for block in FILES if 'family = "training"' in block)
    assert any("[[repeal]]" in block for block in FILES)

    (body,) = read_content((rule + EXCEPTION).encode(), "guide.toml")

    assert b"night-school" in body


@pytest.mark.parametrize("family", list(Family))
def test_every_family_stands_in_the_guide(family):
    assert TEXT.count(f"| `{family}` |") >= 1
