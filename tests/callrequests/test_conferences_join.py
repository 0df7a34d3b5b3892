"""Dialling in: who is let in to which room, and who is turned away."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models import settings
from models.callrequests import CallRequest, ConferenceCall, joining, moving
from models.callrequests.requests import ACCEPTED
from models.database import db, on_postgres
from models.people import User
from models.people.accounts import Account
from models.people.heroes import Hero
from models.receipts import Receipt
from tests.api.looking import rows
from tests.callrequests.agreeing import Jump, agreed, cancelled, number, offered
from tests.callrequests.dealing import QUARTER, quarter
from tests.callrequests.dialling import (
    RITAS,
    TOMS,
    arranged,
    be_before,
    conference,
    dial,
    response,
    room_of,
    spoken,
)
from tests.callrequests.members import Members, member
from tests.conformance import holds
from tests.house import Client

MINUTE = 60.0


@holds("POST /api/v1/conferences/webhook/join", "§9 join: greeting, room, two participants, callbacks")
def test_a_party_is_greeted_by_name_and_led_into_a_room_for_two(
    client: Client, members: Members, jump: Jump
) -> None:
    request = arranged(members, jump)

    answer = dial(client, members.rita, RITAS)

    room = conference(answer)
    assert "Rita" in spoken(answer)
    assert room is not None
    assert room.attrib == {
        "maxParticipants": "2",
        "statusCallback": f"{settings.current().api_url}/api/v1/conferences/webhook/event",
        "statusCallbackMethod": "POST",
        "statusCallbackEvent": "start end join leave",
    }
    call = ConferenceCall.get(ConferenceCall.sid == RITAS)
    assert (call.account_id, call.call_request_id) == (members.rita.account.id, request.id)


def test_both_parties_are_led_into_the_same_room(client: Client, members: Members, jump: Jump) -> None:
    arranged(members, jump)

    assert room_of(dial(client, members.rita, RITAS)) == room_of(dial(client, members.tom, TOMS))


@holds("D-26")
def test_two_of_a_heros_callers_never_share_a_room(client: Client, members: Members, jump: Jump) -> None:
    agreed(members.eve, members.tom, quarter(1))
    arranged(members, jump)

    assert room_of(dial(client, members.rita, RITAS)) != room_of(dial(client, members.eve, "CA-eve"))


def test_a_rooms_name_tells_nobodys(client: Client, members: Members, jump: Jump) -> None:
    """The provider asks for that: a room's name stands in its own logs."""
    arranged(members, jump)

    room = (room_of(dial(client, members.rita, RITAS)) or "").lower()

    assert not [name for name in ("rita", "requester", "tom", "brady") if name in room]


@holds("§9 join: unknown or unverified phone")
@pytest.mark.parametrize(
    "caller",
    ["+13129999999", "anonymous", "+266696687", "client:tom", "sip:tom@example.com", "x" * 320, " ", "+1312555000",
     "13125550001", "+1\u0663125550001"],
)  # fmt: skip
def test_a_strangers_number_is_told_so_and_dialled_nowhere(
    client: Client, members: Members, jump: Jump, caller: str
) -> None:
    arranged(members, jump)
    before = rows()

    answer = dial(client, caller, "CA-x")

    assert room_of(answer) is None
    assert spoken(answer)
    assert rows() == before


@holds("§9 join: unknown or unverified phone")
@pytest.mark.parametrize("why", ["unverified", "suspended", "erased"])
def test_an_unverified_suspended_or_erased_person_is_a_stranger(
    client: Client, members: Members, jump: Jump, why: str
) -> None:
    arranged(members, jump)
    stranger = spoken(dial(client, "+13129999999", "CA-x"))
    account = Account.id == members.rita.account.id
    match why:
        case "unverified":
            Account.update(phone_verified=False).where(account).execute()
        case "suspended":
            User.update(is_active=False).where(User.id == members.rita.account.user_id).execute()
        case "erased":
            Account.update(phone=None).where(account).execute()

    answer = dial(client, members.rita, RITAS)

    assert (room_of(answer), spoken(answer)) == (None, stranger)
    assert ConferenceCall.select().count() == 0


@holds("§9 join: nothing scheduled")
@pytest.mark.parametrize("state", ["none", "open", "no time", "canceled", "held", "a stranger's"])
def test_without_an_agreed_call_for_now_nothing_is_scheduled(
    client: Client, members: Members, jump: Jump, state: str
) -> None:
    if state == "no time":
        offered(members.rita, members.tom, quarter(0))
    if state in ("canceled", "held", "a stranger's"):
        request = arranged(members, jump)
    if state == "canceled":
        cancelled(request)
    if state == "held":
        assert moving.hold(request.id)
    if state == "open":
        CallRequest.create(
            requester=members.rita.account, hero=members.tom.hero_id, hero_account=members.tom.account,
            message="x", estimated_length=15,
        )  # fmt: skip
    before = rows()

    caller = members.eve if state == "a stranger's" else members.rita
    answer = dial(client, caller, "CA-x")

    assert room_of(answer) is None
    assert "no call" in spoken(answer)
    assert rows() == before


@holds("§9 join: the nearest request in the window", "D-25")
@pytest.mark.parametrize(
    ("early", "fits"),
    [(15 * MINUTE, True), (15 * MINUTE + 2, False), (0, True), (-120 * MINUTE + 2, True), (-120 * MINUTE - 2, False)],
)  # fmt: skip
def test_one_may_dial_in_from_a_quarter_before_to_two_hours_after(
    client: Client, members: Members, jump: Jump, early: float, fits: bool
) -> None:
    """The agreed time is a midnight in UTC, so that today's date is another one before it than after."""
    arranged(members, jump, early=early)

    assert (room_of(dial(client, members.rita, RITAS)) is not None) == fits
    assert (room_of(dial(client, members.tom, TOMS)) is not None) == fits


