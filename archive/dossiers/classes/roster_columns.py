"""Which column of a roster tells what: name, number and its kind, account. Pure."""

from collections.abc import Sequence

from archive.dossiers.columns import Columns, ColumnsMissingError, field_of, label, plain_header
from archive.dossiers.headers import Field
from archive.dossiers.tables.table import Table, TableFormat, rows_of
from schemas.rosters import PersonAsked
from schemas.vocabulary import RecordKind

ACCOUNT = Field.OUTER_ID
"""Where the account stands among the fields that files have: in a roster nothing else does."""
_OF_PERSON = frozenset({Field.NAME, Field.DOCUMENT_NUMBER, Field.DOCUMENT_TYPE})
_WORDS = (
    "平台账号|学习平台账号|账号|用户名|平台用户名|学号|学员编号|学员号|platform account|account"
    "|user name|username|student number|student no|student ID"
)
_ACCOUNTS = frozenset(plain_header(word) for word in _WORDS.split("|"))
_HEADERS = ("姓名", "证件号码", "证件类型", "平台账号")


def roster_columns(headers: Sequence[str]) -> Columns:
    """Return where a roster tells what; other columns are left out, as lists of people have many.

    Raises ColumnsMissingError without name or number.
    """
    places: dict[Field, int] = {}
    for index, header in enumerate(headers):
        known = field_of(header, RecordKind.TRAINING)
        field = ACCOUNT if plain_header(header) in _ACCOUNTS else known
        if field in _OF_PERSON or field is ACCOUNT:
            places.setdefault(field, index)
    missing = [label(one, None) for one in (Field.NAME, Field.DOCUMENT_NUMBER) if one not in places]
    if missing:
        raise ColumnsMissingError(columns="、".join(missing))
    return Columns(RecordKind.TRAINING, places, ())


def as_table(people: Sequence[PersonAsked]) -> Table:
    """Return people who came by a form or a program as a table, so that they are read alike."""
    lines = [(one.name, one.document_number, _type(one), one.account or "") for one in people]
    return Table(
        format=TableFormat.CSV,
        sheet=None,
        encoding=None,
        header_row=0,
        headers=_HEADERS,
        rows=rows_of(lines),
    )


def _type(person: PersonAsked) -> str:
    """Return the kind of document in the words that a list would use."""
    return _TYPES.get(person.document_type, "") if person.document_type else ""


_TYPES: dict[str, str] = {
    "resident_id": "居民身份证",
    "resident_id_15": "居民身份证",
    "hmt_residence_permit": "港澳台居民居住证",
    "foreign_permanent_resident": "外国人永久居留身份证",
    "hm_travel_permit": "港澳居民来往内地通行证",
    "taiwan_travel_permit": "台湾居民来往大陆通行证",
    "passport": "护照",
}
