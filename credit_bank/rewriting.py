"""An entry's row written once more as the bytes that were hashed, to compare the two quickly. Pure.

Only what is usual is written: no case, no reversal. Rows that look otherwise here are not
wrong; ``checking.py`` compares them piece by piece. Outcomes are written in ``readings``.
"""

from collections.abc import Sequence

from credit_bank.bare_rows import Row
from credit_bank.measured import Unusual
from credit_bank.readings import Readings, dashed, plain

AFTER_TRACE = b',"v":1}'


def before_trace(row: Row, postings: Sequence[Row], readings: Readings) -> bytes:
    """Return what an entry's bytes say before its explanation, by its row and postings."""
    _, own, _, cause, decision, day, evaluated, family, lineage, posted, reason, at = row[:12]
    moves = ",".join(
        [
            f'{{"account":"{account}","id":"{a[:8]}-{a[8:12]}-{a[12:16]}-{a[16:20]}-{a[20:]}",'
            f'"lot_id":"{b[:8]}-{b[8:12]}-{b[12:16]}-{b[16:20]}-{b[20:]}","units":{units}}}'
            for _, _, a, account, b, units in postings
        ]
    )
    return (
        f'{{"case_id":null,"cause":"{cause}","decision":"{decision}","effective_on":"{day}",'
        f'"evaluated_units":{evaluated},"family":"{family}","id":"{dashed(own)}",'
        f'"outcome_id":"{dashed(lineage)}","posted_units":{posted},"postings":[{moves}],'
        f'"reason":"{reason}","recorded_at":"{readings.moment(at)}",'
        f'"reference":"{plain(row[12])}",'
        f'"reverses_id":null,"revision":{row[14]},"rule_version":{text_or_null(row[15])},'
        f'"trace":'
    ).encode()


def trace_in(body: bytes, before: bytes) -> bytes:
    """Return the explanation in an entry's bytes; raises Unusual unless all else fits its row."""
    if not (body.startswith(before) and body.endswith(AFTER_TRACE)):
        raise Unusual
    return body[len(before) : -len(AFTER_TRACE)]


def text_or_null(text: str | None) -> str:
    """Return a text that needs no escape as canonical bytes write it."""
    return f'"{text}"' if text else "null"
