"""A form with the fields of one record as it was typed; a refusal loses nothing of it."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from archive.dossiers.columns import label_in
from archive.dossiers.headers import BY_KIND, Field
from archive.dossiers.intake.findings import Fault
from archive.dossiers.intake.list_templates import Column
from archive.dossiers.intake.single import Typed, form_of
from archive.web.choice_words import choice_word
from schemas.vocabulary import Language, RecordKind

_DAYS = frozenset(
    {
        Field.STARTED_ON,
        Field.COMPLETED_ON,
        Field.ISSUED_ON,
        Field.VALID_UNTIL,
        Field.AWARDED_ON,
        Field.GRADUATED_ON,
        Field.EXPECTED_ON,
        Field.ENDED_ON,
    }
)
PERSON_FIELDS = (Field.NAME, Field.DOCUMENT_NUMBER, Field.DOCUMENT_TYPE)
_ISO_DAY = len("2024-03-05")
_STAND_INS = {Field.PERIOD: Field.COMPLETED_ON, Field.OCCUPATION_CODE: Field.OCCUPATION}
"""Where a fault is told whose field the form does not have."""


@dataclass(frozen=True, slots=True)
class Written:
    """What came with a form."""

    kind: RecordKind
    typed: Typed
    replaces: bool
    """Whether a record on file with other values is to be superseded."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One field as the page shows it."""

    field: Field
    label: str
    is_needed: bool
    instead: str | None
    """What the other field is called, of which one of the two suffices."""
    value: str
    choices: tuple[tuple[str, str], ...]
    """What a drop-down sends, and what this page calls it."""
    is_day: bool
    faults: tuple[Fault, ...]


async def _written(request: Request) -> Written:
    form = await request.form()
    told = {name: value for name, value in form.items() if isinstance(value, str)}
    kind = kind_named(told.get("kind", ""))
    typed = {one.field: told.get(str(one.field), "") for one in form_of(kind)}
    return Written(kind, typed, bool(told.get("replaces")), told.get("reason", ""))


WrittenDep = Annotated[Written, Depends(_written)]
"""Stands behind the audience in a route, so that nobody else learns what is missing."""


def kind_named(word: str) -> RecordKind:
    """Return the kind of record that a form is for; trainings when none of ours is named."""
    return next((kind for kind in BY_KIND if kind == word), RecordKind.TRAINING)


def shown(
    kind: RecordKind, typed: Typed, faults: tuple[Fault, ...], language: Language
) -> list[Shown]:
    """Return the fields of a form with what was typed and what is wrong with each."""
    return [
        Shown(
            field=column.field,
            label=label_in(column.field, kind, language),
            is_needed=column.is_needed,
            instead=label_in(column.instead, kind, language) if column.instead else None,
            value=(value := typed.get(column.field, "")),
            choices=_choices(column, value, kind, language),
            is_day=column.field in _DAYS and len(value) in (0, _ISO_DAY),
            faults=tuple(one for one in faults if _place(one) is column.field),
        )
        for column in form_of(kind)
    ]


def others(kind: RecordKind, faults: tuple[Fault, ...]) -> list[Fault]:
    """Return the faults of the form as a whole."""
    fields = {one.field for one in form_of(kind)}
    return [one for one in faults if _place(one) not in fields]


def _choices(
    column: Column, value: str, kind: RecordKind, language: Language
) -> tuple[tuple[str, str], ...]:
    """Return what a drop-down offers, with what was typed elsewhere; nothing without one."""
    strange = ((value, value),) if value and value not in column.choices else ()
    known = ((one, choice_word(column.field, one, kind, language)) for one in column.choices)
    return (*strange, *known) if column.choices else ()


def _place(fault: Fault) -> Field | None:
    return _STAND_INS.get(fault.field, fault.field) if fault.field else None
