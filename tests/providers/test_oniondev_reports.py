"""Reading what OnionDev posts: its reference's own example, India's time, and all that can be wrong."""

import contextlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.errors import BadReport
from providers.reports.base import CallEnded, Cdr
from providers.reports.oniondev import CALL_END, OnionDevCallEnd, read_call_end, read_message

EXAMPLE = json.loads(
    """
{
  "conversationId": "23",
  "conversationEndTime": "2017-04-20 17:33:42.899903",
  "feedbackSubscriptionStatus": true,
  "cdrs": [{
    "id": "123",
    "startTime": "2017-04-20 17:31:18",
    "errorCause": "NO_ANSWER"
  }, {
    "id": "456",
    "startTime": "2017-04-20 17:32:18",
    "errorCause": "NORMAL_CLEARING"
  }],
  "totalTries": 2,
  "conversationSuccess": true,
  "beneficiary": "911234567890",
  "conversationStartTime": "2017-04-20 17:32:33.593300",
  "handler": "919876543321",
  "recordingUrl": "https://example.org/123/456.mp3",
  "scheduledCallId": "123"
}
"""
)
FAILED = {"scheduledCallId": "123", "conversationSuccess": False}
CDR = {"id": "1", "startTime": "2017-04-20 17:31:18", "errorCause": "NO_ANSWER"}


def _without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in EXAMPLE.items() if name not in names}


def _wrong(body: Any) -> dict[str, list[str]]:
    with pytest.raises(BadReport) as caught:
        read_call_end(body)
    return caught.value.fields


def test_the_references_own_example_is_read_in_full() -> None:
    report = read_call_end(EXAMPLE)

    assert report == OnionDevCallEnd(
        ended=CallEnded(
            success=True,
            provider_id="123",
            conversation_id="23",
            started_at=datetime(2017, 4, 20, 12, 2, 33, 593_300, tzinfo=UTC),
            ended_at=datetime(2017, 4, 20, 12, 3, 42, 899_903, tzinfo=UTC),
            recording_url="https://example.org/123/456.mp3",
            cdrs=(
                Cdr("123", datetime(2017, 4, 20, 12, 1, 18, tzinfo=UTC), "NO_ANSWER"),
                Cdr("456", datetime(2017, 4, 20, 12, 2, 18, tzinfo=UTC), "NORMAL_CLEARING"),
            ),
        ),
        handler="919876543321",
        beneficiary="911234567890",
        echo=EXAMPLE,
    )
    assert report.ended.ended_at is not None
    assert report.ended.started_at is not None
    assert report.ended.ended_at - report.ended.started_at == timedelta(seconds=69.306603)
    assert "9876543321" not in repr(report)


def test_only_known_fields_are_echoed_and_as_they_were_sent() -> None:
    body = {**FAILED, "scheduledCallId": 123, "totalTries": "two", "shoeSize": 44}

    assert read_call_end(body).echo == {name: body[name] for name in CALL_END if name in body}
    assert "shoeSize" not in read_call_end(body).echo


@pytest.mark.parametrize(
    ("value", "text"), [("abc", "abc"), (123, "123"), (23.0, "23"), ("x" * 64, "x" * 64)]
)
@pytest.mark.parametrize("name", ["scheduledCallId", "conversationId", "handler", "beneficiary"])
def test_ids_are_texts_or_numbers(name: str, value: Any, text: str) -> None:
    report = read_call_end({**FAILED, name: value})

    read = {
        "scheduledCallId": report.ended.provider_id,
        "conversationId": report.ended.conversation_id,
        "handler": report.handler,
        "beneficiary": report.beneficiary,
    }
    assert read[name] == text


@pytest.mark.parametrize(
    "value",
    ["x" * 65, True, ["1"], {"id": 1}, 1.5, 10**64, float("nan"), float("inf"), "a\0b", "\ud800", " "],
)
@pytest.mark.parametrize("name", ["scheduledCallId", "conversationId", "handler", "beneficiary"])
def test_other_ids_are_refused_by_name(name: str, value: Any) -> None:
    assert list(_wrong({**FAILED, name: value})) == [name]


@pytest.mark.parametrize("name", ["scheduledCallId", "conversationId", "handler"])
def test_one_of_three_names_for_the_call_is_enough(name: str) -> None:
    assert read_call_end({"conversationSuccess": False, name: "7"}).echo[name] == "7"


@pytest.mark.parametrize("nothing", [{}, {"scheduledCallId": None, "conversationId": "", "handler": None}])
def test_without_any_of_the_three_it_is_no_report_of_a_call(nothing: dict[str, Any]) -> None:
    assert list(_wrong({**nothing, "beneficiary": "911234567890"})) == ["scheduledCallId"]


