"""`Idempotency-Key` on `/rest-api`: a POST that comes again, after a lost answer, gets the row of the first."""

import hashlib
import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from models.appointments.events import Event
from models.appointments.surveys import AudioFile, SealedSurvey
from models.idempotency import IdempotencyKey
from tests.api.looking import rows
from tests.appointments.owned import Owned
from tests.appointments.planned import Planned
from tests.appointments.sounds import wav
from tests.appointments.surveys import written
from tests.appointments.test_rest_audio import form
from tests.mentoring.racing import Track

KEY = {"Idempotency-Key": "a lost answer"}


@pytest.fixture
def owned(planned: Planned) -> Owned:
    return Owned(planned, planned.mine)


MADE = (
    "calendar-setting", "calendar-user", "calendar", "rule", "event", "alarm", "alarm-request", "callrequest",
    "gateway", "sms-gateway", "sms-template", "mail-template", "survey-template", "section-template",
    "branching-template",
)  # fmt: skip


@pytest.mark.parametrize("name", MADE)
def test_what_is_posted_again_under_its_key_is_made_once(planned: Planned, owned: Owned, name: str) -> None:
    user = "mona" if name == "calendar-user" else "root"  # whose first setting it would have, he has none
    ask = partial(planned.post, f"{name}/", owned.new(name), headers=KEY, user=user)

    first = ask()
    before = rows()
    again = ask()

    assert (first.status_code, again.status_code, again.json) == (201, 201, first.json)
    assert again.headers["location"] == first.headers["location"] == first.json["url"]
    assert ("idempotent-replayed" in first.headers, again.headers["idempotent-replayed"]) == (False, "true")
    assert rows() == before


def test_everything_that_can_be_posted_has_keys(owned: Owned) -> None:
    assert owned.written == {*MADE, "calendar-user-profile", "audio-files"}


def test_the_same_file_uploaded_again_is_one(planned: Planned) -> None:
    def upload(content: bytes) -> Any:
        raw, headers = form(name="Greeting", audio_file=content)
        return planned.ask("POST", "audio-files/", raw=raw, headers={**headers, **KEY})

    first, again, other = upload(wav()), upload(wav()), upload(wav(2))

    assert (first.status_code, again.json, other.status_code) == (201, first.json, 422)
    assert AudioFile.select().where(AudioFile.name == "Greeting").count() == 1


def test_a_survey_is_sealed_once_under_a_key(planned: Planned) -> None:
    one, two = (written(planned.mine.manager, {"question": "?"}, name=name) for name in ("One", "Two"))

    def seal(survey: Any, **body: Any) -> Any:
        return planned.post(f"survey-template/{survey.id}/seal/", body, headers=KEY)

    first, again, renamed, other = seal(one), seal(one), seal(one, name="Else"), seal(two)

    assert (first.status_code, again.json, renamed.status_code) == (201, first.json, 422)
    assert (other.status_code, other.json["name"]) == (201, "Two")
    assert SealedSurvey.select().where(SealedSurvey.name.in_(["One", "Two", "Else"])).count() == 2


def test_a_key_with_another_body_is_refused_and_nothing_is_written(planned: Planned) -> None:
    planned.post("event/", planned.new_event, headers=KEY)

    answer = planned.post("event/", planned.new_event | {"title": "Another"}, headers=KEY)

    assert (answer.status_code, "another body" in answer.json["detail"]) == (422, True)
    assert Event.select().where(Event.title == "Another").count() == 0


def test_a_key_belongs_to_one_user_and_one_resource(planned: Planned) -> None:
    body = planned.new_event
    urls = {
        planned.post("event/", body, headers=KEY).json["url"],
        planned.post("event/", body, headers=KEY, user="root").json["url"],
        planned.post("calendar/", {"name": "Work", "user": planned.mine.user.id}, headers=KEY).json["url"],
    }

    assert len(urls) == 3


def test_a_refused_body_does_not_use_up_its_key(planned: Planned) -> None:
    wrong = planned.post("event/", planned.new_event | {"status": 9}, headers=KEY)
    right = planned.post("event/", planned.new_event, headers=KEY)

    assert (wrong.status_code, right.status_code) == (400, 201)


@pytest.mark.parametrize("key", ["", "x" * 256, "caf\u00e9"])
def test_what_is_no_key_is_said(planned: Planned, key: str) -> None:
    answer = planned.post("event/", planned.new_event, headers={"Idempotency-Key": key})

    assert (answer.status_code, list(answer.json)) == (400, ["Idempotency-Key"])


def test_a_key_is_good_for_a_day(planned: Planned, jump: Callable[[float], None]) -> None:
    urls = []
    for moment in (0, 23.9 * 3600, 24.1 * 3600):
        jump(moment)
        urls.append(planned.post("event/", planned.new_event, headers=KEY).json["url"])

    assert urls[0] == urls[1] != urls[2]


def test_what_was_deleted_meanwhile_is_not_made_again(planned: Planned) -> None:
    made = planned.post("event/", planned.new_event, headers=KEY).json["url"].rpartition("/rest-api/")[2]
    planned.delete(made)

    assert planned.post("event/", planned.new_event, headers=KEY).status_code == 404
    assert Event.select().where(Event.title == "Visit").count() == 0


def test_without_a_key_two_requests_are_two(planned: Planned) -> None:
    urls = {planned.post("event/", planned.new_event).json["url"] for _ in range(2)}

    assert (len(urls), IdempotencyKey.select().count()) == (2, 0)


def test_nobody_tries_out_passwords_on_what_is_kept_of_a_body(planned: Planned, owned: Owned) -> None:
    body = owned.new("calendar-user")
    planned.post("calendar-user/", body, headers=KEY)

    kept = IdempotencyKey.get().fingerprint
    for text in (json.dumps(body), json.dumps(body, sort_keys=True)):
        assert hashlib.sha256(text.encode()).hexdigest() != kept


@pytest.mark.servers
@pytest.mark.parametrize("name", ["event", "calendar-user", "branching-template", "callrequest"])
def test_at_once_one_is_made_and_all_are_told_of_it(
    planned: Planned, owned: Owned, track: Track, name: str
) -> None:
    planned.get("")  # the password is known from here on
    body = owned.new(name)
    for number in range(8):
        key = {"Idempotency-Key": f"turn {number}"}
        sent = {**body, **({"username": f"new{number}"} if name == "calendar-user" else {})}
        sent |= {"keys": str(10 + number)} if name == "branching-template" else {}
        before = rows()

        answers = track.race(*[partial(planned.post, f"{name}/", sent, headers=key)] * 4)

        assert [answer.status_code for answer in answers] == [201] * 4
        assert len({answer.json["url"] for answer in answers}) == 1
        assert sum("idempotent-replayed" in answer.headers for answer in answers) == 3
        after = rows()
        assert {after[one] - before[one] for one in after} == {0, 1}
