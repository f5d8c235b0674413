"""Making and ending agreements: who may, what is refused, and what reaches the ledgers."""

import json
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from archive.bureau import agreements as desk
from archive.bureau import rules_desk
from archive.bureau.agreement_refusals import (
    AgreementByRuleError,
    NoticePastError,
    NoticeTooShortError,
    OursMissingError,
    UnknownAgreementError,
)
from archive.bureau.agreement_views import agreements, matrix
from archive.dossiers import reading, records
from archive.errors import NotAllowedError
from archive.people import approvals, schemes
from archive.people.approvals import OwnProposalError, ProposalView
from archive.people.models import Account, Organisation
from archive.people.schemes import SchemeTakenError, UnknownSchemeError
from credit_bank import bank, publishing
from credit_bank.auditing import audit
from credit_bank.publishing import publication_times, rule_book
from credit_bank.stored import stored_rows
from schemas.agreements import AgreementDraft, SchemeAsked
from schemas.records import Training
from schemas.vocabulary import (
    Account as AccountKind,
)
from schemas.vocabulary import AgreementEffect, AgreementState, Family, OrganisationKind, Role
from tests.builders import (
    ELECTRICIAN,
    NOW,
    TODAY,
    a_training,
    an_account,
    an_organisation,
    workers,
)
from tests.pacts import a_pact

BEGINS = date(2025, 1, 1)
ZONE = ZoneInfo("Asia/Shanghai")


class Scene:
    """Two schools, the bureau, another city's credit bank, and who speaks for each."""

    def __init__(self, session: Session) -> None:
        """Furnish an archive."""
        self.session = session
        publishing.ship(session, now=NOW)
        self.school = an_organisation(session, "S1")
        self.college = an_organisation(session, "S2")
        office = an_organisation(session, "HR01", OrganisationKind.BUREAU)
        self.speaker = an_account(session, "school", Role.TRAINER, self.school)
        self.colleague = an_account(session, "colleague", Role.TRAINER, self.school)
        self.partner = an_account(session, "college", Role.TRAINER, self.college)
        self.clerk = an_account(session, "clerk", Role.CLERK, office)
        self.approver = an_account(session, "approver", Role.APPROVER, office)
        asked = SchemeAsked(code="SZ-CB", name="某市学分银行", name_en="A City's Credit Bank")
        schemes.add(session, asked, by=self.clerk, now=NOW)
        self.office = office

    def propose(self, by: Account, **told: object) -> ProposalView:
        """Propose an agreement: a transfer unless something else is told."""
        return desk.propose(self.session, a_draft(**told), by=by, now=NOW)

    def answer(self, view: ProposalView, by: Account, *, accepts: bool = True) -> ProposalView:
        """Accept or decline."""
        reason = None if accepts else "内容不同"
        return desk.answer(
            self.session, view.id, is_accepted=accepts, by=by, now=NOW, reason=reason
        )

    def agreed(self, **told: object) -> str:
        """Return the id of an agreement between the bank outside and the school."""
        view = self.propose(self.speaker, giver="scheme:SZ-CB", receiver="S1", **told)
        self.answer(view, self.approver)
        return str(view.payload["ids"][0])

    def states(self, asker: Account | None) -> list[AgreementState]:
        """Return the states of what an account sees."""
        return [one.state for one in agreements(self.session, TODAY, asker=asker).agreements]


def a_draft(**told: object) -> AgreementDraft:
    plain: dict[str, object] = {
        "giver": "S2",
        "receiver": "S1",
        "effect": AgreementEffect.TRANSFER,
        "occupation": ELECTRICIAN,
        "overlap": Decimal(80),
        "factor": "3/4",
        "in_force_from": BEGINS,
        "source": "（示例）互认协议〔2025〕1号",
    }
    return AgreementDraft.model_validate({**plain, **told})


@pytest.fixture
def scene(session):
    return Scene(session)


def from_elsewhere(**told: object) -> Training:
    plain: dict[str, object] = {
        "course_name": "电工基础",
        "occupation": ELECTRICIAN,
        "completed_on": date(2025, 2, 1),
        "scheme": "SZ-CB",
        "scheme_credits": "4",
        "outer_id": "SZ-CB:1",
    }
    return Training.model_validate({**plain, **told})


def test_one_party_proposes_the_other_accepts_and_then_it_is_law(scene):
    view = scene.propose(scene.speaker)

    assert scene.states(scene.partner) == [AgreementState.PROPOSED]
    assert scene.states(scene.clerk) == [AgreementState.PROPOSED]
    assert scene.states(None) == []
    assert not rule_book(scene.session).of(Family.AGREEMENT)

    scene.answer(view, scene.partner)

    (published,) = rule_book(scene.session).of(Family.AGREEMENT)
    assert published.rule.id == view.payload["ids"][0]
    assert published.rule.title.zh == "S2→S1互认：电工"
    assert scene.states(None) == [AgreementState.IN_FORCE]


