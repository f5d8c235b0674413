"""Who may do what. Pure: an account and what it asks for come in, a refusal may go out.

What is another's and what is missing answer the same, so that nothing can be probed.
"""

from uuid import UUID

from archive.errors import NotAllowedError, UnknownRecordError, UnknownWorkerError
from archive.people.models import Account
from schemas.vocabulary import LEARNING_KINDS, RecordKind, Role

BUREAU = frozenset({Role.CLERK, Role.APPROVER, Role.ADMINISTRATOR})
"""Roles that act for the bureau: they see every dossier and post for every organisation."""


def refuse_posting(
    account: Account, organisation_id: UUID, kind: RecordKind = RecordKind.TRAINING
) -> None:
    """Raise NotAllowedError unless the account may post such records for the organisation.

    All kinds of learning are alike; names and documents only the bureau records.
    """
    if account.role in BUREAU:
        return
    if kind not in LEARNING_KINDS:
        raise NotAllowedError
    if account.role is not Role.TRAINER or account.organisation_id != organisation_id:
        raise NotAllowedError


def refuse_offering(account: Account, organisation_id: UUID) -> None:
    """Raise NotAllowedError unless the account may say what the organisation gives for credits.

    Employers may too: they receive applications for levels that they assess themselves.
    """
    is_own = account.organisation_id == organisation_id
    is_theirs = is_own and account.role in (Role.TRAINER, Role.EMPLOYER)
    if not (account.role in BUREAU or is_theirs):
        raise NotAllowedError


def refuse_changing(account: Account, organisation_id: UUID, kind: RecordKind) -> None:
    """Raise UnknownRecordError unless the account may change such records of an organisation.

    Raises NotAllowedError for names and documents, which only the bureau changes.
    """
    if account.role in BUREAU:
        return
    if kind not in LEARNING_KINDS:
        raise NotAllowedError
    if account.role is not Role.TRAINER or account.organisation_id != organisation_id:
        raise UnknownRecordError


def refuse_showing(account: Account, worker_id: UUID, organisation_id: UUID) -> None:
    """Raise UnknownRecordError unless the account may see a record of this worker.

    The bureau sees any, a worker the own, an organisation those that it vouches for.
    """
    is_own = account.worker_id == worker_id
    has_posted = account.organisation_id == organisation_id
    if not (account.role in BUREAU or is_own or has_posted):
        raise UnknownRecordError


def refuse_reading(account: Account, worker_id: UUID) -> None:
    """Raise UnknownWorkerError unless the account may read this worker's whole dossier."""
    if account.role in BUREAU:
        return
    if account.role is not Role.WORKER or account.worker_id != worker_id:
        raise UnknownWorkerError


def refuse_deciding(account: Account) -> None:
    """Raise NotAllowedError unless the account may answer proposals."""
    if account.role not in {Role.APPROVER, Role.ADMINISTRATOR}:
        raise NotAllowedError


def refuse_proposing(account: Account) -> None:
    """Raise NotAllowedError unless the account may propose what a second person decides."""
    if account.role not in BUREAU:
        raise NotAllowedError


def refuse_administering(account: Account) -> None:
    """Raise NotAllowedError unless the account may add accounts and organisations."""
    if account.role is not Role.ADMINISTRATOR:
        raise NotAllowedError
