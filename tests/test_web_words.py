"""Both languages are complete: pages, navigation, vocabulary, reasons."""

import re
from enum import Enum
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from archive.texts import LOCALE_OF, TEMPLATES, translations
from archive.transcripts import checkpoints, signing_refusals
from archive.web import field_faults
from archive.web.navigation import entries_for
from credit_bank import causes, crosswalk, motions, transferring, twins
from credit_bank.families.recognition import REASONS as RECOGNITION_REASONS
from credit_bank.families.redemption import SENTENCES as LIMIT_SENTENCES
from credit_bank.judging import REASONS, SENTENCES
from credit_bank.promotions import REASONS as PROMOTION_REASONS
from schemas import vocabulary
from schemas.vocabulary import Language, Role

OPTIONS = {"trimmed": "true", "trim_blocks": "true", "lstrip_blocks": "true"}
GROUPS: dict[str, type[Enum]] = {
    "kind": vocabulary.RecordKind,
    "incident_step": vocabulary.IncidentStepKind,
    "act": vocabulary.Act,
    "rank": vocabulary.Rank,
    "instrument": vocabulary.Instrument,
    "step": vocabulary.Step,
    "title_grade": vocabulary.TitleGrade,
    "grade": vocabulary.Grade,
    "mode": vocabulary.Mode,
    "tier": vocabulary.ContestTier,
    "contest_group": vocabulary.ContestGroup,
    "sighting_kind": vocabulary.SightingKind,
    "visit_purpose": vocabulary.VisitPurpose,
    "scan_type": vocabulary.ScanType,
    "prize": vocabulary.Prize,
    "degree": vocabulary.Degree,
    "class_kind": vocabulary.ClassKind,
    "document_type": vocabulary.DocumentType,
    "organisation_kind": vocabulary.OrganisationKind,
    "role": vocabulary.Role,
    "account": vocabulary.Account,
    "decision": vocabulary.Decision,
    "cause": vocabulary.Cause,
    "case_kind": vocabulary.CaseKind,
    "case_act": vocabulary.CaseAct,
    "issuer_act": vocabulary.IssuerAct,
    "use": vocabulary.Use,
    "limit": vocabulary.Limit,
    "job_state": vocabulary.JobState,
    "pair_verdict": vocabulary.PairVerdict,
    "agreement_effect": vocabulary.AgreementEffect,
    "agreement_state": vocabulary.AgreementState,
    "appeal_state": vocabulary.AppealState,
    "happening": vocabulary.Happening,
    "declaration_act": vocabulary.DeclarationAct,
    "declaration_state": vocabulary.DeclarationState,
    "correction_kind": vocabulary.CorrectionKind,
    "correction_act": vocabulary.CorrectionAct,
    "correction_state": vocabulary.CorrectionState,
    "family": vocabulary.Family,
    "check_state": vocabulary.CheckState,
    "verdict": vocabulary.Verdict,
    "fulfilment": vocabulary.Fulfilment,
    "requirement": vocabulary.RequirementKind,
    "row_state": vocabulary.RowState,
    "severity": vocabulary.Severity,
    "language": vocabulary.Language,
    "document_language": vocabulary.DocumentLanguage,
    "document_scope": vocabulary.DocumentScope,
    "document_state": vocabulary.DocumentState,
    "contact_kind": vocabulary.ContactKind,
    "personal_field": vocabulary.PersonalField,
    "reveal_reason": vocabulary.RevealReason,
    "closure_act": vocabulary.ClosureAct,
    "request_kind": vocabulary.RequestKind,
    "kinship": vocabulary.Kinship,
    "relative_right": vocabulary.RelativeRight,
    "arrangement": vocabulary.Arrangement,
    "request_answer": vocabulary.RequestAnswer,
    "permission": vocabulary.Permission,
    "reach": vocabulary.Scope,
    "share_state": vocabulary.ShareState,
    "request_state": vocabulary.RequestState,
    "consent_act": vocabulary.ConsentAct,
    "record_standing": vocabulary.RecordStanding,
    "run_state": vocabulary.RunState,
    "run_mode": vocabulary.RunMode,
    "way": vocabulary.Way,
    "platform_act": vocabulary.PlatformAct,
    "accreditation_act": vocabulary.AccreditationAct,
    "accreditation_state": vocabulary.AccreditationState,
    "class_state": vocabulary.ClassState,
    "member_fate": vocabulary.MemberFate,
}


