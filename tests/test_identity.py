"""Numbers of people and organisations: what is accepted, and what is refused by which code."""

from datetime import date

import pytest

from archive.errors import ArchiveError
from archive.people import identity, organisation_codes, synthetic
from archive.people.identity import IdentityDocument, read_document
from archive.people.names import plain_name, same_name
from archive.people.written_numbers import masked
from schemas.vocabulary import DocumentType

TODAY = date(2026, 6, 1)
BORN = date(1990, 1, 31)
NUMBER = synthetic.resident_number(BORN, 123)


def read(text: str, type_given: DocumentType | None = None) -> IdentityDocument:
    return read_document(text, today=TODAY, type_given=type_given)


def code_of(text: str, type_given: DocumentType | None = None) -> str:
    with pytest.raises(ArchiveError) as refused:
        read(text, type_given)
    return refused.value.code


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("11010519491231002X", DocumentType.RESIDENT_ID),  # The standard's own example.
        (NUMBER, DocumentType.RESIDENT_ID),
        ("810000199408230021", DocumentType.HMT_RESIDENCE_PERMIT),
        ("830000199201300022", DocumentType.HMT_RESIDENCE_PERMIT),
        ("911124198108030024", DocumentType.FOREIGN_PERMANENT_RESIDENT),
        ("XXX990080010112", DocumentType.FOREIGN_PERMANENT_RESIDENT),
        ("H0000000000", DocumentType.HM_TRAVEL_PERMIT),
        ("M00000000", DocumentType.HM_TRAVEL_PERMIT),
        ("E00000000", DocumentType.PASSPORT),
        ("EA0000000", DocumentType.PASSPORT),
    ],
)
def test_a_number_tells_its_kind_of_document(number: str, kind: DocumentType) -> None:
    assert read(number) == IdentityDocument(kind, number)


def test_a_number_of_a_new_area_is_accepted_where_libraries_refuse_it() -> None:
    guangming = synthetic.resident_number(BORN, 1, area="440311")

    assert identity.area_is_known(read(guangming))


@pytest.mark.parametrize(
    "written",
    [
        "１１０１０５１９４９１２３１００２Ｘ",
        "11010519491231002x",
        "'11010519491231002X",
        "110105 19491231 002X  ",
        "\u200b11010519491231002X\ufeff",
    ],
)
def test_clutter_of_keyboards_and_spreadsheets_is_forgiven(written: str) -> None:
    assert read(written).number == "11010519491231002X"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "id_missing"),
        (" ' ", "id_missing"),
        ("4.40311E+17", "id_digits_lost"),
        ("９.９E+17", "id_digits_lost"),
        ("990000199001311000", "id_digits_lost"),
        (NUMBER[:-1], "id_length"),
        (NUMBER + "1", "id_length"),
        ("99000019900131O123", "id_characters"),
        (synthetic.resident_number(BORN, 5)[:-1] + "X", "id_check_digit"),
        (NUMBER[:10] + "13" + NUMBER[12:], "id_birth_date"),
        ("990000900230123", "id_birth_date"),
        (synthetic.resident_number(date(1850, 1, 1), 3), "id_birth_date"),
        (synthetic.resident_number(date(2026, 6, 2), 3), "id_birth_future"),
        ("张三", "id_type_needed"),
    ],
)
def test_a_wrong_number_is_refused_by_name(written: str, code: str) -> None:
    assert code_of(written) == code


def test_a_birth_today_is_not_in_the_future() -> None:
    assert identity.birth_date(read(synthetic.resident_number(TODAY, 3))) == TODAY


def test_an_old_number_finds_the_same_person_as_the_new_one() -> None:
    old = read(synthetic.old_resident_number(BORN, 123))

    assert old.type is DocumentType.RESIDENT_ID_15
    assert old.upgraded() == read(NUMBER)
    assert read(NUMBER).upgraded() == read(NUMBER)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("K1234567", DocumentType.PASSPORT),
        ("12345678", DocumentType.TAIWAN_TRAVEL_PERMIT),
        ("1234567890(B)", DocumentType.TAIWAN_TRAVEL_PERMIT),
        ("H12345678", DocumentType.HM_TRAVEL_PERMIT),
    ],
)
def test_a_document_that_is_named_is_read_by_its_own_form(number: str, kind: DocumentType) -> None:
    assert read(number, kind).type is kind


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("护照", DocumentType.PASSPORT),
        (NUMBER, DocumentType.PASSPORT),
        ("1234", DocumentType.TAIWAN_TRAVEL_PERMIT),
        ("E12345678", DocumentType.HM_TRAVEL_PERMIT),
    ],
)
def test_a_number_of_another_form_than_the_named_document_is_refused(
    number: str, kind: DocumentType
) -> None:
    assert code_of(number, kind) == "id_form"


def test_digits_of_other_scripts_are_no_digits_of_a_document() -> None:
    """They would make a second dossier of one person: they are looked up as they are written."""
    arabic = "H" + "١٢٣٤٥٦٧٨"
    assert code_of(arabic, DocumentType.HM_TRAVEL_PERMIT) == "id_form"
    assert code_of(arabic, None) != ""


def test_eight_digits_are_no_travel_permit_unless_it_is_named() -> None:
    assert code_of("12345678") == "id_length"


def test_birth_and_sex_are_told_by_numbers_that_hold_them_only() -> None:
    assert identity.birth_date(read(NUMBER)) == BORN
    assert identity.sex(read(NUMBER)) is identity.Sex.MALE
    assert identity.sex(read("911124198108030024")) is identity.Sex.FEMALE
    assert identity.birth_date(read("E00000000")) is None
    assert identity.sex(read("XXX990080010112")) is None


def test_an_unknown_area_is_told_but_not_refused() -> None:
    assert not identity.area_is_known(read(synthetic.resident_number(BORN, 1, area="770000")))
    assert identity.area_is_known(read(NUMBER))


def test_numbers_are_masked_and_never_printed_by_accident() -> None:
    assert masked(NUMBER) == "990000********" + NUMBER[-4:]
    assert masked("E12345678") == "E1*****78"
    assert masked("张三") == "**"
    assert NUMBER not in repr(read(NUMBER))


def test_a_credit_code_is_checked() -> None:
    code = synthetic.credit_code(7)

    assert organisation_codes.read_credit_code(f" {code.lower()}") == code
    assert organisation_codes.read_credit_code("91110000600037341L") == "91110000600037341L"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("9144030", "credit_code_form"),
        ("91110000600037341I", "credit_code_form"),
        ("91110000600037341A", "credit_code_check"),
    ],
)
def test_a_wrong_credit_code_is_refused(written: str, code: str) -> None:
    with pytest.raises(ArchiveError) as refused:
        organisation_codes.read_credit_code(written)
    assert refused.value.code == code


def test_one_name_is_recognised_in_its_spellings() -> None:
    assert plain_name("张　 三") == "张三"
    assert plain_name("买买提•艾力") == "买买提·艾力"
    assert plain_name(" Anna  Kim ") == "Anna Kim"
    assert same_name("anna kim", "Anna  KIM")
    assert not same_name("张三", "张珊")
