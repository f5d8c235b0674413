"""What each person of a list has alone: a result, a paper's number, a remark. Pure.

Each part is told by one column, and no other column matters to it; what rows share stands
in ``kinds``.
"""

from collections.abc import Callable

from archive.dossiers import certificate_numbers
from archive.dossiers.cells import figures, values
from archive.dossiers.headers import Field
from archive.dossiers.intake.reading import RowReading
from archive.dossiers.intake.refusals import ScoreScaleError
from archive.dossiers.tables.table import CellValue
from schemas.vocabulary import RecordKind

Facts = dict[str, object]
Part = Callable[[RowReading], Facts]
_FULL_SCALE = 100


def paper_number(value: CellValue) -> str:
    """Return a certificate's number as it is compared.

    Raises what ``values.text`` raises, CertificateNumberRoundedError.
    """
    return certificate_numbers.plain_certificate_number(values.text(value))


def _result(reading: RowReading) -> Facts:
    result = reading.optional(Field.SCORE, figures.score)
    if result is None:
        return {}
    if result.points is not None and result.points > _FULL_SCALE:
        reading.warn(ScoreScaleError(), Field.SCORE)
    return {"score": result.points, "grade": result.grade}


def _attendance(reading: RowReading) -> Facts:
    return {"attendance": reading.optional(Field.ATTENDANCE, figures.percent)}


def _paper(reading: RowReading) -> Facts:
    return {"certificate_number": reading.optional(Field.CERTIFICATE_NUMBER, paper_number)}


def _outer_id(reading: RowReading) -> Facts:
    return {"outer_id": reading.optional(Field.OUTER_ID, values.text)}


def _note(reading: RowReading) -> Facts:
    return {"note": reading.optional(Field.NOTE, values.text)}


_ANYWHERE: dict[Field, Part] = {Field.OUTER_ID: _outer_id, Field.NOTE: _note}
_PAPER: dict[Field, Part] = {Field.CERTIFICATE_NUMBER: _paper, **_ANYWHERE}
OWN: dict[RecordKind, dict[Field, Part]] = {
    RecordKind.TRAINING: {Field.ATTENDANCE: _attendance, Field.SCORE: _result, **_PAPER},
    RecordKind.CERTIFICATE: _ANYWHERE,
    RecordKind.COMPETITION: _PAPER,
    RecordKind.APPRENTICESHIP: _ANYWHERE,
    RecordKind.HONOUR: _ANYWHERE,
    RecordKind.EDUCATION: _PAPER,
    RecordKind.EXPERIENCE: _ANYWHERE,
}
"""What each person of a list has alone; each is told by one column, and no other matters to it."""
