"""Attacks on a signed transcript: each makes a file that must never be called valid.

Run as a program, it writes every attacked file into a folder, for looking at them with
other verifiers: ``python -m tests.tampered.attacks CLEAN.pdf FOLDER``.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from pyhanko.pdf_utils.reader import PdfFileReader

from tests.tampered.stamps import gap
from tests.tampered.updates import (
    annotation,
    changed_seal,
    changed_store,
    empty_update,
    overlay,
    removed_signature,
    rewritten_with_signature,
    second_attachment,
    shadow_that_hides,
    shadow_that_hides_and_replaces,
    shadow_that_replaces,
    swapped_attachment,
)


@dataclass(frozen=True)
class Attack:
    """How a file is attacked, and which check has to fail first."""

    make: Callable[[bytes], bytes]
    check: int
    reason: str
    stamped: tuple[int, str] | None = None
    """The same for a file that is stamped, where the attack meets the time stamp instead."""

    def expected(self, *, is_stamped: bool) -> tuple[int, str]:
        """Return number and reason of the check that has to fail first."""
        return self.stamped if is_stamped and self.stamped else (self.check, self.reason)


def flipped_byte_in_the_page(pdf: bytes) -> bytes:
    """One bit of the first compressed stream."""
    return _flipped(pdf, pdf.index(b"stream") + 40)


def flipped_byte_in_the_certificate(pdf: bytes) -> bytes:
    """One digit of the signature itself."""
    place = pdf.rindex(b"/Contents <") + 1200
    return pdf[:place] + (b"0" if pdf[place : place + 1] != b"0" else b"1") + pdf[place + 1 :]


def trailing_bytes(pdf: bytes) -> bytes:
    """A comment behind the end of the file."""
    return pdf + b"\n% nothing to see here\n"


def trailing_space(pdf: bytes) -> bytes:
    """The smallest addition that there is."""
    return pdf + b" "


def object_without_cross_reference(pdf: bytes) -> bytes:
    """An object appended raw; some readers rebuild their table and find it."""
    return pdf + b"\n999 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n"


def emptied_signature(pdf: bytes) -> bytes:
    """Zeros in place of the signature (universal signature forgery)."""
    start, end = gap(pdf)
    return pdf[: start + 1] + b"0" * (end - start - 2) + pdf[end - 1 :]


def byte_range_of_nothing(pdf: bytes) -> bytes:
    """A byte range that covers no byte."""
    at = pdf.rindex(b"/ByteRange [")
    end = pdf.index(b"]", at) + 1
    return pdf[:at] + b"/ByteRange [0 0 0 0]".ljust(end - at) + pdf[end:]


def changed_padding(pdf: bytes) -> bytes:
    """A digit in the zeros behind the signature, which no digest covers."""
    _, end = gap(pdf)
    return pdf[: end - 3] + b"7" + pdf[end - 2 :]


def changed_case_of_signature(pdf: bytes) -> bytes:
    """The same signature in small letters: other bytes, the same meaning."""
    start, end = gap(pdf)
    return pdf[:start] + pdf[start:end].lower() + pdf[end:]


def wrapped_signature(pdf: bytes) -> bytes:
    """Signature wrapping: the signed bytes moved apart, forged objects between them.

    Our own end of the file still points to where its cross-reference table was; there now
    stands a forged one, which names a forged signature dictionary whose byte range leaves
    the forged part out. The digest is right.
    """
    start, end = gap(pdf)
    reader = PdfFileReader(BytesIO(pdf))
    last = reader.xrefs.total_revisions - 1
    table = reader.xrefs.get_startxref_for_revision(last)
    places = {
        reference.idnum: reader.xrefs[reference]
        for reference in reader.xrefs.explicit_refs_in_revision(last)
    }
    number = reader.root["/AcroForm"]["/Fields"][-1].raw_get("/V").reference.idnum
    shift, room = 8192, 600
    places[number] = table + room
    rows = b"".join(b"%d 1\n%010d 00000 n \n" % row for row in sorted(places.items()))
    ends = b"trailer\n<< /Size %d /Root %d 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (
        max(places) + 1,
        reader.root_ref.idnum,
        reader.xrefs.get_startxref_for_revision(last - 1),
        table,
    )
    ours = pdf[pdf.index(b"/Type /", end) : pdf.index(b"endobj", end)]
    forged = b"%d 0 obj\n<<\n/Contents %s\n/ByteRange [0 %d %d %d]\n%sendobj\n" % (
        number,
        pdf[start:end],
        start,
        end + shift,
        len(pdf) - end,
        ours,
    )
    injected = b" " * (table - end) + (b"xref\n" + rows + ends).ljust(room) + forged
    return pdf[:end] + injected.ljust(shift) + pdf[end:]


def bytes_before_the_header(pdf: bytes) -> bytes:
    """Something before the file begins."""
    return b"junk\n" + pdf


def cut_short(pdf: bytes) -> bytes:
    """The last part of the file is missing."""
    return pdf[: len(pdf) - 300]


ATTACKS: dict[str, Attack] = {
    attack.make.__name__: attack
    for attack in (
        Attack(flipped_byte_in_the_page, 3, "broken_signature"),
        Attack(
            flipped_byte_in_the_certificate,
            3,
            "broken_signature",
            stamped=(4, "changed_after_signing"),
        ),
        Attack(trailing_bytes, 4, "changed_after_signing"),
        Attack(trailing_space, 4, "changed_after_signing"),
        Attack(object_without_cross_reference, 1, "damaged"),
        Attack(overlay, 4, "changed_after_signing"),
        Attack(annotation, 4, "changed_after_signing"),
        Attack(swapped_attachment, 4, "changed_after_signing"),
        Attack(empty_update, 4, "changed_after_signing"),
        Attack(second_attachment, 2, "damaged"),
        Attack(changed_seal, 4, "changed_after_signing"),
        Attack(changed_store, 4, "changed_after_signing"),
        Attack(shadow_that_hides, 4, "changed_after_signing"),
        Attack(shadow_that_replaces, 4, "changed_after_signing"),
        Attack(shadow_that_hides_and_replaces, 4, "changed_after_signing"),
        Attack(removed_signature, 2, "not_signed"),
        Attack(
            rewritten_with_signature,
            3,
            "broken_signature",
            stamped=(2, "foreign_structure"),
        ),
        Attack(emptied_signature, 3, "broken_signature"),
        Attack(
            byte_range_of_nothing,
            3,
            "broken_signature",
            stamped=(4, "changed_after_signing"),
        ),
        Attack(changed_padding, 4, "changed_after_signing"),
        Attack(changed_case_of_signature, 4, "changed_after_signing"),
        Attack(wrapped_signature, 4, "changed_after_signing"),
        Attack(bytes_before_the_header, 1, "unreadable"),
        Attack(cut_short, 1, "damaged"),
    )
}


def _flipped(pdf: bytes, place: int) -> bytes:
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


if __name__ == "__main__":
    clean, folder = Path(sys.argv[1]).read_bytes(), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for title, attack in ATTACKS.items():
        (folder / f"{title}.pdf").write_bytes(attack.make(clean))
