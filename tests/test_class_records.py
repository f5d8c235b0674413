"""Records of classes beside those that came otherwise: from a platform, from a file."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import col, select

from archive.dossiers import intake
from archive.dossiers.classes.models import ClassPosting
from archive.dossiers.intake import undoing
from archive.dossiers.intake.reading import Person
from archive.dossiers.intake.run_refusals import UndoBlockedError
from archive.dossiers.models import Record
from archive.dossiers.programs import outcomes
from archive.dossiers.programs.outcomes import Outcome
from archive.people.accounts import named
from archive.people.identity import IdentityDocument
from archive.people.organisations import coded
from credit_bank import bank
from schemas.rosters import MarkAsked
from schemas.vocabulary import Account as Units
from schemas.vocabulary import MemberFate, RowState, Way
from tests.builders import NOW, TODAY, an_identity
from tests.test_classes import (
    LAST,
    attend,
    close,
    enrol,
    mark,
    members,
    open_class,
    person,
    school,
    training_of,
)
from tests.test_redemptions import house

__all__ = ["house"]


def test_what_a_platform_tells_of_a_class_and_its_closing_are_two_records_and_credits_once(house):
    with house.transaction() as session:
        class_id = open_class(session)
        enrol(session, class_id, person(1))
        [one] = members(session, class_id)
        attend(session, class_id, "40", one.id)
        mark(session, class_id, MarkAsked(member=one.id, score=Decimal(90)))
        close(session, class_id)
        worker_id = named(session, "worker").worker_id
        assert worker_id is not None
        before = bank.balances(session, worker_id)[Units.AVAILABLE]
        [posted] = (member.record_id for member in members(session, class_id))

        told = training_of(session, posted).model_copy(
            update={"started_on": None, "completed_on": LAST - timedelta(days=1), "score": None}
        )
        known = an_identity(1)
        document = IdentityDocument(known.document_type, known.document_number)
        result = Outcome("passed", "00" * 32, Person(known.name, document), told)
        body, by = coded(session, "TS01"), school(session).id
        outcomes.post(session, body, [result], Way.XAPI, by=by, now=NOW, today=TODAY)

        assert (result.state, result.record_id == posted) == (RowState.NEW, False)
        assert bank.balances(session, worker_id)[Units.AVAILABLE] == before > 0


def test_a_file_is_not_undone_whose_record_a_class_was_closed_upon(house):
    known = an_identity(1)
    lines = "姓名,身份证号,课程名称,学时,成绩,结业日期", "焊工基础,16,90,2025-02-01"
    content = f"{lines[0]}\n{known.name},{known.document_number},{lines[1]}".encode()
    with house.transaction() as session:
        body, by = coded(session, "TS01"), school(session)
        told = intake.commit(session, content, "名单.csv", body, by=by, now=NOW, today=TODAY)
        [row] = session.exec(select(Record).where(col(Record.batch_id) == told.batch_id)).all()
        class_id = open_class(session)
        enrol(session, class_id, person(1))
        [one] = members(session, class_id)
        settled = ClassPosting(
            class_id=class_id, member_id=one.id, fate=MemberFate.SAME, posted_at=NOW
        )  # As closing settles a member whose record is on file already.
        settled.worker_id, settled.record_id = row.worker_id, row.original_id
        session.add(settled)
        session.flush()
        with pytest.raises(UndoBlockedError) as refused:
            undoing.begin(session, row.batch_id, "报错了", by=by, now=NOW)
    assert refused.value.facts["rows"] == "2"
