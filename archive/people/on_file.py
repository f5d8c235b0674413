"""Whether a person is on file, told only to whoever knows both name and document.

One statement over keyed digests and no key opened, whether the number is unknown or belongs
to somebody of another name: neither the answer nor what it costs tells the two apart.
"""

from uuid import UUID

from sqlmodel import Session, col, select

from archive.audit.acts import notes_of, tell_always
from archive.people.finding import is_found_by, name_claim
from archive.people.identity import IdentityDocument
from archive.people.look_ups import document_claim, is_held
from archive.people.models import BlindIndex
from archive.people.personal_models import SearchIndex


def on_file(session: Session, name: str, document: IdentityDocument) -> UUID | None:
    """Return who has this document and bears, or bore, this name; None for anything else.

    The look is told of either way; of the person only when there is one.
    """
    held, called = document_claim(session, document), name_claim(session, name)
    query = (
        select(BlindIndex.worker_id)
        .join(SearchIndex, col(SearchIndex.worker_id) == col(BlindIndex.worker_id))
        .where(is_held(held), is_found_by(called))
    )
    found = session.exec(query).first()
    tell_always(session)
    if found is not None:
        notes_of(session).opened([found])
    return found
