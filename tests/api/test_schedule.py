"""`/mentor/schedule/`: a mentor plans calls, moves and cancels them, and his mentee is told each time."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.times import read
from models import clock, settings
from models.deliveries import Text
from models.ledger import LedgerRow
from models.mentoring import Activity, Call, Message, ScheduledCall
from models.people import Contact
from tests.api.calls_at_work import just_now
from tests.api.looking import rows, statements
from tests.api.planning import PATH, ahead, events, reminders, scheduled, set_clock, texts
from tests.conformance import holds
from tests.house import ADMIN, MENTEE, MENTOR, NUMBERS, SERVICE, STRANGER, Client, Staff

Jump = Callable[[float], None]

CHRISTMAS = "2016-12-23T17:30:00Z"
DECEMBER = datetime(2016, 12, 1, tzinfo=UTC)
KEYS = {"id", "created_at", "call_time", "caller", "callee", "activity"}
FORM = "Write a date and a time in ISO 8601, like 2016-12-23T17:30:00Z."
NOWHERE = "There is no such date or time; write one like 2016-12-23T17:30:00Z."


@pytest.fixture
def december(staff: Staff, jump: Jump) -> Staff:
    """It is the first of December 2016, a while before the reference's scheduled call."""
    set_clock(jump, DECEMBER)
    return staff


def _change(client: Client, verb: str, call_time: Any, number: int = 1, **more: Any) -> Any:
    return client.ask(verb, f"{PATH}{number}/", {"call_time": call_time}, **more)


@holds(
    "POST /mentor/schedule/", "POST /mentor/schedule/: call_time", "POST /mentor/schedule/ texts the mentee"
)
@holds("ScheduledCall.created_at", "ScheduledCall.call_time", "ScheduledCall.caller", "ScheduledCall.callee")
@holds("ScheduledCall.notify_callee()", "ScheduledCall.notify_callee_scheduled()", "event call_scheduled")
@holds("commands: POST /mentor/schedule/")
def test_a_scheduled_call_is_kept_told_and_will_be_reminded_of(client: Client, december: Staff) -> None:
    answer = client.post(PATH, {"call_time": CHRISTMAS})

    shown, message, text = answer.json, Message.get(), Text.get()
    assert (answer.status_code, set(shown), shown["call_time"]) == (201, KEYS, CHRISTMAS)
    assert (shown["caller"], shown["callee"], shown["activity"]) == (
        december.mentor.id,
        december.mentee.id,
        None,
    )
    assert just_now(ScheduledCall.get().created_at)
    assert events() == ["call_scheduled"]
    assert (message.message_type, message.sender_id, message.recipient_id) == (
        "system", december.mentor.id, december.mentee.id,
    )  # fmt: skip
    assert message.content == "Your mentor will call you on Friday 23 December 2016 at 23:00 (IST)."
    assert (text.to.e164(), text.body) == (NUMBERS[MENTEE], message.content)
    owed = [row.name for row in LedgerRow.select().order_by(LedgerRow.id)]
    assert owed == ["send_text", "remind", "remind", "remind", "remind"]


