"""Whose rows are whose: every resource, for superusers, managers, other managers, calendar users and strangers."""

from typing import Any

import pytest

from api.appointments.routes import RESOURCES
from models.people.permissions import VERBS, give
from tests.appointments.planned import Planned
from tests.conformance import holds
from tests.house import Client

OWN = (
    "calendar-setting",
    "calendar-user",
    "calendar-user-profile",
    "calendar",
    "event",
    "alarm",
    "alarm-request",
)
IN_USE = ("calendar-setting", "calendar-user-profile")  # they have calendar users and calendars
READ_BY_CALENDAR_USERS = ("calendar", "event", "alarm", "alarm-request")
WORDS = {resource.kind.name: resource.kind.word("") for resource in RESOURCES}


def row_of(side: Any, name: str) -> int:
    """The id of what a manager has of a kind, as it stands in paths."""
    rows = {
        "calendar-setting": side.setting, "calendar-user": side.user, "calendar-user-profile": side.user,
        "calendar": side.calendar, "event": side.event, "alarm": side.alarm, "alarm-request": side.request,
    }  # fmt: skip
    return int(rows[name].id)


def statuses(planned: Planned, name: str, row: int, user: str) -> list[int]:
    """What reading, changing and deleting a row is answered, in this order."""
    path = f"{name}/{row}/"
    asked = [planned.ask(verb, path, {}, user=user) for verb in ("GET", "PATCH", "PUT", "DELETE")]
    asked[2:3] = []  # what a PUT lacks differs from one to the other
    return [answer.status_code for answer in asked]


@holds(
    "actor: a manager sees what hangs from his", "out of sight is 404 for every verb and sub-route",
    "closed: calendar-user and profile of another manager", "O-5",
)  # fmt: skip
@pytest.mark.parametrize("name", OWN)
def test_a_manager_uses_what_is_his_and_nothing_else_is_there(planned: Planned, name: str) -> None:
    mine, theirs = row_of(planned.mine, name), row_of(planned.theirs, name)

    assert statuses(planned, name, theirs, "mona") == [404, 404, 404]
    assert planned.put(f"{name}/{theirs}/", {}).status_code == 404
    assert statuses(planned, name, theirs, "fred")[:2] == [200, 200]
    assert statuses(planned, name, mine, "mona") == [200, 200, 409 if name in IN_USE else 204]


@holds(
    "visible: calendar-setting by user", "visible: calendar-user by manager",
    "visible: calendar-user-profile by manager", "visible: calendar by its user", "visible: event by creator",
    "visible: alarm by its event's creator", "visible: alarm-request by its event's creator",
    "calendar user: a sub-user of a manager, limited by a setting",
)  # fmt: skip
@pytest.mark.parametrize("name", OWN)
def test_a_manager_lists_what_is_his(planned: Planned, name: str) -> None:
    listed, all_ = planned.get(f"{name}/").json, planned.get(f"{name}/", user="root").json

    folded = name.startswith("calendar-user")
    rows = [listed] if folded else listed["results"]
    everything = all_ if folded else all_["results"]
    assert [row["url"].rsplit("/", 2)[1] for row in rows] == [str(row_of(planned.mine, name))]
    assert len(everything) == 2


@holds("actor: a superuser sees and changes all")
@pytest.mark.parametrize("name", OWN)
def test_a_superuser_uses_everything(planned: Planned, name: str) -> None:
    for side in (planned.mine, planned.theirs):
        expected = 409 if name in IN_USE else 204
        assert statuses(planned, name, row_of(side, name), "root") == [200, 200, expected]


@holds("actor: anyone else is 403", "permissions: view, add, change and delete", "O-4")
@pytest.mark.parametrize("name", WORDS)
def test_without_a_permission_it_is_403_and_each_verb_has_its_own(planned: Planned, name: str) -> None:
    resource = next(one for one in RESOURCES if one.kind.name == name)
    if not resource.guarded:
        assert planned.get(f"{name}/", user="eve").status_code == 200
        return
    asked = {"view": ["GET", "HEAD", "OPTIONS"]}
    if resource.writes:
        asked |= {"change": ["PUT", "PATCH"], "delete": ["DELETE"]}
        asked |= {"add": ["POST"]} if resource.adds else {}

    def refused() -> set[str]:
        paths = {"POST": f"{name}/"}
        verbs = [verb for verbs in asked.values() for verb in verbs]
        answers = {
            verb: planned.ask(verb, paths.get(verb, f"{name}/9999/"), {}, user="eve") for verb in verbs
        }
        return {verb for verb, answer in answers.items() if answer.status_code == 403}

    every = {verb for verbs in asked.values() for verb in verbs}
    assert refused() == every
    for verb, methods in asked.items():
        give(planned.eve.id, [f"{verb}{WORDS[name]}"])
        every -= set(methods) if verb == "view" or not resource.reserved else set()
        assert refused() == every


