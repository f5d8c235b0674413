"""Master keys in a PKCS#11 token: they are made there, wrap there, and never leave it.

An AES key of 256 bits that cannot be read wraps by AES-GCM, as PlainKey does, so that both
bind what they wrap. Only this module knows the binding, which is an extra.
"""

import os
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol, TypeVar, cast

from cryptography.exceptions import InvalidTag
from pydantic import SecretStr

from archive.people.master_key import KEY_BYTES, NONCE_BYTES
from archive.people.master_key_refusals import (
    MasterKeyModuleError,
    MasterKeyPinError,
    MasterKeyReadableError,
    MasterKeyUnreachableError,
)
from schemas.keys import MasterKeySource

if TYPE_CHECKING:
    import pkcs11

LABEL = "skills-archive"
MODULE_SETTING = "ARCHIVE_MASTER_PKCS11_MODULE"
_WRONG_PIN = ("PinIncorrect", "PinInvalid", "PinLenRange", "PinLocked", "PinExpired")
_OTHERS = 0o077
_ID_BYTES = 8
TAKEN_AT_ONCE = threading.RLock()
"""A session of a token does one thing at a time, and all of a process share one sign-in."""
OPENED: dict[tuple[str, str], "_Opened"] = {}

Result = TypeVar("Result")


class _Module(Protocol):
    """The module of a token, as far as it is used here."""

    def get_token(self, *, token_label: str) -> "pkcs11.Token": ...


class _AesKey(Protocol):
    """A key in a token, as far as it is used here."""

    id: bytes

    def encrypt(self, data: bytes, **how: object) -> bytes: ...
    def decrypt(self, data: bytes, **how: object) -> bytes: ...
    def destroy(self) -> None: ...


@dataclass(frozen=True)
class TokenAddress:
    """Which token, by whose module, and how it is opened."""

    module: str
    token: str
    pin: SecretStr
    pin_file: Path | None

    def secret(self) -> str:
        """Return the PIN; raises MasterKeyPinError, MasterKeyReadableError."""
        if self.pin_file is None:
            return self.pin.get_secret_value()
        try:
            if self.pin_file.stat().st_mode & _OTHERS:
                raise MasterKeyReadableError(name=self.pin_file.name)
            return self.pin_file.read_text().strip()
        except OSError as unreadable:
            raise MasterKeyPinError from unreadable


class TokenKey:
    """A master key that lives in a token."""

    __slots__ = ("_source", "id")

    def __init__(self, source: "Token", version: str) -> None:
        """Take where it lives, and its identifier there in hexadecimal."""
        self._source = source
        self.id = version

    def wrap(self, plain: bytes, bound_to: bytes) -> bytes:
        """Encrypt in the token; raises MasterKeyUnreachableError."""
        nonce = os.urandom(NONCE_BYTES)

        def encrypt(key: _AesKey) -> bytes:
            return key.encrypt(plain, **_gcm(nonce, bound_to))

        try:
            return nonce + self._source.use(self.id, encrypt)
        except InvalidTag as failed:  # Encrypting has no tag to be wrong: the token is at fault.
            raise MasterKeyUnreachableError from failed

    def unwrap(self, wrapped: bytes, bound_to: bytes) -> bytes:
        """Decrypt in the token; raises InvalidTag, MasterKeyUnreachableError."""
        nonce, body = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
        return self._source.use(self.id, lambda key: key.decrypt(body, **_gcm(nonce, bound_to)))

    def __repr__(self) -> str:
        return f"TokenKey({self.id})"


class Token:
    """A token with master keys of this archive, known by their label."""

    kind: ClassVar[MasterKeySource] = MasterKeySource.PKCS11

    def __init__(self, address: TokenAddress) -> None:
        """Take which token it is; it is opened when it is needed."""
        self._address = address

    @property
    def name(self) -> str:
        """The token's label."""
        return self._address.token

    def keys(self) -> Sequence[TokenKey]:
        """Return the keys in the token; raises MasterKeyUnusableError."""
        found = self._ask(lambda opened: [one.id for one in opened.found()])
        return [TokenKey(self, one.hex()) for one in found]

    def make_first(self) -> None:
        """Make a key when the token has none."""
        if not self.keys():
            self.make()

    def make(self) -> TokenKey:
        """Make a key that can be neither read nor taken out."""
        version = os.urandom(_ID_BYTES)
        self._ask(lambda opened: _generate(opened.session, version))
        return TokenKey(self, version.hex())

    def remove(self, version: str) -> None:
        """Destroy a key in the token."""
        self._ask(lambda opened: opened.key(version).destroy())

    def use(self, version: str, act: "Callable[[_AesKey], Result]") -> Result:
        """Do something with a key of the token.

        Raises InvalidTag when the token has the key and cannot do it, and
        MasterKeyUnreachableError when it does not answer or lacks the key.
        """
        fault = _errors()
        with TAKEN_AT_ONCE:
            try:
                return self._steadily(lambda opened: act(opened.key(version)))
            except fault as failed:  # The token is well and has the key.
                raise InvalidTag from failed

    def _ask(self, act: "Callable[[_Opened], Result]") -> Result:
        """Do something in the token; raises MasterKeyUnreachableError when it refuses."""
        fault = _errors()
        with TAKEN_AT_ONCE:
            try:
                return self._steadily(act)
            except fault as failed:
                raise MasterKeyUnreachableError from failed

    def _steadily(self, act: "Callable[[_Opened], Result]") -> Result:
        """Do something in the session, and once more in a fresh one if it has broken."""
        where = (self._address.module, self._address.token)
        opened = OPENED.get(where)
        if opened is not None:
            try:
                return act(opened)
            except (_errors(), MasterKeyUnreachableError):
                if opened.is_well():
                    raise
            _begin_anew(self._address.module)
        opened = OPENED[where] = _Opened(_signed_in(self._address))
        return act(opened)


