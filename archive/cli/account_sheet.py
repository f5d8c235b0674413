"""Accounts as they are listed; nothing secret is among it."""

from sqlmodel import Session

from archive.cli.voice import Voice
from archive.people import accounts, organisations, workers
from schemas.outputs import AccountLine, AccountList


def accounts_listed(session: Session) -> AccountList:
    """Return every account with the code or number of whom it belongs to."""
    found = accounts.listed(session)
    codes = {one.id: one.code for one in organisations.listed(session)}
    owners = [account.worker_id for account in found if account.worker_id]
    numbers = workers.numbers_of(session, owners)
    return AccountList(
        accounts=tuple(
            AccountLine(
                name=account.name,
                role=account.role,
                organisation=codes.get(account.organisation_id)
                if account.organisation_id
                else None,
                archive_number=numbers.get(account.worker_id) if account.worker_id else None,
                can_sign_in=account.password_hash is not None,
                is_active=account.is_active,
                is_demo=account.is_demo,
                created_at=account.created_at,
            )
            for account in found
        )
    )


def show_accounts(voice: Voice, found: AccountList) -> None:
    """Print accounts, a line each."""
    voice.table(
        ("Account", "Role", "Of", "Can sign in", "Since"),
        [
            (
                account.name,
                voice.word("role", account.role),
                account.organisation or account.archive_number or "—",
                voice.sentence("yes" if account.can_sign_in and account.is_active else "no"),
                voice.moment(account.created_at),
            )
            for account in found.accounts
        ],
    )
