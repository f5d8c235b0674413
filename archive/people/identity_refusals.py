"""Why the number of an identity document is refused. No message ever repeats the number."""

from typing import ClassVar

from archive.errors import ArchiveError


class IdentityError(ArchiveError):
    """The base: a number that cannot be the number of an identity document."""


class IdMissingError(IdentityError):
    """There is no number."""

    code: ClassVar[str] = "id_missing"
    template: ClassVar[str] = (
        "The identity number is missing. Enter the number of the person's identity document."
    )


class IdDigitsLostError(IdentityError):
    """A spreadsheet rounded the number: Excel keeps only 15 digits of a number."""

    code: ClassVar[str] = "id_digits_lost"
    template: ClassVar[str] = (
        "The spreadsheet has rounded this identity number and lost its last digits. "
        "Set the column to the format “Text” and type the number again from the document."
    )


class IdLengthError(IdentityError):
    """The number has too few or too many characters."""

    code: ClassVar[str] = "id_length"
    template: ClassVar[str] = (
        "An identity number has 18 characters (15 on old cards); this one has {length}. "
        "Compare it with the document; for another document say its kind (“证件类型”)."
    )


class IdCharactersError(IdentityError):
    """The number has characters where digits belong."""

    code: ClassVar[str] = "id_characters"
    template: ClassVar[str] = (
        "An identity number has only digits; only its last character may be X. "
        "Compare it with the document."
    )


class IdBirthDateError(IdentityError):
    """The date of birth in the number does not exist."""

    code: ClassVar[str] = "id_birth_date"
    template: ClassVar[str] = (
        "The date of birth inside the identity number does not exist. "
        "Compare its 7th to 14th digit with the document."
    )


class IdBirthFutureError(IdentityError):
    """The date of birth in the number lies in the future."""

    code: ClassVar[str] = "id_birth_future"
    template: ClassVar[str] = (
        "The date of birth inside the identity number lies in the future. "
        "Compare the number with the document."
    )


class IdCheckDigitError(IdentityError):
    """The last character does not follow from the others."""

    code: ClassVar[str] = "id_check_digit"
    template: ClassVar[str] = (
        "The last character of the identity number does not fit the others, "
        "so at least one is wrong. Compare the number with the document."
    )


class IdFormError(IdentityError):
    """The number does not have the form of the document that is named."""

    code: ClassVar[str] = "id_form"
    template: ClassVar[str] = (
        "The number does not have the form of the kind of document that is given. "
        "Compare both with the document."
    )


class IdTypeNeededError(IdentityError):
    """The number is none of the mainland, and no kind of document is named."""

    code: ClassVar[str] = "id_type_needed"
    template: ClassVar[str] = (
        "This is not the number of a mainland identity card. "
        "Name the kind of document in the column “证件类型” (such as 护照), or correct the number."
    )


class IdTypeUnknownError(IdentityError):
    """The kind of document is not one that the archive knows."""

    code: ClassVar[str] = "id_type_unknown"
    template: ClassVar[str] = (
        "This kind of document is not known. Use one of: 居民身份证, 港澳台居民居住证, "
        "外国人永久居留身份证, 港澳居民来往内地通行证, 台湾居民来往大陆通行证, 护照."
    )
