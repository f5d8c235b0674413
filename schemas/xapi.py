"""Statements of the Experience API, as its specification writes them (1.0.3 and 2.0).

Every member that the specification knows is here and no other, for a statement with any other
is to be refused. What the archive makes of one stands in archive/dossiers/programs.
"""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, StrictBool, model_validator

from schemas.contracts import Contract
from schemas.xapi_actors import (
    LANGUAGE_TAG,
    Duration,
    Extensions,
    Iri,
    LanguageMap,
    Moment,
    Number,
    StatementId,
    Text,
    XActor,
    XAgent,
    XGroup,
)


class XVerb(Contract):
    """What was done."""

    id: Iri
    display: LanguageMap | None = None


class XInteraction(Contract):
    """A choice of a question."""

    id: Annotated[str, Field(min_length=1, max_length=300)]
    description: LanguageMap | None = None


class XDefinition(Contract):
    """What an activity is."""

    name: LanguageMap | None = None
    description: LanguageMap | None = None
    type: Iri | None = None
    more_info: Iri | None = Field(default=None, alias="moreInfo")
    extensions: Extensions | None = None
    interaction_type: (
        Literal[
            "true-false",
            "choice",
            "fill-in",
            "long-fill-in",
            "matching",
            "performance",
            "sequencing",
            "likert",
            "numeric",
            "other",
        ]
        | None
    ) = Field(default=None, alias="interactionType")
    correct_responses_pattern: tuple[str, ...] | None = Field(
        default=None, alias="correctResponsesPattern"
    )
    choices: tuple[XInteraction, ...] | None = None
    scale: tuple[XInteraction, ...] | None = None
    source: tuple[XInteraction, ...] | None = None
    target: tuple[XInteraction, ...] | None = None
    steps: tuple[XInteraction, ...] | None = None


class XActivity(Contract):
    """What it was done with: a course, mostly."""

    object_type: Literal["Activity"] = Field(default="Activity", alias="objectType")
    id: Iri
    definition: XDefinition | None = None


class XReference(Contract):
    """Another statement."""

    object_type: Literal["StatementRef"] = Field(alias="objectType")
    id: StatementId


class XScore(Contract):
    """How well it was done."""

    scaled: Annotated[Number, Field(ge=-1, le=1)] | None = None
    raw: Number | None = None
    min: Number | None = None
    max: Number | None = None

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        below = self.min is not None and self.raw is not None and self.raw < self.min
        above = self.max is not None and self.raw is not None and self.raw > self.max
        crossed = self.min is not None and self.max is not None and self.min >= self.max
        if below or above or crossed:
            raise ValueError("a score lies between its bounds")
        return self


class XResult(Contract):
    """What came of it."""

    score: XScore | None = None
    success: StrictBool | None = None
    completion: StrictBool | None = None
    response: Text | None = None
    duration: Duration | None = None
    extensions: Extensions | None = None


class XContextActivities(Contract):
    """Activities round about; one may stand without a list."""

    parent: tuple[XActivity, ...] | XActivity | None = None
    grouping: tuple[XActivity, ...] | XActivity | None = None
    category: tuple[XActivity, ...] | XActivity | None = None
    other: tuple[XActivity, ...] | XActivity | None = None


class XContextAgent(Contract):
    """An agent of the context, since 2.0."""

    object_type: Literal["contextAgent"] = Field(alias="objectType")
    agent: XAgent
    relevant_types: tuple[Iri, ...] | None = Field(default=None, alias="relevantTypes")


class XContextGroup(Contract):
    """A group of the context, since 2.0."""

    object_type: Literal["contextGroup"] = Field(alias="objectType")
    group: XGroup
    relevant_types: tuple[Iri, ...] | None = Field(default=None, alias="relevantTypes")


class XContext(Contract):
    """Where and with whom it was done."""

    registration: StatementId | None = None
    instructor: XActor | None = None
    team: XGroup | None = None
    context_activities: XContextActivities | None = Field(default=None, alias="contextActivities")
    context_agents: tuple[XContextAgent, ...] | None = Field(default=None, alias="contextAgents")
    context_groups: tuple[XContextGroup, ...] | None = Field(default=None, alias="contextGroups")
    revision: Text | None = None
    platform: Text | None = None
    language: Annotated[str, Field(pattern=rf"^{LANGUAGE_TAG.pattern}$")] | None = None
    statement: XReference | None = None
    extensions: Extensions | None = None


class XAttachment(Contract):
    """A file that belongs to a statement and lies elsewhere."""

    usage_type: Iri = Field(alias="usageType")
    display: LanguageMap
    description: LanguageMap | None = None
    content_type: Annotated[str, Field(max_length=200)] = Field(alias="contentType")
    length: Annotated[int, Field(strict=True, ge=0)]
    sha2: Annotated[str, Field(pattern=r"^[0-9a-fA-F]{56,128}$")]
    file_url: Iri = Field(alias="fileUrl")


class XSaid(Contract):
    """What statements and statements within statements have in common."""

    actor: XActor
    verb: XVerb
    result: XResult | None = None
    context: XContext | None = None
    timestamp: Moment | None = None
    attachments: tuple[XAttachment, ...] | None = None


def _plain_object(told: object) -> object:
    """Read an object as what it says it is, so that what is wrong is told of one kind alone."""
    return _read_object(told, _PLAIN)


def _any_object(told: object) -> object:
    """Read an object, which may be a statement within a statement."""
    return _read_object(told, _PLAIN | {"SubStatement": XSubStatement})


def _read_object(told: object, known: Mapping[str, type[Contract]]) -> object:
    kind = told.get("objectType", "Activity") if isinstance(told, Mapping) else "Activity"
    model = known.get(kind) if isinstance(kind, str) else None
    if model is None:
        raise ValueError("not a kind of object")
    return model.model_validate(told)


_PLAIN: dict[str, type[Contract]] = {
    "Activity": XActivity,
    "Agent": XAgent,
    "Group": XGroup,
    "StatementRef": XReference,
}


class XSubStatement(XSaid):
    """A statement about which something is said."""

    object_type: Literal["SubStatement"] = Field(alias="objectType")
    object: Annotated[XActivity | XAgent | XGroup | XReference, BeforeValidator(_plain_object)]


class XStatement(XSaid):
    """Somebody did something with something."""

    id: StatementId | None = None
    object: Annotated[
        XActivity | XAgent | XGroup | XReference | XSubStatement,
        BeforeValidator(_any_object),
    ]
    stored: Moment | None = None
    authority: XActor | None = None
    version: Annotated[str, Field(pattern=r"^(1\.0(\.\d+)?|2\.0(\.\d+)?)$")] | None = None

    @model_validator(mode="after")
    def _has_context_of_activities(self) -> Self:
        """Refuse a revision or platform of what is no activity."""
        told = self.context
        if told and (told.revision or told.platform) and not isinstance(self.object, XActivity):
            raise ValueError("only activities have a revision and a platform")
        return self
