"""Staff of other departments post their own trainings, as a training provider does."""

from tests.doors import EXAMPLES, Door


def test_a_department_posts_a_file_and_a_record_of_its_own(door: Door):
    client = door.visit("department")
    content = (EXAMPLES / "training-gb18030.csv").read_bytes()
    kept = client.post("/trainer/intake", files={"file": ("名单.csv", content)})
    address = kept.headers["location"]
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 303
    assert "DP01" not in client.get("/trainer/intake").text
    assert "名单" not in client.get("/trainer/appeals").text

    program = door.program("department")
    record = {
        "kind": "training",
        "course_name": "安全",
        "hours": "16",
        "completed_on": "2025-02-01",
    }
    path = f"/api/v1/workers/{door.numbers[0]}/records"
    added = program.post(path, json={"record": record})
    assert added.status_code == 201
    shown = program.get(f"{path}/{added.json()['record_id']}").json()["record"]
    assert shown["organisation"]["code"] == "DP01"
    other = program.post(path, json={"record": record, "organisation": "TP01"})
    assert (other.status_code, other.json()["code"]) == (403, "not_allowed")
    assert program.get(f"{path}/{door.record_ids[0]}").json()["code"] == "record_unknown"
    assert program.get(f"/api/v1/workers/{door.numbers[0]}/dossier").status_code == 403
