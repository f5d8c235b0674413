"""What a trial found as tables to take away: CSV and XLSX, in one language.

The table of groups names nobody and hides few persons; that of records is the bureau's own.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape

from sqlmodel import Session

from archive.bureau.what_if_changed import Changed
from archive.people import workers
from archive.texts import in_language, term
from credit_bank.simulation_law import Verdict
from schemas.contracts import Bilingual
from schemas.credits import as_credits
from schemas.vocabulary import Language
from schemas.what_if import GroupLine, TrialEffect, WhatIfReport

Cell = str | int | Decimal | None
Row = Sequence[Cell]

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HIDDEN = "*"
"""What stands for a hidden number."""

GROUP_COLUMNS = (
    "Grouping",
    "Code of the group",
    "Name of the group",
    "Persons",
    "Persons gaining",
    "Persons losing",
    "Credits gained",
    "Credits lost",
    "Difference",
    "Forfeited by the cap",
)
RECORD_COLUMNS = (
    "Archive number",
    "Record",
    "Kind",
    "Effective",
    "Credits before",
    "Credits after",
    "Difference",
    "Rule before",
    "Rule after",
    "Why before",
    "Why after",
    "Arithmetic before",
    "Arithmetic after",
)
WHOLE, ALONE = "Whole draft", "This change alone"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def groups_table(report: WhatIfReport, language: Language) -> Iterator[Row]:
    """Yield the table of effects and groups; ``*`` is a number that is hidden."""

    def say(text: str) -> str:
        return in_language(text, language)

    yield [say(one) for one in GROUP_COLUMNS]
    name = ", ".join(report.rules)
    yield [say(WHOLE), "", name, report.persons, *_effect(report.together)]
    for change in report.alone:
        told = _effect(change.effect) if change.effect else [None] * 6
        yield [say(ALONE), change.rule, _pick(change.title, language), None, *told]
    for table in report.groups:
        by = term(f"grouping.{table.by}", language)
        for line in table.lines:
            yield [by, line.code, _pick(line.label, language), *_numbers(line), None]


def records_table(session: Session, changed: Changed, language: Language) -> Iterator[Row]:
    """Yield every changed record with its explanation, by archive number."""
    yield [in_language(one, language) for one in RECORD_COLUMNS]
    numbers = workers.numbers_of(session, list(changed.of_worker))
    told = _Told(changed, language)
    for worker_id, number in sorted(numbers.items(), key=lambda pair: pair[1]):
        for one in changed.of_worker[worker_id]:
            yield [
                number,
                str(one.record_id),
                term(f"kind.{one.kind}", language),
                one.effective_on.isoformat(),
                as_credits(one.before.units),
                as_credits(one.after.units),
                as_credits(one.difference),
                told.rule(one.before),
                told.rule(one.after),
                *(told.why(verdict) for verdict in (one.before, one.after)),
                *(told.arithmetic(verdict) for verdict in (one.before, one.after)),
            ]


def as_csv(rows: Iterable[Row]) -> bytes:
    """Return rows as CSV that office programs read; no cell is taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_guarded(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Iterable[Row]) -> bytes:
    """Return rows as a workbook of one sheet, its first row standing still."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as book:
        for name, part in _PARTS.items():
            book.writestr(_entry(name), _XML + part)
        with book.open(_entry("xl/worksheets/sheet1.xml"), "w") as sheet:
            sheet.write((_XML + _SHEET).encode())
            for at, row in enumerate(rows, start=1):
                sheet.write(_written(row, at).encode())
            sheet.write(b"</sheetData></worksheet>")
    return content.getvalue()


class _Told:
    """Verdicts in words; each is said once, for many share one."""

    def __init__(self, changed: Changed, language: Language) -> None:
        self._rules = changed.rule_of
        self._language = language
        self._said: dict[Verdict, str] = {}

    def rule(self, verdict: Verdict) -> str:
        return self._rules.get(verdict.version or "", "")

    def why(self, verdict: Verdict) -> str:
        return term(f"reason.{verdict.reason}", self._language)

    def arithmetic(self, verdict: Verdict) -> str:
        if verdict not in self._said:
            self._said[verdict] = " ".join(
                in_language(text, self._language, dict(facts)) for text, facts in verdict.steps
            )
        return self._said[verdict]


def _effect(effect: TrialEffect) -> list[Cell]:
    told = (
        effect.persons_gaining,
        effect.persons_losing,
        effect.credits_gained,
        effect.credits_lost,
        effect.difference,
        effect.cap_forfeits,
    )
    return [HIDDEN if one is None else one for one in told]


def _numbers(line: GroupLine) -> list[Cell]:
    told = (
        line.persons,
        line.gaining,
        line.losing,
        line.credits_gained,
        line.credits_lost,
        line.difference,
    )
    return [HIDDEN if one is None else one for one in told]


def _pick(text: Bilingual, language: Language) -> str:
    return text.zh if language is Language.CHINESE else text.en


def _guarded(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


# --- A workbook by hand: one sheet needs no library

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_FORMAT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_FORMAT}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_FORMAT}.worksheet+xml"/>'
        "</Types>"
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="what-if" sheetId="1" r:id="r1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    ),
}
_SHEET = (
    f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    "</sheetView></sheetViews><sheetData>"
)


def _entry(name: str) -> zipfile.ZipInfo:
    """Return an entry with a fixed day: equal content, equal file."""
    info = zipfile.ZipInfo(name, date(1980, 1, 1).timetuple()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _written(row: Row, at: int) -> str:
    cells = "".join(_cell(cell) for cell in row)
    return f'<row r="{at}">{cells}</row>'


def _cell(cell: Cell) -> str:
    if cell is None:
        return "<c/>"
    if isinstance(cell, str):
        return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
    return f"<c><v>{cell}</v></c>"