@holds("GET /mentor/schedule/", "GET /mentor/schedule/(id)")
def test_it_reads_the_same_when_made_listed_looked_up_and_changed_by_nothing(
    client: Client, december: Staff
) -> None:
    made = scheduled(client, CHRISTMAS)

    assert client.get(PATH).json == {"count": 1, "next": None, "previous": None, "results": [made]}
    assert client.get(f"{PATH}1/").json == made
    assert client.ask("PATCH", f"{PATH}1/", {}).json == made


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2016-12-23T17:30:00Z", "2016-12-23T17:30:00Z"),
        ("2016-12-23T17:30", "2016-12-23T17:30:00Z"),
        ("2016-12-23T17:30Z", "2016-12-23T17:30:00Z"),
        ("2016-12-23T17:30:00", "2016-12-23T17:30:00Z"),
        ("2016-12-23T23:00:00+05:30", "2016-12-23T17:30:00Z"),
        ("2016-12-23T23:00+0530", "2016-12-23T17:30:00Z"),
        ("2016-12-24T05:30+12", "2016-12-23T17:30:00Z"),
        ("2016-12-23T07:30:00-10:00", "2016-12-23T17:30:00Z"),
        ("2016-12-31T23:30:00-01:00", "2017-01-01T00:30:00Z"),
        ("2016-12-23T17:30:00.25Z", "2016-12-23T17:30:00.250000Z"),
        ("2016-12-23T17:30:00,000001Z", "2016-12-23T17:30:00.000001Z"),
        ("2016-12-23T17:30:00.123456789Z", "2016-12-23T17:30:00.123456Z"),
        ("20161223T173000Z", "2016-12-23T17:30:00Z"),
        ("20161223T1730", "2016-12-23T17:30:00Z"),
        ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"),
        ("9998-12-31T23:59:59.999999Z", "9998-12-31T23:59:59.999999Z"),
    ],
)
@holds("M-4")
def test_a_time_is_iso_8601_and_without_an_offset_utc(
    client: Client, december: Staff, written: str, meant: str
) -> None:
    assert scheduled(client, written)["call_time"] == meant


@pytest.mark.parametrize(
    ("written", "told"),
    [
        *[(odd, FORM) for odd in (
            "", " ", "tomorrow", "now", "2016-12-23", "17:30", "17:30:00Z", "2016-12-23 17:30:00Z", "2016-12-23t17:30z",
            " 2016-12-23T17:30Z", "2016-12-23T17:30Z ", "2016-12-23T17:30\n", "23/12/2016 17:30", "12/23/2016T17:30",
            "2016-12-23T17", "2016-12-23T5:30Z", "2016-12-23T17:30:00.Z", "2016-12-23T17:30:00 +05:30",
            "2016-W51-5T17:30Z", "2016-358T17:30Z", "20161223T17:30Z", "2016-12-23T1730Z", "16-12-23T17:30Z",
            "+02016-12-23T17:30Z", "-2016-12-23T17:30Z", "12016-12-23T17:30Z", "2016-12-23T17:30:00Zulu",
            "2016-12-23T17:30:00+5:30", "2016-12-23T17:30+05:60",
            "2016-12-23T17:30:00\u221205:30", "٢٠١٦-١٢-٢٣T17:30Z", "1482514200", "P1D",
            "2016-12-23T17:30:00[Asia/Kolkata]", "2016-12-23T17:30:00.1234567890Z", 1482514200, 1.5, True, False,
            [], {}, [CHRISTMAS], {"time": CHRISTMAS}, None,
        )],
        *[(none, NOWHERE) for none in (
            "2016-13-01T00:00Z", "2016-00-10T00:00Z", "2017-02-29T00:00Z", "2016-12-32T00:00Z", "2016-12-23T24:00Z",
            "2016-12-23T23:60Z", "2016-12-31T23:59:60Z", "2016-12-23T17:30+24:00",
            "0000-01-01T00:00Z", "0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00",
        )],
        ("9999-01-01T00:00Z", "Write a year up to 9998."),
        ("2016-11-30T23:59:59Z", "Write a time in the future."),
        ("1970-01-01T00:00Z", "Write a time in the future."),
        ("0001-01-01T00:00Z", "Write a time in the future."),
    ],
)  # fmt: skip
@holds("M-4", "M-29")
def test_any_other_time_is_refused_in_words_and_changes_nothing(
    client: Client, december: Staff, written: Any, told: str
) -> None:
    scheduled(client, CHRISTMAS)
    before = rows()

    for answer in (
        client.post(PATH, {"call_time": written}),
        *[_change(client, v, written) for v in ("PUT", "PATCH")],
    ):
        assert (answer.status_code, answer.json) == (400, {"call_time": [told]})

    assert (rows(), client.get(f"{PATH}1/").json["call_time"]) == (before, CHRISTMAS)


@given(
    st.one_of(
        st.text(max_size=40), st.from_regex(r"[0-9T:Z+-]{4,30}"), st.datetimes().map(datetime.isoformat)
    )
)
def test_whatever_is_written_is_a_moment_in_utc_or_refused(text: str) -> None:
    with suppress(ValueError):
        assert read(text).utcoffset() == timedelta()


