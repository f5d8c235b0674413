"""One record typed into a form, its person looked up; and what an organisation posted."""

import re
from datetime import date
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from archive.audit.tables import ACCESS_EVENT
from archive.dossiers.intake import retyping
from archive.dossiers.intake.single import form_of, reading_of
from archive.dossiers.models import Record
from archive.limiting.figures import LIMITS, Group
from archive.people.synthetic import resident_number
from archive.people.trail import trail_of
from schemas.records import Record as AnyRecord
from schemas.vocabulary import LEARNING_KINDS, Act
from tests.builders import TODAY, a_certificate, a_competition, a_training
from tests.doors import Door
from tests.test_web_worker import counting, engines

BORN = date(1990, 5, 17)
NAME = "李明华"
KNOWN = resident_number(BORN, 1)
"""Of “worker” of the door."""
UNKNOWN = resident_number(BORN, 77)
COURSE = {
    "kind": "training",
    "course_name": "低压电工",
    "occupation": "电工",
    "hours": "32",
    "score": "85",
    "attendance": "95%",
    "completed_on": "2025-02-01",
}
NEW = "/trainer/records/new"


def faults_in(html: str) -> list[str]:
    return re.findall(r'id="f-([a-z_]+)-told"><li class="fault"', html)


def of_person(name: str, number: str, **told: str) -> dict[str, str]:
    return COURSE | {"name": name, "document_number": number} | told


def rows_of(session: Session) -> list[Record]:
    return list(session.exec(select(Record).where(col(Record.kind).in_(LEARNING_KINDS))).all())


def count(door: Door) -> int:
    with door.house.archive.reading() as session:
        return len(rows_of(session))


@pytest.mark.parametrize("kind", LEARNING_KINDS)
def test_the_form_speaks_the_language_of_its_page(door, kind):
    client = door.visit("trainer")
    choice = r'<option value="([^"]+)"(?: selected)?>([^<]+)</option>'
    chinese = re.findall(choice, client.get(f"{NEW}?kind={kind}&lang=zh").text)
    english = re.findall(choice, client.get(f"{NEW}?kind={kind}&lang=en").text)

    assert len(english) > len(LEARNING_KINDS)
    assert [sent for sent, _ in english] == [sent for sent, _ in chinese]
    assert not [shown for _, shown in english if re.match("[\u4e00-\u9fff]", shown)]
    assert len({shown for _, shown in english}) >= len(english) - 2  # Yes and No come twice.


def test_all_faults_stand_beside_their_fields_and_nothing_typed_is_lost(door):
    client, before = door.visit("trainer"), count(door)
    form = of_person("陈一", UNKNOWN[:-1], hours="many", completed_on="", note="看一看")
    answer = client.post(NEW, data=form)
    assert answer.status_code == 422
    assert faults_in(answer.text) == ["document_number", "hours", "completed_on"]
    for typed in ("陈一", UNKNOWN[:-1], "many", "看一看", "低压电工"):
        assert f'value="{typed}"' in answer.text
    assert count(door) == before


def test_a_record_of_a_new_person_is_written_once_and_shown_with_its_credits(door):
    client, before = door.visit("trainer"), count(door)
    first = client.post(NEW, data=of_person("陈一", UNKNOWN))
    again = client.post(NEW, data=of_person("陈一", UNKNOWN))
    assert (first.status_code, again.status_code) == (303, 303)
    address, done = first.headers["location"].split("?")
    assert (done, again.headers["location"]) == ("done=new", f"{address}?done=same")
    assert count(door) == before + 1
    html = client.get(address).text
    for told in ("陈*", "低压电工", "+2", "网页填报", "trainer"):
        assert told in html

    changed = client.post(NEW, data=of_person("陈一", UNKNOWN, hours="48"))
    assert (changed.status_code, count(door)) == (409, before + 1)
    meant = client.post(NEW, data=of_person("陈一", UNKNOWN, hours="48", replaces="1"))
    assert meant.headers["location"] == f"{address}?done=changed"


def test_a_look_up_tells_nothing_of_who_is_not_there_or_is_called_otherwise(door):
    client, told = door.visit("trainer"), []
    client.get(NEW)
    for name, number in ((NAME, KNOWN), ("陈一", KNOWN), ("陈一", UNKNOWN)):
        with counting(*engines(door)) as statements:
            answer = client.post("/trainer/records/look-up", data=of_person(name, number))
        told.append((answer.status_code, answer.text.replace(number, "…"), len(statements)))
        assert f'value="{name}"' in answer.text
    assert "李**" in told[0][1]
    assert told[1] == told[2]
    assert "低压电工" in told[1][1]


def test_each_look_up_is_told_and_counted(door):
    client = door.visit("trainer")
    for name, number in ((NAME, KNOWN), ("陈一", KNOWN)):
        client.post("/trainer/records/look-up", data=of_person(name, number))
    with trail_of(door.house.archive).store.reading() as session:
        seen = session.execute(
            select(ACCESS_EVENT.c.worker_id).where(ACCESS_EVENT.c.action == "person.look_up")
        ).scalars()
        assert sorted(one is None for one in seen) == [False, True]
    [most] = [one.item.amount for one in LIMITS[Group.PERSON] if one.subject == "account"]
    for _ in range(most - 2):
        client.post("/trainer/records/look-up", data={"kind": "training", "name": "陈"})
    refused = client.post("/trainer/records/look-up", data=of_person(NAME, KNOWN))
    assert refused.status_code == 429