def test_nobody_accepts_the_own_side_s_proposal_and_no_stranger_any(scene):
    stranger = an_account(
        scene.session, "stranger", Role.TRAINER, an_organisation(scene.session, "S3")
    )
    worker = an_account(scene.session, "worker", Role.WORKER)
    view = scene.propose(scene.speaker)

    for account in (scene.colleague, stranger, worker, scene.approver):
        with pytest.raises(NotAllowedError):
            scene.answer(view, account)
    for account in (stranger, worker, scene.clerk):
        with pytest.raises(NotAllowedError):
            scene.propose(account)
    scene.answer(view, scene.partner, accepts=False)
    assert scene.states(scene.speaker) == [AgreementState.DECLINED]


def test_for_another_credit_bank_the_bureau_speaks_and_never_one_person_alone(scene):
    told = {"giver": "scheme:SZ-CB", "receiver": "HR01"}
    view = scene.propose(scene.approver, **told)

    with pytest.raises(OwnProposalError):
        scene.answer(view, scene.approver)
    with pytest.raises(NotAllowedError):
        scene.answer(view, scene.clerk)  # Who answers for the bank outside decides.
    second = an_account(scene.session, "second", Role.CONSOLE, scene.office)
    scene.answer(view, second)
    assert len(matrix(agreements(scene.session, TODAY, asker=None))[2]) == 1


def test_two_banks_outside_make_their_agreements_without_us(scene):
    asked = SchemeAsked(code="GZ-CB", name="另一学分银行", name_en="Another")
    schemes.add(scene.session, asked, by=scene.clerk, now=NOW)

    with pytest.raises(OursMissingError):
        scene.propose(scene.clerk, giver="scheme:SZ-CB", receiver="scheme:GZ-CB")
    with pytest.raises(UnknownSchemeError):
        scene.propose(scene.clerk, giver="scheme:XX-CB", receiver="S1")
    with pytest.raises(SchemeTakenError):
        schemes.add(scene.session, asked, by=scene.clerk, now=NOW)
    with pytest.raises(NotAllowedError):
        schemes.add(scene.session, asked, by=scene.speaker, now=NOW)


def test_an_agreement_ends_with_notice_and_never_backwards(scene):
    agreement = scene.agreed()

    def end(on: date, by: Account = scene.speaker) -> ProposalView:
        return desk.end(
            scene.session, agreement, on=on, reason="课程停办", by=by, now=NOW, zone=ZONE
        )

    with pytest.raises(NoticeTooShortError):
        end(date(2025, 3, 30))
    with pytest.raises(NotAllowedError):
        end(date(2025, 3, 31), by=scene.partner)
    view = end(date(2025, 3, 31))
    with pytest.raises(NotAllowedError):
        scene.answer(view, scene.partner)
    later = NOW.replace(month=4)
    with pytest.raises(NoticePastError):
        desk.answer(scene.session, view.id, is_accepted=True, by=scene.colleague, now=later)


def test_a_notice_is_not_confirmed_on_its_own_day_though_it_is_still_yesterday_in_london(scene):
    agreement, on = scene.agreed(), date(2025, 3, 31)
    told = {"on": on, "reason": "课程停办", "by": scene.speaker, "now": NOW, "zone": ZONE}
    view = desk.end(scene.session, agreement, **told)

    early = datetime(2025, 3, 31, 1, 30, tzinfo=ZONE)
    with pytest.raises(NoticePastError):
        desk.answer(scene.session, view.id, is_accepted=True, by=scene.colleague, now=early)


def test_a_confirmed_notice_is_the_end_of_the_agreement(scene):
    agreement = scene.agreed()
    on = date(2025, 3, 31)
    view = desk.end(
        scene.session, agreement, on=on, reason="课程停办", by=scene.speaker, now=NOW, zone=ZONE
    )
    (told,) = agreements(scene.session, TODAY, asker=scene.colleague).agreements
    assert (told.ends_on, told.may_confirm_end, told.may_end) == (on, True, False)

    scene.answer(view, scene.colleague)

    (published,) = rule_book(scene.session).of(Family.AGREEMENT)
    assert published.until == date(2025, 3, 30)
    (told,) = agreements(scene.session, on, asker=None).agreements
    assert told.state is AgreementState.ENDED
    with pytest.raises(UnknownAgreementError):
        desk.end(
            scene.session, "nobody-s", on=on, reason="无", by=scene.speaker, now=NOW, zone=ZONE
        )


