"""The conventions of `/rest-api` that hold for every resource."""

from typing import Any
from urllib.parse import urlencode

import pytest

from models.appointments.calendars import Calendar
from models.appointments.events import Event
from models.people.rest_tokens import RestToken
from models.people.sessions import WebSession
from tests.appointments.planned import BASE, Planned
from tests.conformance import holds
from tests.house import Client, basic

LIST, READ, ONE = "GET, POST, HEAD, OPTIONS", "GET, HEAD, OPTIONS", "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"


@holds("the root lists the resources", "wire: the root maps names to URLs")
def test_the_root_tells_where_everything_is(planned: Planned) -> None:
    answer = planned.get("")

    assert answer.status_code == 200
    assert answer.json["calendar-setting"] == f"{BASE}/calendar-setting/"
    assert all(url == f"{BASE}/{name}/" for name, url in answer.json.items())


@holds("wire: 401 with a challenge", "O-6", "wire: Basic", "wire: other errors have detail")
def test_without_credentials_it_is_401_with_a_challenge(planned: Planned) -> None:
    wrong = {"Authorization": basic("mona", "wrong")}

    for answer in (planned.get("event/", user=None), planned.get("event/", user=None, headers=wrong)):
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == 'Basic realm="api"'
        assert list(answer.json) == ["detail"]


@holds("wire: Token", "wire: list 200")
def test_a_token_opens_as_a_password_does(planned: Planned) -> None:
    key = RestToken.issue(planned.mine.manager)
    right, wrong = ({"Authorization": f"Token {text}"} for text in (key, key[:-1]))

    assert planned.get("event/", user=None, headers=right).json["count"] == 1
    assert planned.get("event/", user=None, headers=wrong).status_code == 401
    assert RestToken.get().token_hash != key


@holds("wire: session")
def test_a_session_reads_and_writes_only_from_our_own_pages(planned: Planned) -> None:
    manager = planned.mine.manager
    token = WebSession.open(manager.id, manager.password)
    cookie = {"Cookie": f"trunkline_session={token}"}
    csrf = {**cookie, "X-CSRFToken": WebSession.get().csrf}
    body = {"name": "Home", "user": planned.mine.user.id}

    assert planned.get("calendar/", user=None, headers=cookie).status_code == 200
    assert planned.post("calendar/", body, user=None, headers=cookie).status_code == 403
    assert planned.post("calendar/", body, user=None, headers=csrf).status_code == 201
    from_elsewhere = {**csrf, "Sec-Fetch-Site": "cross-site"}
    assert planned.post("calendar/", body, user=None, headers=from_elsewhere).status_code == 403


def test_who_may_not_log_in_any_more_may_not_here(planned: Planned) -> None:
    key = RestToken.issue(planned.mine.manager)
    planned.mine.manager.is_active = False
    planned.mine.manager.save()

    assert planned.get("event/").status_code == 401
    assert planned.get("event/", user=None, headers={"Authorization": f"Token {key}"}).status_code == 401


@holds("wire: Allow")
@pytest.mark.parametrize("user", ["mona", "root", "eve", None])
def test_every_answer_says_which_verbs_there_are(planned: Planned, user: str | None) -> None:
    one = f"event/{planned.mine.event.id}/"
    expected = {"event/": LIST, one: ONE, f"{one}get_list_child/": READ, "": READ}

    for path, verbs in expected.items():
        for verb in ("GET", "HEAD", "OPTIONS", "POST", "DELETE"):
            assert planned.ask(verb, path, user=user).headers["allow"] == verbs
    last = f"{one}update_last_child_status/"
    assert planned.ask("GET", last, user=user).headers["allow"] == "PATCH, OPTIONS"


def test_head_is_a_get_without_its_body(planned: Planned) -> None:
    got, head = planned.get("event/"), planned.ask("HEAD", "event/")

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == got.headers["content-type"] == "application/json; charset=utf-8"
    assert planned.ask("HEAD", "event/999/").status_code == 404
    assert planned.ask("OPTIONS", "event/").status_code == 200


