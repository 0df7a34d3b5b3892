"""Calls to the conference number: the exchange does what the customer's TwiML says, and tells him of the room."""

from typing import Any
from urllib.parse import parse_qsl

import pytest

from providers.exchange import Exchange
from providers.reports.twilio import (
    ENDED,
    HEADER,
    JOINED,
    LEFT,
    STARTED,
    read_in_room,
    read_joining,
    verified,
)
from tests.providers.box import SECRET, Box, Customer, Posted
from tests.providers.conftest import NOON

OURS, RITA, TOM, EVE = "+13125550100", "+13125550001", "+13125550002", "+13125550003"
JOIN, EVENT = "/api/v1/conferences/webhook/join", "/events"
LONG = {"talk_s": 600.0, "wait_s": 600.0}


@pytest.fixture
def lines(customer: Customer, box: Box) -> "Lines":
    """The customer leads everybody who calls into one room, where they stay until they hang up."""
    for number in (RITA, TOM, EVE):
        box.number(number, **LONG)
    return Lines(customer, box)


class Lines:
    """People at their phones, and what the customer was told."""

    def __init__(self, customer: Customer, box: Box) -> None:
        self.customer, self.box = customer, box
        self.told_of, self.at = "start end join leave", customer.url + EVENT
        customer.says = self.twiml

    def twiml(self, posted: Posted) -> bytes:
        if posted.path != JOIN:
            return b"<Response/>"
        return (
            "<Response><Say>Welcome.</Say><Dial><Conference maxParticipants='2' statusCallbackEvent='"
            f"{self.told_of}' statusCallback='{self.at}'>room</Conference></Dial></Response>"
        ).encode()

    def call(self, number: str, until: str = "in room") -> str:
        """Somebody dials in; his call's id, when it has come so far."""
        status, body = self.box.ask("POST", "/inbound", {"channel": "call", "from": number, "to": OURS})
        assert status == 202
        self.box.wait_until("/calls", lambda _status, _body: self.shown(body["id"])["state"] == until)
        return str(body["id"])

    def hang_up(self, call: str) -> None:
        assert self.box.ask("POST", "/hangup", {"id": call})[0] == 204

    def shown(self, call: str) -> Any:
        """What is known of a call."""
        return {one["id"]: one for one in self.box.ask("GET", "/calls")[1]["calls"]}[call]

    def forms(self, path: str) -> list[dict[str, str]]:
        """The forms posted there, when nothing more is owed; each is signed."""
        self.box.wait_until("/health", lambda _status, body: body["reports_owed"] == 0)
        posted = [one for one in self.customer.posted if one.path == path]
        for one in posted:
            verified(self.customer.url + path, one.body, one.headers[HEADER], [SECRET])
            assert one.headers["Content-Type"] == "application/x-www-form-urlencoded"
        return [dict(parse_qsl(one.body.decode())) for one in posted]

    def events(self) -> list[tuple[str, str]]:
        """What happened in rooms, and to whose call, in the order of its numbers."""
        forms = sorted(self.forms(EVENT), key=lambda form: int(form["SequenceNumber"]))
        return [(form["StatusCallbackEvent"], form.get("CallSid", "")) for form in forms]


def test_who_dials_in_is_asked_about_by_a_signed_form(lines: Lines) -> None:
    call = lines.call(RITA)

    (form,) = lines.forms(JOIN)
    asked = read_joining([*form.items()])
    assert (asked.caller, asked.call_sid, form["To"]) == (RITA, call, OURS)


def test_two_meet_and_everything_is_told_in_its_order(lines: Lines) -> None:
    rita, tom = lines.call(RITA), lines.call(TOM)
    lines.hang_up(tom)
    lines.hang_up(rita)

    assert lines.events() == [
        (JOINED, rita), (JOINED, tom), (STARTED, ""), (LEFT, tom), (LEFT, rita), (ENDED, ""),
    ]  # fmt: skip
    forms = lines.forms(EVENT)
    reports = [read_in_room([*form.items()]) for form in forms]
    assert {(one.friendly_name, one.at) for one in reports} == {("room", NOON.replace(microsecond=0))}
    assert len({one.conference_sid for one in reports}) == 1
    assert sorted(one.sequence for one in reports) == [1, 2, 3, 4, 5, 6]


def test_callers_hear_what_is_said_and_see_the_number_they_dialled(lines: Lines) -> None:
    calls = [lines.shown(lines.call(number)) for number in (RITA, TOM)]

    assert [(call["sees"], call["heard"], call["room"]) for call in calls] == [
        (OURS, ["Welcome."], "room")
    ] * 2


def test_a_third_hears_that_the_room_is_full_and_is_not_let_in(lines: Lines) -> None:
    rita, tom = lines.call(RITA), lines.call(TOM)
    eve = lines.call(EVE, until="over")

    assert lines.shown(eve)["heard"] == ["Welcome.", "The conference is full."]
    assert {sid for _, sid in lines.events()} == {rita, tom, ""}


def test_a_place_that_is_left_can_be_taken_again(lines: Lines) -> None:
    rita, tom = lines.call(RITA), lines.call(TOM)
    lines.hang_up(tom)
    again = lines.call(TOM)

    lines.hang_up(rita)
    lines.hang_up(again)

    assert [event for event, _ in lines.events()] == [
        JOINED,
        JOINED,
        STARTED,
        LEFT,
        JOINED,
        LEFT,
        LEFT,
        ENDED,
    ]


