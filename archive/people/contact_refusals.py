"""Why a way to reach a person is refused. No message ever repeats what was written."""

from typing import ClassVar

from archive.errors import ArchiveError


class ContactError(ArchiveError):
    """The base: what was written cannot reach anybody."""


class PhoneFormError(ContactError):
    """What was written is no mobile number of the mainland."""

    code: ClassVar[str] = "phone_form"
    template: ClassVar[str] = (
        "A mobile number of the mainland has 11 digits and begins with 13 to 19; +86 may stand "
        "before it. Check the number."
    )


class PhoneDigitsLostError(ContactError):
    """A spreadsheet rounded the number."""

    code: ClassVar[str] = "phone_digits_lost"
    template: ClassVar[str] = (
        "The spreadsheet has rounded this telephone number and lost its last digits. "
        "Set the column to the format “Text” and type the number again."
    )


class EmailFormError(ContactError):
    """What was written is no e-mail address."""

    code: ClassVar[str] = "email_form"
    template: ClassVar[str] = (
        "This is not an e-mail address: it has one @, and after it a domain with a dot. "
        "Check the address."
    )


class AddressFormError(ContactError):
    """The address is too short or too long to be one."""

    code: ClassVar[str] = "address_form"
    template: ClassVar[str] = (
        "A postal address has {shortest} to {longest} characters on one line. Write it from the "
        "district to the house number."
    )
