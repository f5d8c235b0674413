"""Where master keys come from: the place that is set, and the others that are at hand.

New keys are made in the place that ARCHIVE_MASTER_KEY_SOURCE names. The others are read
too, so that an archive can move from one to another by an ordinary rotation.
"""

from archive.people.master_key import KeyRing, KeySource
from archive.people.master_key_file import KeyFile, KeyVariable
from archive.people.master_key_token import Token, TokenAddress
from archive.settings import Settings
from schemas.keys import MasterKeySource


def ring_of(settings: Settings) -> KeyRing:
    """Return all master keys that the settings name, without reading any yet."""
    places: dict[MasterKeySource, KeySource] = {
        MasterKeySource.FILE: KeyFile(settings.secrets_folder),
        MasterKeySource.ENVIRONMENT: KeyVariable(settings.master_keys),
    }
    chosen = settings.master_key_source
    if settings.master_pkcs11_module or chosen is MasterKeySource.PKCS11:
        places[MasterKeySource.PKCS11] = Token(
            TokenAddress(
                settings.master_pkcs11_module,
                settings.master_pkcs11_token,
                settings.master_pkcs11_pin,
                settings.master_pkcs11_pin_file,
            )
        )
    first = places.pop(chosen)
    return KeyRing([first, *places.values()])