@holds("wire: 405 with detail")
def test_a_verb_that_there_is_not_is_405(planned: Planned) -> None:
    for verb, path in (("DELETE", "event/"), ("POST", f"event/{planned.mine.event.id}/"), ("PUT", "")):
        answer = planned.ask(verb, path, {})
        assert (answer.status_code, list(answer.json)) == (405, ["detail"])


@holds("wire: without the slash 301")
def test_reading_without_the_slash_is_sent_to_where_it_is(home: Any, planned: Planned) -> None:
    plain = Client()

    answer = plain.get("/rest-api/event?page=1", headers={"Host": "localhost:8000"}, user="mona")

    assert (answer.status_code, answer.headers["location"]) == (301, f"{BASE}/event/?page=1")


@holds("wire: references are absolute URLs of the client's host")
def test_urls_are_those_that_the_client_sees(planned: Planned) -> None:
    headers = {"Host": "phones.example", "X-Forwarded-Proto": "https"}

    row = planned.get("event/", headers=headers).json["results"][0]

    assert row["url"] == f"https://phones.example/rest-api/event/{planned.mine.event.id}/"
    assert row["creator"] == f"https://phones.example/rest-api/calendar-user/{planned.mine.user.id}/"


@holds("wire: references in by any host or as a path", "O-9")
@pytest.mark.parametrize(
    "form",
    [
        "{id}", "{text}", "/rest-api/calendar/{id}/", "http://127.0.0.1:8000/rest-api/calendar/{id}/",
        "https://elsewhere.example/rest-api/calendar/{id}/", "/rest-api/calendar/{id}",
    ],
)  # fmt: skip
def test_a_reference_is_a_url_a_path_an_id_or_its_digits(planned: Planned, form: str) -> None:
    row_id = planned.mine.calendar.id
    value: Any = row_id if form == "{id}" else form.format(id=row_id, text=row_id)

    answer = planned.post("event/", {**planned.new_event, "calendar": value})

    assert answer.status_code == 201
    assert answer.json["calendar"] == f"{BASE}/calendar/{row_id}/"


@holds("wire: wrong references are 400 and tell nothing")
def test_a_wrong_reference_is_400_and_tells_nothing_of_what_others_have(planned: Planned) -> None:
    theirs, mine = planned.theirs.calendar.id, planned.mine.calendar.id
    wrong = [
        f"/rest-api/event/{mine}/", "/rest-api/nothing/1/", "/calendar/1/", "", None, True, 1.5, [], {}, "x", 0, -1,
        f"/rest-api/calendar/{mine}/more/", "9" * 30, "http://[",
    ]  # fmt: skip
    refused = {}

    for value in (*wrong, theirs, 99999):
        answer = planned.post("event/", {**planned.new_event, "calendar": value})
        assert (answer.status_code, list(answer.json)) == (400, ["calendar"])
        refused[str(value)] = answer.json["calendar"]
    assert refused[str(theirs)] == refused["99999"]


@holds("wire: numbers as texts")
def test_texts_of_numbers_are_numbers(planned: Planned) -> None:
    body = {**planned.new_event, "status": "3", "notify_count": " 7 "}

    answer = planned.post("event/", body)

    assert (answer.json["status"], answer.json["notify_count"]) == (3, 7)
    for value in ("x", "9", True, 1.5, [], "1e3", 2**31):
        assert planned.post("event/", {**body, "status": value}).json.keys() == {"status"}


