"""Who is on the do-not-call list is neither rung nor texted about an agreed call; both may still dial in."""

from typing import Any

import pytest

from models import donotcall
from models.callrequests import CallRequest
from models.deliveries import Bridge, Text
from tests.api.looking import rows
from tests.callrequests.agreeing import (
    AT,
    QUARTER,
    Jump,
    be,
    number,
    planned,
    prefer,
    standing,
    steps,
    texts,
    work,
)
from tests.callrequests.entering import PHONE, Door
from tests.callrequests.members import Members
from tests.house import Client


@pytest.fixture
def to_be_rung(members: Members, jump: Jump) -> CallRequest:
    """Agreed, both to be rung."""
    prefer(members.rita, members.tom)
    return planned(members, jump)


@pytest.mark.parametrize("who", ["rita", "tom"])
def test_they_dial_in_when_one_wants_no_calls_as_they_agree(members: Members, jump: Jump, who: str):
    prefer(members.rita, members.tom)
    donotcall.add(number(getattr(members, who)), "text")
    assert planned(members, jump).way == "dial_in"
    donotcall.lift(number(getattr(members, who)), "text")
    assert planned(members, jump).way == "dial_out"


def test_who_asks_for_it_before_the_call_is_not_texted_or_rung_and_the_other_is_told_to_dial_in(
    members: Members, jump: Jump, to_be_rung: CallRequest
):
    donotcall.add(number(members.tom), "text")
    be(jump, AT - QUARTER)
    work("remind_party")
    work("send_text")
    be(jump, AT)
    work("ring_parties")

    assert (Bridge.select().count(), standing(to_be_rung), steps(to_be_rung)[-1]) == (0, "a", "not_connected")
    said: dict[str, Any] = dict(texts())
    assert said[number(members.rita)].endswith("Join by dialing +13125550100.")
    his = Text.get(Text.to == number(members.tom))
    assert (his.status, his.cause) == ("failed", donotcall.CAUSE)


def test_who_asks_for_it_after_the_dial_was_owed_is_not_rung(
    members: Members, jump: Jump, to_be_rung: CallRequest
):
    be(jump, AT)
    work("ring_parties")
    donotcall.add(number(members.rita), "text")
    work("dial")

    bridge = Bridge.get()
    assert (bridge.status, bridge.cause, bridge.attempts) == ("failed", donotcall.CAUSE, [])


def test_no_code_is_promised_to_a_phone_whose_owner_wants_no_texts(
    client: Client, members: Members, jump: Jump
):
    door, before = Door(client), rows()
    donotcall.add(f"+1{PHONE}", "text")

    asked = door.post("phone-token/", {"phone": PHONE})
    changed = door.patch({"phone": PHONE}, members.rita.token)

    assert {(answer.status_code, *answer.json) for answer in (asked, changed)} == {(424, "detail")}
    assert "START" in asked.json["detail"]
    after = {name: count for name, count in rows().items() if not name.startswith("do_not_call")}
    assert after["one_time_token"] == before["one_time_token"]
    assert after["delivery_text"] == before["delivery_text"]

    donotcall.lift(f"+1{PHONE}", "text")
    assert door.post("phone-token/", {"phone": PHONE}).status_code == 201