@pytest.mark.parametrize(
    "value",
    [
        "2017-04-20T17:32:33",
        "2017-04-20 17:32:33Z",
        "2017-04-20 17:32:33+05:30",
        "2017-04-20 17:32",
        "2017-4-20 17:32:33",
        "2017-04-20  17:32:33",
        "2017-04-20 17:32:33.",
        "2017-04-20 17:32:33.1234567",
        "2017-02-30 17:32:33",
        "2017-04-20 24:00:01",
        "2017-04-20 17:32:33\n",
        "0001-01-01 00:00:00",
        "२०१७-04-20 17:32:33",
        "",
        1492689753,
        True,
        {},
    ],
)
def test_a_time_that_is_not_a_plain_wall_clock_is_refused(value: Any) -> None:
    assert list(_wrong({**EXAMPLE, "conversationStartTime": value})) == ["conversationStartTime"]
    assert list(_wrong({**FAILED, "conversationEndTime": value})) == ["conversationEndTime"]
    assert list(_wrong({**FAILED, "cdrs": [{**CDR, "startTime": value}]})) == ["cdrs[0].startTime"]


def test_an_error_says_what_would_be_right() -> None:
    (text,) = _wrong({**EXAMPLE, "conversationStartTime": "2017-04-20T12:02:33Z"})["conversationStartTime"]

    assert "like 2017-04-20 17:32:33.593300" in text


@pytest.mark.parametrize(
    ("value", "success"),
    [(True, True), ("true", True), ("True", True), (False, False), ("false", False), ("False", False)],
)
def test_success_is_a_boolean_or_pythons_text_for_one(value: Any, success: bool) -> None:
    assert read_call_end({**EXAMPLE, "conversationSuccess": value}).ended.success is success


@pytest.mark.parametrize("value", ["yes", "TRUE", "", 1, 0, None, [], {}])
def test_no_other_success_is_guessed(value: Any) -> None:
    assert list(_wrong({**EXAMPLE, "conversationSuccess": value})) == ["conversationSuccess"]


def test_success_left_out_is_told_by_the_two_times() -> None:
    assert read_call_end(_without("conversationSuccess")).ended.success
    assert not read_call_end(_without("conversationSuccess", "conversationEndTime")).ended.success
    assert not read_call_end({**_without("conversationSuccess"), "conversationStartTime": None}).ended.success


def test_a_success_needs_both_times_and_a_failure_none() -> None:
    assert list(_wrong(_without("conversationStartTime"))) == ["conversationStartTime"]
    assert list(_wrong({**EXAMPLE, "conversationEndTime": None})) == ["conversationEndTime"]
    assert read_call_end({**FAILED, "conversationStartTime": None}).ended.started_at is None


def test_a_conversation_cannot_end_before_it_began() -> None:
    at = "2017-04-20 17:32:33.593300"

    assert list(_wrong({**EXAMPLE, "conversationEndTime": "2017-04-20 17:32:33.593299"})) == [
        "conversationEndTime"
    ]
    assert read_call_end({**EXAMPLE, "conversationEndTime": at}).ended.ended_at


@pytest.mark.parametrize("value", [None, ""])
def test_a_recording_may_be_missing(value: Any) -> None:
    assert read_call_end({**EXAMPLE, "recordingUrl": value}).ended.recording_url is None
    assert read_call_end(_without("recordingUrl")).ended.recording_url is None


@pytest.mark.parametrize("value", ["http://a.b/" + "x" * 1989, "https://[::1]:8/a?b#c"])
def test_a_recording_is_a_web_address(value: str) -> None:
    assert read_call_end({**EXAMPLE, "recordingUrl": value}).ended.recording_url == value


@pytest.mark.parametrize(
    "value",
    [
        "ftp://a.b/c",
        "a.b/c",
        "javascript:alert(1)",
        "http://",
        "http://[",
        "http://a b/",
        "http://a.b/\n",
        "http://a.b/" + "x" * 1990,
        7,
        ["http://a.b/"],
        False,
    ],
)
def test_a_recording_that_is_none_is_refused(value: Any) -> None:
    assert list(_wrong({**EXAMPLE, "recordingUrl": value})) == ["recordingUrl"]


def test_records_left_out_are_none_and_up_to_a_hundred_are_read() -> None:
    assert read_call_end(FAILED).ended.cdrs == ()
    assert len(read_call_end({**FAILED, "cdrs": [{**CDR, "id": n} for n in range(100)]}).ended.cdrs) == 100
    assert list(_wrong({**FAILED, "cdrs": [CDR] * 101})) == ["cdrs"]


def test_a_cause_nobody_knows_is_kept_as_sent() -> None:
    assert (
        read_call_end({**FAILED, "cdrs": [{**CDR, "errorCause": "SOLAR_FLARE ☀"}]}).ended.cdrs[0].cause
        == "SOLAR_FLARE ☀"
    )


