"""Issuing a transcript from the command line: whose, as whom, with which keys."""

from archive.cli.naming import worker_named
from archive.cli.opened import Acting, Opened
from archive.people.access import refuse_reading
from archive.transcripts import issuing
from archive.transcripts.issuing import Issued
from archive.transcripts.keys import development_keys
from schemas.vocabulary import DocumentLanguage, Permission


def issued_for(acting: Acting, worker: str, language: DocumentLanguage) -> Issued:
    """Return the transcript of the worker that WORKER names.

    Raises what ``worker_named`` and ``issuing.issue`` raise.
    """
    settings, now = acting.settings, acting.now
    with acting.archive.reading() as session:
        holder = worker_named(Opened(session, settings, now), worker).worker_id
        refuse_reading(session, acting.by, holder, Permission.ISSUE_TRANSCRIPT)
    press = issuing.press(
        development_keys(settings.secrets_folder, now=now),
        base_url=settings.public_url,
        timezone=settings.timezone,
    )
    return issuing.issue(
        acting.archive, holder, by=acting.by.id, now=now, language=language, using=press
    )
