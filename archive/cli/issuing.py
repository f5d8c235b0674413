"""Issuing a transcript from the command line: whose, as whom, with which keys."""

from typing import TYPE_CHECKING
from uuid import UUID

from archive.cli.naming import worker_named
from archive.cli.opened import Acting, Opened
from archive.people.access import refuse_reading
from archive.transcripts import issuing
from archive.transcripts.issuing import Issued
from archive.transcripts.providing import signing_keys
from schemas.documents import DocumentAsked
from schemas.vocabulary import DocumentLanguage, Permission

if TYPE_CHECKING:
    from archive.transcripts.portable import Portable


def issued_for(acting: Acting, worker: str, asked: DocumentAsked) -> Issued:
    """Return a document about the worker that WORKER names.

    Raises what ``worker_named`` and ``issuing.issue`` raise.
    """
    holder = _holder(acting, worker, Permission.ISSUE_TRANSCRIPT)
    return issuing.issue(
        acting.archive,
        holder,
        asked,
        by=acting.by,
        now=acting.now,
        using=_press(acting),
    )


def exported_for(acting: Acting, worker: str) -> "Portable":
    """Return the whole export of the worker that WORKER names.

    Raises what ``worker_named`` and ``portable.export`` raise.
    """
    from archive.transcripts import portable

    holder = _holder(acting, worker, Permission.EXPORT_DOSSIER)
    return portable.export(
        acting.archive,
        holder,
        by=acting.by,
        now=acting.now,
        language=DocumentLanguage(acting.settings.lang),
        using=_press(acting),
    )


def _holder(acting: Acting, worker: str, permission: Permission) -> UUID:
    with acting.archive.reading() as session:
        holder = worker_named(Opened(session, acting.settings, acting.now), worker).worker_id
        refuse_reading(session, acting.by, holder, permission)
    return holder


def _press(acting: Acting) -> issuing.Press:
    settings = acting.settings
    return issuing.press(
        signing_keys(settings, now=acting.now),
        base_url=settings.public_url,
        timezone=settings.timezone,
        profile=settings.signing_profile,
    )
