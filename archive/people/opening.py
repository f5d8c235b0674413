"""Opening the archive: its database, with the vault and the trail handed to every session."""

from archive.audit.group_commit import AccessLog
from archive.db import Database
from archive.people.master_key import FILE_NAME, MasterKeyForeignError, load, load_or_make
from archive.people.privacy import Vault, master_in_use
from archive.people.trail import Trail
from archive.settings import Settings


def open_archive(settings: Settings) -> Database:
    """Return the archive's database; makes the home folder and master keys on first run.

    Where persons' keys exist already a missing or foreign master key is refused: a new one
    would open nothing, and what is sealed under it would open nowhere else. Raises
    MasterKeyUnusableError.
    """
    store = Database(settings.keys_url)
    in_use = master_in_use(store)
    if in_use is None:
        masters = load_or_make(settings.secrets_folder)
    else:
        masters = load(settings.secrets_folder)
        if masters.id != in_use:
            raise MasterKeyForeignError(name=FILE_NAME)
    vault = Vault(masters, store)
    trail = Trail(vault, AccessLog(Database(settings.access_url)))
    return Database(settings.archive_url, {"vault": vault, "trail": trail}, trail)
