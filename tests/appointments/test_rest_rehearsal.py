"""What would ring between two moments, asked of `/rest-api/rehearsal/`."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from models.appointments.alarms import SMS, Alarm, AlarmRequest
from models.appointments.calendars import CalendarSetting
from models.appointments.events import Event, Rule
from models.people.permissions import give
from tests.api.looking import statements
from tests.appointments.clinic import at
from tests.appointments.planned import AT, BASE, Planned

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = AT - 3 * HOUR  # a Monday of May, 2030, at seven
INDIAN = "+919876543210"


@pytest.fixture(autouse=True)
def at_seven(planned: Planned, jump: Callable[[float], None]) -> None:
    """Both managers' alarms are in three hours."""
    Alarm.update(due_at=AT).execute()
    AlarmRequest.delete().execute()
    jump(at(NOW))


def ask(planned: Planned, begin: str = "", end: str = "", **more: Any) -> Any:
    query = "&".join(f"{name}={text}" for name, text in (("from", begin), ("to", end)) if text)
    return planned.get(f"rehearsal/{'?' if query else ''}{query}", **more)


def test_the_next_day_is_told_when_nothing_is_said(planned: Planned) -> None:
    CalendarSetting.update(timezone="Europe/Berlin").execute()
    alarm = planned.mine.alarm
    Alarm.update(alarm_phonenumber=INDIAN).where(Alarm.id == alarm.id).execute()

    told = ask(planned).json

    assert (told["count"], told["more"]) == (1, False)
    assert datetime.fromisoformat(told["to"]) - datetime.fromisoformat(told["from"]) == DAY
    assert told["results"] == [
        {
            "at": "2030-05-06T10:00:00Z", "local": "2030-05-06T12:00:00+02:00", "timezone": "Europe/Berlin",
            "recipient_local": "2030-05-06T15:30:00+05:30", "recipient_timezone": "Asia/Calcutta",
            "due": "2030-05-06T10:00:00Z", "waits_for": [], "alarm": f"{BASE}/alarm/{alarm.id}/",
            "event": f"{BASE}/event/{planned.mine.event.id}/", "title": "Check-up", "start": "2030-05-06T10:00:00Z",
            "kind": "alarm", "again": False, "method": 1, "to": INDIAN, "why_not": None,
        }
    ]  # fmt: skip


def test_everybody_sees_his_own_and_superusers_see_all(planned: Planned) -> None:
    def seen(who: str) -> list[str]:
        return [row["alarm"] for row in ask(planned, user=who).json["results"]]

    mine, theirs = (f"{BASE}/alarm/{side.alarm.id}/" for side in (planned.mine, planned.theirs))
    assert (seen("mona"), seen("fred")) == ([mine], [theirs])
    assert seen("root") == [mine, theirs]
    assert ask(planned, user="doc").status_code == ask(planned, user="eve").status_code == 403
    assert ask(planned, user=None).status_code == 401
    give(planned.mine.user.id, ["view_event"])
    give(planned.eve.id, ["view_event"])
    assert (seen("doc"), seen("eve")) == ([mine], [])


def test_whom_it_would_reach_is_masked_for_who_may_not_view_alarms(planned: Planned) -> None:
    give(planned.mine.user.id, ["view_event"])
    masked = ask(planned, user="doc").json["results"][0]["to"]
    give(planned.mine.user.id, ["view_alarm"])

    assert (masked, ask(planned, user="doc").json["results"][0]["to"]) == ("hidden", "+15550100")


def test_moments_may_have_an_offset_or_none(planned: Planned) -> None:
    for begin, end in (
        ("2030-05-06T10:00:00Z", "2030-05-06T10:00:01Z"),
        ("2030-05-06T12:00:00%2B02:00", "2030-05-06T12:00:01%2B02:00"),
        ("2030-05-06 10:00", "2030-05-06T10:01"),
    ):
        assert ask(planned, begin, end).json["count"] == 1
    assert ask(planned, "2030-05-06T10:00:01Z", "2030-05-06T11:00:00Z").json["count"] == 0
    assert ask(planned, "2030-05-06T09:00:00Z", "2030-05-06T10:00:00Z").json["count"] == 0


@pytest.mark.parametrize(
    ("begin", "end", "wrong"),
    [
        ("tomorrow", "", "from"),
        ("", "1793000000", "to"),
        ("2030-05-06T10:00:00Z", "2030-05-06T10:00:00Z", "to"),
        ("2030-05-06T10:00:00Z", "2030-05-05T10:00:00Z", "to"),
        ("", "2031-06-06T10:00:00Z", "to"),
        ("2031-06-06T10:00:00Z", "2031-06-07T10:00:00Z", "from"),
        ("9998-12-31T23:59:59Z", "", "from"),
        ("0002-01-01T00:00:00Z", "0002-01-02T00:00:00Z", None),
    ],
)
def test_what_is_no_time_to_come_is_refused_by_its_field(
    planned: Planned, begin: str, end: str, wrong: str | None
) -> None:
    answer = ask(planned, begin, end)

    assert (answer.status_code, list(answer.json)) == (400, [wrong]) if wrong else answer.status_code == 200


@pytest.mark.parametrize(
    "text",
    [
        "%00",
        "a&from=b",
        "%F0%9F%95%B0",
        "٢٠٣٠-05-06T10:00",
        "2030-02-30T10:00",
        "-1",
        "9" * 5000,
        "%2B",
        "{}",
        "[]",
    ],
)
def test_nothing_that_is_no_moment_is_taken_for_one(planned: Planned, text: str) -> None:
    answer = ask(planned, text)

    assert (answer.status_code, list(answer.json)) == (400, ["from"])


def test_a_series_that_never_ends_is_bounded(planned: Planned) -> None:
    rule = Rule.create(name="Always", frequency="SECONDLY")
    side = planned.mine
    event = Event.create(
        title="Tick", start=AT, end=AT + HOUR, creator=side.user, calendar=side.calendar, rule=rule
    )
    Alarm.create(event=event, alarm_phonenumber="+15550100", date_start_notice=AT, method=SMS, due_at=AT)

    told = ask(planned, "2030-05-06T10:00:00Z", "2030-05-06T11:00:00Z").json
    assert (told["count"], told["more"]) == (1000, True)
    assert {row["why_not"] for row in told["results"] if row["title"] == "Tick"} == {
        "there is no template of a text"
    }
    assert ask(planned, end="2030-05-08T10:00:00Z").json == {
        "to": ["More happens until then than is looked at: choose an earlier time."]
    }


def test_it_takes_as_many_statements_for_every_caller(planned: Planned) -> None:
    ask(planned)
    counts = set()
    for who in ("mona", "root", "fred"):
        ask(planned, user=who)
        with statements() as asked:
            assert ask(planned, user=who).status_code == 200
        counts.add(len(asked))

    assert len(counts) == 1
    assert max(counts) <= 7


def test_it_is_listed_with_the_other_resources(planned: Planned) -> None:
    assert planned.get("").json["rehearsal"] == f"{BASE}/rehearsal/"
    assert planned.post("rehearsal/", {}).status_code == 405
