"""How the objects of a document are written: for readers that look each up by itself."""

import re
import subprocess
from io import BytesIO

from pyhanko.pdf_utils.reader import PdfFileReader

from archive.transcripts.object_streams import OBJECTS_A_STREAM
from archive.transcripts.pdf import WeasyRenderer
from tests.transcript_samples import a_certificate, a_record, a_transcript


def _a_long_document() -> bytes:
    records = (*(a_record(number) for number in range(10, 30)), a_certificate(2))
    return WeasyRenderer().render(a_transcript(records=records, template="family/1"))


def test_no_stream_holds_so_many_objects_that_looking_one_up_takes_long():
    pdf = _a_long_document()

    held = [int(count) for count in re.findall(rb"/ObjStm/N (\d+)", pdf)]
    assert len(held) > 10
    assert max(held) == OBJECTS_A_STREAM


def test_every_object_is_found_by_readers_of_others(tmp_path):
    pdf = _a_long_document()
    file = tmp_path / "long.pdf"
    file.write_bytes(pdf)

    told = subprocess.run(["qpdf", "--check", file], capture_output=True, text=True, check=True)
    assert "No syntax or stream encoding errors" in told.stdout
    reader = PdfFileReader(BytesIO(pdf), strict=True)
    assert reader.root["/StructTreeRoot"]["/K"][0]["/S"] == "/Document"
    assert reader.trailer["/Info"]["/Producer"]
    assert reader.root["/Names"]["/EmbeddedFiles"]["/Names"][0] == "transcript.json"


def test_the_same_payload_is_the_same_file():
    assert _a_long_document() == _a_long_document()
