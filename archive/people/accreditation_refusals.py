"""Why a record of an organisation is not taken, and why an accreditation cannot be recorded."""

from typing import ClassVar

from archive.errors import ArchiveError


class NotAccreditedError(ArchiveError):
    """The base: the organisation may not post this record."""

    code: ClassVar[str] = "not_accredited"
    template: ClassVar[str] = (
        "The organisation has no accreditation on record, and here only accredited organisations "
        "post. Ask the bureau to record it."
    )


class KindNotAccreditedError(NotAccreditedError):
    """No accreditation was ever for this kind of record."""

    code: ClassVar[str] = "accreditation_kind"
    template: ClassVar[str] = (
        "The organisation was never accredited for this kind of record. "
        "Its accreditations say for which it is; ask the bureau if one is missing."
    )


class NotYetAccreditedError(NotAccreditedError):
    """The accreditation begins later."""

    code: ClassVar[str] = "accreditation_not_yet"
    template: ClassVar[str] = (
        "On this day the organisation was not yet accredited for it: that begins on {first} "
        "({document}). Check the day."
    )


class AccreditationEndedError(NotAccreditedError):
    """The accreditation was over on the day of the record."""

    code: ClassVar[str] = "accreditation_ended"
    template: ClassVar[str] = (
        "The organisation's accreditation for it ended on {last} ({document}); what was achieved "
        "later cannot be posted. What was achieved before can. Check the day."
    )


class OccupationNotAccreditedError(NotAccreditedError):
    """The accreditation is for other occupations."""

    code: ClassVar[str] = "accreditation_occupation"
    template: ClassVar[str] = (
        "On this day the organisation was accredited only for the occupations {occupations}. "
        "Check the occupation, or name it if the record names none."
    )


class RankNotAccreditedError(NotAccreditedError):
    """The level lies above the highest of the accreditation."""

    code: ClassVar[str] = "accreditation_rank"
    template: ClassVar[str] = (
        "On this day the organisation was not accredited above the level {highest}. "
        "Check the level and the day."
    )


class UnknownAccreditationError(ArchiveError):
    """No accreditation has this identifier."""

    code: ClassVar[str] = "accreditation_unknown"
    template: ClassVar[str] = (
        "No accreditation has this identifier. See the accreditations of the organisation."
    )


class AccreditationDaysError(ArchiveError):
    """The days of an accreditation, or of its end, contradict each other."""

    code: ClassVar[str] = "accreditation_days"
    template: ClassVar[str] = (
        "The days do not fit: an accreditation ends no earlier than it begins, and a change takes "
        "effect while it counts. Correct the days."
    )


class AccreditationNotNarrowerError(ArchiveError):
    """What would be left is not less than what was there."""

    code: ClassVar[str] = "accreditation_not_narrower"
    template: ClassVar[str] = (
        "What would be left is not narrower than what the accreditation is for. "
        "Record a new accreditation to widen it."
    )
