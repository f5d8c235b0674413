"""The pages of training providers, over HTTP, with the files that they send."""

import re
from datetime import UTC, datetime
from urllib.parse import unquote

import pytest
from sqlmodel import select

from archive.dossiers.intake import driving, runs
from archive.dossiers.intake.mappings import HeaderMeaning
from archive.dossiers.intake.run_models import IntakeRun
from archive.dossiers.models import IntakeBatch
from archive.dossiers.models import Record as RecordRow
from archive.people.synthetic import resident_number
from tests.doors import EXAMPLES, Door

EXAMPLE = EXAMPLES / "training-2024.xlsx"
ODD = "谁,身份证号,课程名称,学时,结业日期\n李明华,{number},电工,36,2025-02-01\n"


def test_a_file_is_previewed_and_nothing_is_written(door):
    client = door.visit("trainer")
    before = _rows(door)
    html = client.get(_uploaded(client)).text
    assert "身份证号码校验位不正确" in html
    assert "写入28条记录" in html
    assert _rows(door) == before


def test_of_a_long_list_the_first_hundred_rows_are_shown_and_said_to_be_so(door):
    client = door.visit("trainer")
    header, row = ODD.replace("谁", "姓名").splitlines()
    born = datetime(1990, 5, 17, tzinfo=UTC).date()
    rows = [row.format(number=resident_number(born, at)) for at in range(101)]
    hundred = client.get(_uploaded(client, "\n".join([header, *rows[:100]]).encode())).text
    more = client.get(_uploaded(client, "\n".join([header, *rows]).encode())).text

    assert ("全部行" in hundred, "前100行" in hundred) == (True, False)
    assert ("全部行" in more, "前100行" in more) == (False, True)
    assert more.count('data-label="行号"') == 100


def test_a_confirmed_file_is_written_once_and_can_be_undone(door):
    client = door.visit("trainer")
    before = _rows(door)
    address = _uploaded(client)
    run = _confirmed(client, address)
    assert "已写入28条记录" in client.get(run).text
    written = _rows(door)
    assert written > before
    assert "未写入任何内容" in client.get(_confirmed(client, address)).text
    assert _rows(door) == written
    assert 'data-label="写入">28<' in client.get("/trainer/intake").text
    assert "training-2024.xlsx" in client.get("/trainer/intake/runs").text
    with door.house.archive.reading() as session:
        assert len(session.exec(select(IntakeBatch)).all()) == 1

    book = client.get(f"{run}/workbook")
    assert unquote(book.headers["content-disposition"]).endswith("training-2024 处理结果.xlsx")
    assert client.post(f"{run}/undo", data={"reason": ""}).status_code == 422
    assert client.post(f"{run}/undo", data={"reason": "报错了班级"}).status_code == 303
    assert "撤回了28条记录" in client.get(run).text


def test_a_file_without_fault_that_comes_again_shows_what_came_of_it(door):
    client = door.visit("trainer")
    odd = ODD.format(number=resident_number(datetime(1990, 5, 17, tzinfo=UTC).date(), 7))
    content = odd.replace("谁", "姓名").encode()
    run = _confirmed(client, _uploaded(client, content))

    again = client.post("/trainer/intake", files={"file": ("b.csv", content)})

    assert again.headers["location"] == f"{run}?again=1"
    html = client.get(again.headers["location"]).text
    assert "该文件此前已报送过" in html
    [kept] = re.findall(r'href="(/trainer/intake/[0-9a-f-]{36})"', html)
    assert "没有需要写入的内容" in client.get(kept).text


def test_what_was_read_wrongly_is_corrected_and_remembered(door):
    client = door.visit("trainer")
    number = resident_number(datetime(1990, 5, 17, tzinfo=UTC).date(), 8)
    address = _uploaded(client, ODD.format(number=number).encode())
    assert "文件暂无法读取" in client.get(address).text

    asked = {
        "kind": "training",
        "header": ["谁", "身份证号", "课程名称", "学时", "结业日期"],
        "meaning": ["name", "", "", "", ""],
        "remember": "1",
    }
    assert client.post(f"{address}/reading", data=asked).headers["location"] == address
    assert "写入1条记录" in client.get(address).text
    other = ODD.format(number=number).replace("电工", "焊工").encode()
    assert "写入1条记录" in client.get(_uploaded(client, other)).text
    rival = door.visit("rival")
    assert "文件暂无法读取" in rival.get(_uploaded(rival, other)).text


