"""Identifiers: an archive number tells nothing, and a mistyped one is nobody's."""

from itertools import pairwise
from time import time_ns

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.ids import (
    ALPHABET,
    RANDOM_CHARACTERS,
    archive_number_from,
    check_character,
    new_archive_number,
    new_id,
    read_archive_number,
)

_DRAWN = st.text(ALPHABET, min_size=RANDOM_CHARACTERS, max_size=RANDOM_CHARACTERS)
MISSED_SWAPS = 0.01  # The share of neighbours' swaps that the system is known to miss at most.


def plain(number: str) -> str:
    """Return a number without its dashes."""
    return number.replace("-", "")


@given(_DRAWN)
def test_every_single_wrong_character_is_found(drawn):
    number = plain(archive_number_from(drawn))

    for place, right in enumerate(number):
        for wrong in set(ALPHABET) - {right}:
            assert read_archive_number(number[:place] + wrong + number[place + 1 :]) is None


def test_nearly_every_swap_of_neighbours_is_found():
    missed = tried = 0
    for _ in range(400):
        number = plain(new_archive_number())
        for place, (one, other) in enumerate(pairwise(number)):
            if one != other:
                swapped = number[:place] + other + one + number[place + 2 :]
                tried += 1
                missed += read_archive_number(swapped) is not None

    assert tried > 400
    assert missed / tried < MISSED_SWAPS


@given(_DRAWN)
def test_a_number_is_read_back_however_it_is_written(drawn):
    number = archive_number_from(drawn)
    misread = plain(number).lower().replace("0", "o").replace("1", "l")

    assert read_archive_number(number) == number
    assert read_archive_number(f" {plain(number)[:5]} {plain(number)[5:]}\t") == number
    assert read_archive_number(number.replace("-", "–")) == number
    assert read_archive_number(misread) == number


@pytest.mark.parametrize(
    "text", ["", "-", "7K3M-9QXT", "7K3M-9QXT-4D2P-1", "7K3M-9QXT-4DU2", "陈明华", "0" * 400]
)
def test_what_is_no_archive_number_is_none(text):
    assert read_archive_number(text) is None


def test_archive_numbers_follow_no_sequence_and_never_meet():
    numbers = [plain(new_archive_number()) for _ in range(2_000)]
    rising = sum(one < other for one, other in pairwise(numbers))

    assert len(set(numbers)) == len(numbers)
    assert 800 < rising < 1_200  # As often up as down.
    assert {number[0] for number in numbers} == set(ALPHABET)


def test_the_check_character_is_the_one_of_the_standard():
    # ISO/IEC 7064 hybrid systems: the products start at the modulus, the whole comes to one.
    modulus = len(ALPHABET)
    number = plain(archive_number_from("7K3M9QXT4D2"))
    product = modulus
    for character in number[:-1]:
        total = (product + ALPHABET.index(character)) % modulus or modulus
        product = 2 * total % (modulus + 1)

    assert (product + ALPHABET.index(number[-1])) % modulus == 1
    assert number[-1] == check_character(number[:-1])


def test_identifiers_of_one_process_are_unique_and_rise():
    ids = [new_id() for _ in range(1_000)]

    assert len(set(ids)) == len(ids)
    assert ids == sorted(ids)
    assert {one.version for one in ids} == {7}


def test_identifiers_drawn_in_a_burst_do_not_run_ahead_of_the_clock():
    last = [new_id() for _ in range(20_000)][-1]

    assert last.int >> 80 <= time_ns() // 1_000_000  # The first 48 bits: Unix milliseconds.
