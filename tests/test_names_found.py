"""Names find people by the whole only, and stay true through every way into a dossier."""

from datetime import date

import pytest
from sqlmodel import delete, select

from archive.dossiers import names_found, personal, records
from archive.dossiers.personal import NameUnknownError, TooManyCalledError
from archive.dossiers.writing import Posting, writing
from archive.people import finding
from archive.people.models import StreetOf, Worker
from archive.people.names import searched_form
from archive.people.personal_models import SearchIndex
from schemas.identities import NameChange
from schemas.vocabulary import OrganisationKind, Role
from tests.builders import NOW, TODAY, an_account, an_identity, an_organisation


@pytest.fixture
def clerk(session):
    return an_account(session, "clerk", Role.CLERK, an_organisation(session))


def enrolled(session, clerk, *names):
    posting = Posting(clerk.organisation_id, clerk.id, NOW)
    with writing(session) as writer:
        people = [an_identity(serial, name) for serial, name in enumerate(names, 1)]
        return writer.enrol(people, posting)


def found(session, clerk, name):
    try:
        people = personal.called(session, name, by=clerk).people
    except NameUnknownError:
        return []
    return [one.archive_number for one in people]


def number_of(session, worker_id):
    return session.get_one(Worker, worker_id).archive_number


def changed(session, clerk, worker_id, former, name, on=date(2024, 5, 1)):
    change = NameChange(name=name, former_name=former, changed_on=on)
    return records.add(
        session,
        worker_id,
        change,
        organisation_id=clerk.organisation_id,
        by=clerk,
        now=NOW,
        today=TODAY,
    )


def test_a_name_is_found_however_it_is_spaced_and_dotted(session, clerk):
    uyghur, latin = enrolled(session, clerk, "买买提·艾力", "Anna Kim")
    for written in ("买买提·艾力", "买买提•艾力", "买买提艾力", "买买提 艾力"):
        assert found(session, clerk, written) == [number_of(session, uyghur)]
    assert found(session, clerk, "ANNA  KIM") == [number_of(session, latin)]
    assert searched_form("Ａｎｎａ　Ｋｉｍ") == "annakim"


@pytest.mark.parametrize("part", ["买买提", "艾力", "买买提·艾", "%", "", " ", "·"])
def test_a_part_of_a_name_finds_nobody(session, clerk, part):
    enrolled(session, clerk, "买买提·艾力")
    assert found(session, clerk, part) == []


def test_what_is_listed_is_as_little_as_tells_two_people_apart(session, clerk):
    enrolled(session, clerk, "李明华", "李明华")
    people = personal.called(session, "李明华", by=clerk).people
    assert len(people) == 2
    assert {one.birth_year for one in people} == {1990}
    assert all("*" in str(one.document_number_masked) for one in people)


def test_more_than_twenty_of_one_name_are_not_listed(session, clerk):
    enrolled(session, clerk, *["王芳"] * 20)
    assert len(found(session, clerk, "王芳")) == 20
    posting = Posting(clerk.organisation_id, clerk.id, NOW)
    with writing(session) as writer:
        writer.enrol([an_identity(21, "王芳")], posting)
    with pytest.raises(TooManyCalledError):
        personal.called(session, "王芳", by=clerk)


def test_a_former_name_still_finds_and_a_corrected_one_no_longer(session, clerk):
    [worker] = enrolled(session, clerk, "李明华")
    number = number_of(session, worker)
    added = changed(session, clerk, worker, "李明华", "李铭华")
    assert found(session, clerk, "李铭华") == found(session, clerk, "李明华") == [number]

    right = NameChange(name="李茗华", former_name="李明华", changed_on=date(2024, 5, 1))
    records.correct(
        session, worker, added.record_id, right, reason="笔误", by=clerk, now=NOW, today=TODAY
    )
    assert found(session, clerk, "李铭华") == []
    assert found(session, clerk, "李茗华") == [number]

    records.withdraw(session, worker, added.record_id, reason="误登", by=clerk, now=NOW)
    assert found(session, clerk, "李茗华") == []
    assert found(session, clerk, "李明华") == [number]


def test_names_told_and_taken_back_in_the_transaction_that_begins_a_dossier(session, clerk):
    posting = Posting(clerk.organisation_id, clerk.id, NOW)
    change = NameChange(name="李铭华", former_name="李明华", changed_on=date(2024, 5, 1))
    with writing(session) as writer:
        first, second = writer.enrol([an_identity(1), an_identity(2)], posting)
        writer.add(first, change, posting)
        gone = writer.add(second, change, posting)
        writer.withdraw(second, gone.record_id, change, posting, "误登")
    assert found(session, clerk, "李铭华") == [number_of(session, first)]
    assert len(found(session, clerk, "李明华")) == 2


def test_a_street_office_finds_only_its_own_people(session, clerk):
    first, _ = enrolled(session, clerk, "李明华", "李明华")
    street = an_organisation(session, "ST01", OrganisationKind.STREET_OFFICE)
    staff = an_account(session, "street", Role.STREET_CLERK, street)
    assert found(session, staff, "李明华") == []
    session.add(StreetOf(worker_id=first, organisation_id=street.id, since=NOW))
    session.flush()
    assert found(session, staff, "李明华") == [number_of(session, first)]


def test_an_older_archive_is_filled_once_and_goes_on_where_it_stopped(archive, monkeypatch):
    with archive.transaction() as session:
        clerk = an_account(session, "clerk", Role.CLERK, an_organisation(session))
        first, *_ = enrolled(session, clerk, "张伟", "李娜", "王芳")
        kept = session.exec(select(SearchIndex)).all()
        session.exec(delete(SearchIndex).where(SearchIndex.worker_id != first))
    monkeypatch.setattr(finding, "BATCH", 1)

    assert names_found.fill(archive) == 2
    assert names_found.fill(archive) == 0

    with archive.reading() as session:
        told = {(row.worker_id, row.digest) for row in session.exec(select(SearchIndex))}
    assert told == {(row.worker_id, row.digest) for row in kept}
