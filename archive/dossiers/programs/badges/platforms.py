"""Platforms whose badges count for an organisation: registered, confirmed by a second, ended."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers.intake.enrolling import take_turns
from archive.dossiers.programs.badges.keys import read_keys
from archive.dossiers.programs.badges.platform_models import Platform, PlatformStep
from archive.dossiers.programs.badges.platform_refusals import (
    PlatformConfirmsItselfError,
    PlatformIssuerError,
    PlatformStepTakenError,
    UnknownPlatformError,
)
from archive.errors import NotAllowedError
from archive.people import organisations
from archive.people.access import may_all, reaches_organisation, refuse
from archive.people.actors import Actor
from archive.people.models import Account, Organisation
from credit_bank.chain import canonical_bytes
from schemas.contracts import Bilingual
from schemas.platforms import PlatformList, PlatformView
from schemas.vocabulary import Permission, PlatformAct

_ISSUER = re.compile(r"(https://|did:[a-z0-9]+:)[^\s\"<>]{1,480}")
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Known:
    """A platform, and when it was confirmed and ended."""

    own: Platform
    steps: Mapping[PlatformAct, PlatformStep]

    @property
    def keys(self) -> list[dict[str, Any]]:
        """Its public keys."""
        told: list[dict[str, Any]] = json.loads(self.own.keys)
        return told

    @property
    def is_trusted(self) -> bool:
        """Whether its badges count now."""
        return PlatformAct.CONFIRM in self.steps and PlatformAct.END not in self.steps


def register(  # Whose, what is told of it, who, when.
    session: Session,
    organisation: Organisation,
    name: str,
    issuer: str,
    keys: str,
    *,
    by: Actor,
    now: datetime,
) -> Platform:
    """Register a platform; its badges count once a second person confirmed it.

    Raises NotAllowedError, PlatformIssuerError, PlatformKeyUnreadableError,
    PlatformKeyPrivateError.
    """
    if not reaches_organisation(by, Permission.MANAGE_PLATFORMS, organisation.id):
        raise NotAllowedError
    told = issuer.strip()
    if not _ISSUER.fullmatch(told):
        raise PlatformIssuerError
    platform = Platform(
        organisation_id=organisation.id,
        name=" ".join(name.split())[:_LONGEST_NAME] or told[:_LONGEST_NAME],
        issuer=told,
        keys=canonical_bytes(read_keys(keys)),
        registered_by=by.id,
        registered_at=now,
    )
    session.add(platform)
    session.flush()
    return platform


def confirm(session: Session, platform_id: UUID, *, by: Actor, now: datetime) -> None:
    """Let a platform's badges count.

    Raises UnknownPlatformError, PlatformConfirmsItselfError, PlatformStepTakenError.
    """
    known = _reached(session, platform_id, by)
    if known.own.registered_by == by.id:
        raise PlatformConfirmsItselfError
    if known.steps:
        raise PlatformStepTakenError
    _take(session, platform_id, PlatformAct.CONFIRM, by, now)


def end(session: Session, platform_id: UUID, *, by: Actor, now: datetime) -> None:
    """Let no badge of a platform count any more; what was posted stays.

    Raises UnknownPlatformError, PlatformStepTakenError.
    """
    known = _reached(session, platform_id, by)
    if PlatformAct.END in known.steps:
        raise PlatformStepTakenError
    _take(session, platform_id, PlatformAct.END, by, now)


def issuing_as(session: Session, organisation_id: UUID, issuer: str) -> list[Known]:
    """Return the platforms of an organisation whose badges name an issuer, the newest first."""
    query = select(Platform).where(
        col(Platform.organisation_id) == organisation_id, col(Platform.issuer) == issuer
    )
    return _known(session, list(session.exec(query.order_by(col(Platform.id).desc()))))


def listed(session: Session, *, by: Actor) -> PlatformList:
    """Return the platforms of the own organisation, or all for the bureau, the newest first.

    Raises NotAllowedError.
    """
    refuse(by, Permission.MANAGE_PLATFORMS)
    query = select(Platform).order_by(col(Platform.registered_at).desc(), col(Platform.id).desc())
    if not may_all(by, Permission.MANAGE_PLATFORMS):
        query = query.where(col(Platform.organisation_id) == by.organisation_id)
    found = _known(session, list(session.exec(query)))
    bodies = organisations.by_id(session, {one.own.organisation_id for one in found})
    names = _names(session, found)
    return PlatformList(
        platforms=tuple(_view(one, bodies[one.own.organisation_id], names, by=by) for one in found)
    )


def _view(
    known: Known, body: Organisation, names: Mapping[UUID, str], *, by: Actor
) -> PlatformView:
    own, confirmed = known.own, known.steps.get(PlatformAct.CONFIRM)
    ended = known.steps.get(PlatformAct.END)
    return PlatformView(
        id=own.id,
        organisation=body.code,
        organisation_name=Bilingual(zh=body.name, en=body.name_en),
        name=own.name,
        issuer=own.issuer,
        keys=tuple(_key_name(one) for one in known.keys),
        registered_by=names[own.registered_by],
        registered_at=own.registered_at,
        confirmed_by=names[confirmed.taken_by] if confirmed else None,
        confirmed_at=confirmed.taken_at if confirmed else None,
        ended_at=ended.taken_at if ended else None,
        can_confirm=not known.steps and own.registered_by != by.id,
    )


def _key_name(jwk: Mapping[str, Any]) -> str:
    kind = jwk.get("crv", jwk["kty"])
    return f"{kind} {jwk['kid']}" if "kid" in jwk else str(kind)


def _reached(session: Session, platform_id: UUID, by: Actor) -> Known:
    """Return a platform whose steps nobody else takes meanwhile; raises UnknownPlatformError."""
    own = session.get(Platform, platform_id)
    if own is None or not reaches_organisation(
        by, Permission.MANAGE_PLATFORMS, own.organisation_id
    ):
        raise UnknownPlatformError
    take_turns(session, own.organisation_id)
    return _known(session, [own])[0]


def _known(session: Session, platforms: Sequence[Platform]) -> list[Known]:
    ids = [one.id for one in platforms]
    query = select(PlatformStep).where(col(PlatformStep.platform_id).in_(ids))
    steps: dict[UUID, dict[PlatformAct, PlatformStep]] = {one: {} for one in ids}
    for step in session.exec(query):
        steps[step.platform_id][step.act] = step
    return [Known(one, steps[one.id]) for one in platforms]


def _names(session: Session, found: Sequence[Known]) -> dict[UUID, str]:
    ids = {one.own.registered_by for one in found}
    ids |= {step.taken_by for one in found for step in one.steps.values()}
    query = select(Account.id, Account.name).where(col(Account.id).in_(ids))
    return dict(session.exec(query).all())


def _take(session: Session, platform_id: UUID, act: PlatformAct, by: Actor, now: datetime) -> None:
    session.add(PlatformStep(platform_id=platform_id, act=act, taken_by=by.id, taken_at=now))
    session.flush()
