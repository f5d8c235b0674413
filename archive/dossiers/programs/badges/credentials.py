"""What a badge says: issuer, achievement, person, days, results. Pure; nothing is believed yet."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TypeGuard

from joserfc import jws
from joserfc.errors import JoseError

from archive.dossiers.programs.badges.refusals import (
    BadgeContextError,
    BadgeContradictsError,
    BadgeTypeError,
    BadgeUnreadableError,
)
from archive.dossiers.programs.json_reading import decoded, value_in
from archive.dossiers.programs.json_refusals import JsonFaultError
from schemas.xapi_actors import FIRST_YEAR, LAST_YEAR

_JWT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
_TYPES = frozenset({"OpenBadgeCredential", "AchievementCredential"})
_FIRST_CONTEXT = "https://www.w3.org/ns/credentials/v2"
CONTEXTS = frozenset(
    {
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
        "https://w3id.org/security/data-integrity/v2",
    }
)
"""Besides the first; copies of all of them are shipped, and none is fetched."""
_LONGEST_IRI = 500
_FAILED = frozenset({"Failed", "Dropped", "Withdrew"})
_FULL = Decimal(100)
_TWO_PLACES = Decimal("0.01")

Node = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Identifier:
    """Something by which the person is known: plain, or hashed with a salt."""

    kind: str
    value: str
    is_hashed: bool
    salt: str


@dataclass(frozen=True, slots=True)
class Badge:
    """A badge as it is written."""

    text: str
    """The signed text: JSON, or a compact JWT."""
    document: Node
    """The credential without its envelope."""
    claims: Node | None
    """The claims of the JWT around it; None for JSON."""
    id: str
    issuer: str
    achievement: str
    valid_from: datetime
    valid_until: datetime | None
    awarded_at: datetime
    subject: Node
    has_status: bool

    @property
    def identifiers(self) -> list[Identifier]:
        """By what the person is known."""
        told = _nodes(self.subject.get("identifier"))
        return [found for one in told if (found := _identifier(one))]

    @property
    def has_failed(self) -> bool:
        """Whether a result says that the achievement was not reached."""
        return any(one.get("status") in _FAILED for one in _nodes(self.subject.get("result")))

    @property
    def points(self) -> Decimal | None:
        """The first result of known scale, as points of a hundred."""
        achievement = self.subject["achievement"]
        told = _nodes(achievement.get("resultDescription")) if _is_node(achievement) else []
        scales = {one.get("id"): one for one in told}
        for result in _nodes(self.subject.get("result")):
            found = _points(result.get("value"), scales.get(result.get("resultDescription"), {}))
            if found is not None:
                return found
        return None


def read(text: str) -> Badge:
    """Return the badge that a text is.

    Raises BadgeUnreadableError, BadgeTypeError, BadgeContextError, BadgeContradictsError.
    """
    claims = None
    if _JWT.fullmatch(text):
        claims = _claims(text)
        inner = claims.get("vc")
        document = inner if _is_node(inner) else claims
    else:
        document = _object(text)
    _refuse_foreign(document)
    badge = _badge(text, document, claims)
    if claims is not None:
        _refuse_contradicting(badge, claims)
    return badge


def _claims(text: str) -> Node:
    try:
        found = jws.extract_compact(text.encode()).payload
    except (JoseError, ValueError):
        raise BadgeUnreadableError from None
    try:
        return _object(decoded(found))
    except JsonFaultError:
        raise BadgeUnreadableError from None


def _object(text: str) -> Node:
    try:
        found = value_in(text)
    except JsonFaultError:
        raise BadgeUnreadableError from None
    if not _is_node(found):
        raise BadgeUnreadableError
    return found


def _refuse_foreign(document: Node) -> None:
    """Refuse words that are defined elsewhere, or anew within the badge."""
    told = document.get("@context")
    if not isinstance(told, list) or told[:1] != [_FIRST_CONTEXT]:
        raise BadgeContextError
    if not all(isinstance(one, str) and one in CONTEXTS for one in told[1:]):
        raise BadgeContextError


def _badge(text: str, document: Node, claims: Node | None) -> Badge:
    subject = document.get("credentialSubject")
    if not _TYPES & set(_words(document.get("type"))) or not _is_node(subject):
        raise BadgeTypeError
    achievement = subject.get("achievement")
    if not _is_node(achievement):
        raise BadgeTypeError
    begins = [_moment(document.get("validFrom")), _second(claims, "nbf")]
    ends = [_moment(document.get("validUntil")), _second(claims, "exp")]
    if begins[0] is None:
        raise BadgeUnreadableError
    return Badge(
        text=text,
        document=document,
        claims=claims,
        id=_iri(document.get("id")),
        issuer=_iri(_id_of(document.get("issuer"))),
        achievement=_iri(achievement.get("id")),
        valid_from=max(one for one in begins if one),
        valid_until=min((one for one in ends if one), default=None),
        awarded_at=_moment(document.get("awardedDate")) or begins[0],
        subject=subject,
        has_status="credentialStatus" in document,
    )


def _refuse_contradicting(badge: Badge, claims: Node) -> None:
    pairs = (
        (claims.get("iss"), badge.issuer),
        (claims.get("jti", badge.id), badge.id),
        (claims.get("sub", badge.subject.get("id")), badge.subject.get("id")),
    )
    if any(one != other for one, other in pairs):
        raise BadgeContradictsError


def _identifier(told: Node) -> Identifier | None:
    kind, value, salt = told.get("identityType"), told.get("identityHash"), told.get("salt", "")
    if not isinstance(kind, str) or not isinstance(value, str) or not isinstance(salt, str):
        return None
    return Identifier(kind, value, told.get("hashed") is True, salt)


def _points(value: object, scale: Node) -> Decimal | None:
    try:
        number = Decimal(str(value).strip().removesuffix("%"))
        most = Decimal(str(scale.get("valueMax", _FULL)))
    except InvalidOperation:
        return None
    if scale.get("resultType") not in {"Percent", "RawScore"} or not most > 0:
        return None
    if scale.get("resultType") == "RawScore" and "valueMax" not in scale:
        return None
    points = number / most * _FULL
    return points.quantize(_TWO_PLACES) if 0 <= points <= _FULL else None


def _moment(told: object) -> datetime | None:
    if told is None:
        return None
    if not isinstance(told, str):
        raise BadgeUnreadableError
    try:
        found = datetime.fromisoformat(told)
    except ValueError:
        raise BadgeUnreadableError from None
    return _of_our_time(found)


def _second(claims: Node | None, name: str) -> datetime | None:
    told = claims.get(name) if claims else None
    if told is None:
        return None
    if isinstance(told, bool) or not isinstance(told, int | Decimal):
        raise BadgeUnreadableError
    try:
        return _of_our_time(datetime.fromtimestamp(float(told), UTC))
    except (ValueError, OverflowError, OSError):
        raise BadgeUnreadableError from None


def _of_our_time(moment: datetime) -> datetime:
    """Return a moment that has a day in every time zone; raises BadgeUnreadableError."""
    if moment.tzinfo is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise BadgeUnreadableError
    return moment


def _iri(told: object) -> str:
    if not isinstance(told, str) or ":" not in told or len(told) > _LONGEST_IRI:
        raise BadgeUnreadableError
    return told


def _id_of(told: object) -> object:
    return told.get("id") if _is_node(told) else told


def _words(told: object) -> Sequence[str]:
    listed = told if isinstance(told, list) else [told]
    return [one for one in listed if isinstance(one, str)]


def _nodes(told: object) -> list[Node]:
    listed = told if isinstance(told, list) else [told]
    return [one for one in listed if _is_node(one)]


def _is_node(told: object) -> TypeGuard[Node]:
    return isinstance(told, dict)
