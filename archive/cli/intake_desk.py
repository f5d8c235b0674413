"""Checking a table file in a reading session, or committing it in a writing one."""

from archive.cli.opened import Acting
from archive.dossiers import intake
from archive.people import organisations
from schemas.reports import IntakeReport
from schemas.vocabulary import RecordKind


def checked(acting: Acting, content: bytes, code: str, kind: RecordKind | None) -> IntakeReport:
    """Return all that is to be said of a file; no writer waits meanwhile.

    Raises UnknownOrganisationError, NotAllowedError.
    """
    with acting.archive.reading() as session:
        organisation = organisations.coded(session, code)
        return intake.check(
            session,
            content,
            organisation,
            choice=intake.Choice(kind=kind),
            by=acting.by,
            today=acting.today,
        )


def committed(
    acting: Acting, content: bytes, file_name: str, code: str, kind: RecordKind | None
) -> IntakeReport:
    """Write the rows that are without fault; raises what ``checked`` raises."""
    with acting.archive.transaction() as session:
        organisation = organisations.coded(session, code)
        return intake.commit(
            session,
            content,
            file_name,
            organisation,
            choice=intake.Choice(kind=kind),
            by=acting.by,
            now=acting.now,
            today=acting.today,
        )