def test_the_present_moment_is_not_ahead(client: Client, staff: Staff) -> None:
    assert client.post(PATH, {"call_time": ahead()}).json == {"call_time": ["Write a time in the future."]}


@pytest.mark.parametrize("verb", ["POST", "PUT"])
def test_the_time_is_required(client: Client, staff: Staff, verb: str) -> None:
    scheduled(client)

    answer = client.ask(verb, PATH if verb == "POST" else f"{PATH}1/", {"activity": None})

    assert (answer.status_code, list(answer.json)) == (400, ["call_time"])


@holds("ScheduledCall.activity")
def test_a_scheduled_call_may_be_about_an_activity(client: Client, staff: Staff) -> None:
    activity = Activity.create(title="Reading aloud")

    made = client.post(PATH, {"call_time": ahead(days=1), "activity": activity.id}).json
    without = client.post(PATH, {"call_time": ahead(days=1), "activity": None}).json

    assert (made["activity"], without["activity"]) == (activity.id, None)


@pytest.mark.parametrize("activity", [2, 99, 0, -1, 2**63, 10**30, "1", "x", 1.0, 1.5, True, [], {}, [1]])
def test_an_activity_that_is_not_offered_is_refused(client: Client, staff: Staff, activity: Any) -> None:
    Activity.create(title="Reading aloud")
    Activity.create(title="Out of fashion", active=False)
    before = rows()

    answer = client.post(PATH, {"call_time": ahead(days=1), "activity": activity})

    assert (answer.status_code, list(answer.json)) == (400, ["activity"])
    assert rows() == before


@pytest.mark.parametrize("verb", ["PUT", "PATCH"])
@holds(
    "PUT /mentor/schedule/(id)",
    "PUT /mentor/schedule/(id): call_time",
    "PUT /mentor/schedule/(id) texts the mentee",
)
@holds("PATCH /mentor/schedule/(id)", "PATCH /mentor/schedule/(id): call_time")
@holds("PATCH /mentor/schedule/(id) texts the mentee", "ScheduledCall.notify_callee_rescheduled()")
@holds("event call_rescheduled", "commands: PUT/PATCH /mentor/schedule/(id)")
def test_a_moved_call_is_told_and_its_reminders_move_with_it(
    client: Client, december: Staff, verb: str
) -> None:
    made = scheduled(client, CHRISTMAS)

    answer = _change(client, verb, "2016-12-24T18:30:00+00:00")

    assert (answer.status_code, answer.json) == (200, {**made, "call_time": "2016-12-24T18:30:00Z"})
    assert texts()[1:] == [
        "Your mentor has moved your call. It is now on Sunday 25 December 2016 at 00:00 (IST)."
    ]
    assert events() == ["call_scheduled", "call_rescheduled"]
    new = datetime(2016, 12, 24, 18, 30, tzinfo=UTC)
    assert reminders() == [
        ("day_before", new, new - timedelta(days=1)),
        ("hour_before", new, new - timedelta(hours=1)),
        ("quarter_hour_before", new, new - timedelta(minutes=15)),
        ("at_time", new, new),
    ]


@pytest.mark.parametrize("verb", ["PUT", "PATCH"])
@pytest.mark.parametrize("same", [CHRISTMAS, "2016-12-23T23:00:00+05:30", "2016-12-23T17:30:00.000000"])
def test_the_same_instant_again_is_fine_and_sends_nothing(
    client: Client, december: Staff, jump: Jump, verb: str, same: str
) -> None:
    made = scheduled(client, CHRISTMAS)
    before = rows()

    answers = [_change(client, verb, same)]
    set_clock(jump, DECEMBER + timedelta(days=60))  # long over, and still the same instant
    answers.append(_change(client, verb, same))

    assert [(answer.status_code, answer.json) for answer in answers] == [(200, made)] * 2
    assert rows() == before


@pytest.mark.parametrize("body", [{}, {"activity": 7}, {"id": 9, "caller": 1, "created_at": "x"}])
def test_a_patch_without_a_time_changes_nothing(client: Client, staff: Staff, body: dict[str, Any]) -> None:
    made = scheduled(client)
    before = rows()

    answer = client.ask("PATCH", f"{PATH}1/", body)

    assert (answer.status_code, answer.json, rows()) == (200, made, before)


