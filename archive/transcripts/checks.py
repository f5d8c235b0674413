"""The numbered checks of a file itself: each looks at one thing and answers in its own words.

What was found in the file comes from ``opening``. The checks of keys and times stand in
``key_checks``, those that ask the register in ``standing_checks``; the verdict is made in
``verification``.
"""

from archive.transcripts.answers import NOT_REACHED, Answer, failed, passed, unchecked
from archive.transcripts.hostile import attempt
from archive.transcripts.opening import OpenedFile
from archive.transcripts.page_text import page_text, same_words
from archive.transcripts.payload import Payload
from archive.transcripts.rendering import words_of
from schemas.vocabulary import Verdict

_NOT_COMPARED = ("dossier/1",)
_DIFFERS, _CANNOT = Verdict.DIFFERS, Verdict.CANNOT_CHECK


def of_file(found: OpenedFile) -> list[Answer]:
    """Return the answers to checks 1 to 4, which need no trust."""
    return [_file(found), _structure(found), _signature(found), _coverage(found)]


def _file(found: OpenedFile) -> Answer:
    if not found.is_pdf:
        return failed(
            "The file is no PDF, or larger than any that we issue.", _CANNOT, "unreadable"
        )
    if not found.is_readable:
        text = "The PDF cannot be read: it is damaged, or holds more than any that we issue."
        if found.claims_to_be_ours:
            return failed(text, _DIFFERS, "damaged")
        return failed(text, _CANNOT, "unreadable")
    return passed("The PDF can be read.")


def _structure(found: OpenedFile) -> Answer:
    if not found.is_readable:
        return unchecked(NOT_REACHED)
    if not found.claims_to_be_ours:
        return unchecked(
            "The file does not carry a document of this archive.",
            _CANNOT,
            "not_from_this_archive",
        )
    if found.payload is None:
        return failed("The data are missing, or not alone.", _DIFFERS, "damaged")
    if not found.is_signed:
        return failed("The file has no signature.", _DIFFERS, "not_signed")
    if found.signature is not None and not found.signature.is_orderly:
        return failed(
            "It is not signed in the way of this archive: once, and then only stamped.",
            _DIFFERS,
            "foreign_structure",
        )
    return passed("The data are attached, and one signature certifies the document.")


def _signature(found: OpenedFile) -> Answer:
    if not found.is_readable or not found.claims_to_be_ours or not found.is_signed:
        return unchecked(NOT_REACHED)
    if found.signature is None or not found.signature.is_intact:
        return failed("The signature does not fit the file.", _DIFFERS, "broken_signature")
    return passed("The signed bytes are unchanged.")


def _coverage(found: OpenedFile) -> Answer:
    if found.signature is None or not found.claims_to_be_ours:
        return unchecked(NOT_REACHED)
    if not found.signature.covers_file:
        return failed(
            "The file holds something that the signature does not cover.",
            _DIFFERS,
            "changed_after_signing",
        )
    if found.signature.archived:
        return passed("The last time stamp ends where the file ends; nothing else was added.")
    return passed("The signature ends where the file ends.")


def text(found: OpenedFile, payload: Payload) -> Answer:
    """Return the answer to check 9: the words on the pages are those that the data make.

    Only asked once the signature holds: this reads pages of our own and of nobody else.
    """
    reader = found.reader
    if reader is None or payload.template in _NOT_COMPARED:
        return unchecked(
            "Not compared: this layout is from before pages were compared with their data."
        )
    page, said = attempt(lambda: page_text(reader)), attempt(lambda: words_of(payload))
    if page is None or said is None:
        return unchecked("Not compared: the words of the pages could not be read here.")
    if not same_words(page, said):
        return failed("The pages do not say what the data say.", _DIFFERS, "page_differs")
    return passed("Every word on the pages is one that the data make, in the same order.")


def content(found: OpenedFile, payload: Payload | None) -> Answer:
    """Return the answer to check 8: the data are a document's, and this signer's."""
    if found.payload is None or found.signature is None:
        return unchecked(NOT_REACHED)
    if payload is None:
        return failed("The data do not have the form of a document.", _DIFFERS, "foreign_content")
    if payload.signer != found.signature.key.fingerprint:
        return failed("The data name another signer.", _DIFFERS, "foreign_content")
    return passed("The data are complete and name this signer.")
