"""Who is on the do-not-call list is not called or written to by his mentor, who is told so at once."""

from typing import Any

import pytest

from models import donotcall
from tests.api.looking import rows, statements
from tests.conformance import holds
from tests.house import MENTEE, MENTOR, NUMBERS, STRANGER, Client, Staff
from tests.pages.reader import Reader

ASKED = [("/mentor/call/", None), ("/mentor/message/", {"content": "hi"})]


@holds("left alone: who would wait in vain is told early")
@pytest.mark.parametrize(("path", "body"), ASKED)
def test_a_mentor_hears_at_once_that_his_mentee_is_to_be_left_alone(
    client: Client, staff: Staff, path: str, body: Any
):
    donotcall.add(NUMBERS[MENTEE].replace("+27", "0027 "), "text", "receipt 1: STOP")
    before = rows()

    answer = client.post(path, body)

    assert (answer.status_code, rows()) == (409, before)
    assert "do-not-call list" in answer.json["detail"]
    assert NUMBERS[MENTEE][3:] not in answer.text
    assert client.post(path, body, user=STRANGER).status_code == 201  # to another mentee

    donotcall.lift(NUMBERS[MENTEE], "text", "receipt 2: START")
    assert client.post(path, body).status_code == 201


def test_who_is_not_to_be_called_himself_may_write_but_not_call(client: Client, staff: Staff):
    donotcall.add(NUMBERS[MENTOR], "text")
    assert "Your own number" in client.post("/mentor/call/").json["detail"]
    assert client.post("/mentor/message/", {"content": "hi"}).status_code == 201


@pytest.mark.parametrize(("path", "body"), ASKED)
def test_a_request_that_was_accepted_before_is_answered_as_it_was(
    client: Client, staff: Staff, path: str, body: Any
):
    key = {"Idempotency-Key": "one"}
    made = client.post(path, body, headers=key).json["id"]
    donotcall.add(NUMBERS[MENTEE], "text")
    again = client.post(path, body, headers=key)
    assert (again.status_code, again.json["id"]) == (201, made)
    assert client.post(path, body, headers={"Idempotency-Key": "two"}).status_code == 409


def test_asking_the_list_costs_the_mentor_no_statement(client: Client, staff: Staff):
    for path, body in ASKED:
        with statements() as seen:
            assert client.post(path, body).status_code == 201
        about = [one for one in seen if "do_not_call" in one]
        assert len(about) == 1, about
        assert "person" in about[0]  # the one that asks who he is


def test_the_pages_say_it_too(staff: Staff, home: Any):
    reader = Reader()
    reader.log_in()
    donotcall.add(NUMBERS[MENTEE], "text")

    refused = reader.fill("/", "/messages", content="What I wrote")
    assert refused.status_code == 409
    assert "do-not-call list" in refused.text
    assert "What I wrote" in refused.text

    reader.fill("/", "/calls")
    assert "do-not-call list" in reader.get("/").text
