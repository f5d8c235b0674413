"""What programs post as lists, and what they are answered item by item."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from schemas.contracts import Bilingual, Contract
from schemas.vocabulary import DocumentType, RowState, Severity

BatchMode = Literal["good", "all"]
"""What is written of a list with faulty items: all the others, or nothing."""


class PostedItem(Contract):
    """One record, and whose it is."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    document_number: Annotated[str, Field(min_length=1, max_length=100)]
    document_type: DocumentType | None = None
    """Needed where the number alone does not tell."""
    street: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    """Name of the street office that looks after the dossier, where none does yet."""
    record: dict[str, Any]
    """See the schema of records; names and documents are not posted in lists."""


class ItemFinding(Contract):
    """Something wrong with an item, or worth a look."""

    severity: Severity
    code: str
    pointer: str
    """The member that is meant, as a JSON pointer (RFC 6901) within the item; empty: all of it."""
    message: Bilingual


class ItemResult(Contract):
    """What became of one item, or would."""

    item: int
    """Counted from 1, in the order sent."""
    line: int | None = None
    """The line of the body; None in a JSON list."""
    state: RowState
    record_id: UUID | None = None
    """Of the record that was written, or is on file."""
    findings: tuple[ItemFinding, ...] = ()


class BatchReport(Contract):
    """What became of a list, or would."""

    organisation: str
    digest: str
    """Hex SHA-256 of the body."""
    mode: BatchMode
    committed: bool
    """Whether it was carried out; not by a trial, nor with a faulty item and mode “all”."""
    replayed: bool = False
    """Whether this is the answer that was given before: nothing was written this time."""
    counts: dict[RowState, int]
    written: int
    items: tuple[ItemResult, ...]


class ItemProblem(Contract):
    """Why an item is faulty: a problem (RFC 9457) of its own, the first of its findings."""

    type: str
    title: str
    status: int
    detail: str
    """What is wrong and what to do, in the language that was asked for."""
    code: str
    messages: Bilingual
    pointer: str
    """The member that is meant, as a JSON pointer (RFC 6901) within the item."""


class ItemAnswer(ItemResult):
    """What became of one item, and why it is faulty if it is."""

    problem: ItemProblem | None = None


class BatchAnswer(BatchReport):
    """What became of a list, or would, with a problem for each faulty item."""

    items: tuple[ItemAnswer, ...]
