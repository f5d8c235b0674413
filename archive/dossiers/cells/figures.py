"""Hours, percentages, scores and placements in a cell. What they earn is decided by rules."""

import re
from dataclasses import dataclass
from decimal import Decimal

from archive.dossiers.cells.refusals import (
    HoursNotPositiveError,
    HoursTooFineError,
    HoursTooManyError,
    HoursUnitError,
    NumberUnreadableError,
    PercentRangeError,
    PlacementUnreadableError,
    ScoreRangeError,
    ScoreUnreadableError,
    ValueMissingError,
)
from archive.dossiers.cells.values import half_width, hundredths, is_blank, number, shown
from archive.dossiers.tables.table import CellValue
from schemas.vocabulary import Grade

MOST_HOURS = 10_000
MOST_POINTS = 1_000
MOST_PLACEMENT = 100_000
_CLASS_HOURS = re.compile(r"(.*?)\s*(个?(学时|课时|节课?)|class hours|periods)", re.IGNORECASE)
_OTHER_UNIT = re.compile(r".*\d\s*(个?小时|天|日|周|月|学分|分钟|h|hours?|days?)", re.IGNORECASE)
_POINTS = re.compile(r"(.*?)\s*(分|points)", re.IGNORECASE)
_PLACEMENT = re.compile(r"第?\s*(\d+|[一二三四五六七八九十]{1,3})\s*(名|位)?|(\d+)(st|nd|rd|th)")
_CHINESE_DIGITS = {digit: place for place, digit in enumerate("一二三四五六七八九", start=1)}
_GRADES = {
    Grade.EXCELLENT: ("优秀", "优", "excellent"),
    Grade.GOOD: ("良好", "良", "good"),
    Grade.PASS: ("合格", "及格", "通过", "达标", "是", "pass", "passed"),
    Grade.FAIL: ("不合格", "不及格", "未通过", "不通过", "未达标", "差", "否", "fail", "failed"),
    Grade.OTHER: ("中", "中等", "甲", "乙", "丙", "丁"),
}
"""Words of scales; OTHER is a scale that no rule can weigh yet, so that a person must."""
_GRADE_OF = {word: grade for grade, words in _GRADES.items() for word in words}
_LETTER_GRADE = re.compile(r"[A-E][+-]?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Score:
    """A result: points, or a grade; one of them is None."""

    points: Decimal | None = None
    grade: Grade | None = None


def hours(value: CellValue) -> Decimal:
    """Return class hours (学时), more than 0, with at most two places.

    Raises ValueMissingError, NumberUnreadableError, HoursUnitError, HoursNotPositiveError,
    HoursTooManyError or HoursTooFineError.
    """
    found = number(_without_unit(value))
    if found <= 0:
        raise HoursNotPositiveError
    if found > MOST_HOURS:
        raise HoursTooManyError(most=MOST_HOURS)
    if found != hundredths(found):
        raise HoursTooFineError
    return found


def percent(value: CellValue) -> Decimal:
    """Return per cent, 0 to 100, with at most two places: ``95%``, ``95`` and ``0.95`` alike.

    A number of at most 1 without a sign is a fraction, as a cell in the format "per cent"
    holds it. Raises ValueMissingError, NumberUnreadableError or PercentRangeError.
    """
    written = half_width(value) if isinstance(value, str) else value
    if written == "全勤":
        return Decimal(100)
    signed = isinstance(written, str) and written.endswith("%")
    found = number(written.removesuffix("%").strip() if isinstance(written, str) else written)
    if not signed and 0 <= found <= 1:
        found *= 100
    if not 0 <= found <= 100:  # noqa: PLR2004  # Per cent.
        raise PercentRangeError
    return hundredths(found)


def score(value: CellValue) -> Score:
    """Return points (on whatever scale, 100 is usual) or a grade.

    Raises ValueMissingError, ScoreUnreadableError or ScoreRangeError.
    """
    written = half_width(value) if isinstance(value, str) else value
    if isinstance(written, str):
        grade = _GRADE_OF.get(written.lower())
        if grade or _LETTER_GRADE.fullmatch(written):
            return Score(grade=grade or Grade.OTHER)
        with_unit = _POINTS.fullmatch(written)
        written = with_unit[1] if with_unit else written
    try:
        points = number(written)
    except NumberUnreadableError as unreadable:
        raise ScoreUnreadableError from unreadable
    if not 0 <= points <= MOST_POINTS:
        raise ScoreRangeError(most=MOST_POINTS)
    return Score(points=hundredths(points))


def placement(value: CellValue) -> int:
    """Return a placement from 1: ``第3名``, ``第三名``, ``3``, ``3rd``.

    Raises ValueMissingError or PlacementUnreadableError.
    """
    if is_blank(value):
        raise ValueMissingError
    found = _PLACEMENT.fullmatch(half_width(shown(value)))
    if found is None:
        raise PlacementUnreadableError
    place = _counted(found[1] or found[3])
    if not 1 <= place <= MOST_PLACEMENT:
        raise PlacementUnreadableError
    return place


def _without_unit(value: CellValue) -> CellValue:
    if not isinstance(value, str):
        return value
    written = half_width(value)
    class_hours = _CLASS_HOURS.fullmatch(written)
    if class_hours:
        return class_hours[1]
    if _OTHER_UNIT.fullmatch(written):
        raise HoursUnitError
    return written


def _counted(written: str) -> int:
    """Return a number up to 99, in digits or in Chinese."""
    if written.isdecimal():
        return int(written)
    tens, ten, ones = written.rpartition("十")
    value = _CHINESE_DIGITS.get(ones, 0 if ten and not ones else -100)
    return value + (10 * _CHINESE_DIGITS.get(tens, 1 if not tens else -100) if ten else 0)
