"""Names that an official writes into exceptions, as outcomes hold them.

An organisation's code becomes its identifier; names of courses, course codes and contests
become keyed digests, so that a published rule can be compared with outcomes, which name
nobody. What is written as identifier or digest already stays as it is.
"""

import json
import re
from typing import Any
from uuid import UUID

from sqlmodel import Session

from archive.dossiers.sealing import normalised
from archive.people import organisations
from archive.people.privacy import vault_of
from credit_bank.chain import canonical_bytes

_DIGEST = re.compile(r"[0-9a-f]{64}")
_KEYED = ("course", "course_code", "event")


def keyed(session: Session, bodies: list[bytes]) -> list[bytes]:
    """Return rules with the names in their exceptions as outcomes hold them.

    Raises UnknownOrganisationError.
    """
    return [_keyed_rule(session, body) for body in bodies]


def _keyed_rule(session: Session, body: bytes) -> bytes:
    content: dict[str, Any] = json.loads(body)
    exceptions = content.get("exception", [])
    if not exceptions:
        return body
    for one in exceptions:
        when = one["when"]
        for field in ("issuer", *_KEYED):
            if field in when:
                when[field] = [_key(session, field, str(name)) for name in when[field]]
    for example in content["example"]:
        given = example["given"]
        for field in ("issuer", *_KEYED):
            if field in given:
                given[field] = _key(session, field, str(given[field]))
    return canonical_bytes(content)


def _key(session: Session, field: str, name: str) -> str:
    if field == "issuer":
        return name if _is_identifier(name) else str(organisations.coded(session, name).id)
    if _DIGEST.fullmatch(name):
        return name
    return vault_of(session).digest("keyed", normalised(name)).hex()


def _is_identifier(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False
