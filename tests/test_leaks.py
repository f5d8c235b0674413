"""The search for leaked numbers finds them: else its silence would say nothing."""

from datetime import date

import psycopg
import pytest

from archive.people.synthetic import resident_number
from tests.leaks import numbers_in, numbers_in_tables, numbers_under

NUMBER = resident_number(date(1990, 5, 17), 1)
WRONG = NUMBER[:17] + ("0" if NUMBER[17] != "0" else "1")


def test_a_number_is_found_among_other_bytes_and_a_chance_one_is_not():
    assert numbers_in(f'{{"event": "x", "id": "{NUMBER.lower()}"}}'.encode()) == {NUMBER}
    assert numbers_in(f"{WRONG} 1{NUMBER} {NUMBER}1".encode()) == set()


def test_a_number_in_any_file_below_a_home_is_found(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "jobs.db").write_bytes(b"\0" + NUMBER.encode() + b"\xff")
    assert numbers_under(tmp_path) == {"deep/jobs.db": {NUMBER}}


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_number_in_a_job_is_found_on_postgresql(settings):
    url = settings.database_url
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE TABLE job_of_a_test (key text)")
        connection.execute("INSERT INTO job_of_a_test VALUES (%s)", [NUMBER])
        assert numbers_in_tables(url) == {"public.job_of_a_test": {NUMBER}}
        connection.execute("DROP TABLE job_of_a_test")