def test_a_number_under_another_name_is_told_only_where_an_unknown_one_is_written(door):
    client = door.visit("trainer")
    assert client.post(NEW, data=of_person("陈一", KNOWN)).status_code == 422
    taken = {
        "kind": "certificate",
        "instrument": "职业技能等级证书",
        "certificate_number": "S000044030001244000001",
        "issued_on": "2024-06-01",
        "rank": "中级工",
    }
    told = [
        client.post(NEW, data=taken | {"name": "陈一", "document_number": number}).text
        for number in (KNOWN, UNKNOWN)
    ]
    assert faults_in(told[0]) == faults_in(told[1]) == ["certificate_number"]


@pytest.mark.parametrize("record", [a_training(), a_certificate(), a_competition()])
def test_what_is_on_file_can_be_typed_as_it_stands(record: AnyRecord):
    typed = retyping.typed_of(record)
    fields = {one.field for one in form_of(record.kind)}
    assert set(typed) <= fields
    reading = reading_of(record.kind, typed, TODAY)
    assert [fault for fault in reading.faults if fault.is_error] == []


def test_the_own_record_is_found_corrected_and_withdrawn_and_no_other(door):
    client, rival = door.visit("trainer"), door.visit("rival")
    with door.house.archive.reading() as session:
        own = next(row for row in rows_of(session) if row.id == door.record_ids[0])
    address = f"/trainer/records/{own.id}"
    assert address in client.get("/trainer/records").text
    assert address not in rival.get("/trainer/records").text
    for path in ("", "/correction"):
        missing = rival.get(f"/trainer/records/{UUID(int=7)}{path}")
        others = rival.get(address + path)
        assert others.text.replace(str(own.id), str(UUID(int=7))) == missing.text
        assert others.status_code == 404

    found = client.post("/trainer/records", data=of_person(NAME, KNOWN))
    assert found.headers["location"] == f"/trainer/records?worker={door.numbers[0]}"
    assert address in client.get(found.headers["location"]).text
    nobody = rival.post("/trainer/records", data=of_person(NAME, KNOWN)).text
    assert nobody == rival.post("/trainer/records", data=of_person(NAME, UNKNOWN)).text.replace(
        UNKNOWN, KNOWN
    )

    form = dict(
        re.findall(r'name="([a-z_]+)" value="([^"]*)"', client.get(f"{address}/correction").text)
    )
    assert (form["course_name"], form["hours"]) == ("电工技能提升", "36")
    refused = client.post(f"{address}/correction", data=form | {"hours": "48"})
    assert refused.status_code == 422
    assert 'value="48"' in refused.text
    done = client.post(f"{address}/correction", data=form | {"hours": "48", "reason": "学时有误"})
    assert done.headers["location"] == f"{address}?done=changed"
    html = client.get(address).text
    assert "48" in html
    assert "学时有误" in html
    assert client.post(f"{address}/withdrawal", data={"reason": "误报"}).status_code == 303
    with door.house.archive.reading() as session:
        acts = [row.act for row in rows_of(session) if row.original_id == own.id]
    assert sorted(acts) == sorted([Act.ADD, Act.CORRECT, Act.WITHDRAW])


OF_KIND: dict[str, dict[str, str]] = {
    "training": {
        "course_name": "焊接",
        "occupation": "焊工",
        "hours": "7.5",
        "score": "良好",
        "mode": "混合",
        "started_on": "2025-01-05",
        "completed_on": "2025-02-01",
        "rank": "高级技师",
    },
    "certificate": {
        "instrument": "1+X证书",
        "certificate_number": "X-1",
        "title": "工业机器人",
        "rank": "中级",
        "issued_on": "2024-06-01",
        "valid_until": "2030-06-01",
    },
    "competition": {
        "event_name": "技能大赛",
        "tier": "省级二类",
        "award": "优胜奖",
        "placement": "第4名",
        "group": "学生组",
        "team": "团体",
        "is_selection_trial": "否",
        "awarded_on": "2024-05-01",
    },
    "apprenticeship": {
        "employer_name": "某厂",
        "occupation": "电工",
        "rank": "中级工",
        "is_registered": "是",
        "started_on": "2023-01-01",
        "completed_on": "2024-01-01",
        "master_name": "王师傅",
    },
    "honour": {
        "title": "技术能手",
        "tier": "市级",
        "awarded_on": "2024-05-01",
        "awarding_body": "某局",
    },
    "education": {
        "school_name": "某学院",
        "major": "机电",
        "degree": "高职",
        "class_kind": "预备技师班",
        "started_on": "2020-09-01",
        "graduated_on": "2023-06-30",
    },
    "experience": {"employer_name": "某厂", "post": "维修", "started_on": "2020-09-01"},
}


def test_each_kind_is_typed_and_its_correction_form_says_what_is_on_file(door):
    client = door.visit("trainer")
    assert set(OF_KIND) == {str(kind) for kind in LEARNING_KINDS}
    for kind, told in OF_KIND.items():
        form = told | {"kind": kind, "name": "陈一", "document_number": UNKNOWN, "note": "备注"}
        posted = client.post(NEW, data=form)
        assert posted.status_code == 303, (kind, faults_in(posted.text))
        address = posted.headers["location"].split("?")[0]
        shown = fields_in(client.get(f"{address}/correction").text)
        assert shown.keys() >= told.keys()
        again = client.post(f"{address}/correction", data=shown | {"reason": "核对"})
        assert again.headers["location"] == f"{address}?done=same", kind
        other = shown | {"note": "另一备注", "reason": "核对"}
        assert (
            client.post(f"{address}/correction", data=other).headers["location"].endswith("changed")
        )


def fields_in(html: str) -> dict[str, str]:
    """Return what a form holds when nobody changes anything."""
    inputs = dict(re.findall(r'<input[^>]* name="([a-z_]+)" value="([^"]*)"', html))
    chosen = re.findall(r'name="([a-z_]+)"[^>]*>(?:(?!</select>).)*?value="([^"]*)" selected', html)
    return inputs | dict(chosen)
