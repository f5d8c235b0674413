"""Rows written once more as the bytes that were hashed, to compare the two quickly. Pure.

Only what is usual is written: no case, no reversal. Rows that look otherwise here are not
wrong; ``checking.py`` compares them piece by piece.
"""

import hashlib
from collections.abc import Sequence

from credit_bank.bare_rows import Row
from schemas.credits import LearningOutcome

_END = b',"v":1}'


def content_of(own: str, row: Row, body: bytes) -> bytes | None:
    """Return what an outcome's bytes say was learnt; None unless its row says just the same.

    What the columns ``kind`` and ``hours`` repeat stands in the content: see ``repeats``.
    """
    act, lineage, target, _, day, issuer, occupation, rank, _, at, reference, digest = row[:12]
    head = f'{{"act":"{act}","id":"{_id(own)}","outcome":'.encode()
    target_id = f'"{_id(target)}"' if target else "null"
    tail = (
        f',"recorded_at":"{_moment(at)}","reference":"{reference}","target_id":{target_id},"v":1}}'
    ).encode()
    content = body[len(head) : -len(tail)]
    begin = (
        f'{{"effective_on":"{day}","id":"{_id(lineage)}","issuer":"{_id(issuer)}","issuer_key":"'
    ).encode()
    number = "null" if rank is None else rank
    end = f',"occupation":{text_or_null(occupation)},"rank":{number}}}'.encode()
    whole = b'{"act":"' + act.encode() + b'","outcome":' + content + b"}"
    is_same = (
        body.startswith(head)
        and body.endswith(tail)
        and content.startswith(begin)
        and content.endswith(end)
        and hashlib.sha256(whole).digest() == digest
    )
    return content if is_same else None


def repeats(row: Row, outcome: LearningOutcome) -> bool:
    """Whether an outcome's row repeats its kind and hours rightly."""
    hours = getattr(outcome.measures, "hours", None)
    return (row[3], row[8]) == (outcome.kind, None if hours is None else int(hours * 100))


def trace_of(own: str, row: Row, postings: Sequence[Row], body: bytes) -> bytes | None:
    """Return the explanation in an entry's bytes; None unless row and postings say the same."""
    _, cause, decision, day, evaluated, family, lineage, posted = row[:8]
    reason, at, reference, _, revision, version, digest = row[8:]
    moves = ",".join(
        [
            f'{{"account":"{account}","id":"{_id(posting)}","lot_id":"{_id(lot)}","units":{units}}}'
            for posting, account, lot, units in postings
        ]
    )
    head = (
        f'{{"case_id":null,"cause":"{cause}","decision":"{decision}","effective_on":"{day}",'
        f'"evaluated_units":{evaluated},"family":"{family}","id":"{_id(own)}",'
        f'"outcome_id":"{_id(lineage)}","posted_units":{posted},"postings":[{moves}],'
        f'"reason":"{reason}","recorded_at":"{_moment(at)}","reference":"{reference}",'
        f'"reverses_id":null,"revision":{revision},"rule_version":{text_or_null(version)},'
        f'"trace":'
    ).encode()
    is_same = (
        body.startswith(head) and body.endswith(_END) and hashlib.sha256(body).digest() == digest
    )
    return body[len(head) : -len(_END)] if is_same else None


def text_or_null(text: str | None) -> str:
    """Return a text that needs no escape as canonical bytes write it."""
    return f'"{text}"' if text else "null"


def _id(digits: str) -> str:
    """Return an identifier as canonical bytes write it."""
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _moment(at: str) -> str:
    """Return a moment as canonical bytes write it; no fraction when it is nothing."""
    fraction = "" if at.endswith(".000000") else at[19:]
    return f"{at[:10]}T{at[11:19]}{fraction}+00:00"