@holds("actor: a calendar user reads his own", "O-2")
@pytest.mark.parametrize("name", READ_BY_CALENDAR_USERS)
def test_a_calendar_user_reads_his_own_when_he_may(planned: Planned, name: str) -> None:
    mine, theirs = row_of(planned.mine, name), row_of(planned.theirs, name)
    assert planned.get(f"{name}/", user="doc").status_code == 403

    give(planned.mine.user.id, [f"{verb}{WORDS[name]}" for verb in VERBS])

    assert planned.get(f"{name}/", user="doc").json["count"] == 1
    assert statuses(planned, name, mine, "doc") == [200, 404, 404]
    assert statuses(planned, name, theirs, "doc") == [404, 404, 404]


def test_who_is_granted_everything_and_manages_nobody_sees_nothing(planned: Planned) -> None:
    give(planned.eve.id, [f"{verb}{word}" for verb in VERBS for word in WORDS.values()])

    for name in OWN:
        listed = planned.get(f"{name}/", user="eve").json
        assert listed.get("count", 0) == 0
        assert statuses(planned, name, row_of(planned.mine, name), "eve") == [404, 404, 404]
    assert planned.post("event/", planned.new_event, user="eve").json.keys() == {"creator", "calendar"}


@holds("out of sight is 404 for every verb and sub-route")
def test_sub_routes_are_closed_as_their_event_is(planned: Planned) -> None:
    path = f"event/{planned.theirs.event.id}"

    assert planned.get(f"{path}/get_list_child/").status_code == 404
    assert planned.get(f"{path}/get_list_alarm/").status_code == 404
    assert planned.patch(f"{path}/update_last_child_status/", {"status": 3}).status_code == 404
    assert planned.get(f"{path}/get_list_child/", user="eve").status_code == 403
    assert planned.patch(f"{path}/update_last_child_status/", {"status": 3}, user="eve").status_code == 403


@holds("closed: a profile with another's setting", "O-5")
def test_what_others_have_cannot_be_referred_to(planned: Planned) -> None:
    mine, theirs = planned.mine, planned.theirs
    referring = {
        f"calendar/{mine.calendar.id}/": {"user": theirs.user.id},
        f"event/{mine.event.id}/": {
            "creator": theirs.user.id, "calendar": theirs.calendar.id, "parent_event": theirs.event.id
        },
        f"alarm/{mine.alarm.id}/": {"event": theirs.event.id, "survey": theirs.survey.id},
        f"alarm-request/{mine.request.id}/": {"alarm": theirs.alarm.id},
        f"calendar-user-profile/{mine.user.id}/": {"calendar_setting": theirs.setting.id},
        f"calendar-setting/{mine.setting.id}/": {
            "survey": theirs.survey.id, "aleg_gateway": planned.gateway.id + 1, "voicemail_audiofile": theirs.audio.id
        },
    }  # fmt: skip

    for path, body in referring.items():
        answer = planned.patch(path, body)
        assert (answer.status_code, answer.json.keys()) == (400, body.keys()), path


@holds("O-1")
def test_a_superuser_may_refer_to_everything(planned: Planned) -> None:
    body = {**planned.new_event, "creator": planned.theirs.user.id}

    assert planned.post("event/", body, user="root").status_code == 201


@holds("closed: calendar-user and profile of another manager", "O-5")
def test_nobody_takes_a_calendar_user_over(planned: Planned) -> None:
    path = f"calendar-user-profile/{planned.mine.user.id}/"
    taking = {"manager": "fred", "calendar_setting": planned.theirs.setting.id}

    assert planned.patch(path, taking, user="fred").status_code == 404
    assert planned.patch(path, {"manager": "fred"}).json["manager"] == "mona"
    assert planned.patch(path, {"note": "by root"}, user="root").json["manager"] == "mona"


@holds("visible: users are oneself", "O-3")
def test_users_see_themselves_and_superusers_see_all(planned: Planned, home: Any) -> None:
    assert [row["username"] for row in planned.get("users/").json["results"]] == ["mona"]
    assert planned.get(f"users/{planned.theirs.manager.id}/").status_code == 404
    assert planned.get("users/", user="root").json["count"] == 6
    assert planned.post("users/", {}).status_code == 405
    assert Client().get("/rest-api/users/", user="nobody").status_code == 401