class _Opened:
    """A session of a token, with the keys that were found in it."""

    def __init__(self, session: "pkcs11.Session") -> None:
        self.session = session
        self._found: dict[str, _AesKey] = {}

    def found(self) -> "list[_AesKey]":
        """Return the master keys of this archive."""
        from pkcs11 import Attribute, ObjectClass  # noqa: PLC0415  # An extra.

        wanted = {Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.LABEL: LABEL}
        return cast("list[_AesKey]", list(self.session.get_objects(wanted)))

    def key(self, version: str) -> "_AesKey":
        """Return a key; raises MasterKeyUnreachableError when it is not there."""
        if version not in self._found:
            self._found = {one.id.hex(): one for one in self.found()}
        if version not in self._found:
            raise MasterKeyUnreachableError
        return self._found[version]

    def is_well(self) -> bool:
        """Whether the token still answers and shows a key."""
        try:
            return bool(self.found())
        except _errors():
            return False


def _signed_in(address: TokenAddress) -> "pkcs11.Session":
    """Open the token; a wrong PIN is tried once and never again by itself."""
    module, pin = _loaded(address.module), address.secret()
    if not pin:
        raise MasterKeyPinError
    try:
        return module.get_token(token_label=address.token).open(rw=True, user_pin=pin)
    except _errors() as failed:
        wrong = type(failed).__name__ in _WRONG_PIN
    if wrong:
        raise MasterKeyPinError
    _begin_anew(address.module)  # A token that comes back is only seen by a fresh module.
    raise MasterKeyUnreachableError


def _loaded(module: str) -> "_Module":
    """Return the token's module; raises MasterKeyModuleError, MasterKeyUnreachableError."""
    import pkcs11  # noqa: PLC0415  # An extra.

    try:
        return cast("_Module", pkcs11.lib(module))
    except pkcs11.PKCS11Error as failed:
        if type(failed) is pkcs11.PKCS11Error:  # Its subclasses are the module's own words.
            raise MasterKeyModuleError(name=MODULE_SETTING) from failed
        raise MasterKeyUnreachableError from failed


def _begin_anew(module: str) -> None:
    """Let a module begin anew; all its sessions in this process end."""
    import pkcs11  # noqa: PLC0415  # An extra.

    for where in [where for where in OPENED if where[0] == module]:
        del OPENED[where]
    with suppress(pkcs11.PKCS11Error):  # It is tried again when it is needed.
        pkcs11.lib(module).reinitialize()


def _generate(session: "pkcs11.Session", version: bytes) -> None:
    from pkcs11 import Attribute, KeyType, MechanismFlag  # noqa: PLC0415  # An extra.

    session.generate_key(
        KeyType.AES,
        KEY_BYTES * 8,
        id=version,
        label=LABEL,
        store=True,
        capabilities=MechanismFlag.ENCRYPT | MechanismFlag.DECRYPT,
        template={Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False},
    )


def _gcm(nonce: bytes, bound_to: bytes) -> dict[str, object]:
    from pkcs11 import GCMParams, Mechanism  # noqa: PLC0415  # An extra.

    return {
        "mechanism": Mechanism.AES_GCM,
        "mechanism_param": GCMParams(nonce=nonce, aad=bound_to),
    }


def _errors() -> type[Exception]:
    """Return what the binding raises; raises MasterKeyModuleError when it is not installed."""
    try:
        from pkcs11 import PKCS11Error  # noqa: PLC0415  # An extra.
    except ImportError as missing:
        raise MasterKeyModuleError(name=MODULE_SETTING) from missing
    return PKCS11Error
