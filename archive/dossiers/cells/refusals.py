"""Why a cell cannot be read. The value itself stands in the report, never in the message."""

from typing import ClassVar

from archive.errors import ArchiveError


class CellError(ArchiveError):
    """The base: a cell that does not hold what its column promises."""


class ValueMissingError(CellError):
    """The cell is empty where a value is needed."""

    code: ClassVar[str] = "value_missing"
    template: ClassVar[str] = "This cell is empty. Fill it in; the column is required."


class TextTooLongError(CellError):
    """The text is longer than any name or number."""

    code: ClassVar[str] = "text_too_long"
    template: ClassVar[str] = (
        "This text has {length} characters; at most {longest} are possible. Shorten it."
    )


class NumberRoundedError(CellError):
    """A number with more digits than a spreadsheet keeps."""

    code: ClassVar[str] = "number_rounded"
    template: ClassVar[str] = (
        "The spreadsheet has rounded this number and lost its last digits. "
        "Set the column to the format “Text” and type the number again."
    )


class NameUnreadableError(CellError):
    """The text is no person's name."""

    code: ClassVar[str] = "name_unreadable"
    template: ClassVar[str] = (
        "This is not a person's name. Write the name as it stands in the identity document."
    )


class DayUnreadableError(CellError):
    """The text is no day."""

    code: ClassVar[str] = "day_unreadable"
    template: ClassVar[str] = (
        "This is not a date that can be read without guessing. "
        "Write year, month and day, such as 2024-03-05 or 2024年3月5日."
    )


class DayCenturyError(CellError):
    """The year has two digits, so that nobody can tell which of the three is the year."""

    code: ClassVar[str] = "day_century"
    template: ClassVar[str] = (
        "The year of this date has only two digits, so that it could be read in several ways. "
        "Write it with four, such as 2024-03-05."
    )


class DayIncompleteError(CellError):
    """Only a year or a month is given."""

    code: ClassVar[str] = "day_incomplete"
    template: ClassVar[str] = (
        "The day is missing in this date. Write year, month and day, such as 2024-03-05."
    )


class DayOutOfRangeError(CellError):
    """The day lies so far away that it must be a typing error."""

    code: ClassVar[str] = "day_out_of_range"
    template: ClassVar[str] = (
        "This date lies before {first} or after {last}. Correct the year, "
        "or the cell's number format."
    )


class PeriodUnreadableError(CellError):
    """The text is no first and last day."""

    code: ClassVar[str] = "period_unreadable"
    template: ClassVar[str] = (
        "This is not a period. Write its first and last day, such as 2024年3月5日至3月20日, "
        "or use two columns 开班日期 and 结业日期."
    )


class NumberUnreadableError(CellError):
    """The text is no number."""

    code: ClassVar[str] = "number_unreadable"
    template: ClassVar[str] = "This is not a number. Write digits only, such as 36 or 36.5."


class HoursUnitError(CellError):
    """Another unit than class hours is written."""

    code: ClassVar[str] = "hours_unit"
    template: ClassVar[str] = (
        "Only class hours (学时, 45 minutes each) are counted here, not hours or days. "
        "Convert the figure and write the number of class hours."
    )


class HoursNotPositiveError(CellError):
    """Zero or fewer hours."""

    code: ClassVar[str] = "hours_not_positive"
    template: ClassVar[str] = (
        "Class hours must be more than 0. Enter the hours of the course, or remove the row."
    )


class HoursTooManyError(CellError):
    """More hours than any course has."""

    code: ClassVar[str] = "hours_too_many"
    template: ClassVar[str] = "Class hours can be at most {most}. Correct the figure."


class HoursTooFineError(CellError):
    """More than two decimal places."""

    code: ClassVar[str] = "hours_too_fine"
    template: ClassVar[str] = (
        "Class hours can have at most two decimal places. Round them as the course was planned."
    )


class PercentRangeError(CellError):
    """Not between 0 and 100 per cent."""

    code: ClassVar[str] = "percent_range"
    template: ClassVar[str] = (
        "This percentage does not lie between 0 and 100. Write it as 95%, 95 or 0.95."
    )


class ScoreUnreadableError(CellError):
    """Neither points nor a grade."""

    code: ClassVar[str] = "score_unreadable"
    template: ClassVar[str] = (
        "This is neither points nor a grade. Write points from 0 to 100, "
        "or one of 优秀, 良好, 合格, 不合格."
    )


class ScoreRangeError(CellError):
    """Fewer than 0 or far more than 100 points."""

    code: ClassVar[str] = "score_range"
    template: ClassVar[str] = (
        "A score lies between 0 and {most}. Correct it; a scale of 100 points is usual."
    )


class RankUnknownError(CellError):
    """No skill level is named."""

    code: ClassVar[str] = "rank_unknown"
    template: ClassVar[str] = (
        "This is not a skill level. Write one of 初级工/五级, 中级工/四级, 高级工/三级, "
        "技师/二级, 高级技师/一级, 特级技师, 首席技师."
    )


class RankContradictoryError(CellError):
    """Two different skill levels are named."""

    code: ClassVar[str] = "rank_contradictory"
    template: ClassVar[str] = (
        "Two different skill levels stand here; 高级工 is 三级: the number falls as the level "
        "rises. Keep the one on the certificate."
    )


class WordUnknownError(CellError):
    """The word is none of those that the column takes."""

    code: ClassVar[str] = "word_unknown"
    template: ClassVar[str] = "This word is not known in this column. Use one of: {words}."


class PlacementUnreadableError(CellError):
    """The text is no placement."""

    code: ClassVar[str] = "placement_unreadable"
    template: ClassVar[str] = "This is not a placement. Write a whole number from 1, such as 第3名."


class AwardUnknownError(CellError):
    """Neither a prize nor a placement."""

    code: ClassVar[str] = "award_unknown"
    template: ClassVar[str] = (
        "This is neither a prize nor a placement. "
        "Write 一等奖, 二等奖, 三等奖, 优胜奖, or a placement such as 第3名."
    )
