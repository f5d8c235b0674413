"""Why a request of near relatives of a dead person is refused."""

from typing import ClassVar

from archive.errors import ArchiveError


class RelativeIncompleteError(ArchiveError):
    """Something is missing without which nobody can decide."""

    code: ClassVar[str] = "relative_incomplete"
    template: ClassVar[str] = (
        "Enter who asks, with the number of the document that was shown, what for, and the day of "
        "death, which is not in the future."
    )


class RelativeArrangedError(ArchiveError):
    """The dead person arranged otherwise."""

    code: ClassVar[str] = "relative_arranged"
    template: ClassVar[str] = (
        "The person arranged in life that relatives get no access; that comes first (Personal "
        "Information Protection Law, article 49). Tell the relative so."
    )


class RelativeArrangementUnseenError(ArchiveError):
    """The person wrote an arrangement down here, and the form says that there is none."""

    code: ClassVar[str] = "relative_arrangement_unseen"
    template: ClassVar[str] = (
        "The person has written down here what is to become of the dossier: read it on this page, "
        "and say whether it allows or forbids what is asked for."
    )


class RelativeNotGrantedError(ArchiveError):
    """There is nothing to hand over."""

    code: ClassVar[str] = "relative_not_granted"
    template: ClassVar[str] = (
        "Nothing is handed over here: two persons grant a view or a copy first, and it is fetched "
        "within {days} days. Look at the case, or make a new request."
    )
