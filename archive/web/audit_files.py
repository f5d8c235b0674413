"""The audit as doors hand it over: where its streams lie, and its events as a download."""

from collections.abc import Iterator
from datetime import date

from fastapi.responses import StreamingResponse

from archive.audit.sealing import Streams
from archive.people import audit_search
from archive.people.audit_search import Sought
from archive.people.trail import trail_of
from archive.web.downloads import attachment
from archive.web.house import House
from schemas.audit import AuditForm

_TYPES = {
    AuditForm.CSV: "text/csv; charset=utf-8",
    AuditForm.JSON_LINES: "application/jsonl; charset=utf-8",
}


def streams_of(house: House) -> Streams:
    """Return where the two streams of the archive lie."""
    return Streams(house.archive, trail_of(house.archive).store)


def taken_away(house: House, sought: Sought, form: AuditForm, today: date) -> StreamingResponse:
    """Send events as they are read; the caller has told the export already."""
    headers = attachment(f"审计日志-{today}.{form}")
    return StreamingResponse(_parts(house, sought, form), media_type=_TYPES[form], headers=headers)


def _parts(house: House, sought: Sought, form: AuditForm) -> Iterator[bytes]:
    is_csv = form is AuditForm.CSV
    written = audit_search.as_csv if is_csv else audit_search.as_json_lines
    with house.archive.reading() as session:
        yield from written(audit_search.sought_lines(session, sought))
