"""What is told of streets."""

from schemas.contracts import Contract
from schemas.dossiers import OrganisationView


class StreetView(Contract):
    """To which street office a dossier belongs."""

    archive_number: str
    office: OrganisationView | None
    """None: to none, so that no street sees it."""