def test_a_header_row_of_an_organisations_own_words_is_found_once_they_were_said(door):
    client = door.visit("trainer")
    means = {"谁": "name", "证": "document_number", "学了什么": "course_name", "多久": "hours"}
    means["完了"] = "completed_on"
    number = resident_number(datetime(1990, 5, 17, tzinfo=UTC).date(), 8)
    listed = f"甲班,,,,\n{','.join(means)}\n王二,{number},电工,36,2025-03-01\n"
    address = _uploaded(client, listed.encode())
    assert "并指定各列的含义" in client.get(address).text
    client.post(f"{address}/reading", data={"header_row": "2"})
    asked = {"kind": "training", "header": list(means), "meaning": list(means.values())}
    client.post(f"{address}/reading", data=asked | {"header_row": "2", "remember": "1"})

    other = listed.replace("电工", "焊工").encode()
    assert "写入1条记录" in client.get(_uploaded(client, other)).text
    program = door.program("trainer")
    [row] = program.post("/api/v1/intake", files={"file": other}).json()["rows"]
    assert row["row"] == 3


def test_a_row_of_people_that_was_taken_for_headers_is_not_remembered(door):
    client = door.visit("trainer")
    number = resident_number(datetime(1990, 5, 17, tzinfo=UTC).date(), 8)
    address = _uploaded(client, ODD.format(number=number).encode())
    client.post(
        f"{address}/reading",
        data={"kind": "training", "header": [number], "meaning": ["name"], "remember": "1"},
    )
    with door.house.archive.reading() as session:
        assert session.exec(select(HeaderMeaning)).all() == []


def test_a_long_list_is_written_by_the_job_while_its_page_tells_how_far_it_is(door, monkeypatch):
    monkeypatch.setattr(runs, "STEP_ROWS", 10)
    client = door.visit("trainer")
    run = _confirmed(client, _uploaded(client))
    page = client.get(run)
    assert "已处理0行，共30行" in page.text
    assert page.headers["refresh"]
    archive = door.house.archive
    with archive.reading() as session:
        [found] = session.exec(select(IntakeRun)).all()
    driving.drive(archive, found.id, zone=UTC, clock=lambda: datetime.now(UTC))
    done = client.get(run)
    assert "已写入28条记录" in done.text
    assert "refresh" not in done.headers
    assert client.post(f"{run}/cancel").status_code == 409


def test_a_run_that_was_stopped_says_how_far_it_came(door, monkeypatch):
    monkeypatch.setattr(runs, "STEP_ROWS", 10)
    client = door.visit("trainer")
    run = _confirmed(client, _uploaded(client))
    assert client.post(f"{run}/go-on").status_code == 303
    assert client.post(f"{run}/cancel").status_code == 303
    assert "中止前已处理0行，共30行" in client.get(run).text


def test_an_empty_list_can_be_taken_along(door):
    answer = door.visit("trainer").get("/trainer/intake/templates/certificate")
    assert answer.status_code == 200
    assert answer.content.startswith(b"PK")


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
    html = client.get(_uploaded(client, content))
    assert html.status_code == 200
    assert "文件暂无法读取" in html.text
    assert "写入0条" not in html.text


def test_an_upload_without_a_file_is_refused(door):
    response = door.visit("trainer").post("/trainer/intake", files={"file": ("", b"")})
    assert response.status_code == 422
    assert "no_file" in response.text


def _uploaded(client, content: bytes | None = None) -> str:
    sent = EXAMPLE.read_bytes() if content is None else content
    response = client.post("/trainer/intake", files={"file": (EXAMPLE.name, sent)})
    assert response.status_code == 303, response.text
    return str(response.headers["location"])


def _confirmed(client, address: str) -> str:
    response = client.post(address)
    assert response.status_code == 303, response.text
    return str(response.headers["location"])


def _rows(door: Door) -> int:
    with door.house.archive.reading() as session:
        return len(session.exec(select(RecordRow.id)).all())
