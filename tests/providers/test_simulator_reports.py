"""Reading the simulator's webhooks: what is signed by our secret is believed, and read or named as wrong."""

import contextlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from providers.errors import BadReport, BadSignature
from providers.reports.base import CallEnded, Cdr, Kept, Report, TextReceived
from providers.reports.simulator import read
from tests.providers.box import SECRET

ENDED = {
    "reference": "call:12",
    "id": "p-1",
    "conversation_id": "c-1",
    "success": True,
    "started_at": "2026-03-01T12:00:00.500000Z",
    "ended_at": "2026-03-01T12:01:00Z",
    "recording_url": "https://recordings.example/c-1.mp3",
    "cdrs": [{"id": "l-1", "started_at": "2026-03-01T11:59:59Z", "cause": "NORMAL_CLEARING"}],
}
RECEIVED = {"id": "m-1", "from": "+919812345678", "to": "+918000000000", "body": "hi"}


def _signed(body: bytes, *, secret: str = SECRET, age: timedelta = timedelta()) -> dict[str, str]:
    at = datetime.now(UTC) - age
    return {
        "Webhook-Id": "msg_1",
        "Webhook-Timestamp": str(int(at.timestamp())),
        "Webhook-Signature": Webhook(secret).sign("msg_1", at, body.decode("latin-1")),
    }


def _told(event: Any) -> list[Report]:
    body = json.dumps(event).encode()
    return read(_signed(body), body, secret=SECRET)


def test_the_end_of_a_call_is_read_in_full() -> None:
    assert _told({"type": "call.ended", "data": ENDED}) == [
        CallEnded(
            success=True,
            reference="call:12",
            provider_id="p-1",
            conversation_id="c-1",
            started_at=datetime(2026, 3, 1, 12, 0, 0, 500_000, tzinfo=UTC),
            ended_at=datetime(2026, 3, 1, 12, 1, tzinfo=UTC),
            recording_url="https://recordings.example/c-1.mp3",
            cdrs=(Cdr("l-1", datetime(2026, 3, 1, 11, 59, 59, tzinfo=UTC), "NORMAL_CLEARING"),),
        )
    ]


def test_a_text_that_came_in_is_read_and_does_not_show_itself() -> None:
    (report,) = _told({"type": "text.received", "data": RECEIVED})

    assert report == TextReceived("+919812345678", "+918000000000", "hi", "m-1")
    assert "98123" not in repr(report)


@pytest.mark.parametrize("kind", ["call.received", "something.new"])
def test_what_nobody_reads_yet_is_kept(kind: str) -> None:
    assert _told({"type": kind, "data": {}}) == [Kept(kind)]


def test_a_body_changed_on_its_way_is_not_believed() -> None:
    body = json.dumps({"type": "text.received", "data": RECEIVED}).encode()

    with pytest.raises(BadSignature):
        read(_signed(body), body.replace(b"hi", b"ho"), secret=SECRET)


def test_a_body_signed_by_somebody_else_is_not_believed() -> None:
    with pytest.raises(BadSignature):
        read(_signed(b"{}", secret="whsec_bm90IG91cnMsIG5vdCBvdXJz"), b"{}", secret=SECRET)


@pytest.mark.parametrize("age", [timedelta(minutes=6), timedelta(minutes=-6)])
def test_a_signature_too_far_from_now_is_not_believed(age: timedelta) -> None:
    with pytest.raises(BadSignature):
        read(_signed(b"{}", age=age), b"{}", secret=SECRET)


@pytest.mark.parametrize("missing", ["Webhook-Id", "Webhook-Timestamp", "Webhook-Signature"])
def test_without_all_three_headers_nothing_is_believed(missing: str) -> None:
    headers = {name: value for name, value in _signed(b"{}").items() if name != missing}

    with pytest.raises(BadSignature):
        read(headers, b"{}", secret=SECRET)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Webhook-Timestamp", "yesterday"),
        ("Webhook-Timestamp", "nan"),
        ("Webhook-Timestamp", "1e99"),
        ("Webhook-Signature", "v1"),
        ("Webhook-Signature", "v1,***"),
        ("Webhook-Signature", "v1,ü"),
        ("Webhook-Signature", "v2,AAAA"),
        ("Webhook-Signature", ","),
    ],
)
def test_odd_headers_are_only_not_believed(header: str, value: str) -> None:
    with pytest.raises(BadSignature):
        read({**_signed(b"{}"), header: value}, b"{}", secret=SECRET)


def test_one_good_signature_among_several_is_enough() -> None:
    body = json.dumps({"type": "text.received", "data": RECEIVED}).encode()
    headers = _signed(body)
    headers["Webhook-Signature"] = f"v1,AAAA {headers['Webhook-Signature']}"

    assert len(read(headers, body, secret=SECRET)) == 1


@pytest.mark.parametrize(
    ("event", "fields"),
    [
        ([], {"body"}),
        ({"data": ENDED}, {"type"}),
        ({"type": 7}, {"type"}),
        ({"type": "call.ended"}, {"data"}),
        ({"type": "call.ended", "data": {**ENDED, "id": None}}, {"data.id"}),
        ({"type": "call.ended", "data": {**ENDED, "success": "yes"}}, {"data.success"}),
        ({"type": "call.ended", "data": {**ENDED, "started_at": None}}, {"data.started_at"}),
        ({"type": "call.ended", "data": {**ENDED, "ended_at": "2026-03-01 12:00:00"}}, {"data.ended_at"}),
        ({"type": "call.ended", "data": {**ENDED, "recording_url": "ftp://x/y"}}, {"data.recording_url"}),
        (
            {"type": "call.ended", "data": {**ENDED, "cdrs": [{"id": "l-1"}, 7]}},
            {"data.cdrs[0].started_at", "data.cdrs[0].cause", "data.cdrs[1]"},
        ),
        (
            {"type": "text.received", "data": {**RECEIVED, "body": None, "from": ""}},
            {"data.body", "data.from"},
        ),
        ({"type": "text.failed", "data": {"id": "p-1", "cause": 7}}, {"data.cause"}),
    ],
)
def test_what_is_wrong_is_told_field_by_field(event: Any, fields: set[str]) -> None:
    with pytest.raises(BadReport) as caught:
        _told(event)
    assert set(caught.value.fields) == fields


def test_signed_nonsense_is_a_bad_report() -> None:
    with pytest.raises(BadReport):
        read(_signed(b"{"), b"{", secret=SECRET)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(
    kind=st.sampled_from(["call.ended", "text.delivered", "text.failed", "text.received"]),
    base=st.sampled_from([ENDED, RECEIVED]),
    changes=st.dictionaries(st.sampled_from([*ENDED, *RECEIVED]), anything, max_size=4),
)
def test_whatever_is_signed_is_read_or_named_as_wrong(
    kind: str, base: dict[str, Any], changes: dict[str, Any]
) -> None:
    with contextlib.suppress(BadReport):
        assert len(_told({"type": kind, "data": {**base, **changes}})) == 1


@given(body=st.binary(max_size=40))
def test_whatever_bytes_are_signed_end_in_a_known_error(body: bytes) -> None:
    with pytest.raises((BadReport, BadSignature)):
        read(_signed(body), body, secret=SECRET)


@given(headers=st.dictionaries(st.sampled_from([*_signed(b"{}")]), st.text(max_size=20)))
def test_whatever_headers_come_are_not_believed(headers: dict[str, str]) -> None:
    with pytest.raises(BadSignature):
        read(headers, b"{}", secret=SECRET)