def test_no_rule_file_makes_or_ends_an_agreement(scene, tmp_path):
    path = tmp_path / "agreement.toml"
    path.write_text(as_toml(), encoding="utf-8")

    with pytest.raises(AgreementByRuleError):
        rules_desk.propose(scene.session, path, by=scene.clerk, now=NOW)


def as_toml() -> str:
    """Return an agreement as a rule file would write it."""
    told = json.loads(a_pact())
    example = told.pop("example")[0]
    lines = ['family = "agreement"', "[[rule]]"]
    for name, value in told.items():
        if name in ("title", "clause"):
            lines.append(f'{name} = {{ zh = "{value["zh"]}", en = "{value["en"]}" }}')
        elif name == "in_force_from":
            lines.append(f"{name} = {value}")
        elif name != "family":
            lines.append(f"{name} = {json.dumps(value, ensure_ascii=False)}")
    lines += ["[[rule.example]]", f'name = "{example["name"]}"', 'given = { credits = "2" }']
    lines.append('expect = { credits = "2", reason = "transferred" }')
    return "\n".join(lines)


# --- What reaches the ledgers


def a_worker(scene: Scene) -> UUID:
    (worker_id,) = workers(scene.session, scene.office, scene.clerk)
    return worker_id


def add(scene: Scene, worker_id, record, by: Account, organisation: Organisation):
    return records.add(
        scene.session,
        worker_id,
        record,
        organisation_id=organisation.id,
        by=by,
        now=NOW,
        today=TODAY,
    )


def faults(scene: Scene, worker_id) -> list[object]:
    rows = stored_rows(scene.session, [worker_id])[worker_id]
    return list(audit(rows, rule_book(scene.session), publication_times(scene.session)))


def test_what_was_posted_before_is_converted_when_the_agreement_is_accepted(scene):
    worker_id = a_worker(scene)
    add(scene, worker_id, from_elsewhere(), scene.clerk, scene.office)
    add(scene, worker_id, a_training(), scene.speaker, scene.school)
    assert bank.balances(scene.session, worker_id)[AccountKind.AVAILABLE] == 22_500
    assert faults(scene, worker_id) == []

    scene.agreed()

    assert bank.balances(scene.session, worker_id)[AccountKind.AVAILABLE] == 52_500
    assert faults(scene, worker_id) == []
    views = reading.dossier(scene.session, worker_id, today=TODAY).records
    told = {one.title: (one.credit, one.recognition) for one in views}
    credit, recognition = told["电工基础"]
    assert credit
    assert recognition
    assert (credit.reason, recognition.reason) == ("converted_by_agreement", "transferred")
    assert recognition.credits == Decimal(3)
    assert told["电工技能提升"][1] is None


def test_a_corrected_or_withdrawn_record_takes_its_transfer_back(scene):
    scene.agreed()
    worker_id = a_worker(scene)
    added = add(scene, worker_id, from_elsewhere(), scene.clerk, scene.office)
    assert bank.balances(scene.session, worker_id)[AccountKind.AVAILABLE] == 30_000

    for record in (
        from_elsewhere(scheme_credits="2"),
        from_elsewhere(occupation=None),
        from_elsewhere(completed_on=date(2024, 12, 31)),
        from_elsewhere(),
    ):
        records.correct(
            scene.session,
            worker_id,
            added.record_id,
            record,
            reason="更正",
            by=scene.clerk,
            now=NOW,
            today=TODAY,
        )
        assert faults(scene, worker_id) == []
    assert bank.balances(scene.session, worker_id)[AccountKind.AVAILABLE] == 30_000
    records.withdraw(
        scene.session, worker_id, added.record_id, reason="误报", by=scene.clerk, now=NOW
    )
    assert bank.balances(scene.session, worker_id)[AccountKind.AVAILABLE] == 0
    assert faults(scene, worker_id) == []


def test_only_the_bureau_posts_what_another_bank_credited(scene):
    worker_id = a_worker(scene)

    with pytest.raises(NotAllowedError):
        add(scene, worker_id, from_elsewhere(), scene.speaker, scene.school)
    own = add(scene, worker_id, a_training(), scene.speaker, scene.school)
    with pytest.raises(NotAllowedError):
        records.correct(
            scene.session,
            worker_id,
            own.record_id,
            from_elsewhere(),
            reason="更正",
            by=scene.speaker,
            now=NOW,
            today=TODAY,
        )


def test_approvals_of_others_still_take_an_approver(scene):
    with pytest.raises(NotAllowedError):
        approvals.propose(scene.session, "publish_rules", {}, by=scene.speaker, now=NOW)
