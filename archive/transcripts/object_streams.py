"""Writing the objects of a PDF in many short object streams.

pydyf, which writes for WeasyPrint, puts them all in one. Readers that look up object by object,
such as pyHanko when it judges a signature, read the stream's whole table for each: a tagged
document of three pages took such a reader three seconds, and one of sixty would take it hours.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import BinaryIO

from pydyf import PDF, Array, Object, Stream, String

OBJECTS_A_STREAM = 24
_FREE, _PLAIN, _PACKED = 0, 1, 2
_NUMBER, _INDEX = 4, 2
"""Bytes of the second and third field of the table: a place or number, and what goes with it."""
_BYTES_OF_NAME = 16


def write(pdf: PDF, output: BinaryIO, version: str = "1.7", *_options: object) -> None:
    """Write ``pdf`` in pydyf's stead; it is named by its content (ISO 32000-1, 14.4)."""
    if pdf.info:
        pdf.add_object(pdf.info)
    objects = [found for found in pdf.objects if found.free != "f"]
    pdf.write_line(f"%PDF-{version}".encode(), output)
    pdf.write_line(b"%\xf0\x9f\x96\xa4", output)
    entries, content = {0: (_FREE, 0, 0xFFFF)}, sha256()
    long = [found for found in objects if not found.compressible]
    short = [found for found in objects if found.compressible]
    for found in (*long, *_packed(pdf, short, entries)):
        entries[found.number] = (_PLAIN, pdf.current_position, 0)
        body = found.indirect  # Compresses a stream; asked for once.
        content.update(body)
        pdf.write_line(body, output)
    name = String(content.digest()[:_BYTES_OF_NAME].hex())
    _write_table(pdf, output, entries, name)


def _packed(
    pdf: PDF, objects: Sequence[Object], entries: dict[int, tuple[int, int, int]]
) -> Iterator[Stream]:
    """Yield streams that hold the objects, and enter where each of them is."""
    for at in range(0, len(objects), OBJECTS_A_STREAM):
        part = objects[at : at + OBJECTS_A_STREAM]
        bodies = [found.data for found in part]
        places = [sum(len(body) + 1 for body in bodies[:index]) for index in range(len(bodies))]
        table = " ".join(
            f"{found.number} {place}" for found, place in zip(part, places, strict=True)
        )
        told = {"Type": "/ObjStm", "N": len(part), "First": len(table) + 1}
        stream = Stream([table, *bodies], told, compress=True)
        pdf.add_object(stream)
        for index, found in enumerate(part):
            entries[found.number] = (_PACKED, stream.number, index)
        yield stream


def _write_table(
    pdf: PDF, output: BinaryIO, entries: dict[int, tuple[int, int, int]], name: String
) -> None:
    """Write where each object is, what the file is called, and the end of the file."""
    place, size = pdf.current_position, len(pdf.objects) + 1
    entries[size - 1] = (_PLAIN, place, 0)
    rows = (entries.get(number, (_FREE, 0, 0xFFFF)) for number in range(size))
    table = b"".join(
        bytes([kind]) + first.to_bytes(_NUMBER, "big") + second.to_bytes(_INDEX, "big")
        for kind, first, second in rows
    )
    told = {
        "Type": "/XRef",
        "W": Array((1, _NUMBER, _INDEX)),
        "Size": size,
        "Root": pdf.catalog.reference,
        "ID": Array((name.data, name.data)),
    }
    if pdf.info:
        told["Info"] = pdf.info.reference
    stream = Stream([table], told, compress=True)
    pdf.add_object(stream)
    pdf.write_line(stream.indirect, output)
    pdf.write_line(f"startxref\n{place}\n%%EOF".encode(), output)
