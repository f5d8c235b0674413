"""What is decided once on a person is decided once, also by several who do it in one moment."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime
from functools import partial
from threading import Barrier
from uuid import UUID

import pytest
from sqlmodel import Session, col, func, select

from archive.bureau import dossier_closures
from archive.db import Database
from archive.dossiers import records
from archive.people import (
    accounts,
    activations,
    closures,
    contacts,
    factors,
    look_ups,
    passkeys,
    staff,
    totp,
)
from archive.people.actors import Actor
from archive.people.arrival_models import Activation
from archive.people.factor_models import Passkey
from archive.people.factors import LastFactorError
from archive.people.models import BlindIndex
from archive.people.personal_models import Closure, SearchIndex
from archive.people.privacy import vault_of
from schemas.vocabulary import ClosureAct, ContactKind, Role
from tests.builders import NOW, TODAY, an_account, an_identity, an_organisation, workers
from tests.doors import Door

WANTED = {"purpose": "招聘", "contact": "人力资源部", "scope": {}, "days": 7}
DECLINE: dict[str, str] = {}
GRANT = {"agrees": "yes", "part": "whole", "days": "7"}


def at_once(door: Door, names: Sequence[str], *asked: tuple[str, dict[str, str]]) -> list[int]:
    """Let several browsers send their forms in one moment; return what they are answered."""
    ready = Barrier(len(asked))
    visits = [door.visit(names[place % len(names)] or None) for place in range(len(asked))]

    def sending(place: int) -> Callable[[], int]:
        address, form = asked[place]

        def send() -> int:
            ready.wait()
            return visits[place].post(address, data=form).status_code

        return send

    with ThreadPoolExecutor(len(asked)) as everybody:
        sent = [everybody.submit(sending(place)) for place in range(len(asked))]
        return sorted(one.result() for one in sent)


def test_a_request_for_access_and_one_of_a_right_are_answered_once(either_door: Door) -> None:
    asked = {"archive_number": either_door.numbers[0], "wanted": WANTED}
    trainer = either_door.program("trainer")
    request = trainer.post("/api/v1/access-requests", json=asked).json()["request"]
    address = f"/me/shares/requests/{request}"
    answers = ((f"{address}/grant", GRANT), (f"{address}/decline", DECLINE)) * 2
    assert at_once(either_door, ["worker"], *answers) == [303, 409, 409, 409]

    right = ("/me/privacy/requests", {"kind": "correct", "text": "姓名写错了"})
    assert at_once(either_door, ["worker"], right, right) == [303, 409]
    page = either_door.visit("clerk").get("/bureau/requests").text
    address = page.split('action="/bureau/requests/')[1].split('"')[0]
    answer = (f"/bureau/requests/{address}", {"how": "granted", "text": "已更正"})
    assert at_once(either_door, ["clerk", "approver"], answer, answer) == [303, 404]


def test_a_dossier_is_frozen_and_a_name_and_a_code_taken_once(either_door: Door) -> None:
    now = datetime.now(UTC)
    with either_door.house.archive.transaction() as session:
        clerk = accounts.named(session, "clerk")
        worker = look_ups.worker_numbered(session, either_door.numbers[0])
        frozen = [
            dossier_closures.propose(
                session, worker, ClosureAct.FREEZE, reason="争议", by=clerk, now=now, today=TODAY
            ).id
            for _ in range(2)
        ]
        boss = accounts.named(session, "trainer administrator")
        codes = [staff.invite(session, Role.TRAINER, by=boss, now=now) for _ in range(2)]

    approvals = [(f"/bureau/approvals/{one}", {"decision": "approve"}) for one in frozen]
    assert at_once(either_door, ["approver", "second approver"], *approvals) == [303, 409]

    account = {"name": "newcomer", "password": "right horse battery"}
    activations = [("/join/activate", account | {"code": code}) for code in codes]
    assert at_once(either_door, [""], *activations) == [303, 409]

    body = {"code": "EP77", "name": "光明电子厂", "name_en": "Works", "kind": "employer"}
    opening = ("/admin/organisations", body)
    assert at_once(either_door, ["administrator"], *[opening] * 3) == [303, 409, 409]


def erase(archive: Database, worker_id: UUID, by: UUID) -> None:
    with archive.transaction() as session:
        closure = Closure(
            worker_id=worker_id, act=ClosureAct.ERASE, sealed=b"-", proposed_by=by, decided_at=NOW
        )
        closures.decide(session, closure, now=NOW)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)  # On SQLite they take turns.
def test_nothing_is_left_by_which_a_person_is_found_who_was_erased_meanwhile(
    archive: Database,
) -> None:
    with archive.transaction() as session:
        body = an_organisation(session)
        clerk = an_account(session, "clerk", Role.CLERK, body)
        body_id, by_id = body.id, clerk.id
        whose = workers(session, body, clerk, 3)

    def tell(session: Session, by: Actor) -> None:
        contacts.tell(session, whose[0], {ContactKind.PHONE: "13800138000"}, by=by, now=NOW)

    def invite(session: Session, by: Actor) -> None:
        activations.invite_worker(session, whose[1], by=by, now=NOW)

    def name(session: Session, by: Actor) -> None:
        renamed = an_identity(9, "李改名")
        post = partial(records.add, session, whose[2], renamed, organisation_id=body_id)
        post(by=by, now=NOW, today=TODAY)

    with ThreadPoolExecutor() as aside:
        for worker_id, write in zip(whose, (tell, invite, name), strict=True):
            with archive.transaction() as session:
                write(session, accounts.named(session, "clerk"))
                erased = aside.submit(erase, archive, worker_id, by_id)
                wait([erased], timeout=0.3)
            erased.result()

    with archive.reading() as session:
        for table in (SearchIndex, Activation):
            assert session.exec(select(func.count()).select_from(table)).one() == 0
        personal = col(BlindIndex.purpose).not_in(closures.PSEUDONYMS)
        assert session.exec(select(BlindIndex).where(personal)).all() == []


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)  # On SQLite they take turns.
def test_of_two_second_factors_that_are_removed_at_once_one_stays(archive: Database) -> None:
    with archive.transaction() as session:
        clerk = an_account(session, "clerk", Role.CLERK, an_organisation(session))
        totp.give(session, clerk.id, totp.new_secret(), now=NOW)
        key = vault_of(session).key_of_account(clerk.id, now=NOW)
        passkey = Passkey(
            credential_id=b"one",
            account_id=clerk.id,
            public_key=b"-",
            sign_count=0,
            name=key.seal("passkey.name", b"mine"),
            created_at=NOW,
        )
        session.add(passkey)

    def remove_passkey() -> None:
        with archive.transaction() as session:
            factors.remove_passkey(session, accounts.named(session, "clerk"), b"one".hex())

    with ThreadPoolExecutor() as aside:
        with archive.transaction() as session:
            factors.remove_totp(session, accounts.named(session, "clerk"), now=NOW)
            removed = aside.submit(remove_passkey)
            wait([removed], timeout=0.3)
        with pytest.raises(LastFactorError):
            removed.result()

    with archive.reading() as session:
        assert passkeys.count(session, accounts.named(session, "clerk")) == 1
