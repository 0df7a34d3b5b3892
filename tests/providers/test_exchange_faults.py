"""Faults of the carrier in a box: whom they strike and how often, and what wrong bodies are told."""

from typing import Any

import pytest

from providers.exchange.faults import OF_THE_REQUEST, Fault, Faults
from tests.providers.box import HTTP, Box, Customer

TEXT = {"reference": "message:1", "to": "+919812345678", "from": "+918000000000", "body": "hi"}
CALL = {
    "reference": "call:1",
    "a_number": "+919812345678",
    "b_number": "+919887654321",
    "shown_to_a": "+918000000000",
    "shown_to_b": "+918000000000",
}


def _draws(seed: int, count: int = 200) -> list[bool]:
    faults = Faults(seed)
    faults.install(Fault("*", "refuse", share=0.3))
    return [faults.draw("call", OF_THE_REQUEST) is not None for _ in range(count)]


def test_a_share_strikes_about_so_many_and_the_same_ones_again_with_the_same_seed() -> None:
    assert 30 < sum(_draws(seed=1)) < 90
    assert _draws(seed=1) == _draws(seed=1)
    assert _draws(seed=1) != _draws(seed=2)


def test_a_fault_with_a_count_strikes_so_often_and_then_no_more(box: Box) -> None:
    box.fault("refuse", channel="text", times=2)

    assert [box.ask("POST", "/text", TEXT)[0] for _ in range(4)] == [403, 403, 200, 200]
    assert box.ask("GET", "/faults")[1]["faults"][0]["times_left"] == 0


def test_a_fault_strikes_only_its_channel(box: Box) -> None:
    box.fault("refuse", channel="call")

    assert box.ask("POST", "/call", CALL)[0] == 403
    assert box.ask("POST", "/text", TEXT)[0] == 200


def test_several_faults_strike_one_after_the_other_until_they_are_cleared(box: Box) -> None:
    box.fault("refuse", times=1)
    box.fault("error")

    assert [box.ask("POST", "/text", TEXT)[0] for _ in range(3)] == [403, 500, 500]
    assert box.ask("DELETE", "/faults") == (204, None)
    assert box.ask("POST", "/text", TEXT)[0] == 200
    assert box.ask("GET", "/faults") == (200, {"faults": []})


def test_the_first_report_can_come_before_the_answer(box: Box, customer: Customer) -> None:
    box.number("+919812345678", ring_s=0.05, talk_s=0)
    box.fault("callback_first")

    status, _ = box.ask("POST", "/call", CALL)

    assert status == 200
    assert [post.json["type"] for post in customer.posted] == ["call.ended"]


def test_reports_can_come_twice_at_once_and_say_the_same(box: Box, customer: Customer) -> None:
    box.fault("callback_twice")

    box.ask("POST", "/text", TEXT)

    first, second = customer.wait_for(2)
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]


def test_reports_can_stay_away(box: Box, customer: Customer) -> None:
    box.fault("no_callback", times=1)

    box.ask("POST", "/text", TEXT)
    box.ask("POST", "/text", {**TEXT, "reference": "message:2"})

    assert [post.json["data"]["reference"] for post in customer.wait_for(1)] == ["message:2"]
    box.wait_until("/health", lambda _status, body: body == {"accepted": 2, "reports_owed": 0})


def test_a_request_and_its_reports_can_both_go_wrong(box: Box, customer: Customer) -> None:
    box.fault("slow", seconds=0.01)
    box.fault("callback_twice")

    assert box.ask("POST", "/text", TEXT)[0] == 200
    assert len(customer.wait_for(2)) == 2


def test_the_same_reference_twice_is_shown_twice(box: Box) -> None:
    box.ask("POST", "/text", TEXT)
    box.ask("POST", "/text", TEXT)

    first, second = box.log()
    assert first["reference"] == second["reference"]
    assert first["id"] != second["id"]
    assert box.log(since=1) == [second]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/call", {**CALL, "a_number": "home"}, "a_number"),
        ("/call", {**CALL, "reference": ""}, "reference"),
        ("/text", {**TEXT, "body": 7}, "body"),
        ("/text", {name: value for name, value in TEXT.items() if name != "to"}, "to"),
        ("/mail", {"reference": "mail:1"}, "to"),
        ("/mail", {"reference": "mail:1", "to": "a@b.c", "attachments": [{"name": 1}]}, "attachments"),
        ("/push", {"reference": "push:1", "token": "t", "data": {"a": 1}}, "data"),
        ("/text", [TEXT], "body"),
        ("/faults", {"kind": "explode"}, "kind"),
        ("/faults", {"kind": "refuse", "share": 2}, "share"),
        ("/faults", {"kind": "refuse", "chanel": "call"}, "chanel"),
        ("/numbers", {"number": "+919812345678", "call": "sing"}, "call"),
        ("/numbers", {"number": "+919812345678", "digits": ["one"]}, "digits"),
        ("/inbound", {"channel": "fax"}, "channel"),
        ("/inbound", {"channel": "text", "from": "+919812345678", "to": "+918000000000"}, "body"),
        ("/oniondev/call", {"handler": "919812345678"}, "beneficiary"),
        ("/oniondev/message", {"mobile": "919812345678"}, "text"),
    ],
)
def test_a_wrong_body_is_told_which_field_is_wrong(box: Box, path: str, body: Any, field: str) -> None:
    status, errors = box.ask("POST", path, body)

    assert status == 400
    assert list(errors) == [field]
    assert box.log() == []


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/find?reference=call:1", "channel"),
        ("/find?channel=call", "reference"),
        ("/log?since=soon", "since"),
    ],
)
def test_a_wrong_question_is_told_what_is_wrong(box: Box, path: str, field: str) -> None:
    status, errors = box.ask("GET", path)

    assert (status, list(errors)) == (400, [field])


def test_no_json_is_said_to_be_no_json(box: Box) -> None:
    answer = HTTP.request("POST", f"{box.url}/text", body=b"\xff{", retries=False)

    assert (answer.status, answer.json()) == (400, {"body": ["must be a JSON object"]})


def test_the_front_page_shows_the_last_requests_and_escapes_them(box: Box) -> None:
    box.number("+919812340000", call="busy")
    for n in range(25):
        box.ask("POST", "/text", {**TEXT, "reference": f"message:{n}", "body": "<script>alert(1)</script>"})

    page = HTTP.request("GET", f"{box.url}/").data.decode()

    assert "message:24<" in page
    assert "message:5<" in page
    assert "message:4<" not in page
    assert "919812340000" in page
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert f"curl -X POST {box.url}/faults" in page