@holds("wire: booleans")
def test_only_what_says_so_is_true_or_false(planned: Planned) -> None:
    for value, read in (
        (True, True), ("true", True), (1, True), ("1", True), (False, False), ("false", False), (0, False),
    ):  # fmt: skip
        answer = planned.post("calendar-setting/", {**planned.new_setting, "voicemail": value})
        assert answer.json["voicemail"] is read
    for value in ("yes", 2, [], None, ""):
        answer = planned.post("calendar-setting/", {**planned.new_setting, "voicemail": value})
        assert (answer.status_code, list(answer.json)) == (400, ["voicemail"])


@holds(
    "wire: date-times in", "wire: no offset is UTC", "wire: date-times out, with the echo of a write",
    "wire: detail 200",
)  # fmt: skip
@pytest.mark.parametrize(
    ("written", "echoed", "stored"),
    [
        ("2030-01-02 03:04:05", "2030-01-02T03:04:05", "2030-01-02T03:04:05Z"),
        ("2030-01-02T03:04", "2030-01-02T03:04:00", "2030-01-02T03:04:00Z"),
        ("2030-01-02T03:04:05Z", "2030-01-02T03:04:05Z", "2030-01-02T03:04:05Z"),
        ("2030-01-02T03:04:05+05:30", "2030-01-02T03:04:05+05:30", "2030-01-01T21:34:05Z"),
        ("2030-01-02T03:04:05.994123Z", "2030-01-02T03:04:05.994Z", "2030-01-02T03:04:05.994Z"),
    ],
)
def test_the_answer_to_a_write_repeats_a_moment_and_reading_tells_it_in_utc(
    planned: Planned, written: str, echoed: str, stored: str
) -> None:
    made = planned.post("event/", {**planned.new_event, "start": written})
    changed = planned.patch(made.json["url"].removeprefix(f"{BASE}/"), {"start": written})

    assert (made.json["start"], changed.json["start"]) == (echoed, echoed)
    assert planned.get(made.json["url"].removeprefix(f"{BASE}/")).json["start"] == stored


@holds("wire: date-times in")
@pytest.mark.parametrize(
    "written", ["2030-01-02", 1893553445, "1893553445", "2030-02-30 10:00:00", "tomorrow", "", None, "9999-01-01T00:00"]
)  # fmt: skip
def test_what_is_no_moment_is_400(planned: Planned, written: Any) -> None:
    answer = planned.post("event/", {**planned.new_event, "start": written})

    assert (answer.status_code, list(answer.json)) == (400, ["start"])


@holds("wire: JSON, form and multipart")
def test_forms_are_read_as_json_is(planned: Planned) -> None:
    fields = {"name": "Home", "user": str(planned.mine.user.id), "max_concurrent": "2"}
    parts = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
        for name, text in fields.items()
    )
    sent = [
        ("application/x-www-form-urlencoded", urlencode(fields)),
        ("multipart/form-data; boundary=b", f"{parts}--b--\r\n")
    ]  # fmt: skip

    for media, body in sent:
        answer = planned.post("calendar/", raw=body.encode(), headers={"Content-Type": media})
        assert (answer.status_code, answer.json["name"], answer.json["max_concurrent"]) == (201, "Home", 2)


@holds("wire: 415 of another type", "wire: 400 of what is no JSON", "wire: 400 of what is no object")
def test_bodies_that_cannot_be_read_say_why(planned: Planned) -> None:
    told = {
        (415, "detail"): ("text/plain", b"{}"),
        (400, "detail"): ("application/json", b"{"),
        (400, "non_field_errors"): ("application/json", b"[]"),
    }
    for (status, key), (media, body) in told.items():
        answer = planned.post("calendar/", raw=body, headers={"Content-Type": media})
        assert (answer.status_code, list(answer.json)) == (status, [key])
    broken = planned.post(
        "calendar/", raw=b"--x", headers={"Content-Type": "multipart/form-data; boundary=b"}
    )
    assert (broken.status_code, list(broken.json)) == (400, ["detail"])


