"""`/carriers/simulator/`: what is heard in a call of one leg, turn by turn, and how it ended."""

from typing import Any

import pytest

from models.appointments.alarms import Alarm, AlarmRequest
from models.appointments.callrequests import AlarmCall
from models.appointments.surveys import SurveyAggregate
from models.deliveries import Ring
from models.settings import Settings
from tests.api.paper import HeldClient
from tests.api.test_simulator_reports import signed, told
from tests.appointments.surveys import reminder
from tests.appointments.test_rings import rung
from tests.house import Client, Staff

HANGUP = [{"do": "hangup"}]


@pytest.fixture
def client(home: Settings) -> Client:
    """The API, whose every answer is to be as the document promises."""
    return HeldClient()


@pytest.fixture
def ring(staff: Staff) -> Ring:
    return rung(staff.admin, reminder(staff.admin))[0]


def heard(client: Client, ring: Ring, turn: int, what: str, **more: Any) -> Any:
    data = {"id": "sim-1", "reference": ring.reference, "turn": turn, "what": what, **more}
    answer = told(client, "ring.heard", data)
    assert answer.status_code == 200
    return answer.json["outcome"], answer.json["actions"]


def over(client: Client, ring: Ring, **more: Any) -> Any:
    data = {"id": "sim-1", "reference": ring.reference, "cause": "NORMAL_CLEARING", "seconds": 4.5, **more}
    return told(client, "ring.ended", data)


def test_every_turn_is_answered_by_what_is_done_next(client: Client, ring: Ring):
    outcome, asked = heard(client, ring, 1, "answered", machine=False)
    assert outcome == "done"
    assert asked == [
        {"do": "speak", "text": asked[0]["text"], "language": "en"},
        {"do": "collect", "digits": 1, "timeout": 5, "finish": "#"},
    ]
    assert heard(client, ring, 2, "silence")[1] == asked

    assert heard(client, ring, 3, "digits", digits="2")[1] == [
        {"do": "speak", "text": "Cancelled.", "language": "en"},
        {"do": "speak", "text": "Good bye.", "language": "en"},
        {"do": "hangup"},
    ]
    assert Alarm.get().result == 2


def test_a_turn_that_is_told_twice_is_answered_alike_and_counted_once(client: Client, ring: Ring):
    heard(client, ring, 1, "answered")

    answers = [heard(client, ring, 2, "digits", digits="1", file=None) for _ in range(3)]
    other_words = heard(client, ring, 2, "digits", digits="3")

    assert answers[0] == answers[1] == answers[2] == other_words
    assert (Alarm.get().result, SurveyAggregate.get().count) == (1, 1)


@pytest.mark.parametrize("turn", [2, 9])
def test_a_turn_out_of_order_hangs_up_and_changes_nothing(client: Client, ring: Ring, turn: int):
    assert heard(client, ring, turn, "digits", digits="1")[1] == HANGUP
    assert (Ring.get().turn, Alarm.get().result) == (0, 0)


def test_a_call_that_is_over_is_hung_up_whatever_is_heard(client: Client, ring: Ring):
    heard(client, ring, 1, "answered", machine=True)

    assert [over(client, ring).json for _ in range(2)] == [{"outcome": "done"}] * 2
    assert heard(client, ring, 2, "digits", digits="1") == ("done", HANGUP)
    assert over(client, ring, cause="USER_BUSY").json == {"outcome": "done"}

    ring = Ring.get()
    assert (ring.status, ring.cause, ring.machine, ring.said) == ("delivered", None, False, "[]")
    assert Alarm.get().result == 0


def test_a_call_that_nobody_asked_for_is_hung_up(client: Client, staff: Staff):
    data = {"id": "x", "reference": "alarm:9:1", "turn": 1, "what": "answered"}

    assert told(client, "ring.heard", data).json == {"outcome": "unmatched", "actions": HANGUP}
    assert told(client, "ring.ended", {"id": "x", "cause": "USER_BUSY"}).json == {"outcome": "unmatched"}


@pytest.mark.parametrize(
    ("kind", "changes", "field"),
    [
        ("ring.heard", {"turn": 0}, "data.turn"),
        ("ring.heard", {"turn": True}, "data.turn"),
        ("ring.heard", {"turn": "1"}, "data.turn"),
        ("ring.heard", {"what": "noise"}, "data.what"),
        ("ring.heard", {"what": ["digits"]}, "data.what"),
        ("ring.heard", {"digits": 1}, "data.digits"),
        ("ring.heard", {"digits": "1" * 1001}, "data.digits"),
        ("ring.heard", {"seconds": -1}, "data.seconds"),
        ("ring.heard", {"seconds": "long"}, "data.seconds"),
        ("ring.heard", {"machine": "perhaps"}, "data.machine"),
        ("ring.heard", {"id": None}, "data.id"),
        ("ring.ended", {"cause": ""}, "data.cause"),
        ("ring.ended", {"cause": None}, "data.cause"),
        ("ring.ended", {"seconds": 1e9}, "data.seconds"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_name(
    client: Client, ring: Ring, kind: str, changes: Any, field: str
):
    data = {"id": "1", "reference": ring.reference, "turn": 1, "what": "answered", "cause": "USER_BUSY"}

    answer = told(client, kind, data | changes)

    assert (answer.status_code, list(answer.json)) == (400, [field])
    assert Ring.get().turn == 0


def test_a_report_that_is_not_signed_by_us_is_refused(client: Client, ring: Ring):
    data = {"id": "1", "reference": ring.reference, "turn": 1, "what": "answered"}

    answer = told(client, "ring.heard", data, headers=signed(b"{}"))

    assert (answer.status_code, Ring.get().turn) == (401, 0)


def test_a_callrequest_put_in_its_place_plays_no_survey_whose_id_its_template_has(client: Client, ring: Ring):
    own = AlarmCall.get(AlarmCall.alarm_request_id == ring.origin_id)
    other = AlarmCall.create(
        user=own.user, phone_number="+27", content_type="survey_template", object_id=own.object_id
    )
    AlarmRequest.update(callrequest=other).where(AlarmRequest.id == ring.origin_id).execute()

    assert heard(client, ring, 1, "answered") == ("done", HANGUP)
    assert not SurveyAggregate.select().exists()