def test_a_call_may_be_moved_as_often_as_one_likes_and_each_time_is_told(
    client: Client, december: Staff
) -> None:
    scheduled(client, CHRISTMAS)

    for day in (24, 25, 24):
        _change(client, "PUT", f"2016-12-{day}T17:30:00Z")

    assert events() == ["call_scheduled"] + ["call_rescheduled"] * 3
    assert len(texts()) == 4
    assert {when.day for _, when, _ in reminders()} == {24}


def test_a_call_that_is_over_may_be_moved_to_a_time_ahead(client: Client, staff: Staff, jump: Jump) -> None:
    scheduled(client, ahead(hours=1))
    jump(2 * 3600)

    answer = _change(client, "PUT", ahead(hours=1))

    assert (answer.status_code, len(texts())) == (200, 2)


@holds(
    "DELETE /mentor/schedule/(id)", "DELETE /mentor/schedule/(id) texts the mentee", "event call_cancelled"
)
@holds("ScheduledCall.notify_callee_cancelled()", "ScheduledCall.cancelled_at", "M-18", "M-30")
@holds("commands: DELETE /mentor/schedule/(id)")
def test_a_cancelled_call_is_told_and_gone_but_kept_in_the_database(client: Client, december: Staff) -> None:
    scheduled(client, CHRISTMAS)

    answer = client.ask("DELETE", f"{PATH}1/")

    assert (answer.status_code, answer.content) == (204, b"")
    assert texts()[1:] == ["Your mentor has cancelled your call on Friday 23 December 2016 at 23:00 (IST)."]
    assert (events(), reminders()) == (["call_scheduled", "call_cancelled"], [])
    assert just_now(ScheduledCall.get().cancelled_at)
    again = [
        client.ask(verb, f"{PATH}1/", {"call_time": CHRISTMAS}) for verb in ("GET", "PUT", "PATCH", "DELETE")
    ]
    assert [answer.status_code for answer in again] == [404] * 4
    assert client.get(PATH).json["results"] == []
    assert (len(texts()), events()) == (2, ["call_scheduled", "call_cancelled"])


def test_a_call_that_is_over_is_cancelled_without_a_word_to_the_mentee(
    client: Client, staff: Staff, jump: Jump
) -> None:
    scheduled(client, ahead(hours=1))
    jump(3601)

    assert client.ask("DELETE", f"{PATH}1/").status_code == 204
    assert (len(texts()), events()) == (1, ["call_scheduled", "call_cancelled"])


