"""Why an item of another credit bank's file is not taken."""

from typing import ClassVar

from archive.errors import ArchiveError


class ExchangeItemError(ArchiveError):
    """The base of what is wrong with one item of an exchanged file."""


class ExchangeHolderMissingError(ExchangeItemError):
    """Nothing tells whose lists these are."""

    code: ClassVar[str] = "exchange_holder_missing"
    template: ClassVar[str] = (
        "It is not said whose lists these are. Give the archive number or the document number."
    )


class ExchangeComesBackError(ExchangeItemError):
    """What comes from outside was given by an organisation of this archive."""

    code: ClassVar[str] = "exchange_comes_back"
    template: ClassVar[str] = (
        "{organisation} is an organisation of this archive: what it gave is on file here and is "
        "not taken back from another credit bank. Leave the item out."
    )


class ExchangeTwiceError(ExchangeItemError):
    """One outer identifier stands twice in the file."""

    code: ClassVar[str] = "exchange_twice"
    template: ClassVar[str] = (
        "This outer identifier stands in the file before, at {place}. Keep one of the two."
    )


class ExchangeResultUnreadableError(ExchangeItemError):
    """The result code says nothing that is known here."""

    code: ClassVar[str] = "exchange_result_unreadable"
    template: ClassVar[str] = (
        "The result code cannot be read. Write a grade such as 合格 or pass, or leave it out."
    )


class ExchangeCertificateUnclearError(ExchangeItemError):
    """The file does not tell what kind of certificate it is."""

    code: ClassVar[str] = "exchange_certificate_unclear"
    template: ClassVar[str] = (
        "The outer identifier is no certificate number from which the kind of certificate can be "
        "told, so the item is left out. Post the certificate as a record."
    )
