"""A scope in words, and the text of a consent, whose wordings have versions that never change.

The text follows the Personal Information Protection Law, art. 23: the recipient's name and
contact, purpose, manner, kinds of information, and a consent of its own. A new wording is a
new version beside the old one.
"""

from datetime import date

from babel.dates import format_date

from archive.dossiers.titles import occupation_name
from archive.people.consents import WITH_DOCUMENTS
from archive.texts import in_language
from schemas.access_requests import GrantAsked, RequestView
from schemas.contracts import Bilingual
from schemas.refusals import Phrase
from schemas.shares import ShareScope
from schemas.vocabulary import Language

VERSION = "access-2026-11"
TEXTS = {
    "access-2026-11": (
        "I agree that my personal information is given to {organisation} ({code}; contact: "
        "{contact}), for this purpose: {purpose}. What is given: {scope}. How: signed-in staff "
        "of this organisation read it on a page of the archive; every look is logged and shown "
        "to me. How long: {days} days, until {until}. I give this consent separately and of my "
        "own will. I can take it back at any time; what was read before stays read. Declining "
        "has no bearing on my dossier."
    ),
    WITH_DOCUMENTS: (
        "I agree that my personal information is given to {organisation} ({code}; contact: "
        "{contact}), for this purpose: {purpose}. What is given: {scope}. How: signed-in staff "
        "of this organisation read it on a page of the archive, and have signed documents made "
        "of it, which they keep and can show to others; a document also tells my archive number, "
        "this organisation, the purpose, beside a skill level the treatment that a rule attaches "
        "to it, and the place of each record in my dossier, by which it is verified. Every look "
        "and every document is logged and shown to me. How long: {days} "
        "days, until {until}; no document is valid longer. I give this consent separately and of "
        "my own will. I can take it back at any time: whoever verifies a document that was made "
        "by it is then told that it holds no more; what was read before stays read. Declining "
        "has no bearing on my dossier."
    ),
}
"""Every wording that was ever shown, by its version."""
_SEPARATOR = {Language.CHINESE: "；", Language.ENGLISH: "; "}
_COMMA = {Language.CHINESE: "、", Language.ENGLISH: ", "}


def in_words(scope: ShareScope) -> Bilingual:
    """Return what a scope covers, for people."""
    return Bilingual(zh=_told(scope, Language.CHINESE), en=_told(scope, Language.ENGLISH))


def version_for(asking: RequestView, granted: GrantAsked) -> str:
    """Return which wording a worker agrees to: documents are named in one of their own."""
    is_wider = asking.with_documents and granted.with_documents
    return WITH_DOCUMENTS if is_wider else VERSION


def consent_words(
    asking: RequestView,
    scope: ShareScope,
    *,
    days: int,
    until: date,
    version: str = VERSION,
) -> Bilingual:
    """Return the text of a consent, with everything that the law has it tell."""
    covered = in_words(scope)

    def said(language: Language) -> str:
        is_chinese = language is Language.CHINESE
        facts = {
            "organisation": asking.organisation.name.zh
            if is_chinese
            else asking.organisation.name.en,
            "code": asking.organisation.code,
            "contact": asking.contact,
            "purpose": asking.purpose,
            "scope": covered.zh if is_chinese else covered.en,
            "days": days,
            "until": _day(until, language),
        }
        return in_language(TEXTS[version], language, facts)

    return Bilingual(zh=said(Language.CHINESE), en=said(Language.ENGLISH))


def _day(day: date, language: Language) -> str:
    """Return a day as pages write it; a consent is read by people."""
    locale = "zh_CN" if language is Language.CHINESE else "en"
    return format_date(day, "long", locale=locale)


def _told(scope: ShareScope, language: Language) -> str:
    parts: list[Phrase] = []
    if scope.is_whole:
        parts.append(Phrase("all records of the dossier"))
    if scope.record_ids:
        parts.append(Phrase("{count} chosen records", {"count": len(scope.record_ids)}))
    if scope.kinds:
        kinds = [in_language(f"kind.{kind.value}", language) for kind in scope.kinds]
        parts.append(
            Phrase("records of these kinds: {kinds}", {"kinds": _COMMA[language].join(kinds)})
        )
    if scope.occupation:
        name = occupation_name(scope.occupation)
        occupation = (name.zh if language is Language.CHINESE else name.en) if name else None
        parts.append(
            Phrase("occupation {occupation}", {"occupation": occupation or scope.occupation})
        )
    if scope.begins_on:
        parts.append(Phrase("from {day} on", {"day": _day(scope.begins_on, language)}))
    if scope.ends_on:
        parts.append(Phrase("until {day}", {"day": _day(scope.ends_on, language)}))
    parts.append(Phrase("with credits" if scope.with_credits else "without credits"))
    parts.append(Phrase("with skill levels" if scope.with_levels else "without skill levels"))
    parts.append(
        Phrase("name in part, no document number")
        if scope.is_name_masked
        else Phrase("name in full, document number in part")
    )
    return _SEPARATOR[language].join(
        in_language(part.template, language, part.facts) for part in parts
    )
