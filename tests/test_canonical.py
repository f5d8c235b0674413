"""The bytes that are hashed: one text for one value, the same that RFC 8785 asks for."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
import rfc8785
from hypothesis import assume, given
from hypothesis import strategies as st
from sqlmodel import select

from archive.db import Database
from archive.dossiers import records
from archive.dossiers.writing import Posting, writing
from credit_bank.chain import canonical_around, canonical_bytes
from credit_bank.forms import Form
from credit_bank.models import ChainLink, RuleVersion
from schemas.vocabulary import Act, Rank
from tests.builders import (
    NOW,
    TODAY,
    a_certificate,
    a_competition,
    a_training,
    an_account,
    an_identity,
    an_organisation,
)

_EXACT = 2**53 - 1  # Whole numbers that every reader of JSON keeps.
_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
_KEYS = st.text(st.characters(max_codepoint=0xD7FF), max_size=8)  # Ours are words of ASCII.
_LEAVES = st.none() | st.booleans() | st.integers(-_EXACT, _EXACT) | _TEXT
_JSON = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=20,
)


@given(_JSON)
def test_any_json_without_floats_is_written_as_rfc_8785_asks(value):
    assert canonical_bytes(value) == rfc8785.dumps(value)


@given(st.dictionaries(_KEYS, _LEAVES, max_size=6))
def test_the_order_in_which_a_value_was_put_together_does_not_matter(value):
    backwards = dict(reversed(value.items()))

    assert canonical_bytes(backwards) == canonical_bytes(value)


@given(st.dictionaries(_KEYS, _LEAVES, max_size=6), _KEYS, _JSON)
def test_a_part_that_is_written_already_makes_the_same_text(value, key, part):
    rest = {name: one for name, one in value.items() if name != key}

    before, after = canonical_around(rest, key)
    assert before + canonical_bytes(part) + after == canonical_bytes(rest | {key: part})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (UUID(int=7), '"00000000-0000-0000-0000-000000000007"'),
        (date(2025, 2, 1), '"2025-02-01"'),
        (datetime(2025, 2, 1, 2, tzinfo=UTC), '"2025-02-01T02:00:00+00:00"'),
        (
            datetime(2025, 2, 1, 10, tzinfo=timezone(timedelta(hours=8))),
            '"2025-02-01T02:00:00+00:00"',
        ),
        (Decimal("36.50"), '"36.5"'),
        (Decimal("1E+2"), '"100"'),
        (b"\x00\xff", '"00ff"'),
        (Act.CORRECT, '"correct"'),
        (Rank.SENIOR, "3"),
    ],
)
def test_what_json_does_not_know_has_one_text(value, text):
    assert canonical_bytes(value).decode() == text


@pytest.mark.parametrize("value", [{1, 2}, object(), 1j])
def test_what_has_no_one_text_is_refused(value):
    with pytest.raises(TypeError):
        canonical_bytes({"value": value})


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(ValueError, match="JSON"):
        canonical_bytes({"value": value})


def test_every_stored_body_is_canonical(sqlite_archive):
    fill(sqlite_archive)

    bodies = list(stored_bodies(sqlite_archive))

    told = [json.loads(body) for body in bodies]
    assert {"expiry", "grant"} <= {one.get("cause") for one in told}
    assert {"add", "correct", "withdraw"} <= {one.get("act") for one in told}
    for body in bodies:
        assert body == rfc8785.dumps(json.loads(body))


def fill(archive: Database) -> None:
    """Write one of each: records of all converted kinds, a correction, a withdrawal, an expiry."""
    with archive.transaction() as session:
        organisation = an_organisation(session)
        trainer = an_account(session, organisation=organisation)
        posting = Posting(organisation.id, trainer.id, NOW)
        with writing(session) as writer:
            (worker_id,) = writer.enrol([an_identity()], posting)
            course = writer.add(worker_id, a_training(hours="8.01"), posting)
            writer.add(worker_id, a_certificate(), posting)
            prize = writer.add(worker_id, a_competition(), posting)
            writer.settle()
            late = NOW.replace(year=2034)
            writer.expire(worker_id, now=late, today=late.date(), zone=UTC)
        records.correct(
            session,
            worker_id,
            course.record_id,
            a_training(hours="9"),
            reason="登记错误 😀",
            by=trainer,
            now=NOW,
            today=TODAY,
        )
        records.withdraw(session, worker_id, prize.record_id, reason="误报", by=trainer, now=NOW)


def stored_bodies(archive: Database) -> Iterator[bytes]:
    """Yield all bytes that were hashed."""
    with archive.reading() as session:
        yield from session.exec(select(ChainLink.body))
        yield from session.exec(select(RuleVersion.body))


@given(st.dictionaries(_KEYS, _LEAVES, min_size=2, max_size=6), _KEYS, _JSON)
def test_a_form_makes_the_same_text(value, key, part):
    plain = {name: one for name, one in value.items() if name != key}
    assume(len(plain) > 1)
    form = Form(plain, parts=[key])

    written = form.text(plain, **{key: canonical_bytes(part).decode()})

    assert written.encode() == canonical_bytes(plain | {key: part})
