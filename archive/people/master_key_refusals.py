"""Why a master key cannot be used, and why a version of a key cannot be made or retired."""

from typing import ClassVar

from archive.errors import ArchiveError


class MasterKeyUnusableError(ArchiveError):
    """What should hold master keys cannot be read as such; the base of its kind."""

    code: ClassVar[str] = "master_key_unusable"
    template: ClassVar[str] = (
        "The master keys in {name} are damaged. "
        "Put the original back (a file with mode 600); without it nothing sealed can be read."
    )


class MasterKeyReadableError(MasterKeyUnusableError):
    """Others than the owner may read the file with the master keys, or with a token's PIN."""

    code: ClassVar[str] = "master_key_readable"
    template: ClassVar[str] = (
        "Others may read the secret file {name}. "
        "Give it mode 600, and find out whether someone has copied it."
    )


class MasterKeyMissingError(MasterKeyUnusableError):
    """The key store holds persons' keys, and what opens them is gone."""

    code: ClassVar[str] = "master_key_missing"
    template: ClassVar[str] = (
        "The key store holds keys, but {name} with the master keys is missing. "
        "Put the original back (a file with mode 600); a new one would open nothing."
    )


class MasterKeyForeignError(MasterKeyUnusableError):
    """Keys in the key store were wrapped under a master key that is not at hand."""

    code: ClassVar[str] = "master_key_foreign"
    template: ClassVar[str] = (
        "Keys in the key store were wrapped under master key {version}, which is not in {name}. "
        "Put the master keys and the key store of one archive together."
    )


class MasterKeyUnsetError(MasterKeyUnusableError):
    """Master keys are to come from the environment, and it has none."""

    code: ClassVar[str] = "master_key_unset"
    template: ClassVar[str] = (
        "No master key is set. Set {name} to 64 hexadecimal characters, made for example by "
        "“openssl rand -hex 32”, and keep a copy apart."
    )


class MasterKeyUnreachableError(MasterKeyUnusableError):
    """The token with the master keys does not answer, or no longer has the key."""

    code: ClassVar[str] = "master_key_unreachable"
    template: ClassVar[str] = (
        "The archive cannot reach its master key now. Try again later; who operates the archive "
        "checks the token and the settings that name it."
    )


class MasterKeyPinError(MasterKeyUnusableError):
    """The token refused the PIN, or none was set."""

    code: ClassVar[str] = "master_key_pin_refused"
    template: ClassVar[str] = (
        "The token refused the PIN. Correct it before trying again: after some wrong PINs "
        "a token locks itself."
    )


class MasterKeyModuleError(MasterKeyUnusableError):
    """The software that reaches the token cannot be loaded."""

    code: ClassVar[str] = "master_key_module"
    template: ClassVar[str] = (
        "The PKCS#11 module cannot be loaded. Install the extra “pkcs11” of this program, and set "
        "{name} to the file of the token's module."
    )


class MasterKeyElsewhereError(ArchiveError):
    """A new master key cannot be made here: the environment is set by others."""

    code: ClassVar[str] = "master_key_elsewhere"
    template: ClassVar[str] = (
        "There is no unused key in {name}, and none can be made there from here. Add one to it, "
        "made for example by “openssl rand -hex 32”, then give the command again."
    )


class IndexKeyMissingError(MasterKeyUnusableError):
    """The key store is in use, and lacks the keys of look-ups."""

    code: ClassVar[str] = "index_key_missing"
    template: ClassVar[str] = (
        "The key store lacks the keys of look-ups. Restore it from its newest backup; "
        "new ones would find nobody."
    )


class KeyVersionUnknownError(ArchiveError):
    """No version of a key has this name."""

    code: ClassVar[str] = "key_version_unknown"
    template: ClassVar[str] = (
        "No key has the version {version}. “keys master status” and “keys index status” list all."
    )


class KeyVersionCurrentError(ArchiveError):
    """The version in use cannot be retired."""

    code: ClassVar[str] = "key_version_current"
    template: ClassVar[str] = (
        "The version {version} is in use and cannot be retired. Make a new one and rotate first."
    )


class KeyVersionUsedError(ArchiveError):
    """Something would no longer open without this version."""

    code: ClassVar[str] = "key_version_used"
    template: ClassVar[str] = (
        "The version {version} cannot be retired: {rows} rows and {files} waiting files are under "
        "it. Rotate first; waiting files are gone after a day."
    )
