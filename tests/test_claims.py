"""One person, one dossier; one number, one holder — also when two writers come at once."""

from threading import Barrier, Thread

import pytest
from sqlmodel import select

from archive.db import Database
from archive.dossiers.errors import CertificateTakenError, DocumentTakenError
from archive.dossiers.writing import Posting, writing
from archive.people.models import Account, Organisation, Worker
from schemas.refusals import Refusal
from tests.builders import (
    NOW,
    a_certificate,
    an_account,
    an_identity,
    an_organisation,
    workers,
)


def test_one_person_enrolled_by_two_writers_at_once_has_one_dossier(archive):
    with archive.transaction() as session:
        organisation = an_organisation(session)
        an_account(session, organisation=organisation)
    refused: list[Refusal] = []
    start = Barrier(2)
    writers = [Thread(target=_enrol, args=(archive, start, refused)) for _ in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    with archive.reading() as session:
        assert len(session.exec(select(Worker)).all()) == 1
    assert [type(refusal) for refusal in refused] == [DocumentTakenError]


def _enrol(archive: Database, start: Barrier, refused: list[Refusal]) -> None:
    try:
        with archive.reading() as session:
            organisation_id = session.exec(select(Organisation.id)).one()
            account_id = session.exec(select(Account.id)).one()
        start.wait()
        with archive.transaction() as session, writing(session) as writer:
            writer.enrol([an_identity()], Posting(organisation_id, account_id, NOW))
    except Refusal as refusal:
        refused.append(refusal)


def test_a_certificate_number_belongs_to_one_worker(session):
    organisation = an_organisation(session)
    trainer = an_account(session, organisation=organisation)
    first, second = workers(session, organisation, trainer, count=2)
    posting = Posting(organisation.id, trainer.id, NOW)
    with writing(session, [first]) as writer:
        writer.add(first, a_certificate(), posting)

    with pytest.raises(CertificateTakenError), writing(session, [second]) as writer:
        writer.add(second, a_certificate(), posting)
