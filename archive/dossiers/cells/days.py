"""Days and periods in a cell: as text in all its ways of writing, as a serial, as a date."""

import re
from datetime import date, datetime, timedelta

from archive.dossiers.cells.refusals import (
    DayCenturyError,
    DayIncompleteError,
    DayOutOfRangeError,
    DayUnreadableError,
    PeriodUnreadableError,
    ValueMissingError,
)
from archive.dossiers.cells.values import half_width, is_blank
from archive.dossiers.tables.table import CellValue

FIRST_DAY = date(1940, 1, 1)  # The first working day of the oldest living worker.
LAST_DAY = date(2100, 12, 31)
_EPOCH_1900 = date(1899, 12, 30)  # Excel's day 0, its invented 29 February 1900 allowed for.
_EPOCH_1904 = date(1904, 1, 1)
_MOST_SERIAL = 80_000
_COMPACT = range(19_000_101, 21_001_232)  # 20240305 typed as a number.
_BETWEEN = r"./\-,、。"
_TIME = r"([T ]*\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?)?"
_WEEKDAY = r"(\s*\(?(星期|周|礼拜)[一二三四五六日天]\)?)?"
_DAY = re.compile(
    rf"(?P<year>\d{{4}})\s*[年{_BETWEEN}]\s*(?P<month>\d{{1,2}})\s*[月{_BETWEEN}]\s*"
    rf"(?P<day>\d{{1,2}})\s*[日号.]?{_WEEKDAY}{_TIME}"
)
_TWO_DIGITS = re.compile(
    rf"\d{{2}}\s*[年{_BETWEEN}]\s*\d{{1,2}}\s*[月{_BETWEEN}]\s*\d{{1,2}}\s*[日号.]?{_TIME}"
    rf"|\d{{1,2}}\s*[{_BETWEEN}]\s*\d{{1,2}}\s*[{_BETWEEN}]\s*\d{{2}}{_TIME}"
)
_QUOTES = "'\"‘’“”`´ "
_COMPACT_DAY = re.compile(r"(?P<year>(19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})")
_MONTH = re.compile(r"\d{4}(\s*[年./\-]\s*(\d{1,2}\s*月?)?)?")
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_SEPARATOR = re.compile(r"\s*(?:至|到|~|～|—|–|--)+\s*|\s+-\s+")
_BARE_HYPHEN = re.compile(
    r"(?<=[日号])-(?=\d{1,2}\s*[日号]$)|(?<=[\d日号])-(?=\d{4}\s*[年./]|\d{1,2}\s*[月.]\s*\d|\d{8}$)"
)
_OPEN = re.compile(
    "长期(有效)?|永久(有效)?|终身(有效)?|无(固定)?期限?|至今|今|现在|在职|在岗|present|permanent"
)
_END = re.compile(r"((?P<month>\d{1,2})\s*[月./\-]\s*)?(?P<day>\d{1,2})\s*[日号]?")


def day(value: CellValue, *, date_1904: bool = False) -> date:
    """Return the day that a cell tells.

    ``date_1904`` is the workbook's way of counting bare numbers. A day that could be read
    in two ways (3/5/2024, 24.3.5) is refused: never guessed. Raises ValueMissingError,
    DayUnreadableError, DayCenturyError, DayIncompleteError or DayOutOfRangeError.
    """
    if is_blank(value):
        raise ValueMissingError
    match value:
        case datetime():
            return _within_range(value.date())
        case date():
            return _within_range(value)
        case float():
            return _within_range(_from_number(value, date_1904=date_1904))
        case str():
            return _within_range(_from_text(_plain(value), date_1904=date_1904))


def period(value: CellValue) -> tuple[date, date]:
    """Return the first and last day that a cell tells (``2024年3月5日至3月20日``).

    The last day may leave out its year, or year and month. Raises ValueMissingError,
    PeriodUnreadableError, or what ``day`` raises.
    """
    if is_blank(value):
        raise ValueMissingError
    if not isinstance(value, str):
        raise PeriodUnreadableError
    parts = _SEPARATOR.split(_plain(value))
    if len(parts) == 1:
        parts = _BARE_HYPHEN.split(parts[0], maxsplit=1)
    if len(parts) != 2:  # noqa: PLR2004  # A first and a last day.
        raise PeriodUnreadableError
    first = day(parts[0])
    end = _END.fullmatch(parts[1])
    if end is None:
        return first, day(parts[1])
    month = int(end["month"] or first.month)
    return first, _within_range(_real(first.year, month, int(end["day"])))


def is_open(value: CellValue) -> bool:
    """Whether a cell says that there is no last day: ``长期``, ``至今``."""
    return isinstance(value, str) and _OPEN.fullmatch(half_width(value).lower()) is not None


def _plain(written: str) -> str:
    """Return a text without the quotation marks that spreadsheets and people put around it."""
    return half_width(written).strip(_QUOTES)


def _from_text(written: str, *, date_1904: bool) -> date:
    found = _DAY.fullmatch(written) or _COMPACT_DAY.fullmatch(written)
    if found:
        return _real(int(found["year"]), int(found["month"]), int(found["day"]))
    if _MONTH.fullmatch(written):
        raise DayIncompleteError
    if _TWO_DIGITS.fullmatch(written):
        raise DayCenturyError
    if _SERIAL.fullmatch(written):
        return _from_number(float(written), date_1904=date_1904)
    raise DayUnreadableError


def _from_number(number: float, *, date_1904: bool) -> date:
    if number.is_integer() and int(number) in _COMPACT:
        return _from_text(str(int(number)), date_1904=date_1904)
    if FIRST_DAY.year <= number <= LAST_DAY.year + 1:
        raise DayIncompleteError  # 2024 or 2024.3, typed as a number.
    if not 0 < number < _MOST_SERIAL:
        raise DayUnreadableError
    return (_EPOCH_1904 if date_1904 else _EPOCH_1900) + timedelta(days=int(number))


def _real(year: int, month: int, day_of_month: int) -> date:
    try:
        return date(year, month, day_of_month)
    except ValueError as unreal:
        raise DayUnreadableError from unreal


def _within_range(found: date) -> date:
    if not FIRST_DAY <= found <= LAST_DAY:
        raise DayOutOfRangeError(first=FIRST_DAY, last=LAST_DAY)
    return found
