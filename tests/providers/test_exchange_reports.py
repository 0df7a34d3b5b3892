"""What the carrier in a box reports: how calls and texts end, in its own words and in OnionDev's."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from providers.base import Bridge, Sms
from providers.exchange import Exchange
from providers.oniondev import OnionDev
from providers.reports import oniondev, simulator
from providers.reports.base import CallEnded, FeedbackGiven, Kept, TextOutcome, TextReceived
from providers.simulator import Simulator
from tests.providers.box import SECRET, Box, Customer, Posted
from tests.providers.carriers import BRIDGE, OURS, SMS, A, B
from tests.providers.conftest import NOON


def _read(post: Posted) -> object:
    assert post.path == "/carriers/simulator/"
    (report,) = simulator.read(post.headers, post.body, secret=SECRET)
    return report


@pytest.fixture
def quick(box: Box) -> Box:
    """Phones that are soon picked up and soon hung up again."""
    for number in (A, B):
        box.number(number, ring_s=0.02, talk_s=0.04)
    return box


def test_a_conversation_is_reported_with_its_legs_and_times(
    exchange: Exchange, quick: Box, customer: Customer
) -> None:
    receipt = Simulator(exchange.url).dial(BRIDGE, reference="call:1", timeout=5)

    (post,) = customer.wait_for(1)
    ended = _read(post)
    assert isinstance(ended, CallEnded)
    assert (ended.success, ended.reference, ended.provider_id) == (True, "call:1", receipt.provider_id)
    assert ended.started_at == NOON + timedelta(seconds=0.04)
    assert ended.ended_at == NOON + timedelta(seconds=0.08)
    assert [(cdr.started_at, cdr.cause) for cdr in ended.cdrs] == [
        (NOON, "NORMAL_CLEARING"),
        (NOON + timedelta(seconds=0.02), "NORMAL_CLEARING"),
    ]
    assert ended.recording_url == f"https://recordings.example/{ended.conversation_id}.mp3"


@pytest.mark.parametrize(
    ("number", "cause"),
    [
        ("+919800009901", "USER_BUSY"),
        ("+919800009902", "NO_ANSWER"),
        ("+919800009903", "CALL_REJECTED"),
        ("+919800009904", "NORMAL_CLEARING"),
        ("+919800009905", "SUBSCRIBER_ABSENT"),
    ],
)
@pytest.mark.parametrize("leg", ["a", "b"])
def test_a_number_says_by_its_last_digits_how_a_call_fails(
    exchange: Exchange, quick: Box, customer: Customer, number: str, cause: str, leg: str
) -> None:
    quick.number(number, ring_s=0.02)
    numbers = (number, B) if leg == "a" else (A, number)
    bridge = Bridge(a_number=numbers[0], b_number=numbers[1], shown_to_a=OURS, shown_to_b=OURS)

    Simulator(exchange.url).dial(bridge, reference="call:1", timeout=5)

    ended = _read(customer.wait_for(1)[0])
    assert isinstance(ended, CallEnded)
    assert (ended.success, ended.started_at, ended.ended_at, ended.recording_url) == (False, None, None, None)
    assert [cdr.cause for cdr in ended.cdrs] == ([cause] if leg == "a" else ["NORMAL_CLEARING", cause])


def test_a_number_that_was_told_otherwise_obeys(exchange: Exchange, quick: Box, customer: Customer) -> None:
    quick.number("+919800009901", call="answer", ring_s=0, talk_s=0)
    bridge = Bridge(a_number="+919800009901", b_number=B, shown_to_a=OURS, shown_to_b=OURS)

    Simulator(exchange.url).dial(bridge, reference="call:1", timeout=5)

    ended = _read(customer.wait_for(1)[0])
    assert isinstance(ended, CallEnded)
    assert ended.success


def test_after_a_conversation_a_willing_phone_gives_feedback(
    exchange: Exchange, quick: Box, customer: Customer
) -> None:
    quick.number(B, feedback=["4", "Yes", "No", "Blue"])

    receipt = Simulator(exchange.url).dial(BRIDGE, reference="call:1", timeout=5)

    _, post = customer.wait_for(2)
    given = _read(post)
    assert isinstance(given, FeedbackGiven)
    assert [(answer.order, answer.text) for answer in given.answers] == [
        (1, "4"),
        (2, "Yes"),
        (3, "No"),
        (4, "Blue"),
    ]
    assert (given.sender, given.complete, given.reference) == (B, True, "call:1")
    assert post.json["data"]["answers"] == ["4", "Yes", "No", "Blue"]
    assert (post.json["data"]["from"], post.json["data"]["id"]) == (B, receipt.provider_id)


def test_keys_pressed_in_a_conversation_are_told(exchange: Exchange, quick: Box, customer: Customer) -> None:
    quick.number(A, digits=["1", "#"])

    Simulator(exchange.url).dial(BRIDGE, reference="call:1", timeout=5)

    assert customer.wait_for(1)[0].json["data"]["digits"] == ["1", "#"]


def test_a_text_is_reported_delivered_or_failed(exchange: Exchange, box: Box, customer: Customer) -> None:
    carrier = Simulator(exchange.url)
    good = carrier.send(SMS, reference="message:1", timeout=5)
    customer.wait_for(1)
    bad = carrier.send(Sms("+919800009911", OURS, "hi"), reference="message:2", timeout=5)
    customer.wait_for(2)

    assert [_read(post) for post in customer.posted] == [
        TextOutcome(True, "message:1", good.provider_id, ""),
        TextOutcome(False, "message:2", bad.provider_id, "SUBSCRIBER_ABSENT"),
    ]


def test_a_text_can_be_refused_or_never_spoken_of_by_the_number(box: Box) -> None:
    text = {"from": OURS, "body": "hi"}

    assert box.ask("POST", "/text", {**text, "reference": "message:1", "to": "+919800009912"})[0] == 403
    assert box.ask("POST", "/text", {**text, "reference": "message:2", "to": "+919800009913"})[0] == 200
    assert [entry["reference"] for entry in box.log()] == ["message:2"]
    assert box.ask("GET", "/health")[1]["reports_owed"] == 0


def test_somebody_texts_in(box: Box, customer: Customer) -> None:
    status, body = box.ask("POST", "/inbound", {"channel": "text", "from": A, "to": OURS, "body": "नमस्ते"})

    assert status == 202
    received = _read(customer.wait_for(1)[0])
    assert received == TextReceived(sender=A, recipient=OURS, body="नमस्ते", message_id=body["id"])


def test_somebody_calls_in_and_presses_a_key(box: Box, customer: Customer) -> None:
    box.ask("POST", "/inbound", {"channel": "call", "from": A, "to": OURS, "digits": "1"})

    (post,) = customer.wait_for(1)
    assert _read(post) == Kept("call.received")
    assert (post.json["data"]["from"], post.json["data"]["digits"]) == (A, "1")


def test_a_report_is_posted_until_it_is_taken(box: Box, customer: Customer) -> None:
    customer.answers = lambda count: (503, 429, 302, 200)[count - 1]

    box.ask("POST", "/inbound", {"channel": "text", "from": A, "to": OURS, "body": "hi"})

    posts = customer.wait_for(4, patience=15)
    assert len({post.headers["webhook-id"] for post in posts}) == 1
    assert len({post.body for post in posts}) == 1
    box.wait_until("/health", lambda _status, body: body["reports_owed"] == 0)


def test_a_report_that_is_refused_is_not_posted_again(box: Box, customer: Customer) -> None:
    customer.answers = lambda _count: 400

    box.ask("POST", "/inbound", {"channel": "text", "from": A, "to": OURS, "body": "hi"})

    customer.wait_for(1)
    box.wait_until("/health", lambda _status, body: body["reports_owed"] == 0)
    assert len(customer.posted) == 1


def test_reports_wait_for_a_customer_that_is_away(
    exchange: Exchange, box: Box, customer: Customer, free_port: int
) -> None:
    exchange.report_to(f"http://127.0.0.1:{free_port}")
    box.ask("POST", "/inbound", {"channel": "text", "from": A, "to": OURS, "body": "hi"})

    exchange.report_to(customer.url)

    assert customer.wait_for(1)[0].json["data"]["body"] == "hi"


def _oniondev(exchange: Exchange) -> OnionDev:
    return OnionDev(f"{exchange.url}/oniondev/call", f"{exchange.url}/oniondev/message")


def test_a_call_by_oniondev_is_reported_in_oniondevs_words(
    exchange: Exchange, quick: Box, customer: Customer
) -> None:
    receipt = _oniondev(exchange).dial(BRIDGE, reference="call:1", timeout=5)

    (post,) = customer.wait_for(1)
    assert post.path == "/comms/onion_dev_call_end/"
    assert post.headers["Authorization"] == "Basic " + base64.b64encode(b"onion:dev").decode()
    assert post.json["conversationStartTime"] == "2026-03-01 17:30:00.290000"
    assert post.json["cdrs"][0]["startTime"] == "2026-03-01 17:30:00"
    report = oniondev.read_call_end(post.json)
    assert (report.handler, report.beneficiary) == (A[1:], B[1:])
    assert report.echo == post.json
    assert report.ended.success
    assert report.ended.provider_id == receipt.provider_id
    assert report.ended.ended_at == NOON + timedelta(seconds=0.08)
    assert [cdr.started_at for cdr in report.ended.cdrs] == [datetime(2026, 3, 1, 12, tzinfo=UTC)] * 2


def test_a_call_by_oniondev_that_fails_is_readable_too(
    exchange: Exchange, quick: Box, customer: Customer
) -> None:
    bridge = Bridge(a_number=A, b_number="+919800009901", shown_to_a=OURS, shown_to_b=OURS)

    _oniondev(exchange).dial(bridge, reference="call:1", timeout=5)

    report = oniondev.read_call_end(customer.wait_for(1)[0].json)
    assert not report.ended.success
    assert [cdr.cause for cdr in report.ended.cdrs] == ["NORMAL_CLEARING", "USER_BUSY"]


def test_feedback_after_a_call_by_oniondev_has_its_shape(
    exchange: Exchange, quick: Box, customer: Customer
) -> None:
    quick.number(B, feedback=["4", "Yes", "No", "Blue"])

    _oniondev(exchange).dial(BRIDGE, reference="call:1", timeout=5)

    end, post = customer.wait_for(2)
    assert post.path == "/comms/onion_dev_feedback/"
    assert post.json["conversationId"] == end.json["conversationId"]
    assert oniondev.read_feedback(post.json).given.complete is True
    assert post.json["cdr"]["callerid"] == B[1:]
    assert [(record["order"], record["answer"]) for record in post.json["records"].values()] == [
        ("1", "4"),
        ("2", "Yes"),
        ("3", "No"),
        ("4", "Blue"),
    ]


@pytest.mark.parametrize("said_by", ["number", "request"])
def test_a_text_to_a_number_of_oniondevs_comes_in_its_words(
    box: Box, customer: Customer, said_by: str
) -> None:
    inbound = {"channel": "text", "from": A, "to": OURS, "body": "Hi Mentor"}
    if said_by == "number":
        box.number(OURS, dialect="oniondev")
    else:
        inbound["dialect"] = "oniondev"

    box.ask("POST", "/inbound", inbound)

    (post,) = customer.wait_for(1)
    assert post.path == "/comms/onion_dev_message/"
    received = oniondev.read_message(post.json).received
    assert (received.sender, received.body) == (A[1:], "Hi Mentor")
    assert received.message_id
