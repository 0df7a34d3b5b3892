"""Callrequests: written down and read by whose they are; what they refer to is his own."""

from typing import Any

import pytest

from models.appointments.alarms import IN_PROCESS, SUCCESS, AlarmRequest
from models.appointments.callrequests import CALLING, AlarmCall
from models.appointments.surveys import SurveyTemplate
from tests.appointments.planned import BASE, Planned, Side
from tests.conformance import holds

TEMPLATE, SEALED = 7, 8  # content types
LEAST = {
    "aleg_uuid": "", "call_type": 1, "status": 1, "callerid": "", "caller_name": "", "timeout": 30, "timelimit": 3600,
    "extra_dial_string": "", "subscriber": None, "campaign": None, "aleg_gateway": None, "completed": False,
    "extra_data": "", "num_attempt": 0, "last_attempt_time": None, "result": "", "hangup_cause": "",
    "parent_callrequest": None, "alarm_request_id": None,
}  # fmt: skip


def template(side: Side) -> int:
    """A survey template of a manager's."""
    return int(SurveyTemplate.create(name="Visit", user=side.manager).id)


@pytest.fixture
def new(planned: Planned) -> dict[str, Any]:
    """The least that a callrequest needs."""
    return {"phone_number": "+15550100", "content_type": TEMPLATE, "object_id": template(planned.mine)}


def wrong(planned: Planned, body: Any, verb: str = "POST", path: str = "callrequest/") -> set[str]:
    answer = planned.ask(verb, path, body)
    assert answer.status_code == 400, answer.text
    return set(answer.json)


@holds(
    "callrequest: url", "callrequest: user", "callrequest: request_uuid", "callrequest: aleg_uuid",
    "callrequest: call_time", "callrequest: call_type", "callrequest: status", "callrequest: callerid",
    "callrequest: caller_name", "callrequest: phone_number", "callrequest: timeout", "callrequest: timelimit",
    "callrequest: extra_dial_string", "callrequest: subscriber", "callrequest: campaign", "callrequest: aleg_gateway",
    "callrequest: content_type", "callrequest: object_id", "callrequest: completed", "callrequest: extra_data",
    "callrequest: num_attempt", "callrequest: last_attempt_time", "callrequest: result", "callrequest: hangup_cause",
    "callrequest: parent_callrequest", "callrequest: alarm_request_id", "callrequest: created_date",
    "callrequest: updated_date",
)  # fmt: skip
def test_a_callrequest_is_written_down_with_little_and_changed_in_all(
    planned: Planned, new: dict[str, Any]
) -> None:
    made = planned.post("callrequest/", new)

    row = made.json
    assert (made.status_code, made.headers["location"]) == (201, row["url"])
    assert list(row) == [
        "url", "user", "request_uuid", "aleg_uuid", "call_time", "call_type", "status", "callerid", "caller_name",
        "phone_number", "timeout", "timelimit", "extra_dial_string", "subscriber", "campaign", "aleg_gateway",
        "content_type", "object_id", "completed", "extra_data", "num_attempt", "last_attempt_time", "result",
        "hangup_cause", "parent_callrequest", "alarm_request_id", "created_date", "updated_date",
    ]  # fmt: skip
    assert {name: row[name] for name in LEAST} == LEAST
    assert (row["user"], len(row["request_uuid"])) == ("mona", 36)
    assert row["content_type"] == f"{BASE}/content-type/7/"

    path = row["url"].removeprefix(f"{BASE}/")
    changes = {
        "aleg_uuid": "a-1", "call_time": "2030-01-01T10:00:00Z", "call_type": 2, "status": 6, "callerid": "1",
        "caller_name": "n", "phone_number": "+15550101", "timeout": 20, "timelimit": 60, "extra_dial_string": "x",
        "subscriber": 2**40, "campaign": 7, "aleg_gateway": f"{BASE}/gateway/{planned.gateway.id}/",
        "content_type": f"{BASE}/content-type/{SEALED}/", "object_id": planned.mine.survey.id, "completed": True,
        "extra_data": "e", "num_attempt": 3, "last_attempt_time": "2030-01-01T10:00:00Z", "result": "r",
        "hangup_cause": "USER_BUSY", "parent_callrequest": planned.post("callrequest/", new).json["url"],
        "alarm_request_id": planned.mine.request.id,
    }  # fmt: skip
    changed = planned.patch(path, {**changes, "user": "fred", "request_uuid": "mine"})

    assert changed.status_code == 200, changed.text
    assert {name: changed.json[name] for name in changes} == changes
    assert [changed.json[name] for name in ("url", "user", "request_uuid")] == [
        row[name] for name in ("url", "user", "request_uuid")
    ]
    assert planned.get(path).json == changed.json
    assert planned.get("callrequest/?status=6").json["results"] == [changed.json]


