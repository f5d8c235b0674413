"""Facts of verification reports as signed documents: what they state, and who knows of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from sqlmodel import select

from archive.db import Database
from archive.transcripts.opening import open_file
from archive.transcripts.orders import Order
from archive.transcripts.page_text import page_text
from archive.transcripts.payload import Payload, payload_bytes
from archive.transcripts.report_composing import NothingToReportError
from archive.transcripts.report_issuing import IssuedReport, issue_report
from archive.transcripts.report_models import ReportFile, ReportIntent
from archive.transcripts.report_tickets import TicketRefusedError, read_ticket, ticket_of
from archive.transcripts.signing import SignedFile
from archive.transcripts.signing_refusals import SigningUnavailableError, TimestampUnavailableError
from archive.transcripts.verification import verify_file
from schemas.refusals import Phrase
from schemas.reports import VerificationReport
from schemas.vocabulary import CheckState, DocumentLanguage, Verdict
from tests.builders import NOW
from tests.foreign import a_stranger, signed_by
from tests.tampered.attacks import ATTACKS
from tests.test_transcripts_issuing import LATER, Desk, a_desk, desk, signing_keys

__all__ = ["desk", "signing_keys"]
LEAST = timedelta(seconds=1)


@pytest.fixture
def small(sqlite_archive: Database, signing_keys) -> Desk:
    return a_desk(sqlite_archive, signing_keys)


def reported(
    desk: Desk, found: VerificationReport, language: str = "zh", now: datetime = LATER
) -> IssuedReport:
    return issue_report(desk.archive, found, DocumentLanguage(language), now=now, using=desk.press)


def lines(desk: Desk, table: type[ReportIntent | ReportFile]) -> list[Any]:
    with desk.archive.reading() as session:
        return list(session.exec(select(table)))


def test_a_report_is_signed_registered_and_verified_like_every_document(desk):
    issued = desk.issue()
    found = desk.verify(issued.pdf)
    report = reported(desk, found, "both")

    assert report.payload.report.sha256 == sha256(issued.pdf).hexdigest()
    (intent,), (file,) = lines(desk, ReportIntent), lines(desk, ReportFile)
    assert file.sha256 == sha256(report.pdf).digest()
    assert (file.profile, file.stamped_at) == ("B-LTA", LATER)
    assert intent.checked_sha256 == sha256(issued.pdf).digest()
    assert (intent.verdict, intent.language, intent.template) == ("valid", "both", "family/1")
    assert (intent.signer, intent.checked_at) == (desk.press.keys.fingerprint, LATER)

    answer = desk.verify(report.pdf)
    assert (answer.verdict, answer.reason) == (Verdict.VALID, "genuine_report")
    states = [check.state for check in answer.checks]
    assert states == [*[CheckState.PASSED] * 11, CheckState.UNCHECKED]
    assert answer.document is None
    assert answer.report is not None
    assert (answer.report.verdict, answer.report.code) == (Verdict.VALID, report.payload.code)
    by_code = desk.ask(report.payload.code)
    assert (by_code.verdict, by_code.reason) == (Verdict.VALID, "issued_report")
    assert by_code.report == answer.report

    offline = verify_file(report.pdf, trust=desk.press.keys.trust, register=None, now=LATER)
    assert (offline.verdict, offline.reason) == (Verdict.CANNOT_CHECK, "offline")
    assert [check.state for check in offline.checks[:9]] == [CheckState.PASSED] * 9


def test_a_report_tells_no_more_of_a_person_than_the_page_of_the_answer(small):
    issued = small.issue(whole_number=False)
    report = reported(small, small.verify(issued.pdf))
    words = "".join(page_text(PdfFileReader(BytesIO(report.pdf))).split())
    assert sha256(issued.pdf).hexdigest() in words
    assert "李**" in words
    for told in (words, payload_bytes(report.payload).decode()):
        assert "李明华" not in told
        assert issued.transcript.holder.document_number_masked not in told


def test_a_genuine_report_says_that_the_document_is_none(small):
    """Whoever shows a report of a forged document has a good report, and no good document."""
    forged = small.issue().pdf.replace(b"/Catalog", b"/Cata1og", 1)
    found = small.verify(forged)
    report = reported(small, found, "en")
    assert report.payload.report.document is None
    answer = small.verify(report.pdf)
    assert answer.report is not None
    assert (answer.verdict, answer.report.verdict) == (Verdict.VALID, Verdict.DIFFERS)
    assert "not the document" not in answer.message.en
    assert "what was found at its time" in answer.message.en


def test_no_word_of_a_stranger_s_making_stands_under_our_signature(small):
    found = small.verify(signed_by(a_stranger()))
    assert found.signature is not None
    assert found.signature.signer_name == "Elsewhere Signer"
    report = reported(small, found)
    signature = report.payload.report.signature
    assert signature is not None
    assert (signature.signer_name, signature.stamped_at, signature.is_trusted) == (
        None,
        None,
        False,
    )
    opened = open_file(report.pdf, trust=small.press.keys.trust, now=LATER)
    assert opened.payload is not None
    assert b"Elsewhere" not in opened.payload
    assert small.verify(report.pdf).verdict is Verdict.VALID


def test_no_report_is_made_of_a_code_of_no_pdf_and_of_a_report(small):
    issued = small.issue()
    report = reported(small, small.verify(issued.pdf))
    for found in (
        small.ask(issued.transcript.code),
        small.verify(b"hello"),
        small.verify(report.pdf),
    ):
        with pytest.raises(NothingToReportError):
            reported(small, found)
    assert len(lines(small, ReportIntent)) == 1


@dataclass
class Failing:
    """Works in which something fails before or after signing."""

    own: Any
    fault: Exception
    is_signed: bool

    @contextmanager
    def place(self) -> Iterator[None]:
        yield

    def make(self, payload: Payload, *, at: datetime, order: Order) -> SignedFile:
        if self.is_signed:
            self.own.make(payload, at=at, order=order)
        raise self.fault

    def warm(self) -> None: ...

    def close(self) -> None: ...


@pytest.mark.parametrize("is_signed", [False, True])
def test_a_report_that_was_not_finished_leaves_an_intent_that_nothing_answers_to(small, is_signed):
    """As when the time stamp authority is down, or the process is killed at that point."""
    found = small.verify(small.issue().pdf)
    down = TimestampUnavailableError(problem=Phrase("it does not answer in time"))
    works = Failing(small.works, down, is_signed)
    with pytest.raises(SigningUnavailableError):
        issue_report(
            small.archive,
            found,
            DocumentLanguage.CHINESE,
            now=LATER,
            using=replace(small.press, works=works),
        )
    assert len(lines(small, ReportIntent)) == 1
    assert lines(small, ReportFile) == []


def test_an_attack_on_a_report_is_met_by_the_check_that_meets_it_in_a_document(small):
    report = reported(small, small.verify(small.issue().pdf))
    for name in ("flipped_byte_in_the_page", "swapped_attachment", "removed_signature"):
        attack = ATTACKS[name]
        answer = small.verify(attack.make(report.pdf))
        failed = next(one.number for one in answer.checks if one.state is CheckState.FAILED)
        assert (failed, answer.reason) == attack.expected(is_stamped=True), name
        assert answer.verdict is Verdict.DIFFERS
        assert (answer.report, answer.signature) == (None, None)


def test_a_report_whose_file_is_not_registered_differs(small):
    found = small.verify(small.issue().pdf)
    report = reported(small, found)
    again = small.works.make(report.payload, at=LATER + LEAST, order=_order(small))
    answer = small.verify(again.pdf)
    assert (answer.verdict, answer.reason) == (Verdict.DIFFERS, "not_registered")
    assert answer.report is None


def _order(desk: Desk) -> Order:
    return Order(desk.press.keys.fingerprint, is_development=True)


def test_a_ticket_brings_back_the_answer_that_was_given_and_no_other(small):
    found = small.verify(small.issue().pdf, now=NOW)
    with small.archive.reading() as session:
        ticket = ticket_of(session, found)
        assert read_ticket(session, ticket, now=NOW + timedelta(minutes=29)) == found
        for text, now in (
            (ticket, NOW + timedelta(minutes=30)),
            (ticket, NOW - LEAST),
            (ticket[:60] + ("A" if ticket[60] != "A" else "B") + ticket[61:], NOW),
            ("x", NOW),
            ("", NOW),
            ("é" * 40, NOW),
        ):
            with pytest.raises(TicketRefusedError):
                read_ticket(session, text, now=now)
