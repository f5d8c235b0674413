"""The parties of agreements: by code, by key, and which account acts for which."""

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import Session

from archive.errors import NotAllowedError
from archive.people import organisations, schemes
from archive.people.access import may, may_all, refuse_deciding
from archive.people.actors import Actor
from archive.people.models import Scheme
from schemas.agreements import PartyView, SchemeList, SchemeView
from schemas.contracts import Bilingual
from schemas.vocabulary import Permission

_SCHEME = "scheme:"
_ORGANISATION = "organisation:"


class NamedParty(NamedTuple):
    """A party as a published agreement names it, and the code that people use."""

    key: str
    code: str


def party_named(session: Session, code: str) -> NamedParty:
    """Return the party that a code means: an organisation's, or ``scheme:CODE``.

    Raises UnknownOrganisationError, UnknownSchemeError.
    """
    written = code.strip()
    if written.lower().startswith(_SCHEME):
        scheme = schemes.coded(session, written[len(_SCHEME) :])
        return NamedParty(f"{_SCHEME}{scheme.code}", scheme.code)
    organisation = organisations.coded(session, written)
    return NamedParty(f"{_ORGANISATION}{organisation.id}", organisation.code)


def party_views(session: Session, keys: Iterable[str]) -> dict[str, PartyView]:
    """Return how parties are shown, by key."""
    wanted = set(keys)
    ids = [UUID(key.removeprefix(_ORGANISATION)) for key in wanted if not is_scheme(key)]
    codes = [key.removeprefix(_SCHEME) for key in wanted if is_scheme(key)]
    views = {
        f"{_ORGANISATION}{one.id}": PartyView(
            code=one.code, name=Bilingual(zh=one.name, en=one.name_en), is_scheme=False
        )
        for one in organisations.by_id(session, ids).values()
    }
    for one in schemes.by_code(session, codes).values():
        name = Bilingual(zh=one.name, en=one.name_en)
        views[f"{_SCHEME}{one.code}"] = PartyView(
            code=f"{_SCHEME}{one.code}", name=name, is_scheme=True
        )
    return views


def scheme_view(scheme: Scheme) -> SchemeView:
    """Return another credit bank as it is shown."""
    return SchemeView(code=scheme.code, name=Bilingual(zh=scheme.name, en=scheme.name_en))


def scheme_list(session: Session) -> SchemeList:
    """Return the directory of other credit banks."""
    return SchemeList(schemes=tuple(map(scheme_view, schemes.listed(session))))


def is_scheme(key: str) -> bool:
    """Whether a party is another credit bank."""
    return key.startswith(_SCHEME)


def own_key(account: Actor) -> str | None:
    """Return the party that an account belongs to; None when it speaks for no organisation."""
    if account.organisation_id is None or not may(account, Permission.MAKE_AGREEMENT):
        return None
    return f"{_ORGANISATION}{account.organisation_id}"


def speaks_for(account: Actor, key: str) -> bool:
    """Whether an account may speak for a party: the bureau does for other credit banks."""
    if is_scheme(key):
        return may_all(account, Permission.MAKE_AGREEMENT)
    return own_key(account) == key


def proposing_side(account: Actor, giver: str, receiver: str) -> str:
    """Return the party for which an account proposes; raises NotAllowedError.

    Its own organisation before another credit bank: else the bureau could accept its own.
    """
    sides = [key for key in (giver, receiver) if speaks_for(account, key)]
    if not sides:
        raise NotAllowedError
    return min(sides, key=is_scheme)


def refuse_proposing(_session: Session, by: Actor, payload: dict[str, Any]) -> None:
    """Raise NotAllowedError unless the account speaks for the side that proposes."""
    if not speaks_for(by, str(payload["side"])):
        raise NotAllowedError


def refuse_answering(_session: Session, by: Actor, payload: dict[str, Any]) -> None:
    """Raise NotAllowedError unless the account speaks for the side that did not propose.

    For another credit bank those of the bureau speak who decide.
    """
    other = payload["receiver"] if payload["side"] == payload["giver"] else payload["giver"]
    if not speaks_for(by, str(other)):
        raise NotAllowedError
    if is_scheme(str(other)):
        refuse_deciding(by)


def refuse_confirming(_session: Session, by: Actor, payload: dict[str, Any]) -> None:
    """Raise NotAllowedError unless the account speaks for a party, or decides for the bureau.

    A party may always leave: so a colleague, the other party or the bureau confirms that
    the notice is right, and nobody alone can keep it from ending.
    """
    if not any(speaks_for(by, str(payload[side])) for side in ("giver", "receiver")):
        refuse_deciding(by)
