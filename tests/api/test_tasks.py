"""`/mentor/task/`: the mentor's to-do list."""

from typing import Any

import pytest

from models.mentoring import Task
from tests.api.calls_at_work import REPORT, reported
from tests.api.looking import rows
from tests.conformance import holds
from tests.house import ADMIN, MENTEE, SERVICE, STRANGER, Client, Staff


@pytest.fixture
def task(staff: Staff) -> int:
    """Something that adam has to do, after something of eve's."""
    Task.create(mentor=staff.stranger, description="Eve's business")
    return int(Task.create(mentor=staff.mentor, description="Complete feedback").id)


@holds("Task.mentor", "Task.description", "Task.link", "Task.due_date", "Task.status", "M-24")
def test_a_conversation_leaves_a_task_in_the_mentors_list(client: Client, call: int) -> None:
    reported(client, REPORT)

    listed = client.get("/mentor/task/").json

    started = client.get(f"/mentor/call/{call}/").json
    assert listed["count"] == 1
    assert listed["results"] == [
        {
            "id": started["feedback_task"],
            "mentor": started["caller"],
            "description": "Complete feedback for call at "
            f"{started['start_time'][11:16]} on {started['start_time'][:10]}",
            "link": "",
            "due_date": None,
            "status": "pending",
        }
    ]
    assert client.get(f"/mentor/task/{started['feedback_task']}/").json == listed["results"][0]


@pytest.mark.parametrize("verb", ["PUT", "PATCH"])
@pytest.mark.parametrize("old", ["pending", "in-progress", "done"])
@pytest.mark.parametrize("new", ["pending", "in-progress", "done"])
@holds(
    "PUT /mentor/task/(id)",
    "PUT /mentor/task/(id): status pending, in-progress or done",
    "PATCH /mentor/task/(id)",
    "PATCH /mentor/task/(id): status pending, in-progress or done",
)
def test_a_tasks_status_may_become_any_of_the_three(
    client: Client, task: int, verb: str, old: str, new: str
) -> None:
    client.put(f"/mentor/task/{task}/", {"status": old})

    answer = client.ask(verb, f"/mentor/task/{task}/", {"status": new})

    assert (answer.status_code, answer.json["status"]) == (200, new)
    assert client.get(f"/mentor/task/{task}/").json == answer.json


def test_every_other_key_is_ignored(client: Client, task: int) -> None:
    before = client.get(f"/mentor/task/{task}/").json

    answer = client.put(
        f"/mentor/task/{task}/",
        {"status": "done", "id": 9, "mentor": 9, "description": 1, "link": [], "due_date": "soon"},
    )

    assert answer.json == {**before, "status": "done"}


def test_a_patch_without_a_status_changes_nothing(client: Client, task: int) -> None:
    before = client.get(f"/mentor/task/{task}/").json

    answer = client.ask("PATCH", f"/mentor/task/{task}/", {"description": "x"})

    assert (answer.status_code, answer.json) == (200, before)


@pytest.mark.parametrize("status", ["Done", "finished", "", None, 1, True, ["done"], {"status": "done"}])
@pytest.mark.parametrize("verb", ["PUT", "PATCH"])
@holds(
    "PUT /mentor/task/(id): status pending, in-progress or done",
    "PATCH /mentor/task/(id): status pending, in-progress or done",
)
def test_a_status_that_is_none_of_the_three_is_refused(
    client: Client, task: int, verb: str, status: Any
) -> None:
    answer = client.ask(verb, f"/mentor/task/{task}/", {"status": status})

    assert (answer.status_code, list(answer.json)) == (400, ["status"])
    assert Task.get_by_id(task).status == "pending"


def test_a_put_must_name_a_status(client: Client, task: int) -> None:
    answer = client.put(f"/mentor/task/{task}/", {})

    assert (answer.status_code, list(answer.json)) == (400, ["status"])


@holds("404 GET /mentor/task/(id) of another mentor")
def test_a_mentor_sees_and_changes_only_his_own_tasks(client: Client, staff: Staff, task: int) -> None:
    (theirs,) = client.get("/mentor/task/", user=STRANGER).json["results"]

    for verb in ("GET", "PUT", "PATCH"):
        for other in (theirs["id"], 999, 2**63, "x"):
            assert client.ask(verb, f"/mentor/task/{other}/", {"status": "done"}).status_code == 404
    assert [row["id"] for row in client.get("/mentor/task/").json["results"]] == [task]
    assert Task.get_by_id(theirs["id"]).status == "pending"


@pytest.mark.parametrize("user", [ADMIN, MENTEE, SERVICE])
def test_only_mentors_have_tasks(client: Client, task: int, user: str) -> None:
    before = rows()

    for path in ("/mentor/task/", f"/mentor/task/{task}/"):
        assert client.get(path, user=user).status_code == 403
    assert client.put(f"/mentor/task/{task}/", {"status": "done"}, user=user).status_code == 403
    assert (rows(), Task.get_by_id(task).status) == (before, "pending")


def test_tasks_are_neither_made_nor_deleted_here(client: Client, task: int) -> None:
    posted = client.post("/mentor/task/", {"status": "done"})
    deleted = client.ask("DELETE", f"/mentor/task/{task}/")

    assert (posted.status_code, deleted.status_code) == (405, 405)
    assert "POST" not in posted.headers["allow"]
    assert "DELETE" not in deleted.headers["allow"]
