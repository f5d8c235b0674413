"""Uploads that wait for confirmation: sealed, owned, kept for one day."""

from datetime import timedelta
from uuid import uuid4

import pytest

from archive.files import LARGEST_BYTES, UploadGoneError, Uploads, UploadTooLargeError
from archive.people.privacy import vault_of
from tests.builders import NOW

OWNER = uuid4()


@pytest.fixture
def uploads(tmp_path, sqlite_archive):
    return Uploads(tmp_path / "uploads", vault_of(sqlite_archive))


def test_an_upload_comes_back_to_its_owner(uploads):
    upload_id = uploads.keep("结业名单.xlsx", b"rows", owner=OWNER, note={"kind": ""}, now=NOW)
    upload = uploads.get(upload_id, owner=OWNER, now=NOW)
    assert (upload.name, upload.content, upload.note) == ("结业名单.xlsx", b"rows", {"kind": ""})


def test_neither_content_nor_name_lies_on_the_disk_in_clear(uploads, tmp_path):
    uploads.keep("secret-name.csv", b"secret-content", owner=OWNER, note={}, now=NOW)
    [path] = (tmp_path / "uploads").iterdir()
    assert b"secret" not in path.read_bytes()
    assert "secret" not in path.name
    assert path.stat().st_mode & 0o077 == 0


def test_an_upload_of_another_account_is_gone(uploads):
    upload_id = uploads.keep("a.csv", b"rows", owner=OWNER, note={}, now=NOW)
    with pytest.raises(UploadGoneError):
        uploads.get(upload_id, owner=uuid4(), now=NOW)


def test_an_upload_is_gone_and_swept_after_a_day(uploads, tmp_path):
    upload_id = uploads.keep("a.csv", b"rows", owner=OWNER, note={}, now=NOW)
    with pytest.raises(UploadGoneError):
        uploads.get(upload_id, owner=OWNER, now=NOW + timedelta(hours=24))
    uploads.sweep(now=NOW + timedelta(hours=23))
    assert len(list((tmp_path / "uploads").iterdir())) == 1
    uploads.sweep(now=NOW + timedelta(hours=24))
    assert not list((tmp_path / "uploads").iterdir())


def test_an_upload_under_another_name_does_not_open(uploads, tmp_path):
    upload_id, other = (
        uploads.keep(name, b"rows", owner=OWNER, note={}, now=NOW) for name in ("a.csv", "b.csv")
    )
    folder = tmp_path / "uploads"
    (folder / upload_id.hex).rename(folder / other.hex)
    with pytest.raises(UploadGoneError):
        uploads.get(other, owner=OWNER, now=NOW)


@pytest.mark.parametrize("content", [b"", b"0123", b"0" * 16, bytes(60)])
def test_a_file_that_was_cut_or_is_of_an_earlier_version_is_gone(uploads, tmp_path, content):
    upload_id = uploads.keep("a.csv", b"rows", owner=OWNER, note={}, now=NOW)
    (tmp_path / "uploads" / upload_id.hex).write_bytes(content)
    with pytest.raises(UploadGoneError):
        uploads.get(upload_id, owner=OWNER, now=NOW)


def test_a_file_over_the_limit_is_refused(uploads):
    with pytest.raises(UploadTooLargeError):
        uploads.keep("a.csv", b"0" * (LARGEST_BYTES + 1), owner=OWNER, note={}, now=NOW)
