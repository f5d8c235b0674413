"""What is told of members: results, accounts at platforms, who left and why."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers.classes import opening, roster
from archive.dossiers.classes.models import ClassMark, ClassMember, TrainingClass
from archive.dossiers.classes.refusals import AccountTwiceError, UnknownMemberError
from archive.dossiers.classes.roster import Member, Told
from archive.people.actors import Actor
from archive.people.privacy import vault_of
from credit_bank.bulk import insert_rows, table_of
from schemas.rosters import Changed, MarkAsked


def mark(
    session: Session, class_id: UUID, marks: Sequence[MarkAsked], *, by: Actor, now: datetime
) -> Changed:
    """Tell all that is known of some members; what says the same as before is not appended.

    Who left may come back. Raises UnknownClassError, ClassClosedError, UnknownMemberError,
    AccountTwiceError.
    """
    opening.held(session, class_id, by=by)
    members = roster.opened(session, roster.members_of(session, class_id))
    known = {one.id: one for one in members}
    accounts = {account: one.id for account, one in roster.by_account(members).items()}
    changed: list[tuple[Member, Told]] = []
    for asked in marks:
        member = known.get(asked.member)
        if member is None or member.key is None:
            raise UnknownMemberError
        told = replace(_told(asked), name=member.told.name)
        if told.account and accounts.setdefault(told.account.casefold(), member.id) != member.id:
            raise AccountTwiceError(place=known[accounts[told.account.casefold()]].place)
        if told != member.told:
            changed.append((member, told))
    append_marks(session, class_id, changed, by=by, now=now)
    return Changed(changed=len(changed))


def append_marks(
    session: Session,
    class_id: UUID,
    changed: Sequence[tuple[Member, Told]],
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Append what is told anew; the caller holds the class."""
    if not changed:
        return
    vault = vault_of(session)
    whose = session.exec(
        select(TrainingClass.organisation_id).where(col(TrainingClass.id) == class_id)
    ).one()
    rows = [
        {
            "member_id": member.id,
            "version": member.version + 1,
            "class_id": class_id,
            "sealed": roster.sealed_mark(member.key, told),
            "account_digest": roster.account_digest(vault, whose, told.account)
            if told.account
            else None,
            "has_left": told.has_left,
            "marked_at": now,
            "marked_by": by.id,
        }
        for member, told in changed
        if member.key is not None
    ]
    insert_rows(session, table_of(ClassMark), rows)


def member_with_account(session: Session, organisation_id: UUID, account: str) -> list[Member]:
    """Return the members of an organisation's classes who have an account, newest class first.

    For programs that know people by their account at a platform. More than one is the same
    person in several classes, or another person to whom the account was given later.
    """
    digest = roster.account_digest(vault_of(session), organisation_id, account)
    query = (
        select(ClassMember)
        .join(ClassMark, col(ClassMark.member_id) == col(ClassMember.id))
        .where(col(ClassMark.account_digest) == digest)
        .order_by(col(ClassMember.enrolled_at).desc(), col(ClassMember.id).desc())
    )
    rows = list({row.id: row for row in session.exec(query)}.values())
    wanted = account.strip().casefold()
    return [
        one
        for one in roster.opened(session, rows)
        if one.told.account and one.told.account.casefold() == wanted
    ]


def _told(asked: MarkAsked) -> Told:
    return Told(
        account=asked.account,
        score=asked.score,
        grade=asked.grade,
        has_left=asked.has_left,
        reason=asked.reason,
    )
