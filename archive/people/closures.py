"""What two persons decided on the whole of a dossier: frozen, unfrozen, erased.

Taking effect spans key store and archive; in which order, ``closing`` tells. Which dossier
may be erased, and who proposes it, is decided by the bureau's room.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

import structlog
from sqlalchemy import delete, event
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, SQLModel, col, select
from structlog.typing import FilteringBoundLogger

from archive.errors import ErasedError
from archive.people import closing
from archive.people.keys_apart import belonging_to
from archive.people.look_ups import Purpose
from archive.people.models import Account, BlindIndex, Merger
from archive.people.personal_models import Closure
from archive.people.privacy import vault_of
from archive.people.workers import take_turn
from credit_bank.errors import DossierClosedError
from credit_bank.models import ChainHead
from schemas.vocabulary import ClosureAct

log: FilteringBoundLogger = structlog.get_logger("archive.people")

COLUMN = "closure.sealed"
PSEUDONYMS = (Purpose.ARCHIVE_NUMBER, Purpose.TRANSCRIPT)
"""Numbers and codes that this archive drew by lot: they tell nothing of a person, and by them
the archive answers truthfully that the person was erased."""

Forgetting = Callable[[Session, UUID], None]
FORGETTINGS: list[Forgetting] = []
"""What else goes when a person is erased, by worker; rooms add theirs when they are imported."""


def newest(session: Session) -> dict[UUID, ClosureAct]:
    """Return the newest decision on each person about whom there is one.

    What was decided on a dossier holds for every one that was merged into it.
    """
    query = select(Closure).order_by(col(Closure.decided_at), col(Closure.id))
    found = {row.worker_id: row.act for row in session.exec(query)}
    into = dict(session.exec(select(Merger.worker_id, Merger.into_id)).all())
    for closed, heir in into.items():
        whose = heir
        while whose in into:
            whose = into[whose]
        if whose in found:
            found[closed] = found[whose]
    return found


def state_of(session: Session, worker_id: UUID) -> ClosureAct | None:
    """Return the newest decision on a person; None when there is none, or it was undone."""
    query = (
        select(Closure.act)
        .where(col(Closure.worker_id) == worker_id)
        .order_by(col(Closure.decided_at).desc(), col(Closure.id).desc())
        .limit(1)
    )
    act = session.exec(query).first()
    return None if act in (None, ClosureAct.UNFREEZE) else ClosureAct(act)


def in_turn(session: Session, worker_id: UUID) -> None:
    """Let whoever writes down by what a person is found wait for those who close the dossier.

    Raises ErasedError, DossierClosedError for what was erased or merged meanwhile.
    """
    take_turn(session, worker_id)
    if session.exec(select(Merger.worker_id).where(col(Merger.worker_id) == worker_id)).first():
        raise DossierClosedError
    if state_of(session, worker_id) is ClosureAct.ERASE:
        raise ErasedError


def decide(session: Session, closure: Closure, *, now: datetime) -> None:
    """Let a decision take effect with this transaction, and nothing of it without.

    It holds for the dossiers that were merged into this one, too: what they hold is the same
    person's, sealed under keys of their own.
    """
    whose = _all_locked(session, closure.worker_id)
    store = vault_of(session).store
    before = state_of(session, closure.worker_id)
    settled, undone = _nothing, _nothing
    apart = belonging_to(session, whose) if closure.act is ClosureAct.ERASE else []
    if closure.act is not ClosureAct.UNFREEZE:
        closing.mark(store, *whose, act=closure.act, now=now)
        undone = partial(closing.unmark, store, *whose)
    if before is not None:
        undone = partial(closing.mark, store, *whose, act=before, now=now)
    session.add(closure)
    session.flush()
    if closure.act is ClosureAct.ERASE:
        accounts = [account for one in whose for account in forget(session, one)]
        settled = partial(closing.destroy, store, *whose, *accounts, *apart)
    elif closure.act is ClosureAct.UNFREEZE:
        settled = partial(closing.unmark, store, *whose)
    _at_end(session, settled, undone)


def _all_locked(session: Session, worker_id: UUID) -> list[UUID]:
    """Return a dossier and those merged into it, when nobody writes to one of them any more.

    Whoever has a person's key already could else write, after the erasure, by what the person
    is found.
    """
    take_turn(session, worker_id)
    whose = [worker_id, *_joined_to(session, worker_id)]
    for joined in whose[1:]:
        take_turn(session, joined)
    heads = select(ChainHead.worker_id).where(col(ChainHead.worker_id).in_(whose))
    session.exec(heads.order_by(col(ChainHead.worker_id)).with_for_update()).all()
    return whose


def _joined_to(session: Session, worker_id: UUID) -> list[UUID]:
    """Return the dossiers that were merged into this one, and into those before."""
    query = select(Merger.worker_id).where(col(Merger.into_id) == worker_id)
    joined = list(session.exec(query))
    return joined + [before for one in joined for before in _joined_to(session, one)]


def _nothing() -> None:
    """Do nothing."""


def forget(session: Session, worker_id: UUID) -> list[UUID]:
    """Remove every row by which a person is found, and close the person's accounts; return them.

    What is append-only stays: chains, ledger and proofs rest on it, and what names the
    person in it is sealed under the key that is destroyed next.
    """
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("PRAGMA secure_delete = ON")
    for table in SQLModel.metadata.sorted_tables:
        if table.info.get("forgotten"):
            session.execute(delete(table).where(table.c.worker_id == worker_id))
    theirs = col(BlindIndex.worker_id) == worker_id
    personal = col(BlindIndex.purpose).not_in(PSEUDONYMS)
    session.exec(delete(BlindIndex).where(theirs, personal))
    for forgetting in FORGETTINGS:
        forgetting(session, worker_id)
    accounts = session.exec(select(Account).where(col(Account.worker_id) == worker_id)).all()
    for account in accounts:
        _close(session, account)
    return [account.id for account in accounts]


def _close(session: Session, account: Account) -> None:
    """Take from an account what names its holder: it stays because others' rows name it."""
    for table in SQLModel.metadata.sorted_tables:
        if "account_id" in table.columns and not table.info.get("append_only"):
            session.execute(delete(table).where(table.c.account_id == account.id))
    account.name = f"erased-{account.id.hex}"
    account.password_hash = None
    account.worker_id = None
    account.is_active = False
    session.add(account)
    session.flush()


def _at_end(session: Session, settled: Callable[[], None], undone: Callable[[], None]) -> None:
    """Call one of the two when this transaction has ended, and neither with a later one."""
    has_ended = False

    def ending(act: Callable[[], None], ended: Session) -> None:
        nonlocal has_ended
        if not has_ended and not ended.in_nested_transaction():
            has_ended = True
            try:
                act()
            except SQLAlchemyError as fault:  # The next start settles it; until then it is kept.
                log.critical("closure_not_settled", error=type(fault).__qualname__)

    event.listen(session, "after_commit", partial(ending, settled))
    event.listen(session, "after_rollback", partial(ending, undone))