def messages_of_pages() -> set[str | tuple[str, str]]:
    found: set[str | tuple[str, str]] = set()
    for path in TEMPLATES.rglob("*.html"):
        with path.open("rb") as source:
            for _, _, message, _ in babel_extract(
                source, ("_", "gettext", "ngettext"), (), OPTIONS
            ):
                found.add(str(message) if isinstance(message, str) else _both(message))
    return found


def test_every_message_of_every_page_is_in_chinese():
    known = _messages(Language.CHINESE)
    messages = messages_of_pages()
    assert len(messages) > 200
    assert sorted(str(one) for one in messages if not known.get(one)) == []


def test_navigation_and_field_faults_are_in_chinese():
    known = _messages(Language.CHINESE)
    labels = {entry.label for role in (None, *Role) for entry in entries_for(role)}
    sentences = {field_faults.WRONG_FORM, *field_faults._SENTENCES.values()}
    assert {one for one in labels | sentences if not known.get(one)} == set()


@pytest.mark.parametrize("language", Language)
def test_every_member_of_the_vocabulary_has_its_word(language):
    known = _messages(language)
    members = [f"{group}.{member.value}" for group, kind in GROUPS.items() for member in kind]
    assert [one for one in members if not known.get(one)] == []


def test_every_enumeration_has_a_group_of_words():
    kinds = {
        kind
        for kind in vars(vocabulary).values()
        if isinstance(kind, type) and issubclass(kind, Enum)
    }
    assert kinds == set(GROUPS.values())


@pytest.mark.parametrize("language", Language)
def test_every_reason_of_the_credit_bank_has_its_words(language):
    known = _messages(language)
    told = (*REASONS, *RECOGNITION_REASONS, *motions.REASONS, *transferring.REASONS, *twins.REASONS)
    assert [one for one in told if not known.get(f"reason.{one}")] == []
    assert [one for one in PROMOTION_REASONS if not known.get(f"promotion.{one}")] == []


def test_every_sentence_of_an_explanation_is_in_chinese():
    known = _messages(Language.CHINESE)
    told = (*SENTENCES, *LIMIT_SENTENCES, *motions.SENTENCES, *transferring.SENTENCES)
    assert [one for one in (*told, *crosswalk.SENTENCES) if not known.get(one)] == []


def test_every_cause_inside_a_refusal_is_in_chinese():
    known = _messages(Language.CHINESE)
    found = (*causes.CAUSES, *signing_refusals.CAUSES, *checkpoints.CAUSES)
    assert [one for one in found if not known.get(one)] == []


@pytest.mark.parametrize("language", Language)
def test_a_translation_fills_the_same_gaps_as_its_message(language):
    placeholders = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
    wrong = [
        (message, text)
        for message, text in _messages(language).items()
        if isinstance(message, str)
        and " " in message
        and set(placeholders.findall(message)) != set(placeholders.findall(text))
    ]
    assert wrong == []


def test_many_are_counted_in_chinese_too():
    text = translations(Language.CHINESE).ngettext("%(count)s record", "%(count)s records", 5)
    assert text == "%(count)s条记录"


def test_no_message_is_translated_twice_in_different_words():
    told: dict[str, str] = {}
    for path in _catalogues(Language.CHINESE):
        with path.open("rb") as source:
            for message in read_po(source):
                if isinstance(message.id, str) and message.id:
                    assert told.setdefault(message.id, str(message.string)) == message.string


def _both(message: tuple[str | None, ...] | None) -> tuple[str, str]:
    assert message is not None
    return str(message[0]), str(message[1])


def _catalogues(language: Language) -> list[Path]:
    return sorted((TEMPLATES / "locale" / LOCALE_OF[language] / "LC_MESSAGES").glob("*.po"))


def _messages(language: Language) -> dict[str | tuple[str, str], str]:
    known: dict[str | tuple[str, str], str] = {}
    for path in _catalogues(language):
        with path.open("rb") as source:
            for message in read_po(source):
                if isinstance(message.id, str):
                    known[message.id] = str(message.string)
                else:
                    assert message.string is not None
                    known[message.id[0], message.id[1]] = str(message.string[0])
    return known
