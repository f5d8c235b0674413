"""How a person is reached: read as people write it, sealed, found by the whole, shown masked."""

import pytest
from sqlmodel import col, select

from archive.notices.messages import Notice
from archive.people import confirming, contacts, finding, outbox
from archive.people.contact_forms import masked_contact, read_contact
from archive.people.contact_refusals import (
    AddressFormError,
    EmailFormError,
    PhoneDigitsLostError,
    PhoneFormError,
)
from archive.people.look_ups import Purpose
from archive.people.outbox_models import Outbox
from archive.people.personal_models import Contact
from archive.people.sent_codes import SentCodeWrongError
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


def test_what_a_worker_types_is_used_for_nothing_before_its_code_comes_back(session, somebody):
    worker, _, clerk = somebody
    me = an_account(session, "li", Role.WORKER, None, worker)
    contacts.tell(session, worker, {PHONE: "13800138000"}, by=clerk, now=NOW)
    assert told(session, worker) == []

    new = {PHONE: "13900139000", ADDRESS: "光明区牛山路1号"}
    assert contacts.tell(session, worker, new, by=me, now=NOW) == (PHONE, ADDRESS)
    token = confirming.ask(session, worker, PHONE, by=me, now=NOW)
    assert token
    reached = contacts.reached(session, worker)
    assert reached.known == {PHONE: "13800138000", ADDRESS: "光明区牛山路1号"}
    assert reached.masked_waiting() == {PHONE: "139****9000"}
    assert finding.reached_at(session, Purpose.PHONE, "13900139000", most=2) == []
    [code] = told(session, worker)
    assert (code.to, code.notice) == ("13900139000", Notice.CONTACT_CODE)

    assert confirming.confirm(session, worker, token, code.facts["code"], by=me, now=NOW) == PHONE
    assert contacts.reached(session, worker).waiting == {}
    assert contacts.contacts_of(session, worker)[PHONE] == "13900139000"
    assert finding.reached_at(session, Purpose.PHONE, "13800138000", most=2) == []
    former = told(session, worker)[-1]
    assert (former.to, former.notice, former.facts) == ("13800138000", Notice.CONTACT_CHANGED, {})
    with pytest.raises(SentCodeWrongError):
        confirming.confirm(session, worker, token, code.facts["code"], by=me, now=NOW)


def test_a_code_confirms_only_what_it_was_sent_to_and_for_whom_it_was_asked(session, somebody):
    worker, other, clerk = somebody
    me = an_account(session, "li", Role.WORKER, None, worker)
    stranger = an_account(session, "wu", Role.WORKER, None, other)
    contacts.tell(session, worker, {PHONE: "13900139000"}, by=me, now=NOW)
    token = confirming.ask(session, worker, PHONE, by=me, now=NOW)
    assert token
    code = told(session, worker)[-1].facts["code"]
    contacts.tell(session, other, {PHONE: "13700137000"}, by=stranger, now=NOW)
    contacts.tell(session, worker, {PHONE: "13600136000"}, by=me, now=NOW)

    for whose, who in ((other, stranger), (worker, me)):
        with pytest.raises(SentCodeWrongError), session.begin_nested():
            confirming.confirm(session, whose, token, code, by=who, now=NOW)
    contacts.tell(session, worker, {PHONE: "13600136000"}, by=clerk, now=NOW)
    assert contacts.reached(session, worker).known == {PHONE: "13600136000"}
    assert confirming.ask(session, worker, PHONE, by=me, now=NOW) is None


def told(session, worker):
    """Return what was put into the outbox for somebody."""
    key = contacts.key_of(session, worker)
    rows = session.exec(select(Outbox).where(Outbox.owner_id == worker).order_by(col(Outbox.id)))
    return [outbox.opened(row, key) for row in rows]


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
