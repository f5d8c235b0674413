"""The demo district's sign-ins, one a role and two for the bureau; their passwords are derived.

Nothing is stored in clear: a password is an HMAC of the account's name under this
archive's own index key, so it can be printed again while the demo exists, differs from
archive to archive, and cannot be guessed from outside. So is the secret of its app.
"""

from base64 import b32encode
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from archive.db import Database
from archive.demo.bodies import BUREAU, EMPLOYERS, PROVIDERS, SAFETY, STREET
from archive.demo.refusals import DemoCodeMissingError
from archive.people import accounts as all_accounts
from archive.people import factors, totp
from archive.people.actors import Acting
from archive.people.models import Account, Organisation
from archive.people.privacy import Vault, vault_of
from schemas.vocabulary import Role

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # Without what is misread: 0 o 1 l i.
_LENGTH = 12
_GROUP = 4
_SECRET_BYTES = 20
_SIGN_INS = (
    ("worker", Role.WORKER, None),
    ("trainer", Role.TRAINER, PROVIDERS[0]),
    ("trainer-admin", Role.TRAINER_ADMINISTRATOR, PROVIDERS[0]),
    ("employer", Role.EMPLOYER, EMPLOYERS[0]),
    ("employer-admin", Role.EMPLOYER_ADMINISTRATOR, EMPLOYERS[0]),
    ("department", Role.DEPARTMENT_CLERK, SAFETY),
    ("street", Role.STREET_CLERK, STREET),
    ("clerk", Role.CLERK, BUREAU),
    ("approver", Role.APPROVER, BUREAU),
    ("admin", Role.ADMINISTRATOR, BUREAU),
    ("security", Role.SECURITY_ADMINISTRATOR, BUREAU),
    ("audit", Role.AUDIT_ADMINISTRATOR, BUREAU),
)
_PREFIX = "demo-"


class DemoAccount(NamedTuple):
    """A sign-in that is printed."""

    name: str
    role: Role
    password: str
    needs_code: bool
    """Whether it has a second factor, whose code ``demo code`` prints."""


def accounts(archive: Database) -> list[DemoAccount]:
    """Return the demo's sign-ins with their passwords, in the order of the roles.

    Empty when there is no demo district, or once it was purged.
    """
    query = select(Account).where(
        col(Account.is_demo), col(Account.is_active), col(Account.password_hash).is_not(None)
    )
    with archive.reading() as session:
        found = list(session.exec(query))
        with_app = {account.id for account in found if factors.has_app(session, account)}
    order = list(Role)
    vault = vault_of(archive)
    return [
        DemoAccount(
            account.name,
            account.role,
            password_of(vault, account.name),
            account.id in with_app,
        )
        for account in sorted(found, key=lambda account: (order.index(account.role), account.name))
    ]


def password_of(vault: Vault, name: str) -> str:
    """Return the password of a demo account: twelve readable characters, 59 bits."""
    number = int.from_bytes(vault.digest("demo-password", name), "big")
    drawn = []
    for _ in range(_LENGTH):
        number, place = divmod(number, len(_ALPHABET))
        drawn.append(_ALPHABET[place])
    return "-".join("".join(drawn[at : at + _GROUP]) for at in range(0, _LENGTH, _GROUP))


def code_of(session: Session, name: str, *, now: datetime) -> str | None:
    """Return the code that the sign-in page accepts next from a demo account; None: wait.

    Raises UnknownAccountError, and DemoCodeMissingError for an account without such a code.
    """
    account = all_accounts.named(session, name)
    if not account.is_demo or not factors.has_app(session, account):
        raise DemoCodeMissingError(account=name)
    return totp.acceptable(session, account.id, now=now)


def _secret_of(vault: Vault, name: str) -> str:
    """Return the secret of a demo account's app, derived as its password is."""
    return b32encode(vault.digest("demo-totp", name)[:_SECRET_BYTES]).decode()


def open_sign_ins(
    session: Session, bodies: dict[str, Organisation], *, now: datetime
) -> dict[Role, Account]:
    """Open the printed sign-ins; the worker's gets its dossier by ``give_dossier``."""
    vault = vault_of(session)
    opened = {}
    for name, role, code in _SIGN_INS:
        of = bodies[code] if code else None
        account = _open(session, name, role, of, now)
        all_accounts.set_password(session, account, password_of(vault, account.name))
        if factors.needed(role):
            totp.give(session, account.id, _secret_of(vault, account.name), now=now)
        opened[role] = account
    return opened


def as_console(clerk: Account) -> Acting:
    """Return the demo's clerk as the command line: the one that applies for anybody.

    Workers of the demo have no accounts, and nobody stood at a counter for them.
    """
    return Acting(clerk.id, clerk.name, Role.CONSOLE)


def give_dossier(session: Session, account: Account, worker_id: UUID) -> None:
    """Let an account be a worker's own."""
    account.worker_id = worker_id
    session.add(account)
    session.flush()


def open_posters(
    session: Session,
    bodies: dict[str, Organisation],
    printed: dict[Role, Account],
    *,
    now: datetime,
) -> dict[str, UUID]:
    """Return the account that posts for each body; those beyond the printed cannot sign in."""
    posters = {PROVIDERS[0]: printed[Role.TRAINER].id, BUREAU: printed[Role.CLERK].id}
    for code, body in bodies.items():
        if code not in posters:
            name = f"{_PREFIX}{code.casefold()}"
            posters[code] = _open(session, name, Role.TRAINER, body, now).id
    return posters


def _open(
    session: Session, name: str, role: Role, of: Organisation | None, now: datetime
) -> Account:
    """Return a new demo account, or the one that an earlier purge had to keep.

    A name that a real account has gets ``demo-`` before it.
    """
    known = session.exec(select(Account).where(col(Account.name) == name)).one_or_none()
    if known is not None and known.is_demo:
        known.is_active = True
        session.add(known)
        return known
    if known is not None:
        return _open(session, _PREFIX + name, role, of, now)
    organisation_id = of.id if of else None
    return all_accounts.add(
        session, name, role, organisation_id=organisation_id, is_demo=True, now=now
    )
