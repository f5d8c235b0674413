"""What the register of incidents refuses."""

from typing import ClassVar

from archive.errors import ArchiveError


class UnknownIncidentError(ArchiveError):
    """No incident of this identifier, or none that this person was told of."""

    code: ClassVar[str] = "incident_unknown"
    template: ClassVar[str] = "No incident with this identifier is on file. See the list."


class IncidentClosedError(ArchiveError):
    """Nothing is added to an incident that is closed."""

    code: ClassVar[str] = "incident_closed"
    template: ClassVar[str] = (
        "This incident is closed with its report. Open a new one for what was found since."
    )


class IncidentWordsMissingError(ArchiveError):
    """A step of an incident is written down in words."""

    code: ClassVar[str] = "incident_words_missing"
    template: ClassVar[str] = (
        "Write down what happened, which data it concerns and what was done; nothing may be empty."
    )


class IncidentDaysError(ArchiveError):
    """An incident that ends or is found before it begins; what is registered stays for good."""

    code: ClassVar[str] = "incident_days"
    template: ClassVar[str] = (
        "An incident begins before it ends and before it is found. Correct the days."
    )


class IncidentNobodyError(ArchiveError):
    """Nobody is affected who was not listed already."""

    code: ClassVar[str] = "incident_nobody"
    template: ClassVar[str] = (
        "This finds nobody whom the incident affects and who is not listed already. "
        "Check account, days and archive numbers."
    )


class IncidentUntoldError(ArchiveError):
    """Persons who are affected have not been told yet."""

    code: ClassVar[str] = "incident_untold"
    template: ClassVar[str] = (
        "{count} persons are affected and have not been told. "
        "Tell them first, or write down as a measure why that is not needed, "
        "and confirm it when closing."
    )