@holds("wire: errors by field, all at once", "O-14")
def test_all_that_is_wrong_is_told_at_once_and_nothing_is_written(planned: Planned) -> None:
    before = Event.select().count()

    answer = planned.post(
        "event/", {"title": " ", "status": 9, "start": "2030-01-02 10:00", "end": "2030-01-02 10:00"}
    )

    assert answer.status_code == 400
    assert answer.json.keys() == {"title", "creator", "calendar", "status", "end"}
    assert all(isinstance(texts, list) for texts in answer.json.values())
    assert Event.select().count() == before


@holds("wire: unknown keys and parameters are ignored")
def test_keys_that_nobody_knows_are_ignored(planned: Planned) -> None:
    answer = planned.post("event/", {**planned.new_event, "colour": "red", "url": "x"})

    assert answer.status_code == 201
    assert "colour" not in answer.json


@holds(
    "wire: PUT needs what is required, PATCH only what changes", "wire: PUT and PATCH 200 with the body",
    "O-7",
)  # fmt: skip
def test_a_put_needs_what_is_required_and_makes_nothing(planned: Planned) -> None:
    path = f"calendar/{planned.mine.calendar.id}/"

    assert planned.put(path, {"user": planned.mine.user.id}).json.keys() == {"name"}
    assert planned.put(path, {"name": "Renamed"}).json["name"] == "Renamed"
    assert planned.patch(path, {"max_concurrent": 3}).json["name"] == "Renamed"
    assert planned.put("calendar/999/", {"name": "New"}).status_code == 404


@holds("wire: DELETE 204")
def test_a_row_that_is_deleted_is_gone(planned: Planned) -> None:
    path = f"event/{planned.mine.event.id}/"

    gone = planned.delete(path)

    assert (gone.status_code, gone.content) == (204, b"")
    assert planned.get(path).status_code == 404


@holds("wire: pages of ten, and the last", "wire: a page that is not there is 404")
def test_lists_come_in_tens(planned: Planned) -> None:
    Calendar.insert_many([{"name": f"C{n}", "user": planned.mine.user} for n in range(21)]).execute()

    first, second, last = (planned.get(f"calendar/{query}").json for query in ("", "?page=2", "?page=last"))

    assert planned.get("calendar/").headers["Cache-Control"] == "no-store"
    assert (first["count"], len(first["results"]), len(last["results"])) == (22, 10, 2)
    assert (first["previous"], first["next"]) == (None, f"{BASE}/calendar/?page=2")
    assert (second["previous"], second["next"]) == (f"{BASE}/calendar/?page=1", f"{BASE}/calendar/?page=3")
    assert (last["previous"], last["next"]) == (f"{BASE}/calendar/?page=2", None)
    for page in ("4", "0", "x", "-1", "1.0", "9" * 5000):
        answer = planned.get(f"calendar/?page={page}")
        assert (answer.status_code, list(answer.json)) == (404, ["detail"])


@holds("wire: unknown keys and parameters are ignored", "O-8")
def test_filters_narrow_a_list_and_stay_on_its_pages(planned: Planned) -> None:
    planned.post("event/", {**planned.new_event, "status": 3, "start": "2031-01-01 00:00"})

    def counted(query: str) -> int:
        return int(planned.get(f"event/?{query}").json["count"])

    mine = planned.mine
    assert [counted(query) for query in ("", "status=3", "status=2")] == [2, 1, 0]
    assert (
        counted(f"creator={mine.user.id}") == counted(f"calendar=/rest-api/calendar/{mine.calendar.id}/") == 2
    )
    assert counted("start_after=2030-12-01T00:00") == counted("start_before=2030-12-01T00:00") == 1
    assert counted("colour=red") == 2
    assert planned.get("event/?status=x").json == {
        "status": ["Send one of 1 pending, 2 completed, 3 paused."]
    }
    for n in range(10):
        planned.post("event/", {**planned.new_event, "status": 3, "title": f"{n}"})
    assert planned.get("event/?status=3").json["next"] == f"{BASE}/event/?status=3&page=2"
