"""Issuing a transcript from the command line: whose, as whom, with which keys."""

from functools import partial
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from archive.cli.naming import worker_named
from archive.cli.opened import Acting, Opened
from archive.errors import ArchiveError
from archive.people.access import refuse_reading
from archive.transcripts import issuing, own_documents
from archive.transcripts.house_keys import keys_of_house
from archive.transcripts.issuing import Awaited, Issued
from archive.transcripts.keyring import Keyring
from archive.transcripts.own_documents import Fetched
from archive.transcripts.own_works import press_for
from archive.transcripts.presses import Press
from schemas.documents import DocumentAsked, DocumentList
from schemas.link_proofs import ProofAsked
from schemas.vocabulary import DocumentLanguage, Permission

if TYPE_CHECKING:
    from archive.transcripts.portable import Portable
    from archive.transcripts.proofs import Proved


class DocumentAwaitedError(ArchiveError):
    """A document was accepted, and is signed later."""

    code: ClassVar[str] = "document_awaited"
    template: ClassVar[str] = (
        "Nothing can be signed now. The document is accepted under the number {number}: a server "
        "that runs signs it as soon as it can; fetch it then by “transcript fetch”."
    )


def issued_for(acting: Acting, worker: str, asked: DocumentAsked) -> Issued:
    """Return a document about the worker that WORKER names.

    Raises what ``worker_named`` and ``issuing.issue`` raise, and DocumentAwaitedError.
    """
    holder = _holder(acting, worker, Permission.ISSUE_TRANSCRIPT)
    issued = issuing.issue(
        acting.archive,
        holder,
        asked,
        by=acting.by,
        now=acting.now,
        using=_press(acting),
    )
    if isinstance(issued, Awaited):
        raise DocumentAwaitedError(number=issued.transcript.id)
    return issued


def fetched_for(acting: Acting, worker: str, document_id: UUID) -> Fetched:
    """Return a document of the worker that WORKER names, once more.

    Raises what ``worker_named`` and ``own_documents.fetched`` raise.
    """
    holder = _holder(acting, worker, Permission.ISSUE_TRANSCRIPT)
    with acting.archive.reading() as session:
        return own_documents.fetched(session, holder, document_id, by=acting.by)


def proved_for(acting: Acting, worker: str, asked: ProofAsked) -> "Proved":
    """Return the proof of a record or entry of the worker that WORKER names.

    Raises what ``worker_named`` and ``proofs.prove`` raise.
    """
    from archive.transcripts import proofs

    holder = _holder(acting, worker, Permission.ISSUE_TRANSCRIPT)
    told = acting.settings
    ring = Keyring(told, now=acting.now)
    keys = partial(keys_of_house, ring=ring)
    using = proofs.Prover(keys, told.signing_profile, told.public_url, told.timezone)
    return proofs.prove(acting.archive, holder, asked, by=acting.by, now=acting.now, using=using)


def documents_of(acting: Acting, worker: str) -> DocumentList:
    """Return the documents about the worker that WORKER names."""
    holder = _holder(acting, worker, Permission.ISSUE_TRANSCRIPT)
    with acting.archive.reading() as session:
        return own_documents.listed(session, holder, by=acting.by, today=acting.today)


def exported_for(acting: Acting, worker: str) -> "Portable":
    """Return the whole export of the worker that WORKER names.

    Raises what ``worker_named`` and ``portable.export`` raise.
    """
    from archive.transcripts import portable

    holder = _holder(acting, worker, Permission.EXPORT_DOSSIER)
    ring = Keyring(acting.settings, now=acting.now)
    return portable.export(
        acting.archive,
        holder,
        by=acting.by,
        now=acting.now,
        language=DocumentLanguage(acting.settings.lang),
        using=_press(acting),
        proving=partial(keys_of_house, ring=ring, now=acting.now),
    )


def _holder(acting: Acting, worker: str, permission: Permission) -> UUID:
    with acting.archive.reading() as session:
        holder = worker_named(Opened(session, acting.settings, acting.now), worker).worker_id
        refuse_reading(session, acting.by, holder, permission)
    return holder


def _press(acting: Acting) -> Press:
    return press_for(acting.settings, now=acting.now)
