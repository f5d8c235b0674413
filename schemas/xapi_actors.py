"""What statements of the Experience API are made of: identifiers, moments, who did something."""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from schemas.contracts import Contract

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
LANGUAGE_TAG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_DURATION = re.compile(
    r"P(?!$)(\d+(\.\d+)?Y)?(\d+(\.\d+)?M)?(\d+(\.\d+)?W)?(\d+(\.\d+)?D)?"
    r"(T(?=\d)(\d+(\.\d+)?H)?(\d+(\.\d+)?M)?(\d+(\.\d+)?S)?)?"
)
_LONGEST_IRI = 500
FIRST_YEAR, LAST_YEAR = 1900, 9000
"""Beyond them a moment may have no day in another time zone."""


def _iri(value: str) -> str:
    if len(value) > _LONGEST_IRI or not _IRI.fullmatch(value):
        raise ValueError("not an IRI")
    return value


def _languages(value: dict[str, str]) -> dict[str, str]:
    if not all(LANGUAGE_TAG.fullmatch(tag) for tag in value):
        raise ValueError("not a language map")
    return value


def _extensions(value: dict[str, Any]) -> dict[str, Any]:
    for key in value:
        _iri(key)
    return value


def _number(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError("not a number")  # noqa: TRY004  # What pydantic takes from validators.
    return value


def _moment(value: object) -> object:
    """Take a moment as text with its day and time; ``-00:00`` says that nobody knows the zone."""
    if not isinstance(value, str) or value.endswith(("-00:00", "-0000", "-00")):
        raise ValueError("not a timestamp")
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("not a timestamp") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError("not a timestamp of our time")
    return found


def _duration(value: str) -> str:
    if not _DURATION.fullmatch(value):
        raise ValueError("not a duration")
    return value


Iri = Annotated[str, AfterValidator(_iri)]
LanguageMap = Annotated[dict[str, str], AfterValidator(_languages)]
Extensions = Annotated[dict[str, Any], AfterValidator(_extensions)]
Number = Annotated[Decimal, BeforeValidator(_number)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
StatementId = Annotated[UUID, Field(strict=False)]
Duration = Annotated[str, Field(max_length=60), AfterValidator(_duration)]
Text = Annotated[str, Field(max_length=4000)]


class XAccount(Contract):
    """An account at some system."""

    home_page: Iri = Field(alias="homePage")
    name: Annotated[str, Field(min_length=1, max_length=300)]


class XIdentified(Contract):
    """Somebody, known by exactly one of four identifiers."""

    name: Annotated[str, Field(max_length=300)] | None = None
    mbox: Annotated[str, Field(pattern=r"^mailto:[^@\s]+@[^@\s]+$", max_length=300)] | None = None
    mbox_sha1sum: Annotated[str, Field(pattern=r"^[0-9a-fA-F]{40}$")] | None = None
    openid: Iri | None = None
    account: XAccount | None = None

    @property
    def identifiers(self) -> int:
        """How many identifiers are told."""
        told = (self.mbox, self.mbox_sha1sum, self.openid, self.account)
        return sum(one is not None for one in told)


class XAgent(XIdentified):
    """A person or a program."""

    object_type: Literal["Agent"] = Field(default="Agent", alias="objectType")

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if self.identifiers != 1:
            raise ValueError("an agent has exactly one identifier")
        return self


class XGroup(XIdentified):
    """Several people; an anonymous group names its members."""

    object_type: Literal["Group"] = Field(alias="objectType")
    member: tuple[XAgent, ...] | None = None

    @model_validator(mode="after")
    def _is_known(self) -> Self:
        if self.identifiers > 1 or (self.identifiers == 0 and not self.member):
            raise ValueError("a group has one identifier, or members")
        return self


def _kind_of_actor(value: object) -> object:
    """Read a group by its own rules, so that what is wrong is told of one kind alone."""
    is_group = isinstance(value, Mapping) and value.get("objectType") == "Group"
    return XGroup.model_validate(value) if is_group else XAgent.model_validate(value)


XActor = Annotated[XAgent | XGroup, BeforeValidator(_kind_of_actor)]
