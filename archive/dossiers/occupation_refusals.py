"""Why the name or the code of an occupation is refused."""

from typing import ClassVar

from archive.errors import ArchiveError


class OccupationError(ArchiveError):
    """The base: a text that names no occupation."""


class OccupationUnknownError(OccupationError):
    """No occupation, 工种 or former name is written like this, nor nearly so."""

    code: ClassVar[str] = "occupation_unknown"
    template: ClassVar[str] = (
        "This occupation is not in the classification of 2022. Write its name or its code "
        "(such as 6-31-01-03); otherwise credits per occupation cannot be decided."
    )


class OccupationMisspeltError(OccupationUnknownError):
    """No occupation is written like this, but one nearly so."""

    code: ClassVar[str] = "occupation_misspelt"
    template: ClassVar[str] = (
        "This occupation is not in the classification of 2022; perhaps {nearest} ({code_nearest}) "
        "is meant. Correct it; otherwise credits per occupation cannot be decided."
    )


class OccupationCodeUnknownError(OccupationError):
    """The code does not exist."""

    code: ClassVar[str] = "occupation_code_unknown"
    template: ClassVar[str] = (
        "This occupation code is not in the classification of 2022. "
        "Compare it with the list, or write the occupation's name."
    )


class OccupationContradictoryError(OccupationError):
    """Code and name belong to two occupations."""

    code: ClassVar[str] = "occupation_contradictory"
    template: ClassVar[str] = (
        "The occupation's code and its name belong to two different occupations. "
        "Correct one of them."
    )
