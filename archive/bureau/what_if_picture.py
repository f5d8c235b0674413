"""The picture of a trial: who gains and who loses credits, drawn as SVG that reads as text.

Bars to the right gain, bars to the left lose; each has its numbers beside it, so that
neither colour nor length speaks alone. What is hidden in the report is hidden here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from unicodedata import east_asian_width

from jinja2 import Environment

from archive.templating import environment_in
from archive.texts import in_language, term
from schemas.contracts import plain_decimal
from schemas.vocabulary import Language
from schemas.what_if import GroupTable, TrialEffect, WhatIfReport

WIDTH = 400
"""In units of the picture: a phone's width, so that its letters stay readable there."""
_MARGIN = 16
_HALF = WIDTH // 2 - _MARGIN
_LEAST_BAR = 2  # What is not nothing is seen.
_BAR_STEP = 60
_TITLE_STEP = 40
_HEAD = 72
_MOST_LINES = 12
_LONGEST_LABEL = 50
"""In narrow letters; a Chinese one takes the room of two."""


@dataclass(frozen=True)
class Bar:
    """One line: credits lost to the left, gained to the right."""

    y: int
    label: str
    lost: str
    gained: str
    lost_width: int
    gained_width: int
    is_hidden: bool


@dataclass(frozen=True)
class Panel:
    """Bars on one scale below a title."""

    y: int
    title: str
    bars: tuple[Bar, ...]
    left_out: int
    """How many lines are not drawn: those without a change, and smaller ones of many."""


def picture(report: WhatIfReport, language: Language) -> str:
    """Return the picture as an SVG document."""
    template = _environment(language).get_template("bureau/what_if_picture.svg")
    lang = "zh-CN" if language is Language.CHINESE else "en"
    return template.render(lang_tag=lang, **panels_of(report, language))


def panels_of(report: WhatIfReport, language: Language) -> dict[str, object]:
    """Return what the picture's template draws."""
    panels, y = [], _HEAD
    for title, rows in _contents(report, language):
        panel = _panel(title, rows, y)
        panels.append(panel)
        y = (panel.bars[-1].y if panel.bars else panel.y) + _BAR_STEP + _TITLE_STEP // 2
    return {
        "panels": panels,
        "width": WIDTH,
        "height": y,
        "middle": WIDTH // 2,
        "margin": _MARGIN,
    }


@dataclass(frozen=True)
class _Row:
    label: str
    lost: Decimal | None
    gained: Decimal | None


def _contents(report: WhatIfReport, language: Language) -> Iterator[tuple[str, list[_Row]]]:
    whole = in_language("Whole draft", language)
    changes = [_of_effect(whole, report.together)]
    if len(report.alone) > 1:
        changes += [_of_effect(one.rule, one.effect) for one in report.alone if one.effect]
    yield in_language("Each change alone, and all together", language), changes
    for table in report.groups:
        yield term(f"grouping.{table.by}", language), list(_of_table(table, language))


def _of_effect(label: str, effect: TrialEffect) -> _Row:
    return _Row(label, effect.credits_lost, effect.credits_gained)


def _of_table(table: GroupTable, language: Language) -> Iterator[_Row]:
    for line in table.lines:
        label = line.label.zh if language is Language.CHINESE else line.label.en
        yield _Row(label, line.credits_lost, line.credits_gained)


def _panel(title: str, rows: list[_Row], y: int) -> Panel:
    drawn = [row for row in rows if row.lost != 0 or row.gained != 0]
    if len(drawn) > _MOST_LINES:
        drawn = sorted(drawn, key=_size, reverse=True)[:_MOST_LINES]
    largest = max((_size(row) for row in drawn), default=Decimal(0))
    bars = tuple(
        _bar(row, y + _TITLE_STEP + at * _BAR_STEP, largest) for at, row in enumerate(drawn)
    )
    return Panel(y, title, bars, len(rows) - len(drawn))


def _size(row: _Row) -> Decimal:
    return max(row.lost or Decimal(0), row.gained or Decimal(0))


def _bar(row: _Row, y: int, largest: Decimal) -> Bar:
    return Bar(
        y=y,
        label=_fitting(row.label),
        lost=_number(row.lost),
        gained=_number(row.gained),
        lost_width=_length(row.lost, largest),
        gained_width=_length(row.gained, largest),
        is_hidden=row.lost is None and row.gained is None,
    )


def _fitting(label: str) -> str:
    """Return a label, cut to the width of the picture."""
    room = _LONGEST_LABEL
    for at, letter in enumerate(label):
        room -= 2 if east_asian_width(letter) in "WF" else 1
        if room < 0:
            return f"{label[: at - 1]}…"
    return label


def _length(credits_: Decimal | None, largest: Decimal) -> int:
    if not credits_ or not largest:
        return 0
    return max(_LEAST_BAR, int(_HALF * credits_ / largest))


def _number(credits_: Decimal | None) -> str:
    return "*" if credits_ is None else plain_decimal(credits_)


@cache
def _environment(language: Language) -> Environment:
    return environment_in(language)
