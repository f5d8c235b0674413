"""Numbers of people and organisations that do not exist, for tests, demos and examples.

They pass every check and hit nobody: area 990000 is given to no one.
"""

from datetime import date

from archive.people import identity, organisation_codes

AREA = identity.SYNTHETIC_AREAS[0]


def resident_number(birth: date, serial: int, *, area: str = AREA) -> str:
    """Return a valid 18-digit number; ``serial`` 0-999, odd for men."""
    first = f"{area}{birth:%Y%m%d}{serial:03d}"
    return first + identity.check_character(first)


def old_resident_number(birth: date, serial: int, *, area: str = AREA) -> str:
    """Return the 15-digit number that the same person had before 1999."""
    return f"{area}{birth:%y%m%d}{serial:03d}"


def credit_code(serial: int) -> str:
    """Return a valid unified social credit code; ``serial`` up to nine digits."""
    first = f"91{AREA}{serial:09d}"
    return first + organisation_codes.check_character(first)


EXAMPLE_NUMBER = resident_number(date(1900, 1, 1), 0)
"""The number in the example row of every empty list: of nobody, and never posted."""
