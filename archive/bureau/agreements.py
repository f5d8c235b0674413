"""Making and ending agreements: one party proposes, the other accepts, either gives notice."""

import json
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from archive.bureau.agreement_parties import (
    NamedParty,
    is_scheme,
    party_named,
    proposing_side,
    refuse_answering,
    refuse_confirming,
    refuse_proposing,
    speaks_for,
)
from archive.bureau.agreement_refusals import (
    NoticePastError,
    NoticeTooShortError,
    OursMissingError,
    UnknownAgreementError,
)
from archive.bureau.agreement_words import clause_of, end_clause_of, title_of
from archive.dossiers.sealing import normalised
from archive.errors import NotAllowedError
from archive.people import approvals
from archive.people.actors import Actor
from archive.people.approvals import Parties, ProposalView
from archive.people.privacy import vault_of
from credit_bank import bank, publishing
from credit_bank.chain import canonical_bytes
from credit_bank.families import AgreementRule
from credit_bank.rule_files import parse
from credit_bank.rulebook import PublishedRule
from schemas.agreements import AgreementDraft
from schemas.ids import new_id
from schemas.vocabulary import AgreementEffect, Family

MAKE, END = "make_agreement", "end_agreement"


def propose(session: Session, draft: AgreementDraft, *, by: Actor, now: datetime) -> ProposalView:
    """Propose an agreement to the other party; everything about it is checked first.

    Raises NotAllowedError for who speaks for neither party, OursMissingError,
    UnknownOrganisationError, UnknownSchemeError, RuleFileError for values that do not fit,
    and AgreementError for what fails the test of recognition or gains round a cycle.
    """
    giver, receiver = (party_named(session, code) for code in (draft.giver, draft.receiver))
    if is_scheme(giver.key) and is_scheme(receiver.key):
        raise OursMissingError
    side = proposing_side(by, giver.key, receiver.key)
    body = _body(session, draft, giver, receiver)
    publishing.check(session, [body], "agreement")
    rule = parse(body, "agreement")
    payload = {
        "ids": [rule.id],
        "body": body.decode(),
        "giver": giver.key,
        "receiver": receiver.key,
        "side": side,
    }
    return approvals.propose(session, MAKE, payload, by=by, now=now)


def answer(
    session: Session,
    proposal_id: UUID,
    *,
    is_accepted: bool,
    by: Actor,
    now: datetime,
    reason: str | None = None,
) -> ProposalView:
    """Accept or decline what the other party proposed; raises as ``approvals.answer``."""
    return approvals.answer(
        session, proposal_id, is_approved=is_accepted, by=by, now=now, reason=reason
    )


def end(  # Which, from when on, why, who, when.
    session: Session,
    agreement_id: str,
    *,
    on: date,
    reason: str,
    by: Actor,
    now: datetime,
    zone: ZoneInfo,
) -> ProposalView:
    """Give notice: from a day on the agreement is not in force any more; a second person confirms.

    Raises UnknownAgreementError, NotAllowedError, NoticeTooShortError.
    """
    today = now.astimezone(zone).date()
    published, rule = standing(session, agreement_id, today)
    sides = [key for key in (rule.giver, rule.receiver) if speaks_for(by, key)]
    if not sides:
        raise NotAllowedError
    earliest = max(today + timedelta(days=rule.notice_days), rule.in_force_from)
    if on < earliest:
        raise NoticeTooShortError(days=rule.notice_days, earliest=earliest)
    body = canonical_bytes(
        {
            "family": Family.AGREEMENT,
            "id": f"{rule.id}-end-{new_id().hex[-6:]}",
            "repeals": rule.id,
            "in_force_from": on,
            "title": title_of(rule, ends=True).model_dump(),
            "clause": end_clause_of(rule, on).model_dump(),
            "source": f"终止通知：{reason}",
            "leaves_no_rule": True,
        }
    )
    publishing.check(session, [body], "agreement")
    payload = {
        "ids": [rule.id],
        "body": body.decode(),
        "agreement": published.rule.id,
        "giver": rule.giver,
        "receiver": rule.receiver,
        "side": sides[0],
        "timezone": zone.key,
    }
    return approvals.propose(session, END, payload, by=by, now=now)


def standing(
    session: Session, agreement_id: str, today: date
) -> tuple[PublishedRule, AgreementRule]:
    """Return an agreement that is in force or to come; raises UnknownAgreementError."""
    published = publishing.rule_book(session).named(agreement_id)
    rule = published.rule if published else None
    if published is None or not isinstance(rule, AgreementRule):
        raise UnknownAgreementError(agreement=agreement_id)
    if not published.was_ever_in_force or (published.until and published.until < today):
        raise UnknownAgreementError(agreement=agreement_id)
    return published, rule


def _body(
    session: Session, draft: AgreementDraft, giver: NamedParty, receiver: NamedParty
) -> bytes:
    """Return the agreement as it would be published, with an example that runs as a test."""
    digest = vault_of(session).digest
    told: dict[str, Any] = draft.model_dump(
        mode="json", exclude_none=True, exclude={"giver", "receiver", "course"}
    )
    if draft.course:
        told["course_name"] = draft.course
        told["course"] = digest("keyed", normalised(draft.course)).hex()
    if draft.requirement:
        told["requirement_key"] = digest("keyed", normalised(draft.requirement)).hex()
    told |= {
        "family": Family.AGREEMENT,
        "id": f"agreement-{new_id().hex[-12:]}",
        "giver": giver.key,
        "receiver": receiver.key,
        "giver_code": giver.code,
        "receiver_code": receiver.code,
        "title": {"zh": "互认协议", "en": "Agreement"},
        "clause": {"zh": "互认", "en": "Recognised"},
        "example": [{"name": "4", "given": {}, "expect": {}}],
    }
    rule = parse(canonical_bytes(told), "agreement")
    if not isinstance(rule, AgreementRule):
        raise TypeError
    given: dict[str, object] = {"credits": "4"} if rule.effect is AgreementEffect.TRANSFER else {}
    told |= {
        "title": title_of(rule).model_dump(),
        "clause": clause_of(rule).model_dump(),
        "example": [{"name": clause_of(rule).zh, "given": given, "expect": rule.told(given)}],
    }
    return canonical_bytes(told)


def _make(session: Session, payload: dict[str, Any], now: datetime) -> list[str]:
    """Publish an accepted agreement, and apply it to everyone whom it reaches back to."""
    body = str(payload["body"]).encode()
    published = publishing.publish(session, [body], now=now)
    bank.recompute_since(session, parse(body, MAKE).in_force_from, now=now)
    return published


def _end(session: Session, payload: dict[str, Any], now: datetime) -> list[str]:
    """Publish the end of an agreement; never one that lies in the past, by local days."""
    body = str(payload["body"]).encode()
    day = date.fromisoformat(str(json.loads(body)["in_force_from"]))
    if day <= now.astimezone(ZoneInfo(payload["timezone"])).date():
        raise NoticePastError(day=day)
    return publishing.publish(session, [body], now=now)


approvals.EFFECTS[MAKE] = _make
approvals.EFFECTS[END] = _end
approvals.PARTIES[MAKE] = Parties(refuse_proposing, refuse_answering)
approvals.PARTIES[END] = Parties(refuse_proposing, refuse_confirming)
