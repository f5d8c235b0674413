"""What a document that is made by consent says of whom and what it is for: in one line of it."""

from archive.people.models import Organisation
from archive.people.share_refusals import AccessPurposeLongError

LONGEST = 60
"""Characters of that line, in either language."""


def purpose_told(organisation: Organisation, purpose: str) -> str:
    """Return the line: the organisation, then the purpose as the person read it.

    Raises AccessPurposeLongError; asked before the person is, so that nobody consents in vain.
    """
    told = f"{organisation.name}：{purpose}"
    if len(told) > LONGEST:
        raise AccessPurposeLongError(most=max(LONGEST - len(organisation.name) - 1, 1))
    return told