@holds("§9 join: the nearest request in the window")
@pytest.mark.parametrize(
    ("early", "nearest"), [(8 * MINUTE, 0), (7 * MINUTE, 1), (-7 * MINUTE, 1), (-8 * MINUTE, 2)]
)
def test_thenearest_of_several_calls_is_meant_whichever_part_one_has_in_it(
    client: Client, members: Members, jump: Jump, early: float, nearest: int
) -> None:
    """Tom is the hero of two of them, and asked for the third himself."""
    requests = [
        agreed(members.rita, members.tom, quarter(3)),
        agreed(members.tom, members.heidi, quarter(4)),
        agreed(members.eve, members.tom, quarter(5)),
    ]
    be_before(jump, requests[1], early)

    dial(client, members.tom, TOMS)

    assert ConferenceCall.get().call_request_id == requests[nearest].id


@holds("D-25")
def test_of_two_as_near_the_past_one_is_meant(members: Members, jump: Jump) -> None:
    first, second = (
        agreed(members.rita, hero, quarter(place)) for place, hero in ((0, members.tom), (1, members.heidi))
    )
    halfway = first.agreed_time + QUARTER / 2

    rita = members.rita.account.id
    assert joining.nearest(rita, halfway) == first.id
    assert joining.nearest(rita, halfway + timedelta(microseconds=1)) == second.id


@holds("§9 a replay adds nothing")
def test_the_same_call_again_is_answered_the_same_and_adds_nothing(
    client: Client, members: Members, jump: Jump
) -> None:
    request = arranged(members, jump)
    first = dial(client, members.rita, RITAS)
    before = rows()

    again = dial(client, members.rita, RITAS)
    cancelled(request)
    after = dial(client, members.rita, RITAS)

    assert first.text == again.text == after.text
    assert before["conference_call"] == rows()["conference_call"] == 1
    assert Receipt.select().where(Receipt.source == "conference.join").count() == 1


def test_one_who_calls_twice_has_two_calls(client: Client, members: Members, jump: Jump) -> None:
    arranged(members, jump)

    assert room_of(dial(client, members.rita, "CA-1")) == room_of(dial(client, members.rita, "CA-2"))
    assert ConferenceCall.select().count() == 2


@pytest.mark.parametrize("name", ["<Say>&amp;", "Ann\r\n\x07", "Zoë 漢字", "]]></Say><Hangup/>"])
def test_whatever_one_is_called_the_answer_is_xml_that_says_so(
    client: Client, members: Members, jump: Jump, name: str
) -> None:
    arranged(members, jump)
    User.update(first_name=name).where(User.id == members.rita.account.user_id).execute()

    answer = dial(client, members.rita, RITAS)

    assert "".join(filter(str.isprintable, name)) in spoken(answer)
    assert [verb.tag for verb in response(answer)] == ["Say", "Dial"]


def test_neither_number_is_in_any_answer(client: Client, members: Members, jump: Jump) -> None:
    arranged(members, jump)

    told = "".join(dial(client, one, sid).text for one, sid in ((members.rita, RITAS), (members.tom, TOMS)))

    assert not [digits for one in (members.rita, members.tom) if (digits := number(one)[2:]) in told]


def test_a_hero_whom_staff_have_declined_since_still_keeps_his_calls(
    client: Client, members: Members, jump: Jump
) -> None:
    arranged(members, jump)
    Hero.update(accepted=False, active=False).execute()

    assert room_of(dial(client, members.tom, TOMS)) is not None


def test_the_answer_names_the_address_that_operators_gave_us(
    client: Client, members: Members, jump: Jump
) -> None:
    settings.use(replace(settings.current(), api_url="https://calls.example.com/trunk"))
    arranged(members, jump)

    room = conference(dial(client, members.rita, RITAS))

    assert room is not None
    assert room.get("statusCallback") == "https://calls.example.com/trunk/api/v1/conferences/webhook/event"


def test_ones_calls_are_found_by_the_indexes_made_for_it(members: Members, client: Client) -> None:
    offers = [offered(members.rita, hero, quarter(0)) for hero in (members.tom, members.heidi)]
    rows = [request.__data__ | {"status": ACCEPTED, "agreed_time": quarter(0)} for request in offers]
    copies = [{name: value for name, value in row.items() if name != "id"} for row in rows * 300]
    window = (members.rita.account.id, quarter(1), quarter(2))
    explain = "EXPLAIN " if on_postgres() else "EXPLAIN QUERY PLAN "

    with db.atomic() as transaction:
        CallRequest.insert_many(copies).execute()
        db.obj.execute_sql("ANALYZE call_request")
        plan = str(db.obj.execute_sql(explain + joining.FITTING.text, (*window, *window)).fetchall())
        transaction.rollback()

    assert "call_request_agreed_requester" in plan
    assert "call_request_agreed_hero" in plan


def test_a_number_that_changes_hands_during_a_call_changes_nothing_of_it(
    client: Client, members: Members, jump: Jump
) -> None:
    arranged(members, jump)
    first = dial(client, members.rita, RITAS)
    Account.update(phone=None).where(Account.id == members.rita.account.id).execute()
    newcomer = member(client, "New", "Comer", phone=members.rita.account.phone)

    again = dial(client, newcomer, RITAS)

    assert again.text == first.text
    assert room_of(dial(client, newcomer, "CA-new")) is None