@holds(
    "404 GET /mentor/schedule/(id) of another mentor",
    "role table: /mentor/{call,message,event,task,schedule}/",
)
def test_others_scheduled_calls_do_not_exist_for_a_mentor(client: Client, staff: Staff) -> None:
    theirs = scheduled(client, user=STRANGER)
    before = rows()

    answers = [
        client.ask(verb, f"{PATH}{theirs['id']}/", body)
        for verb in ("GET", "PUT", "PATCH", "DELETE")
        for body in ({"call_time": ahead(days=1)}, {"call_time": "nonsense"}, None)
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert (client.get(PATH).json["count"], rows()) == (0, before)
    assert client.get(f"{PATH}{theirs['id']}/", user=STRANGER).json == theirs


@pytest.mark.parametrize("user", [ADMIN, MENTEE, SERVICE])
def test_only_mentors_have_a_schedule(client: Client, staff: Staff, user: str) -> None:
    scheduled(client)

    for verb, path in [(v, PATH) for v in ("GET", "POST")] + [
        (v, f"{PATH}1/") for v in ("GET", "PUT", "PATCH", "DELETE")
    ]:
        assert client.ask(verb, path, {"call_time": ahead(days=1)}, user=user).status_code == 403


def test_every_other_verb_and_id_is_refused(client: Client, staff: Staff) -> None:
    scheduled(client)

    assert {client.ask(v, PATH).status_code for v in ("PUT", "PATCH", "DELETE")} == {405}
    assert client.ask("POST", f"{PATH}1/").status_code == 405
    assert set(client.ask("POST", f"{PATH}1/").headers["allow"].split(", ")) >= {
        "GET",
        "PUT",
        "PATCH",
        "DELETE",
    }
    for odd in ("0", "99", "x", "1.0", "-1", "1e3", "9" * 30, "%31%20", "١"):
        for verb in ("GET", "PUT", "DELETE"):
            assert client.ask(verb, f"{PATH}{odd}/", {"call_time": ahead(days=1)}).status_code == 404, odd


def test_the_list_has_pages_in_order_of_making(client: Client, staff: Staff) -> None:
    made = [scheduled(client, ahead(days=20 - n))["id"] for n in range(12)]
    client.ask("DELETE", f"{PATH}{made[3]}/")
    del made[3]

    first, second = client.get(PATH).json, client.get(f"{PATH}?page=2").json

    assert [row["id"] for row in first["results"] + second["results"]] == made
    assert (first["count"], first["previous"], second["next"]) == (11, None, None)
    assert client.get(f"{PATH}?page=3").status_code == 404


def test_the_text_goes_to_the_mentee_of_that_day_and_tells_no_number_and_no_name(
    client: Client, staff: Staff
) -> None:
    made = scheduled(client)
    Contact.update(mentee=staff.other_mentee).where(Contact.id == staff.mentor.id).execute()

    _change(client, "PUT", ahead(days=3))
    client.ask("DELETE", f"{PATH}{made['id']}/")

    assert {text.to.e164() for text in Text.select()} == {NUMBERS[MENTEE]}
    assert len(texts()) == 3
    parts = [number[at : at + 5] for number in NUMBERS.values() for at in range(1, len(number) - 4)]
    assert not any(word in text.lower() for text in texts() for word in (MENTOR, MENTEE, "+", *parts))
    assert [event["event_type"] for event in client.get("/mentor/event/").json["results"]] == events()
    assert {message["message_type"] for message in client.get("/mentor/message/").json["results"]} == {
        "system"
    }


@pytest.mark.parametrize(
    ("zone", "written", "told"),
    [
        ("Asia/Kolkata", "2017-01-01T18:29:59Z", "Sunday 1 January 2017 at 23:59 (IST)"),
        ("Asia/Kolkata", "2017-01-01T18:30:00Z", "Monday 2 January 2017 at 00:00 (IST)"),
        ("UTC", "2017-01-01T18:30:00Z", "Sunday 1 January 2017 at 18:30 (UTC)"),
        ("Europe/Berlin", "2017-03-26T00:59:00Z", "Sunday 26 March 2017 at 01:59 (CET)"),
        ("Europe/Berlin", "2017-03-26T01:00:00Z", "Sunday 26 March 2017 at 03:00 (CEST)"),
        ("Europe/Berlin", "2017-10-29T00:30:00Z", "Sunday 29 October 2017 at 02:30 (CEST)"),
        ("Europe/Berlin", "2017-10-29T01:30:00Z", "Sunday 29 October 2017 at 02:30 (CET)"),
        ("America/Sao_Paulo", "2019-07-01T12:00:00Z", "Monday 1 July 2019 at 09:00 (UTC-03)"),
        ("Pacific/Kiritimati", "9998-12-31T23:59:59Z", "Friday 1 January 9999 at 13:59 (UTC+14)"),
    ],
)
def test_the_text_tells_the_time_in_the_tools_local_zone(
    client: Client, december: Staff, zone: str, written: str, told: str
) -> None:
    settings.use(replace(settings.current(), local_zone=zone))

    scheduled(client, written)

    assert texts() == [f"Your mentor will call you on {told}."]


def test_a_text_is_of_no_use_after_the_call(client: Client, staff: Staff) -> None:
    soon = scheduled(client, ahead(minutes=10))
    scheduled(client, ahead(days=2))

    ends = [
        row.expires_at
        for row in LedgerRow.select().where(LedgerRow.name == "send_text").order_by(LedgerRow.id)
    ]

    assert ends[0] == ScheduledCall.get_by_id(soon["id"]).call_time
    assert ends[1] - clock.now() < timedelta(hours=4)


def test_a_repeated_post_is_the_first_one(client: Client, staff: Staff, jump: Jump) -> None:
    body, key = {"call_time": ahead(hours=1)}, {"Idempotency-Key": "1"}
    first = client.post(PATH, body, headers=key)
    before = rows()
    jump(2 * 3600)  # the answer was lost for so long that the time is past

    again = client.post(PATH, body, headers=key)
    other = client.post(PATH, {"call_time": ahead(hours=1)}, headers=key)

    assert (again.status_code, again.json) == (201, first.json)
    assert again.headers["idempotent-replayed"] == "true"
    assert (other.status_code, rows()) == (422, before)


def test_a_refused_post_does_not_use_up_its_key(client: Client, staff: Staff) -> None:
    key = {"Idempotency-Key": "1"}
    client.post(PATH, {"call_time": CHRISTMAS}, headers=key)

    assert client.post(PATH, {"call_time": ahead(days=1)}, headers=key).status_code == 201


@pytest.mark.parametrize(
    ("minutes", "linked"), [(-30.5, False), (-29.9, True), (0, True), (59.9, True), (60.5, False)]
)
@holds("Call.scheduled_call", "Call.activity", "M-20")
def test_a_call_around_the_scheduled_time_is_that_call(
    client: Client, staff: Staff, jump: Jump, minutes: float, linked: bool
) -> None:
    activity = Activity.create(title="Reading aloud").id
    plan = client.post(PATH, {"call_time": ahead(days=1), "activity": activity}).json["id"]
    jump(86400 + minutes * 60)

    call = client.post("/mentor/call/").json

    assert (call["scheduled_call"], call["activity"]) == ((plan, activity) if linked else (None, None))


def test_a_call_is_the_nearest_of_those_scheduled_and_never_a_cancelled_or_anothers(
    client: Client, staff: Staff, jump: Jump
) -> None:
    plans = {minutes: scheduled(client, ahead(minutes=minutes))["id"] for minutes in (60, 70, 85, 100)}
    scheduled(client, ahead(minutes=81), user=STRANGER)
    gone = scheduled(client, ahead(minutes=82))["id"]
    client.ask("DELETE", f"{PATH}{gone}/")
    linked = []
    for minutes in (62, 66, 76, 79, 82, 120):
        jump(minutes * 60)
        linked.append(client.post("/mentor/call/").json["scheduled_call"])

    assert linked == [plans[60], plans[70], plans[70], plans[85], plans[85], plans[100]]


def test_finding_the_scheduled_call_is_one_more_statement_however_many_there_are(
    client: Client, staff: Staff
) -> None:
    client.post("/mentor/call/")
    counts = []
    for plans in (0, 20):
        for n in range(plans):
            scheduled(client, ahead(minutes=n + 1))
        with statements() as seen:
            client.post("/mentor/call/")
        counts.append(len(seen))

    assert counts[0] == counts[1]
    assert Call.select().order_by(Call.id.desc()).get().scheduled_call == 1


@holds("M-37")
def test_a_mentees_text_goes_to_the_mentor_who_scheduled_a_call_last(
    client: Client, staff: Staff, jump: Jump
) -> None:
    Contact.update(mentee=staff.mentee).where(Contact.id == staff.stranger.id).execute()

    def written() -> int | None:
        body = {"mobile": NUMBERS[MENTEE], "text": "hi"}
        assert client.post("/comms/onion_dev_message/", body, user=SERVICE).status_code == 201
        return Message.select().order_by(Message.id.desc()).get().recipient_id  # type: ignore[no-any-return]  # Peewee is untyped

    told = [written()]
    ScheduledCall.create(
        caller=staff.stranger, callee=staff.mentee, call_time=clock.now() + timedelta(days=7),
        created_at=clock.now() + timedelta(seconds=60),
    )  # fmt: skip
    told.append(written())
    jump(120)
    client.post("/mentor/message/", {"content": "hi"})  # what is to come next week is no contact yet
    told.append(written())

    assert told == [staff.mentor.id, staff.stranger.id, staff.mentor.id]
