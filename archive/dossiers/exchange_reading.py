"""From an item of another credit bank's file to a record of ours. Pure but for the lists.

A credit becomes a course that only an agreement converts; a training the same without
credits; a certificate is taken when its number tells what it is.
"""

from collections.abc import Mapping

from archive.dossiers.cells.figures import score
from archive.dossiers.cells.refusals import CellError
from archive.dossiers.cells.words import rank
from archive.dossiers.certificate_numbers import (
    is_qualification,
    is_skill_level,
    plain_certificate_number,
)
from archive.dossiers.exchange_refusals import (
    ExchangeCertificateUnclearError,
    ExchangeComesBackError,
    ExchangeResultUnreadableError,
)
from archive.dossiers.occupation_refusals import OccupationError
from archive.dossiers.occupations import find_occupation
from schemas.exchange import ExchangeCertificate, ExchangeCredit, ExchangeTraining
from schemas.records import Certificate, Training
from schemas.vocabulary import Grade, Instrument

_FAILED = frozenset({"fail", "failed", "不合格", "未通过", "不及格"})
_PASSED = frozenset({"pass", "passed", "合格", "通过", "及格"})


class ItemReader:
    """Reads the items of one file; knows the other bank and our own organisations."""

    def __init__(self, scheme: str, organisations: Mapping[str, str]) -> None:
        """Take the other bank's code, and the codes of our organisations by their names."""
        self._scheme = scheme
        self._organisations = organisations

    def credit(self, item: ExchangeCredit) -> Training:
        """Return the course. Raises ExchangeComesBackError, ExchangeResultUnreadableError."""
        self._refuse_our_own(item.institution)
        return Training(
            course_name=item.course_name,
            occupation=_occupation(item.subject),
            hours=item.credit_hours,
            score=item.score,
            grade=_grade(item.result_code),
            completed_on=item.time,
            scheme=self._scheme,
            scheme_credits=item.credit,
            outer_id=self._key(item.outer_id),
            note=item.institution,
        )

    def training(self, item: ExchangeTraining) -> Training:
        """Return the training, of which neither hours nor credits are told.

        Raises ExchangeComesBackError.
        """
        self._refuse_our_own(item.institution)
        return Training(
            course_name=item.project,
            completed_on=item.time,
            scheme=self._scheme,
            outer_id=self._key(item.outer_id),
            note=item.institution,
        )

    def certificate(self, item: ExchangeCertificate) -> Certificate:
        """Return the certificate, which counts by the table like every other.

        Raises ExchangeComesBackError, ExchangeCertificateUnclearError, OccupationError, and
        CellError for a level that cannot be read.
        """
        self._refuse_our_own(item.institution)
        number = plain_certificate_number(item.outer_id)
        if is_skill_level(number):
            instrument = Instrument.SKILL_LEVEL
        elif is_qualification(number):
            instrument = Instrument.QUALIFICATION
        else:
            raise ExchangeCertificateUnclearError
        return Certificate(
            instrument=instrument,
            certificate_number=number,
            occupation=find_occupation(item.name).code,
            rank=rank(item.level) if item.level else None,
            issued_on=item.time,
            outer_id=self._key(item.outer_id),
            note=item.institution,
        )

    def _key(self, outer_id: str) -> str:
        """Return an outer identifier that no other bank's can be taken for."""
        return f"{self._scheme}:{outer_id}"

    def _refuse_our_own(self, institution: str) -> None:
        if institution in self._organisations:
            raise self.comes_back(institution)

    def comes_back(self, institution: str) -> ExchangeComesBackError:
        """Return why what one of our own organisations gave is not taken."""
        return ExchangeComesBackError(organisation=self._organisations[institution])


def _occupation(subject: str | None) -> str | None:
    """Return the occupation that a subject names; many subjects are none."""
    if subject is None:
        return None
    try:
        return find_occupation(subject).code
    except OccupationError:
        return None


def _grade(code: str | None) -> Grade | None:
    """Return what a result code says; raises ExchangeResultUnreadableError."""
    if code is None:
        return None
    if code.lower() in _FAILED | _PASSED:
        return Grade.FAIL if code.lower() in _FAILED else Grade.PASS
    try:
        found = score(code)
    except CellError:
        raise ExchangeResultUnreadableError from None
    if found.grade is None:
        raise ExchangeResultUnreadableError
    return found.grade
