"""Why a file as a whole cannot be read. Faults of single rows are findings, no refusals."""

from typing import ClassVar

from archive.errors import ArchiveError


class FileRefusedError(ArchiveError):
    """The base: a file of which not one row can be read."""


class FileEmptyError(FileRefusedError):
    """There is nothing in the file."""

    code: ClassVar[str] = "file_empty"
    template: ClassVar[str] = (
        "The file is empty. Save it again in the spreadsheet program, then send it."
    )


class FileTooLargeError(FileRefusedError):
    """The file is larger than any list of people."""

    code: ClassVar[str] = "file_too_large"
    template: ClassVar[str] = (
        "The file is larger than {most_megabytes} MB. Remove pictures and other sheets, "
        "or split it into several files."
    )


class FileTypeUnknownError(FileRefusedError):
    """The content is neither a workbook nor a text file, whatever its name says."""

    code: ClassVar[str] = "file_type_unknown"
    template: ClassVar[str] = (
        "This is no table file, whatever its name says. "
        "Open it in a spreadsheet program and save it as .xlsx or .csv."
    )


class FileIsWebPageError(FileRefusedError):
    """A page of HTML or XML under the name of a workbook, as many systems export lists."""

    code: ClassVar[str] = "file_is_web_page"
    template: ClassVar[str] = (
        "The file is a web page (HTML or XML) under the name of a workbook, as some systems "
        "export lists. Open it in the spreadsheet program, save it as .xlsx and send that."
    )


class FileCutOffError(FileRefusedError):
    """The text ends in the middle of a character."""

    code: ClassVar[str] = "file_cut_off"
    template: ClassVar[str] = (
        "The text file ends in the middle of a character: it was not saved or sent completely. "
        "Save it again, look at its last rows, then send it."
    )


class FileHoldsNulError(FileRefusedError):
    """Zero bytes stand between the characters of a text."""

    code: ClassVar[str] = "file_holds_nul"
    template: ClassVar[str] = (
        "The text file holds zero bytes (NUL), which no text has: it was damaged, or is no "
        "table. Open it in a spreadsheet program, look at its rows and save it as .xlsx."
    )


class WorkbookEncryptedError(FileRefusedError):
    """The workbook asks for a password."""

    code: ClassVar[str] = "workbook_encrypted"
    template: ClassVar[str] = (
        "The workbook is protected with a password. Save a copy without one and send that."
    )


class WorkbookTooLargeError(FileRefusedError):
    """The workbook unfolds into more than a list of people can need."""

    code: ClassVar[str] = "workbook_too_large"
    template: ClassVar[str] = (
        "The workbook unfolds into far more data than a list of people has. "
        "Copy the table alone into a new workbook and send that."
    )


class WorkbookUnreadableError(FileRefusedError):
    """The workbook is damaged."""

    code: ClassVar[str] = "workbook_unreadable"
    template: ClassVar[str] = (
        "The workbook is damaged and cannot be read. "
        "Open it in the spreadsheet program, save it again as .xlsx and send that."
    )


class WorkbookAmbiguousError(FileRefusedError):
    """Two parts of the workbook have one name: what is in it depends on who reads it."""

    code: ClassVar[str] = "workbook_ambiguous"
    template: ClassVar[str] = (
        "The workbook holds two parts of one name, so that programs read it differently. "
        "Open it in the spreadsheet program, save it again as .xlsx and send that."
    )


class EncodingUnreadableError(FileRefusedError):
    """The text is in no encoding that could be told."""

    code: ClassVar[str] = "encoding_unreadable"
    template: ClassVar[str] = (
        "The encoding of this text file cannot be told. Save it as “CSV UTF-8” or as .xlsx."
    )


class CsvUnreadableError(FileRefusedError):
    """The text breaks the rules of quoting."""

    code: ClassVar[str] = "csv_unreadable"
    template: ClassVar[str] = (
        "This text file cannot be split into columns: a quotation mark near line {line} "
        "is not closed. Correct it, or save the file as .xlsx."
    )


class TooManyColumnsError(FileRefusedError):
    """The table is wider than any list of people."""

    code: ClassVar[str] = "too_many_columns"
    template: ClassVar[str] = (
        "The table has more than {most} columns. Delete the columns right of the table."
    )


class TooManyRowsError(FileRefusedError):
    """The table is longer than one file may be."""

    code: ClassVar[str] = "too_many_rows"
    template: ClassVar[str] = (
        "The file has more than {most} rows with content. Split it into several files."
    )


class HeaderNotFoundError(FileRefusedError):
    """No row in the first twenty holds headers that are known."""

    code: ClassVar[str] = "header_not_found"
    template: ClassVar[str] = (
        "No header row was found in the first {rows} rows. "
        "It must name at least these columns: {columns}. "
        "Name them so, or choose the header row and say what its columns mean."
    )


class NoRowsError(FileRefusedError):
    """There is a header and nothing below it."""

    code: ClassVar[str] = "no_rows"
    template: ClassVar[str] = (
        "There is a header row and no row of data below it. Enter the rows, then send the file."
    )


class ChoiceRefusedError(FileRefusedError):
    """The base: what a person said of the file does not fit it."""


class SheetUnknownError(ChoiceRefusedError):
    """The file has no visible sheet of this name with anything in it."""

    code: ClassVar[str] = "sheet_unknown"
    template: ClassVar[str] = (
        "The file has no sheet of the name that was chosen, or it is hidden or empty. "
        "Choose one of these: {sheets}."
    )


class HeaderRowEmptyError(ChoiceRefusedError):
    """The row that was chosen as the header holds nothing, or lies outside the sheet."""

    code: ClassVar[str] = "header_row_empty"
    template: ClassVar[str] = (
        "Row {row} holds no header: it is empty, or below the table. "
        "Choose the row in which the names of the columns stand."
    )


class EncodingUnknownError(ChoiceRefusedError):
    """The encoding that was chosen is none of those that are read."""

    code: ClassVar[str] = "encoding_unknown"
    template: ClassVar[str] = "This encoding is not known here. Choose one of these: {encodings}."


class EncodingUnfitError(ChoiceRefusedError):
    """The text is not in the encoding that was chosen."""

    code: ClassVar[str] = "encoding_unfit"
    template: ClassVar[str] = (
        "The text is not in the encoding {encoding}. Choose another, or leave the choice open."
    )


class DelimiterUnknownError(ChoiceRefusedError):
    """What was chosen to stand between the cells is none of those that are read."""

    code: ClassVar[str] = "delimiter_unknown"
    template: ClassVar[str] = (
        "Cells can be separated by comma, tab, semicolon or a vertical bar. Choose one of these."
    )


class TextChoiceUnfitError(ChoiceRefusedError):
    """Encoding or delimiter were chosen for a workbook, which has neither."""

    code: ClassVar[str] = "text_choice_unfit"
    template: ClassVar[str] = (
        "The file is a workbook: it has no encoding and no delimiter to choose. "
        "Leave both choices open."
    )