@holds("codes: callrequest.status", "codes: callrequest.call_type")
def test_its_codes_are_numbers_of_a_list(planned: Planned, new: dict[str, Any]) -> None:
    for name, codes in (("status", range(1, 8)), ("call_type", range(1, 4))):
        for code in codes:
            assert planned.post("callrequest/", {**new, name: str(code)}).json[name] == code
        assert planned.post("callrequest/", {**new, name: None}).json[name] is None
        for odd in (0, codes[-1] + 1, "x", True):
            assert wrong(planned, {**new, name: odd}) == {name}


def test_what_must_be_sent_and_how_long_it_may_be(planned: Planned, new: dict[str, Any]) -> None:
    assert wrong(planned, {}) == {"phone_number", "content_type", "object_id"}
    long = {
        "phone_number": 80,
        "callerid": 80,
        "caller_name": 80,
        "extra_data": 120,
        "extra_dial_string": 500,
    }
    assert wrong(planned, {**new, **{name: "1" * (most + 1) for name, most in long.items()}}) == set(long)
    assert (
        planned.post("callrequest/", {**new, **{name: "1" * most for name, most in long.items()}}).status_code
        == 201
    )
    for name in ("timeout", "timelimit", "num_attempt", "subscriber", "campaign", "alarm_request_id"):
        assert wrong(planned, {**new, name: -1}) == {name}
        assert wrong(planned, {**new, name: 2**63}) == {name}


def test_what_is_played_is_ones_own_and_of_the_right_type(planned: Planned, new: dict[str, Any]) -> None:
    theirs, path = (
        template(planned.theirs),
        planned.post("callrequest/", new).json["url"].removeprefix(f"{BASE}/"),
    )

    for odd in (SEALED, 1, 0, 99, "x", None, [], f"/rest-api/event/{TEMPLATE}/"):
        assert wrong(planned, {**new, "content_type": odd}) == {"content_type"}, odd
    for odd in (theirs, 9999, 2**63 - 1):
        assert wrong(planned, {**new, "object_id": odd}) == {"object_id"}
        assert wrong(planned, {"object_id": odd}, "PATCH", path) == {"object_id"}
    assert wrong(planned, {"content_type": SEALED, "object_id": planned.theirs.survey.id}, "PATCH", path) == {
        "object_id"
    }
    assert wrong(planned, {"content_type": 4}, "PATCH", path) == {"content_type"}
    form = f"/rest-api/content-type/{TEMPLATE}/"
    assert planned.patch(path, {"content_type": form, "object_id": str(new["object_id"])}).status_code == 200
    assert planned.post("callrequest/", {**new, "object_id": theirs}, user="root").status_code == 201


def test_it_refers_to_nothing_of_others(planned: Planned, new: dict[str, Any]) -> None:
    other = planned.post("callrequest/", {**new, "object_id": template(planned.theirs)}, user="fred").json[
        "url"
    ]
    row = planned.post("callrequest/", new).json["url"]
    path = row.removeprefix(f"{BASE}/")

    for verb, where in (("POST", "callrequest/"), ("PATCH", path)):
        body = {
            **new, "aleg_gateway": planned.gateway.id + 1, "parent_callrequest": other,
            "alarm_request_id": planned.theirs.request.id,
        }  # fmt: skip
        assert wrong(planned, body, verb, where) == {"aleg_gateway", "parent_callrequest", "alarm_request_id"}
    assert wrong(planned, {"parent_callrequest": row}, "PATCH", path) == {"parent_callrequest"}
    assert planned.patch(path, {"alarm_request_id": 0}).json["alarm_request_id"] == 0


@holds("visible: survey-template, sealed-survey, audio-files, callrequest by user")
def test_nobody_else_sees_it_but_superusers(planned: Planned, new: dict[str, Any]) -> None:
    path = planned.post("callrequest/", new).json["url"].removeprefix(f"{BASE}/")

    for verb in ("GET", "PUT", "PATCH", "DELETE"):
        assert planned.ask(verb, path, new, user="fred").status_code == 404
    assert planned.get("callrequest/", user="fred").json["count"] == 0
    assert planned.get(path, user="root").json["user"] == "mona"
    assert planned.patch(path, {"result": "seen"}, user="root").json["user"] == "mona"


def test_a_call_that_is_under_way_cannot_be_deleted(planned: Planned, new: dict[str, Any]) -> None:
    path = planned.post("callrequest/", new).json["url"].removeprefix(f"{BASE}/")
    call = int(path.split("/")[1])

    AlarmCall.update(status=CALLING).execute()
    assert planned.delete(path).status_code == 409
    AlarmCall.update(status=1).execute()
    AlarmRequest.update(callrequest=call, status=IN_PROCESS).execute()
    assert planned.delete(path).json.keys() == {"detail"}
    AlarmRequest.update(status=SUCCESS).execute()

    assert planned.delete(path).status_code == 204
    assert planned.get(f"alarm-request/{planned.mine.request.id}/").json["callrequest"] is None
