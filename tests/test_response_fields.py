"""The API's answers hold the listed fields and no other; the access matrix asks for them.

That each answer keeps to the list is asserted where it arrives (tests/access_stage.py); here
stands that the list is whole, and that it would notice.
"""

import pytest

from tests import response_fields
from tests.response_fields import allowed, described_fields, is_about_a_person

DESCRIBED = described_fields()
LINE = {"id": "x", "reference": "R", "state": "open", "asked_at": "x", "expires_at": "x"}
LINES = "GET /api/v1/access-requests"


def test_the_list_names_every_field_of_every_answer_and_nothing_else():
    assert len(DESCRIBED) > 100
    listed = {name: one.fields for name, one in allowed().items()}
    assert listed == {name: frozenset(fields) for name, fields in DESCRIBED.items()}


def test_every_field_that_is_about_a_person_is_listed_with_the_reason_why_it_is_told():
    found = {
        (model, name)
        for model, fields in DESCRIBED.items()
        for name, schema in fields.items()
        if is_about_a_person(name, schema)
    }
    told = {(model, name) for model, one in allowed().items() for name in one.persons}
    assert len(found) > 40
    assert found - told == set()
    assert all(why for one in allowed().values() for why in one.persons.values())


@pytest.mark.parametrize(
    ("actor", "line", "fault"),
    [
        ("employer", {**LINE, "asked_by": "employer"}, None),
        ("worker", {**LINE, "asked_by": "x"}, ("RequestLine.asked_by", "not for worker")),
        (
            "employer",
            {**LINE, "asked_by": "x", "worker_name": "x"},
            ("RequestLine.worker_name", "not in the list"),
        ),
        (
            "employer",
            {**LINE, "reference": "李明华", "asked_by": "x"},
            ("RequestLine.reference", "tells of a person, and the list does not say why"),
        ),
    ],
)
def test_what_an_actor_may_not_be_told_is_found_in_an_answer(actor, line, fault):
    found = response_fields.faults(LINES, actor, 200, {"requests": [line]})
    assert (fault in found) if fault else (found == [])


def test_a_field_for_few_is_a_fault_only_where_it_says_something():
    holder = {"archive_number": "x", "credits": [], "trainings": [], "certificates": []}
    route = "GET /api/v1/workers/{number}/exchange"
    answers = [
        {"format": "x", "holders": [{**holder, "document_number": told}]} for told in (None, "9")
    ]
    found = [response_fields.faults(route, "worker", 200, one) for one in answers]
    assert found == [[], [("ExchangeHolder.document_number", "not for worker")]]
