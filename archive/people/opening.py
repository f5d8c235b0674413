"""Opening the archive: its database, with the vault handed to every session."""

from archive.db import Database
from archive.people.master_key import load_or_make
from archive.people.privacy import Vault
from archive.settings import Settings


def open_archive(settings: Settings) -> Database:
    """Return the archive's database; makes the home folder and master keys on first run."""
    masters = load_or_make(settings.secrets_folder)
    vault = Vault(masters, Database(settings.keys_url))
    return Database(settings.archive_url, {"vault": vault})
