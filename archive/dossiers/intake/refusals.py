"""What is wrong with a row, or worth a look, beyond what one cell alone can tell."""

from typing import ClassVar

from archive.errors import ArchiveError


class RowFaultError(ArchiveError):
    """The base: a fault or a warning of one row, or of a file as a whole."""


class NameDiffersError(RowFaultError):
    """The person on file under this number has another name. The name is not told."""

    code: ClassVar[str] = "name_differs"
    template: ClassVar[str] = (
        "The name does not match the one on file for this identity number. "
        "Compare both with the document; after a change of name, have the change recorded first."
    )


class NameFormerError(RowFaultError):
    """The name is one that the person no longer has."""

    code: ClassVar[str] = "name_former"
    template: ClassVar[str] = (
        "This is a former name of the person. The record is kept under the present one; "
        "use that from now on."
    )


class NameDiffersInFileError(RowFaultError):
    """Two rows give one number two names."""

    code: ClassVar[str] = "name_differs_in_file"
    template: ClassVar[str] = (
        "Row {row} has another name for the same identity number. "
        "Compare both with the documents and correct one."
    )


class RowRepeatedError(RowFaultError):
    """Two rows say the same."""

    code: ClassVar[str] = "row_repeated"
    template: ClassVar[str] = "This row says the same as row {row} and is counted once. Remove one."


class RowContradictsError(RowFaultError):
    """Two rows describe one record with different values."""

    code: ClassVar[str] = "row_contradicts"
    template: ClassVar[str] = (
        "Row {row} describes the same record with other values. Keep the right one of the two."
    )


class NumberTwiceError(RowFaultError):
    """Two people have one certificate number or outer identifier."""

    code: ClassVar[str] = "number_twice"
    template: ClassVar[str] = (
        "Row {row} has the same number for another person. "
        "Compare both with the papers and correct one."
    )


class NumberSharedError(RowFaultError):
    """Two people have one number on papers that are not kept apart by their numbers."""

    code: ClassVar[str] = "number_shared"
    template: ClassVar[str] = (
        "Row {row} gives another person the same certificate number. "
        "Both rows are taken; compare them with the papers."
    )


class RecordChangesError(RowFaultError):
    """The record is on file with other content, and would be superseded."""

    code: ClassVar[str] = "record_changes"
    template: ClassVar[str] = (
        "This record is on file with other values; writing the file supersedes them. "
        "Remove the row if the values on file are right."
    )


class DaysReversedError(RowFaultError):
    """The last day lies before the first."""

    code: ClassVar[str] = "days_reversed"
    template: ClassVar[str] = (
        "The last day lies before the first. Correct one of the two; they may be exchanged."
    )


class DayBeforeBirthError(RowFaultError):
    """Something happened before the person was born."""

    code: ClassVar[str] = "day_before_birth"
    template: ClassVar[str] = (
        "This day lies before the person's date of birth. "
        "Check the day, and whether the row has the right identity number."
    )


class AwardMissingError(RowFaultError):
    """A result without a prize and without a placement."""

    code: ClassVar[str] = "award_missing"
    template: ClassVar[str] = (
        "Neither a prize nor a placement is given. Enter one of them, or remove the row: "
        "taking part alone is not recorded."
    )


class CertificateKindUnclearError(RowFaultError):
    """Neither the number nor the name tells what kind of certificate it is."""

    code: ClassVar[str] = "certificate_kind_unclear"
    template: ClassVar[str] = (
        "The number does not tell what kind of certificate this is. "
        "Name the kind in a column “证书类型”, such as 职业技能等级证书 or 特种作业操作证."
    )


class CertificateHolderDiffersError(RowFaultError):
    """The identity number inside the certificate's number is not the person's."""

    code: ClassVar[str] = "certificate_holder_differs"
    template: ClassVar[str] = (
        "The certificate number holds another identity number than this row. "
        "Check whether the certificate belongs to this person."
    )


class ScoreScaleError(RowFaultError):
    """More than 100 points: another scale."""

    code: ClassVar[str] = "score_scale"
    template: ClassVar[str] = (
        "More than 100 points: this is another scale, for which credits cannot be decided. "
        "Convert the score to 100 points, or write 合格 or 不合格."
    )


class IdAreaUnknownError(RowFaultError):
    """The number begins with a province that does not exist."""

    code: ClassVar[str] = "id_area_unknown"
    template: ClassVar[str] = (
        "The identity number is valid, but begins with an area that is not known. "
        "Compare it with the document once more."
    )


class StreetUnknownError(RowFaultError):
    """No street office of the archive is called like this."""

    code: ClassVar[str] = "street_unknown"
    template: ClassVar[str] = (
        "No street office is known by this name; the row is taken without it. "
        "Write the street as in the list of organisations, such as 光明街道."
    )


class ValueNotAcceptedError(RowFaultError):
    """A value that a record of this kind cannot hold."""

    code: ClassVar[str] = "value_not_accepted"
    template: ClassVar[str] = (
        "This value cannot stand in a record of this kind. Correct it as the examples show."
    )


class SheetsUnreadError(RowFaultError):
    """More than one sheet of the workbook holds a table."""

    code: ClassVar[str] = "sheets_unread"
    template: ClassVar[str] = (
        "Other sheets of this workbook hold tables too and were not read: {sheets}. "
        "Send each as a file of its own."
    )


class ColumnUnusedError(RowFaultError):
    """A column whose header is not understood."""

    code: ClassVar[str] = "column_unused"
    template: ClassVar[str] = (
        "This column is not known and was left out. "
        "If it matters, rename its header as in the examples."
    )


class MacrosLeftOutError(RowFaultError):
    """The workbook carries programs. They are never run; what they would fill in is not there."""

    code: ClassVar[str] = "macros_left_out"
    template: ClassVar[str] = (
        "The workbook holds macros. None was run; only the cells were read, as they were last "
        "saved. Send lists without macros."
    )


class AttendanceMissingError(RowFaultError):
    """The course asks for attendance, as its organisation said, and none is told."""

    code: ClassVar[str] = "attendance_missing"
    template: ClassVar[str] = (
        "This course asks for attendance, and none is told. The record is taken, but its "
        "credits cannot be decided; add it under “出勤率”, such as 95%, and post it again."
    )
