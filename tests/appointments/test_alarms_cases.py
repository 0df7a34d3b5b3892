"""What people keep calendars for, as the books have it: to be woken, to be reminded of visits, to tell things apart."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models import flow, periodic
from models.appointments.alarms import CALL, PENDING, RETRY, SMS, SUCCESS, Alarm
from models.appointments.events import Event, Rule
from models.appointments.surveys.sealing import seal
from models.appointments.surveys.sections import RATING
from models.database import transaction
from models.deliveries import life
from tests.api.paper import HeldClient
from tests.appointments.clinic import (
    MINUTE,
    Clinic,
    accept,
    attempt,
    fresh,
    mails,
    perform,
    requests,
    rings,
    statuses,
    texts,
)
from tests.appointments.surveys import written
from tests.appointments.test_ring_reports import heard
from tests.conformance import holds
from tests.house import run_due

Be = Callable[[datetime], None]
SEVEN = datetime(2027, 3, 2, 7, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def be(jump: Callable[[float], None]) -> Be:
    """Move the product's clock to a moment, and a second more."""
    return lambda moment: jump((moment - datetime.now(UTC)).total_seconds() + 1)


def next_day(root: Event) -> Alarm:
    """The alarm of its only occurrence."""
    (child,) = Event.select().where(Event.parent_event == root.id)
    (copy,) = Alarm.select().where(Alarm.event == child.id)
    return copy  # type: ignore[no-any-return]  # Peewee is untyped


@holds("case: a wake-up call with retries", "alarm setting: max retry", "alarm setting: retry delay")
def test_a_heavy_sleeper_is_called_until_he_wakes_up_and_the_next_day_as_often(
    clinic: Clinic, be: Be
) -> None:
    be(SEVEN - HOUR)
    daily = Rule.create(name="Daily", frequency="DAILY")
    root = clinic.event(start=SEVEN, end=SEVEN + HOUR, rule=daily)
    alarm = clinic.alarm(root, date_start_notice=SEVEN, maxretry=3, retry_delay=300)

    for number, cause in enumerate(("NO_ANSWER", "NO_ANSWER", "NORMAL_CLEARING")):
        be(SEVEN + number * 6 * MINUTE)
        attempt(alarm, cause)
    periodic.turn("dispatch_events", timedelta(0))
    run_due()

    assert (fresh(alarm).status, statuses(alarm)) == (SUCCESS, [RETRY, RETRY, SUCCESS])
    copy = next_day(root)
    assert (copy.status, copy.num_attempt, copy.due_at) == (PENDING, 0, SEVEN + DAY)
    be(SEVEN + DAY)
    perform()
    assert len(rings(copy)) == 1


@holds(
    "case: a reminder 24 hours before says doctor and date", "case: an SMS an hour before besides",
    "alarm setting: advance notice",
)  # fmt: skip
def test_a_patient_is_called_a_day_before_and_texted_an_hour_before(clinic: Clinic, be: Be) -> None:
    question = "You have an appointment with Doctor {doc_name} at {apt_date}: press 1, 2 or 3"
    survey = seal(written(clinic.manager, {"type": RATING, "question": question, "rating_laps": 3}).id)
    be(SEVEN - 2 * DAY)
    data = '{"doc_name": "Who", "apt_date": "2 March, 7 o\'clock", "name": "Ada"}'
    visit = clinic.event(start=SEVEN, end=SEVEN + HOUR, data=data)
    call = clinic.alarm(visit, method=CALL, date_start_notice=SEVEN, advance_notice=86400, survey=survey)
    text = clinic.alarm(visit, method=SMS, date_start_notice=SEVEN, advance_notice=3600)

    def asked() -> tuple[int, int]:
        perform()
        return len(rings(call)), len(texts(text))

    be(SEVEN - DAY - MINUTE)
    before = asked()
    be(SEVEN - DAY)
    the_day_before = asked()
    (ring,) = rings(call)
    accept(ring)
    _, (spoken, *_) = heard(HeldClient(), ring, 1, "answered", machine=False)
    heard(HeldClient(), ring, 2, "digits", digits="1")
    be(SEVEN - HOUR - MINUTE)
    still = asked()
    be(SEVEN - HOUR)

    assert [before, the_day_before, still, asked()] == [(0, 0), (1, 0), (1, 0), (1, 1)]
    assert spoken["text"] == (
        "You have an appointment with Doctor Who at 2 March, 7 o'clock: press 1, 2 or 3"
    )
    assert fresh(call).result == 1


@holds(
    "§5.1 jobs: events are dispatched at least every 60 s",
    "§5.1 jobs: alarms and their requests are dispatched at least every 6 s",
)
def test_nobody_waits_longer_for_the_dispatchers_than_the_books_say() -> None:
    every = flow.current().every

    assert every["dispatch_events"] <= timedelta(seconds=60)
    assert every["dispatch_alarms"] <= timedelta(seconds=6)


@holds("codes: mail spool status", "§5.15 mail: claimed, sent from, subject, both parts")
@pytest.mark.parametrize("taken", [True, False])
def test_a_mail_waits_is_claimed_and_is_then_sent_or_has_failed(clinic: Clinic, taken: bool) -> None:
    """Pending, in process, sent and failure, as deliveries call them."""
    alarm = clinic.alarm(method=3)
    perform()
    (mail,) = mails(alarm)
    walk = [mail.status]
    begun = mail.begin("simulator", 1)
    walk.append(fresh_mail(alarm).status)
    with transaction():
        if taken:
            fresh_mail(alarm).accepted(begun, "c1")
        else:
            fresh_mail(alarm).fail("no such mailbox")

    walk.append(fresh_mail(alarm).status)
    assert walk == [life.QUEUED, life.SENDING, life.SENT if taken else life.FAILED]
    assert requests(alarm) == []


def fresh_mail(alarm: Alarm) -> Any:
    return mails(alarm)[0]
