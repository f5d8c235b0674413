"""How a person is reached: read as people write it, sealed, found by the whole, shown masked."""

import pytest
from sqlmodel import select

from archive.people import contacts, finding
from archive.people.contact_forms import masked_contact, read_contact
from archive.people.contact_refusals import (
    AddressFormError,
    EmailFormError,
    PhoneDigitsLostError,
    PhoneFormError,
)
from archive.people.look_ups import Purpose
from archive.people.personal_models import Contact
from schemas.vocabulary import ContactKind, Role
from tests.builders import NOW, an_account, an_organisation, workers

PHONE, EMAIL, ADDRESS = ContactKind.PHONE, ContactKind.EMAIL, ContactKind.ADDRESS


@pytest.fixture
def somebody(session):
    account = an_account(session, "clerk", Role.CLERK)
    first, second = workers(session, an_organisation(session), account, 2)
    return first, second, account


@pytest.mark.parametrize(
    "written",
    [
        "13800138000",
        "+86 138-0013-8000",
        "0086 13800138000",
        "８６１３８００１３８０００",
        "'13800138000 ",
    ],
)
def test_a_mobile_number_is_one_number_however_it_is_written(written):
    assert read_contact(PHONE, written) == "13800138000"


@pytest.mark.parametrize("written", ["12800138000", "1380013800", "0755-88211234", "+852 61234567"])
def test_what_is_no_mainland_mobile_number_is_refused(written):
    with pytest.raises(PhoneFormError):
        read_contact(PHONE, written)


def test_a_number_that_a_spreadsheet_rounded_is_refused_for_that_reason():
    with pytest.raises(PhoneDigitsLostError):
        read_contact(PHONE, "1.38001E+10")


def test_the_domain_of_an_email_address_is_compared_without_case():
    assert read_contact(EMAIL, " Li.Ming＠Example.COM ") == "Li.Ming@example.com"


@pytest.mark.parametrize(
    "written", ["liming", "@a.cn", "a@b", "a b@c.cn", "a@-b.cn", "a@b..cn", f"{'a' * 65}@b.cn"]
)
def test_what_is_no_email_address_is_refused(written):
    with pytest.raises(EmailFormError):
        read_contact(EMAIL, written)


def test_an_address_is_one_line_of_sensible_length():
    assert read_contact(ADDRESS, "光明区\n 牛山路１号") == "光明区 牛山路1号"
    for written in ("深圳", "路" * 121):
        with pytest.raises(AddressFormError):
            read_contact(ADDRESS, written)


def test_masked_values_suffice_to_recognise_and_not_to_reach():
    assert masked_contact(PHONE, "13800138000") == "138****8000"
    assert masked_contact(EMAIL, "liming@example.com") == "l***@example.com"
    assert masked_contact(ADDRESS, "广东省深圳市光明区牛山路1号") == "广东省深圳市…"
    assert masked_contact(ADDRESS, "牛山路1号") == "牛山…"


def test_the_newest_counts_and_an_empty_one_takes_it_back(session, somebody):
    worker, _, by = somebody
    contacts.tell(session, worker, {PHONE: "13800138000", EMAIL: "a@b.cn"}, by=by, now=NOW)

    assert contacts.tell(session, worker, {PHONE: "13900139000"}, by=by, now=NOW) == (PHONE,)
    assert contacts.contacts_of(session, worker) == {PHONE: "13900139000", EMAIL: "a@b.cn"}
    assert contacts.masked_contacts_of(session, worker)[PHONE] == "139****9000"

    contacts.tell(session, worker, {PHONE: " "}, by=by, now=NOW)
    assert contacts.contacts_of(session, worker) == {EMAIL: "a@b.cn"}
    assert finding.reached_at(session, Purpose.PHONE, "13900139000", most=2) == []


def test_the_same_again_adds_nothing(session, somebody):
    worker, _, by = somebody
    contacts.tell(session, worker, {ADDRESS: "光明区牛山路1号"}, by=by, now=NOW)
    assert contacts.tell(session, worker, {ADDRESS: "光明区牛山路１号"}, by=by, now=NOW) == ()
    assert len(session.exec(select(Contact)).all()) == 1


def test_one_bad_value_keeps_all_of_them_out(session, somebody):
    worker, _, by = somebody
    with pytest.raises(EmailFormError):
        contacts.tell(session, worker, {PHONE: "13800138000", EMAIL: "no"}, by=by, now=NOW)
    assert contacts.contacts_of(session, worker) == {}


def test_two_who_share_a_phone_are_both_found_by_it(session, somebody):
    """A foreman's or a child's phone serves many: it is no proof of who someone is."""
    first, second, by = somebody
    for worker in (first, second):
        contacts.tell(session, worker, {PHONE: "13800138000"}, by=by, now=NOW)
    found = finding.reached_at(session, Purpose.PHONE, "13800138000", most=5)
    assert {one.worker_id for one in found} == {first, second}


def test_a_stolen_table_tells_no_phone(session, somebody):
    worker, _, by = somebody
    contacts.tell(session, worker, {PHONE: "13800138000"}, by=by, now=NOW)
    [row] = session.exec(select(Contact))
    assert row.sealed is not None
    assert b"13800138000" not in row.sealed
