"""Arriving: codes that are sent, registrations that wait for proof, activation codes."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import select

from archive.notices.messages import Channel, Message
from archive.people import accounts, activations, contacts, joining, organisations, sent_codes
from archive.people.accounts import AccountNameTakenError
from archive.people.activations import AccountNameTellingError, ActivationUnknownError
from archive.people.arrival_models import CodePurpose, OneTimeCode, Registration
from archive.people.contact_refusals import ContactError
from archive.people.delivering import deliver
from archive.people.identity_refusals import IdentityError
from archive.people.joining import JoinNameMissingError
from archive.people.key_store import WRAPPED_KEY
from archive.people.models import Account
from archive.people.privacy import vault_of
from archive.people.sent_codes import SentCodeWrongError
from archive.people.sessions import digest_of
from archive.people.synthetic import resident_number
from schemas.vocabulary import ContactKind, Role
from tests.builders import NOW, TODAY, an_account, an_identity, an_organisation, workers

PHONE, MAIL = "13800000001", "li@example.com"
NAME = an_identity().name
NUMBER = an_identity().document_number
ONE_SECOND = timedelta(seconds=1)


@pytest.fixture
def people(archive):
    """An organisation, its trainer, and a worker with phone, mail and account."""
    with archive.transaction() as session:
        organisation = an_organisation(session)
        trainer = an_account(session, organisation=organisation)
        [worker_id] = workers(session, organisation, trainer)
        an_account(session, "li", Role.WORKER, None, worker_id)
        told = {ContactKind.PHONE: PHONE, ContactKind.EMAIL: MAIL}
        clerk = an_account(session, "clerk", Role.CLERK, organisation)
        contacts.tell(session, worker_id, told, by=clerk, now=NOW)
    return worker_id


class Post:
    """Takes everything that is sent."""

    def __init__(self) -> None:
        self.sent: list[Message] = []

    def send(self, message: Message) -> None:
        self.sent.append(message)


def _swept(archive, at=NOW) -> list[Message]:
    with archive.transaction() as session:
        sent_codes.answer_sign_ins(session, now=at)
        joining.answer(session, now=at)
        joining.settle(session, now=at)
    post = Post()
    deliver(archive, dict.fromkeys(Channel, post), lambda: at)
    return post.sent


def _asked(archive, contact, at=NOW) -> str:
    with archive.transaction() as session:
        return sent_codes.ask(session, CodePurpose.SIGN_IN, contact, now=at)


def _proved(archive, token, code, at=NOW, purpose=CodePurpose.SIGN_IN) -> OneTimeCode:
    with archive.transaction() as session:
        sent_codes.try_once(session, token, now=at)
    with archive.transaction() as session:
        return sent_codes.prove(session, token, purpose, code)


def _other(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


@pytest.mark.parametrize(
    ("contact", "channel", "to"),
    [("+86 138-0000-0001", Channel.SMS, PHONE), ("li@EXAMPLE.com", Channel.EMAIL, MAIL)],
)
def test_a_code_goes_to_the_contact_on_file_and_signs_in_once(
    archive, people, contact, channel, to
):
    token = _asked(archive, contact)
    [message] = _swept(archive)
    code = message.facts["code"]
    assert (message.channel, message.to) == (channel, to)
    assert re.fullmatch(r"\d{6}", code)
    assert _swept(archive) == []
    used = _proved(archive, token, f" {code[:3]} {code[3:]} ")
    with archive.reading() as session:
        assert used.account_id == accounts.named(session, "li").id
    with pytest.raises(SentCodeWrongError):
        _proved(archive, token, code)


def test_a_code_is_worth_nothing_in_another_browser_for_another_purpose_or_too_late(
    archive, people
):
    token, other = _asked(archive, PHONE), _asked(archive, PHONE)
    first, second = (message.facts["code"] for message in _swept(archive))
    if first != second:
        with pytest.raises(SentCodeWrongError):
            _proved(archive, token, second if _works(archive, token, first) else first)
    with pytest.raises(SentCodeWrongError):
        _proved(archive, other, first, purpose=CodePurpose.JOIN)
    with pytest.raises(SentCodeWrongError):
        _proved(archive, other, first, at=NOW + sent_codes.LASTS)


def _works(archive, token, code) -> bool:
    with archive.reading() as session:
        row = session.get(OneTimeCode, digest_of(token))
        assert row is not None
        return bool(row.code_digest == sent_codes._digest(session, row.token_digest, code))


def test_after_five_tries_the_right_code_is_refused_too(archive, people):
    token = _asked(archive, PHONE)
    [message] = _swept(archive)
    code = message.facts["code"]
    for _ in range(sent_codes.TRIES):
        with pytest.raises(SentCodeWrongError):
            _proved(archive, token, _other(code))
    with pytest.raises(SentCodeWrongError):
        _proved(archive, token, code)


def test_the_table_tells_no_code_and_no_contact(archive, people):
    _asked(archive, PHONE)
    [message] = _swept(archive)
    with archive.reading() as session:
        [row] = session.exec(select(OneTimeCode))
    kept = b"".join((row.token_digest, row.contact_digest, row.code_digest))
    assert PHONE.encode() not in kept
    assert message.facts["code"].encode() not in kept


def test_asking_costs_the_same_statements_whether_somebody_is_known_or_not(archive, people):
    told = _statements(archive, PHONE)
    assert len(told) > 1
    assert _statements(archive, "13800000099") == told


def _statements(archive, contact) -> list[str]:
    told: list[str] = []

    def note(*args: object) -> None:
        told.append(str(args[2]))

    event.listen(archive.engine, "before_cursor_execute", note)
    _asked(archive, contact)
    event.remove(archive.engine, "before_cursor_execute", note)
    return told


def test_nothing_is_sent_to_strangers_to_shared_contacts_or_to_who_was_erased(archive, people):
    token = _asked(archive, "13800000099")
    assert _swept(archive) == []
    with pytest.raises(SentCodeWrongError):
        _proved(archive, token, "123456")
    with archive.transaction() as session:
        organisation = organisations.coded(session, "TP01")
        other = an_account(session, "second", Role.WORKER, None, people)
        assert other.organisation_id is None
        assert organisation is not None
    _asked(archive, PHONE)
    assert _swept(archive) == []  # Two accounts: nobody can say which is meant.
    with archive.transaction() as session:
        accounts.named(session, "second").is_active = False
    with vault_of(archive).store.transaction() as keys:
        keys.execute(WRAPPED_KEY.delete().where(WRAPPED_KEY.c.worker_id == people))
    _asked(archive, PHONE)
    assert _swept(archive) == []


def test_what_is_no_contact_is_refused_and_old_codes_are_forgotten(archive, people):
    with pytest.raises(ContactError):
        _asked(archive, "12345")
    _asked(archive, PHONE)
    _asked(archive, PHONE, at=NOW + timedelta(hours=1))
    with archive.reading() as session:
        assert len(session.exec(select(OneTimeCode)).all()) == 1


def _joined(archive, number=NUMBER, name=NAME, contact=PHONE, at=NOW):
    with archive.transaction() as session:
        token = joining.ask(
            session,
            number=number,
            name=name,
            contact=contact,
            password_hash="hash",
            now=at,
            today=TODAY,
        )
    [message] = _swept(archive, at)
    assert message.to == contact
    with archive.transaction() as session:
        sent_codes.try_once(session, token, now=at)
    with archive.transaction() as session:
        account = joining.finish(session, token, message.facts["code"], now=at)
        assert joining.pending(session, account)
        assert account.worker_id is None
    _swept(archive, at)
    with archive.reading() as session:
        found = session.get(type(account), account.id)
        return found.worker_id, session.get(Registration, account.id)


def _without_account(archive):
    with archive.transaction() as session:
        accounts.named(session, "li").is_active = False


def test_number_name_and_the_contact_on_file_together_bind_to_the_dossier(archive, people):
    _without_account(archive)
    assert _joined(archive) == (people, None)


@pytest.mark.parametrize(
    "told",
    [
        {"contact": "13800000099"},
        {"name": "李明"},
        {"number": resident_number(date(1990, 5, 17), 77)},
    ],
)
def test_a_registration_that_misses_one_of_the_three_waits_and_is_no_dossier(archive, people, told):
    _without_account(archive)
    worker_id, kept = _joined(archive, **told)
    assert worker_id is None
    assert NAME.encode() not in kept.sealed


def test_a_dossier_that_has_an_account_is_bound_to_no_second_one(archive, people):
    worker_id, kept = _joined(archive)
    assert worker_id is None
    assert kept is not None


def test_a_registration_says_what_is_wrong_with_what_was_typed(archive):
    typed: dict[str, Any] = {
        "number": NUMBER,
        "name": NAME,
        "contact": PHONE,
        "password_hash": "hash",
    }
    for wrong, refusal in (
        ({"number": "123"}, IdentityError),
        ({"name": " "}, JoinNameMissingError),
        ({"contact": "nobody"}, ContactError),
    ):
        with archive.transaction() as session, pytest.raises(refusal):
            joining.ask(session, **typed | wrong, now=NOW, today=TODAY)


def test_a_code_to_sign_in_begins_no_account(archive, people):
    token = _asked(archive, PHONE)
    [message] = _swept(archive)
    with archive.transaction() as session, pytest.raises(SentCodeWrongError):
        joining.finish(session, token, message.facts["code"], now=NOW)


def _invited(archive, worker_id):
    with archive.transaction() as session:
        clerk = accounts.named(session, "clerk")
        return activations.invite_worker(session, worker_id, by=clerk, now=NOW)


def test_an_activation_code_begins_one_account_and_ends_the_others_of_the_dossier(archive, people):
    code = _invited(archive, people)
    with archive.transaction() as session:
        account = activations.begin_account(session, code.lower(), "li-2", "long password", now=NOW)
        assert (account.worker_id, account.role) == (people, Role.WORKER)
    with archive.reading() as session:
        assert accounts.candidate(session, "li") is None
    with archive.transaction() as session, pytest.raises(ActivationUnknownError):
        activations.begin_account(session, code, "li-3", "long password", now=NOW)


def test_an_activation_code_ends_after_fourteen_days_or_with_the_next_one(archive, people):
    first, second = _invited(archive, people), _invited(archive, people)
    late = NOW + activations.LASTS
    for code, at in ((first, NOW + ONE_SECOND), (second, late), ("nonsense", NOW)):
        with archive.transaction() as session, pytest.raises(ActivationUnknownError):
            activations.begin_account(session, code, "li-2", "long password", now=at)


def test_a_name_that_cannot_be_had_leaves_the_code_as_it_was(archive, people):
    code = _invited(archive, people)
    for name, why in (("li", AccountNameTakenError), ("李明华", AccountNameTellingError)):
        with pytest.raises(why), archive.transaction() as session:
            activations.begin_account(session, code, name, "long password", now=NOW)
    with archive.transaction() as session:
        activations.begin_account(session, code, "li-2", "long password", now=NOW)


def test_a_registered_account_is_bound_at_the_counter(archive, people):
    _joined(archive, contact="13800000099")
    code = _invited(archive, people)
    with archive.transaction() as session:
        kept = session.exec(select(Registration)).one()
        account = session.get_one(Account, kept.account_id)
        activations.bind_account(session, code, account, now=NOW)
        assert account.worker_id == people
        assert not joining.pending(session, account)
    again = _invited(archive, people)
    with archive.transaction() as session, pytest.raises(ActivationUnknownError):
        activations.bind_account(session, again, accounts.named(session, "trainer"), now=NOW)


def test_an_activated_account_that_was_never_registered_is_bound_too(archive, people):
    with archive.transaction() as session:
        account = an_account(session, "new", Role.WORKER)
        by = accounts.named(session, "clerk")
        code = activations.invite_worker(session, people, by=by, now=NOW)
        activations.bind_account(session, code, account, now=NOW)
        assert account.worker_id == people


def test_an_organisation_invites_its_staff_by_the_same_codes(archive, people):
    with archive.transaction() as session:
        organisation = organisations.coded(session, "TP01")
        by = an_account(session, "boss", Role.TRAINER_ADMINISTRATOR, organisation)
        code = activations.invite_staff(session, organisation.id, Role.TRAINER, by=by, now=NOW)
        account = activations.begin_account(session, code, "zhao", "long password", now=NOW)
    assert (account.role, account.organisation_id) == (Role.TRAINER, organisation.id)
    assert account.worker_id is None
