"""The pages of training providers, over HTTP, with the files that they send."""

import pytest
from sqlmodel import select

from archive.dossiers.models import IntakeBatch
from archive.dossiers.models import Record as RecordRow
from tests.doors import EXAMPLES, Door

EXAMPLE = EXAMPLES / "training-2024.xlsx"


def test_a_file_is_previewed_and_nothing_is_written(door):
    client = door.visit("trainer")
    before = _rows(door)
    address = _uploaded(client)
    html = client.get(address).text
    assert "身份证号码校验位不正确" in html
    assert "写入28条记录" in html
    assert _rows(door) == before


def test_a_confirmed_file_is_written_once(door):
    client = door.visit("trainer")
    before = _rows(door)
    address = _uploaded(client)
    assert "已写入28条记录" in client.post(address, data={"kind": ""}).text
    written = _rows(door)
    assert written > before
    assert "未写入任何内容" in client.post(address, data={"kind": ""}).text
    assert _rows(door) == written
    assert 'data-label="写入">28<' in client.get("/trainer/intake").text
    with door.house.archive.reading() as session:
        assert len(session.exec(select(IntakeBatch)).all()) == 1


def test_an_upload_opens_for_nobody_else(door):
    address = _uploaded(door.visit("trainer"))
    for answer in (door.visit("rival").get(address), door.visit("rival").post(address)):
        assert answer.status_code == 410
    assert door.visit("trainer").get(address).status_code == 200


def test_a_discarded_upload_is_gone(door):
    client = door.visit("trainer")
    address = _uploaded(client)
    assert client.post(f"{address}/discard").status_code == 303
    assert client.get(address).status_code == 410


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"%PDF-1.7", b"a,b\n1,2\n"])
def test_a_file_that_is_no_list_of_people_says_what_to_do(door, content):
    client = door.visit("trainer")
    response = client.post("/trainer/intake", files={"file": ("a.xlsx", content)})
    html = client.get(response.headers["location"])
    assert html.status_code == 200
    assert "文件暂无法读取" in html.text
    assert "写入0条" not in html.text


def test_an_upload_without_a_file_is_refused(door):
    response = door.visit("trainer").post("/trainer/intake", files={"file": ("", b"")})
    assert response.status_code == 422
    assert "no_file" in response.text


def _uploaded(client) -> str:
    response = client.post("/trainer/intake", files={"file": (EXAMPLE.name, EXAMPLE.read_bytes())})
    assert response.status_code == 303
    return str(response.headers["location"])


def _rows(door: Door) -> int:
    with door.house.archive.reading() as session:
        return len(session.exec(select(RecordRow.id)).all())