@pytest.mark.parametrize(
    ("cdrs", "fields"),
    [
        (None, ["cdrs"]),
        ({}, ["cdrs"]),
        ("[]", ["cdrs"]),
        ([None], ["cdrs[0]"]),
        ([CDR, {**CDR, "id": ""}], ["cdrs[1].id"]),
        ([{**CDR, "errorCause": None}], ["cdrs[0].errorCause"]),
        ([{**CDR, "errorCause": 16}], ["cdrs[0].errorCause"]),
        ([{**CDR, "errorCause": "x" * 65}], ["cdrs[0].errorCause"]),
        ([{}], ["cdrs[0].id", "cdrs[0].startTime", "cdrs[0].errorCause"]),
    ],
)
def test_records_that_are_none_are_refused_by_place(cdrs: Any, fields: list[str]) -> None:
    assert list(_wrong({**FAILED, "cdrs": cdrs})) == fields


def test_all_that_is_wrong_is_told_at_once() -> None:
    wrong = _wrong({"scheduledCallId": [], "conversationSuccess": 3, "recordingUrl": 4, "cdrs": 5})

    assert set(wrong) == {"scheduledCallId", "conversationSuccess", "recordingUrl", "cdrs"}


@pytest.mark.parametrize("body", [None, [], "text", 7, True])
def test_only_an_object_is_a_report(body: Any) -> None:
    assert list(_wrong(body)) == ["body"]


@pytest.mark.parametrize(
    "body",
    [
        {"message": "Hi Mentor", "mobile": "911234567890"},
        {"text": "Hi Mentor", "mobile": 911234567890},
        {"text": "Hi Mentor", "message": "Hi Mentor", "mobile": "911234567890", "messageId": None},
        {"text": "Hi Mentor", "message": None, "mobile": "911234567890"},
    ],
)
def test_a_text_comes_as_text_or_message(body: dict[str, Any]) -> None:
    report = read_message({**body, "shoeSize": 44})

    assert (report.received.sender, report.received.body, report.received.message_id) == (
        "911234567890",
        "Hi Mentor",
        None,
    )
    assert report.echo == body


def test_a_text_with_an_id_keeps_it() -> None:
    assert read_message({"mobile": "91123", "text": "x", "messageId": 9}).received.message_id == "9"


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"text": "a", "message": "b", "mobile": "91123"}, ["message"]),
        ({"mobile": "91123"}, ["text"]),
        ({"text": "hi"}, ["mobile"]),
        ({"message": " \n", "mobile": "91123"}, ["message"]),
        ({"message": "", "mobile": "91123"}, ["message"]),
        ({"text": "x" * 1601, "mobile": "91123"}, ["text"]),
        ({"text": "a\0b", "mobile": "91123"}, ["text"]),
        ({"text": "\udc00", "mobile": "91123"}, ["text"]),
        ({"text": ["hi"], "mobile": {}}, ["mobile", "text"]),
        ({"text": "hi", "mobile": "91123", "messageId": "x" * 65}, ["messageId"]),
        ([], ["body"]),
    ],
)
def test_a_text_that_is_wrong_is_told_why(body: Any, fields: list[str]) -> None:
    with pytest.raises(BadReport) as caught:
        read_message(body)
    assert list(caught.value.fields) == fields


@pytest.mark.parametrize("text", ["x" * 1600, "नमस्ते 👋\n\tहाँ", " leading and trailing "])
def test_a_text_is_passed_on_as_it_is(text: str) -> None:
    assert read_message({"text": text, "mobile": "91123"}).received.body == text


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(list(EXAMPLE.values())),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*CDR, "x"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*CALL_END]), anything) | anything)
def test_whatever_is_posted_as_a_call_end_is_read_or_named_as_wrong(body: Any) -> None:
    with contextlib.suppress(BadReport):
        report = read_call_end(body)
        assert report.ended.provider_id or report.ended.conversation_id or report.handler
        assert not report.ended.success or (report.ended.started_at and report.ended.ended_at)


@given(st.dictionaries(st.sampled_from(["mobile", "text", "message", "messageId"]), anything) | anything)
def test_whatever_is_posted_as_a_message_is_read_or_named_as_wrong(body: Any) -> None:
    with contextlib.suppress(BadReport):
        report = read_message(body)
        assert report.received.sender
        assert report.received.body.strip()


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1)))  # noqa: DTZ001 (a wall clock)
def test_indias_time_is_five_and_a_half_hours_ahead(wall: datetime) -> None:
    body = {**FAILED, "conversationStartTime": wall.strftime("%Y-%m-%d %H:%M:%S.%f")}

    assert read_call_end(body).ended.started_at == wall.replace(tzinfo=UTC) - timedelta(hours=5, minutes=30)
