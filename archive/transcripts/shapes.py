"""What is drawn on a page, as a value; ``drawing`` makes it, with the faces of documents."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Drawing:
    """One path, and the size of the box that it fills."""

    path: str
    width: int
    height: int
