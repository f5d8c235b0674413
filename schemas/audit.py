"""What the audit tells: whether its rows are as they were told, and who looked at whom."""

from uuid import UUID

from schemas.contracts import Bilingual, Contract


class SealMark(Contract):
    """The newest seal of a stream, as a checkpoint keeps it."""

    stream: str
    number: int
    hash: str


class SealFault(Contract):
    """Something in the audit that is not as it was told."""

    stream: str
    """“writes” or “accesses”."""
    seal: int | None
    """The number of the seal; None for a row that none holds."""
    event_id: UUID | None
    """The row; None when the seal itself is at fault."""
    code: str
    message: Bilingual


class SealReport(Contract):
    """Whether both streams of the audit are as they were told."""

    seals: int
    events: int
    unsealed: int
    """Rows that wait for their seal; the server seals every few seconds."""
    faults: tuple[SealFault, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing was found."""
        return not self.faults


class SealReceipt(Contract):
    """How many events were sealed."""

    events: int
