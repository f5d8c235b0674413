"""What programs send: the bodies of requests, and whose dossier an address means."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field
from sqlmodel import Session

from archive.dossiers.reached import reached_record
from archive.people import look_ups, organisations
from archive.people.access import within_reach
from archive.people.closing import refuse_frozen
from archive.people.models import Organisation, Worker
from archive.people.sessions import SignedIn
from archive.web.refusals import RequestInvalidError
from schemas.contracts import Contract
from schemas.records import Record
from schemas.vocabulary import Permission

PROBLEMS: dict[int | str, dict[str, Any]] = {
    401: {"description": "Nobody is signed in, or the token has ended."},
    403: {"description": "The account may not do this."},
    404: {"description": "Not here, or not for this account."},
    409: {"description": "It contradicts what is on file."},
    422: {"description": "Fields are missing or have a wrong form."},
}
"""What every resource may refuse with; the body is a problem (RFC 9457)."""

Reason = Annotated[str, Field(min_length=1, max_length=200)]


class RecordAsked(Contract):
    """A record to add to a dossier."""

    record: Record
    organisation: str | None = None
    """Code of the organisation that vouches for it; left out, the account's own."""


class CorrectionAsked(Contract):
    """What a record should have said, and why it did not."""

    record: Record
    reason: Reason


class WithdrawalAsked(Contract):
    """Why a record never should have been."""

    reason: Reason


class AnswerAsked(Contract):
    """How a second person answers a proposal; declining needs a reason."""

    decision: Literal["approve", "decline"]
    reason: Reason | None = None

    def is_approval(self) -> bool:
        """Return whether it approves; raises RequestInvalidError when a refusal has no reason."""
        if self.decision == "decline" and self.reason is None:
            raise RequestInvalidError(fields="body.reason")
        return self.decision == "approve"


_ALSO_FROZEN = frozenset({Permission.CLOSE_DOSSIER, Permission.ANSWER_RIGHTS})


def worker_for(
    session: Session,
    number: str,
    asker: SignedIn,
    permission: Permission = Permission.READ_DOSSIER,
) -> Worker:
    """Return the worker to whose dossier the asker may do such a thing.

    Raises UnknownWorkerError: for another's in as many statements as for a missing one; and
    FrozenError for what waits while a dossier is frozen.
    """
    within = within_reach(asker.actor, permission)
    worker = look_ups.worker_numbered(session, number, within=within)
    if permission not in _ALSO_FROZEN:
        refuse_frozen(session, worker.worker_id)
    return worker


def worker_of_record(session: Session, number: str, record_id: UUID, asker: SignedIn) -> UUID:
    """Return whose record is meant, if the asker may see it.

    Raises UnknownRecordError: for another's, a missing one and an unknown worker in as many
    statements.
    """
    return reached_record(session, number, record_id, by=asker.actor).worker_id


def organisation_for(session: Session, code: str | None, asker: SignedIn) -> Organisation:
    """Return the organisation that is named, else the asker's own.

    Raises UnknownOrganisationError, or RequestInvalidError when there is neither.
    """
    if code is not None:
        return organisations.coded(session, code)
    if asker.organisation is None:
        raise RequestInvalidError(fields="organisation")
    return asker.organisation
