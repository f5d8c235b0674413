"""The first run: a demo district or a first administrator, so that somebody can sign in."""

from datetime import datetime

from archive.cli import demo_sheet, passwords
from archive.cli.voice import Voice
from archive.db import Database
from archive.demo import building
from archive.demo.accounts import accounts as demo_accounts
from archive.people import accounts, organisations, workers
from archive.settings import Settings
from schemas.vocabulary import Role

_NAMES = ("admin", "administrator", "first-administrator")


def open_doors(archive: Database, settings: Settings, voice: Voice, *, now: datetime) -> None:
    """Fill an empty archive with the demo district when that is wanted.

    Otherwise, when nobody can administer it in the browser, make the first administrator.
    """
    if settings.demo and _is_empty(archive):
        voice.say("Filling it with a synthetic demo district (some seconds).")
        built = building.build(archive, settings, now=now)
        demo_sheet.show_built(voice, demo_sheet.view_of(built))
        return
    if demo_accounts(archive):
        voice.say("It holds demo data. The sign-ins are printed by “skills-archive demo accounts”.")
    if not _can_be_administered(archive):
        _add_administrator(archive, voice, now=now)


def _is_empty(archive: Database) -> bool:
    """Whether nobody has used the archive yet: no worker, no organisation, no account."""
    with archive.reading() as session:
        known = {account.name for account in accounts.listed(session)}
        return not (
            known - {accounts.CONSOLE} or organisations.listed(session) or workers.exist(session)
        )


def _can_be_administered(archive: Database) -> bool:
    with archive.reading() as session:
        return any(
            account.role is Role.ADMINISTRATOR and account.is_active and account.password_hash
            for account in accounts.listed(session)
        )


def _add_administrator(archive: Database, voice: Voice, *, now: datetime) -> None:
    password = passwords.made_up()
    with archive.transaction() as session:
        known = {account.name for account in accounts.listed(session)}
        name = next(name for name in _NAMES if name not in known)
        made = accounts.add(session, name, Role.ADMINISTRATOR, password=password, now=now)
        made.password_until = now + accounts.MADE_UP_LASTS
    voice.say("The first administrator:")
    voice.facts([("Account", name), ("Password", password)])
    voice.say(passwords.TOLD_ONCE, days=accounts.MADE_UP_LASTS.days)
    voice.say("If it is lost: skills-archive account password {name}", name=name)
