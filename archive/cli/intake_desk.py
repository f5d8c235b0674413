"""Checking a table file in a reading session, or writing it step by step."""

from datetime import UTC, datetime

from archive.cli.opened import Acting
from archive.dossiers import intake
from archive.dossiers.intake.choices import Choice
from archive.dossiers.intake.driving import Tell
from archive.dossiers.intake.posting import Sent, Times, post
from archive.people import organisations
from schemas.reports import IntakeReport
from schemas.vocabulary import RunMode


def checked(acting: Acting, content: bytes, code: str, choice: Choice) -> IntakeReport:
    """Return all that is to be said of a file; no writer waits meanwhile.

    Raises UnknownOrganisationError, NotAllowedError.
    """
    with acting.archive.reading() as session:
        organisation = organisations.coded(session, code)
        return intake.check(
            session, content, organisation, choice=choice, by=acting.by, today=acting.today
        )


def committed(  # The file, whose it is, how it is read and written, who is told.
    acting: Acting,
    content: bytes,
    file_name: str,
    code: str,
    choice: Choice,
    mode: RunMode,
    tell: Tell,
) -> IntakeReport:
    """Write the rows that are without fault, or all or none; raises what ``checked`` raises.

    Killed in the midst it goes on with the next server, or when the command is given again.
    """
    with acting.archive.reading() as session:
        whose = organisations.coded(session, code).id
    sent = Sent(file_name, content, whose, choice, mode)
    times = Times(lambda: datetime.now(UTC), acting.settings.zone)
    return post(acting.archive, sent, by=acting.by, times=times, tell=tell)
