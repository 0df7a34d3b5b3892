"""The whole system: the two dial in through the carrier, meet, and hang up; or only one does, or one calls it off."""

import re
from collections.abc import Callable

import pytest

from models import logs, settings
from models.callrequests import CallRequest, Conference
from models.callrequests.meeting import ENDED, JOINED, LEFT, STARTED
from models.receipts import Receipt
from tests.callrequests.agreeing import Jump, cancelled, number, steps
from tests.callrequests.dialling import arranged, held, kept, status
from tests.callrequests.members import Member, Members
from tests.conformance import holds
from tests.house import Carrier, House, wait_for

pytestmark = [pytest.mark.pipeline, pytest.mark.timeout(120)]

LONG = {"talk_s": 600.0, "wait_s": 600.0}


@pytest.fixture
def request_now(house: House, members: Members, jump: Jump, carrier: Carrier) -> CallRequest:
    """Rita and tom have agreed on this midnight; at the phone both stay until they hang up."""
    for member in (members.rita, members.tom, members.eve):
        carrier.phone(number(member), **LONG)
    return arranged(members, jump)


@pytest.fixture
def dial(carrier: Carrier) -> Callable[..., str]:
    """Somebody dials in; his call's id, when it has come so far."""

    def dial(member: Member, until: str = "in room") -> str:
        ours = settings.current().conference_number
        call = carrier.inbound(channel="call", **{"from": number(member)}, to=ours)
        wait_for(lambda: carrier.calls_in()[call]["state"] == until)
        return call

    return dial


def all_told(carrier: Carrier) -> None:
    """Wait until the carrier has said all that there is to say."""
    wait_for(lambda: carrier.owes == 0)


@holds("§9 success: both were really in", "§9 join: greeting, room, two participants, callbacks")
def test_two_who_dial_in_and_hang_up_have_met(
    request_now: CallRequest, members: Members, carrier: Carrier, dial: Callable[..., str]
) -> None:
    calls = [dial(members.rita), dial(members.tom)]
    for call in calls:
        carrier.hang_up(call)
    all_told(carrier)

    (row,) = members.rita.get("conferences/").json["results"]
    logs_told = members.tom.get(f"conferences/{row['sid']}").json["logs"]
    assert (status(request_now), held(request_now)) == ("s", 1)
    assert sorted((log["user"], log["action"]) for log in logs_told) == sorted(
        [("Conference", STARTED), ("Conference", ENDED), ("Rita Requester", JOINED), ("Rita Requester", LEFT),
         ("Tom Brady", JOINED), ("Tom Brady", LEFT)]
    )  # fmt: skip
    assert members.rita.get(f"call-requests/{request_now.id}").json["status"] == "s"


@holds("§9 neither sees the other's number")
def test_nobody_is_shown_a_number(
    request_now: CallRequest, members: Members, carrier: Carrier, dial: Callable[..., str],
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    logs.configure("tests", least="DEBUG")
    calls = [dial(members.rita), dial(members.tom), dial(members.rita, until="over")]
    for call in calls:
        carrier.hang_up(call)
    dial(members.eve, until="over")
    all_told(carrier)

    told = carrier.calls_in().values()
    answers = [one.get("conferences/").text for one in (members.rita, members.tom)]
    answers += [members.rita.get(f"conferences/{Conference.get().sid}").text, *capfd.readouterr()]
    heard = [text for call in told for text in call["heard"]]
    assert {call["sees"] for call in told} == {settings.current().conference_number}
    assert not [
        digits
        for one in (members.rita, members.tom, members.eve)
        if (digits := number(one)[2:]) in re.sub(r"[^\w]", "", "".join([*answers, *heard]))
    ]


@pytest.mark.parametrize("who", ["rita", "tom"])
def test_one_who_dials_in_alone_has_met_nobody(
    request_now: CallRequest, members: Members, carrier: Carrier, dial: Callable[..., str], who: str
) -> None:
    carrier.hang_up(dial(getattr(members, who)))
    all_told(carrier)

    assert (status(request_now), kept()) == ("a", (1, 3, 1))


def test_one_who_dials_in_twice_has_met_nobody_and_fills_the_room(
    request_now: CallRequest, members: Members, carrier: Carrier, dial: Callable[..., str]
) -> None:
    calls = [dial(members.rita), dial(members.rita)]
    toms = dial(members.tom, until="over")
    for call in calls:
        carrier.hang_up(call)
    all_told(carrier)

    assert carrier.calls_in()[toms]["heard"][-1] == "The conference is full."
    assert status(request_now) == "a"


@holds("D-30")
def test_a_call_off_while_they_talk_stays_one(
    request_now: CallRequest, members: Members, carrier: Carrier, dial: Callable[..., str]
) -> None:
    calls = [dial(members.rita), dial(members.tom)]
    cancelled(request_now)
    for call in calls:
        carrier.hang_up(call)
    all_told(carrier)

    assert (status(request_now), held(request_now), steps(request_now)[-1]) == ("c", 0, "canceled")


def test_a_stranger_and_one_without_a_call_hear_so_and_meet_nobody(
    request_now: CallRequest, members: Members, carrier: Carrier, dial: Callable[..., str]
) -> None:
    eves = dial(members.eve, until="over")
    ours = settings.current().conference_number
    strangers = carrier.inbound(channel="call", **{"from": "+13129999999"}, to=ours)
    all_told(carrier)

    calls = carrier.calls_in()
    assert "no call" in calls[eves]["heard"][0]
    assert "do not know" in calls[strangers]["heard"][0]
    assert kept() == (0, 0, 0)


def test_reports_that_come_twice_at_once_change_nothing(
    request_now: CallRequest, members: Members, carrier: Carrier, dial: Callable[..., str]
) -> None:
    carrier.fault("callback_twice", "call")
    calls = [dial(members.rita), dial(members.tom)]
    for call in calls:
        carrier.hang_up(call)
    all_told(carrier)

    assert (status(request_now), held(request_now)) == ("s", 1)
    assert kept() == (1, 6, 2)


def test_what_the_carrier_was_asked_for_is_not_touched_by_who_calls_in(
    request_now: CallRequest, members: Members, carrier: Carrier, dial: Callable[..., str]
) -> None:
    carrier.hang_up(dial(members.rita))
    all_told(carrier)

    assert carrier.log("call") == []
    assert Receipt.select().where(Receipt.source == "conference.join").count() == 1
