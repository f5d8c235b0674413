"""What the drop-downs of a record's form are called on a page.

A drop-down sends the words of the empty lists, which are Chinese; how they are read stands in
``dossiers.cells``. Here each is only given the word that a page of the other language shows.
"""

from collections.abc import Callable

from archive.dossiers.cells import people, words
from archive.dossiers.headers import Field
from archive.texts import term
from schemas.vocabulary import Language, RecordKind

_TERM_OF: dict[Field, Callable[[str], str]] = {
    Field.DOCUMENT_TYPE: lambda word: f"document_type.{people.document_type(word)}",
    Field.RANK: lambda word: f"rank.{words.rank(word).value}",
    Field.MODE: lambda word: f"mode.{words.mode(word)}",
    Field.INSTRUMENT: lambda word: f"instrument.{words.instrument(word)}",
    Field.TITLE_GRADE: lambda word: f"title_grade.{words.title_grade(word)}",
    Field.TIER: lambda word: f"tier.{words.tier(word)}",
    Field.AWARD: lambda word: f"prize.{words.award(word).prize}",
    Field.GROUP: lambda word: f"contest_group.{words.contest_group(word)}",
    Field.DEGREE: lambda word: f"degree.{words.degree(word)}",
    Field.CLASS_KIND: lambda word: f"class_kind.{words.class_kind(word)}",
}
_STEPS = frozenset({"初级", "中级", "高级"})
_PLAIN = {"是": "Yes", "否": "No", "个人": "Individual", "团体": "Team"}


def choice_word(field: Field, word: str, kind: RecordKind, language: Language) -> str:
    """Return what a page calls one choice of a drop-down; what somebody typed stays as it is."""
    if language is Language.CHINESE:
        return word
    if word in _PLAIN:
        return _PLAIN[word]
    if field is Field.RANK and kind is RecordKind.CERTIFICATE and word in _STEPS:
        return f"{term(f'step.{words.step(word)}', language)} (1+X)"
    name = term(_TERM_OF[field](word), language)
    contest_class = words.contest_class(word) if field is Field.TIER else None
    return f"{name}, class {contest_class}" if contest_class else name
