"""The table of permissions: whole, printed, and asked with what narrows an actor."""

import pytest

from archive.errors import NotAllowedError, UnknownRecordError, UnknownWorkerError
from archive.people import access
from archive.people.actors import Acting
from archive.people.models import StreetOf
from archive.people.permissions import NOT_AT_THE_COUNTER, TABLE, matrix, scope_of
from schemas.ids import new_id
from schemas.vocabulary import OrganisationKind, Permission, RecordKind, Role, Scope
from tests.builders import NOW, an_organisation
from tests.command_line import CommandLine

BUREAU = {Role.CLERK, Role.APPROVER, Role.CONSOLE}


def acting(role, **facts):
    return Acting(new_id(), "somebody", role, **facts)


def test_every_permission_is_given_to_somebody():
    assert [one for one in Permission if not TABLE.get(one)] == []


def test_no_administrator_reaches_a_dossier():
    reached = {
        permission
        for permission in TABLE
        for role in (
            Role.ADMINISTRATOR,
            Role.SECURITY_ADMINISTRATOR,
            Role.AUDIT_ADMINISTRATOR,
        )
        if role in TABLE[permission]
    }
    assert not {one for one in reached if one.startswith(("dossier.", "record.", "application."))}


def test_only_the_bureau_reaches_every_dossier():
    assert {
        role for role, scope in TABLE[Permission.READ_DOSSIER].items() if scope is Scope.ALL
    } == BUREAU


def test_a_programs_key_may_do_no_more_than_it_was_given():
    narrow = acting(
        Role.TRAINER, organisation_id=new_id(), narrowed_to=frozenset({Permission.READ_RECORD})
    )
    assert access.may(narrow, Permission.READ_RECORD)
    assert not access.may(narrow, Permission.POST_RECORD)
    wide = acting(Role.TRAINER, narrowed_to=frozenset({Permission.READ_DOSSIER}))
    assert not access.may(wide, Permission.READ_DOSSIER)


def test_at_the_counter_a_clerk_consents_to_nothing_for_the_worker():
    at_counter = acting(Role.WORKER, worker_id=new_id(), visit_id=new_id())
    assert access.may(at_counter, Permission.READ_OWN)
    assert not any(access.may(at_counter, one) for one in NOT_AT_THE_COUNTER)


def test_a_stranger_may_only_what_is_everyones():
    assert {one for one in Permission if scope_of(None, one)} == {
        Permission.READ_PUBLIC,
        Permission.BEGIN_SESSION,
        Permission.VERIFY,
        Permission.OPEN_SHARE,
    }


def test_a_street_sees_the_dossiers_of_its_own_street_only(session):
    street = an_organisation(session, "SO01", OrganisationKind.STREET_OFFICE)
    other = an_organisation(session, "SO02", OrganisationKind.STREET_OFFICE)
    worker_id = new_id()
    session.add(StreetOf(worker_id=worker_id, organisation_id=street.id, since=NOW))
    session.flush()

    access.refuse_reading(session, acting(Role.STREET_CLERK, organisation_id=street.id), worker_id)
    access.refuse_reading(session, acting(Role.CLERK), worker_id)
    for whose, which in ((other.id, worker_id), (street.id, new_id()), (None, new_id())):
        with pytest.raises(UnknownWorkerError):
            access.refuse_reading(session, acting(Role.STREET_CLERK, organisation_id=whose), which)


def test_an_organisation_without_a_name_reaches_nothing_of_nobodys():
    nobody = acting(Role.EMPLOYER)
    assert not access.reaches_organisation(nobody, Permission.ANSWER_APPLICATION, None)
    with pytest.raises(UnknownRecordError):
        access.refuse_changing(nobody, new_id(), RecordKind.TRAINING)


def test_nobody_posts_offers_proposes_or_decides_beyond_the_own_line():
    own = new_id()
    trainer = acting(Role.TRAINER, organisation_id=own)
    access.refuse_posting(trainer, own)
    access.refuse_posting(acting(Role.CLERK), own)
    access.refuse_offering(trainer, own)
    access.refuse_proposing(acting(Role.CLERK))
    access.refuse_deciding(acting(Role.APPROVER))
    access.refuse_administering(acting(Role.ADMINISTRATOR))
    for refuse, *beyond in (
        (access.refuse_posting, trainer, new_id()),
        (access.refuse_posting, trainer, own, RecordKind.IDENTITY),
        (access.refuse_changing, trainer, own, RecordKind.IDENTITY),
        (access.refuse_offering, trainer, new_id()),
        (access.refuse_proposing, trainer),
        (access.refuse_deciding, acting(Role.CLERK)),
        (access.refuse_administering, acting(Role.APPROVER)),
    ):
        with pytest.raises(NotAllowedError):
            refuse(*beyond)


def test_the_matrix_is_printed_whole(monkeypatch, sqlite_settings):
    cli = CommandLine(monkeypatch, sqlite_settings)
    told = cli.done("access", "matrix")
    assert all(permission in told for permission in Permission)
    assert "Street office clerk (own street)" in told
    assert cli("access", "matrix", "--json").document == matrix().model_dump(mode="json")