def test_a_room_that_was_left_by_all_is_another_conference_the_next_time(lines: Lines) -> None:
    for _ in range(2):
        lines.hang_up(lines.call(RITA))

    forms = lines.forms(EVENT)
    assert len({form["ConferenceSid"] for form in forms}) == 2
    assert [form["StatusCallbackEvent"] for form in forms].count(STARTED) == 0


def test_one_alone_leaves_when_he_has_waited_enough(lines: Lines, box: Box) -> None:
    box.number(RITA, wait_s=0.05)

    rita = lines.call(RITA, until="over")

    assert lines.events() == [(JOINED, rita), (LEFT, rita), (ENDED, "")]


def test_two_talk_for_as_long_as_their_phones_have_it(lines: Lines, box: Box) -> None:
    for number in (RITA, TOM):
        box.number(number, talk_s=0.05, wait_s=30.0)
    rita = lines.call(RITA)
    tom = lines.call(TOM, until="over")

    box.wait_until("/calls", lambda _status, _body: lines.shown(rita)["state"] == "over")
    assert {*lines.events()} == {
        (JOINED, rita), (JOINED, tom), (STARTED, ""), (LEFT, rita), (LEFT, tom), (ENDED, ""),
    }  # fmt: skip


def test_only_what_the_customer_wants_to_know_is_told(lines: Lines) -> None:
    lines.told_of = "start end"
    rita, tom = lines.call(RITA), lines.call(TOM)
    lines.hang_up(rita)
    lines.hang_up(tom)

    assert lines.events() == [(STARTED, ""), (ENDED, "")]


@pytest.mark.parametrize(
    ("twiml", "heard"),
    [(b"<Response><Say>No.</Say></Response>", ["No."]), (b"<Response/>", []), (b"<Response><Dial/></Response>", []),
     (b"<Response><Say/><Hangup/></Response>", [""]),
     (b"not xml", ["We are sorry, an application error has occurred."]),
     (b"", ["We are sorry, an application error has occurred."])],
)  # fmt: skip
def test_an_answer_without_a_room_ends_the_call(lines: Lines, twiml: bytes, heard: list[str]) -> None:
    lines.customer.says = lambda _posted: twiml

    assert lines.shown(lines.call(RITA, until="over"))["heard"] == heard


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_customer_who_refuses_the_question_ends_the_call(lines: Lines, status: int) -> None:
    lines.customer.answers = lambda _count: status

    assert lines.shown(lines.call(RITA, until="over"))["room"] == ""


def test_a_customer_who_stumbles_is_asked_again(lines: Lines) -> None:
    lines.customer.answers = lambda count: 500 if count < 3 else 200

    lines.call(RITA)

    assert len({form["CallSid"] for form in lines.forms(JOIN)}) == 1
    assert len(lines.forms(JOIN)) == 3


def test_a_doubled_question_is_followed_once_and_doubled_reports_are_the_same(lines: Lines, box: Box) -> None:
    box.fault("callback_twice", channel="call")
    rita, tom = lines.call(RITA), lines.call(TOM)
    lines.hang_up(rita)
    lines.hang_up(tom)

    events = lines.events()
    assert events[::2] == events[1::2]
    assert len(set(events)) == 6
    assert len(lines.forms(JOIN)) == 4


def test_reports_can_be_left_out(lines: Lines, box: Box) -> None:
    box.fault("no_callback", channel="call")
    lines.hang_up(lines.call(RITA))

    assert lines.events() == []


def test_nobody_but_the_customer_is_told(lines: Lines) -> None:
    lines.at = "http://127.0.0.1:9/events"
    lines.hang_up(lines.call(RITA))

    assert lines.forms("/events") == []


def test_calls_that_come_in_are_no_requests_of_the_customers(lines: Lines, box: Box) -> None:
    lines.hang_up(lines.call(RITA))

    assert box.log() == []


def test_any_number_may_be_answered_by_twiml_and_the_usual_one_need_not(lines: Lines, box: Box) -> None:
    box.number(OURS, dialect="simulator")
    box.number("+13125550199", dialect="twiml")
    for number in (OURS, "+13125550199"):
        box.ask("POST", "/inbound", {"channel": "call", "from": RITA, "to": number})

    lines.box.wait_until("/health", lambda _status, body: body["reports_owed"] == 0)
    assert {(one.path, b"13125550199" in one.body) for one in lines.customer.posted if one.path != EVENT} == {
        ("/carriers/simulator/", False), (JOIN, True),
    }  # fmt: skip


def test_hanging_up_twice_is_once_and_who_is_unknown_cannot(lines: Lines, box: Box) -> None:
    rita = lines.call(RITA)
    lines.hang_up(rita)
    lines.hang_up(rita)

    assert [event for event, _ in lines.events()] == [JOINED, LEFT, ENDED]
    assert box.ask("POST", "/hangup", {"id": "CA0"})[0] == 404
    assert box.ask("POST", "/hangup", {})[0] == 400


def test_without_a_customer_the_call_is_over(exchange: Exchange, lines: Lines) -> None:
    exchange.report_to(None)

    lines.call(RITA, until="over")
