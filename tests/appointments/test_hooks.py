"""Customers' own systems are told what was answered to an alarm: signed, once, and until they have heard it."""

import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import standardwebhooks

from models import events, hints, settings
from models.appointments import answering
from models.appointments.alarms import Alarm
from models.database import transaction
from models.deliveries import Attempt, Hook
from models.ledger import LedgerRow
from models.privacy.erasing import erase
from models.privacy.persons import Person
from models.settings import Settings
from tests.appointments.planned import Planned
from tests.appointments.surveys import reminder
from tests.appointments.test_ring_reports import heard
from tests.appointments.test_rings import rung
from tests.conformance import holds
from tests.house import Client, Staff, hurry, run_due, run_until_settled
from tests.providers.site import Site, said, site
from tests.workers.dying import die_at

pytestmark = pytest.mark.pipeline

Jump = Callable[[float], None]
CONFIRMED, CANCELLED, RESCHEDULED = 1, 2, 3


@pytest.fixture
def customer(home: Settings) -> Iterator[Site]:
    """The manager's own system, on this machine."""
    settings.use(replace(settings.current(), private_hooks=True))
    with site() as running:
        yield running


@pytest.fixture
def alarm(planned: Planned, customer: Site) -> Alarm:
    """An alarm of mona's doctor, whose answers are told."""
    return asked_for(planned.mine.alarm, customer)


def asked_for(alarm: Alarm, customer: Site, **instead: Any) -> Alarm:
    urls = {"url_confirm": customer.url("/yes?visit=17"), "url_cancel": customer.url("/no"), **instead}
    Alarm.update(**urls).where(Alarm.id == alarm.id).execute()
    return Alarm.get_by_id(alarm.id)  # type: ignore[no-any-return]  # Peewee is untyped


def answer(alarm: Alarm, result: int) -> None:
    """Somebody answers, by whatever way."""
    with transaction():
        events.tell(answering.HAPPENED, "alarm", alarm.id, result=result)


def checked(one: Any, manager: int) -> Any:
    """What was told, once its receiver has looked at the signature."""
    return standardwebhooks.Webhook(answering.secret_of(manager)).verify(one.body, one.headers)


@holds("§5.16 hook: 1 posts to url_confirm, signed", "§5.16 hook: 2 posts to url_cancel")
@pytest.mark.parametrize(
    ("key", "path", "what"),
    [
        ("1", "/yes?visit=17", "alarm.confirmed"),
        ("2", "/no", "alarm.cancelled"),
    ],
)
def test_a_key_pressed_in_a_call_is_told_to_the_managers_system(
    client: Client, staff: Staff, customer: Site, key: str, path: str, what: str
) -> None:
    ring, alarm = rung(staff.admin, reminder(staff.admin))
    asked_for(alarm, customer)
    Attempt.delete().execute()
    LedgerRow.delete().execute()  # nobody need ring here

    heard(client, ring, 1, "answered")
    for _ in range(2):
        heard(client, ring, 2, "digits", digits=key)
    run_due()

    (one,) = customer.heard
    body = checked(one, staff.admin.id)
    assert one.target == path
    assert (body["type"], body["data"]["result"]) == (what, int(key))
    assert body["data"]["alarm"].endswith(f"/rest-api/alarm/{alarm.id}/")
    assert (Hook.get().status, Hook.get().provider) == ("sent", "webhook")


def test_what_is_told_names_nobody(alarm: Alarm, planned: Planned, customer: Site) -> None:
    answer(alarm, CONFIRMED)
    run_due()

    body = checked(customer.heard[0], planned.mine.manager.id)
    assert set(body) == {"type", "timestamp", "data"}
    assert set(body["data"]) == {"alarm", "event", "result"}
    assert datetime.fromisoformat(body["timestamp"]) - datetime.now(UTC) < timedelta(minutes=1)


def test_only_its_own_manager_can_have_signed_it(alarm: Alarm, planned: Planned, customer: Site) -> None:
    answer(alarm, CONFIRMED)
    run_due()

    with pytest.raises(standardwebhooks.WebhookVerificationError):
        checked(customer.heard[0], planned.theirs.manager.id)


@holds("§5.16 hook: off unless set")
@pytest.mark.parametrize(
    "urls", [{}, {"url_confirm": ""}, {"url_confirm": None, "url_cancel": "https://e.org/"}]
)
def test_nobody_is_told_unless_he_asked_for_it(
    planned: Planned, customer: Site, urls: dict[str, str]
) -> None:
    Alarm.update(**urls or {"url_confirm": None}).where(Alarm.id == planned.mine.alarm.id).execute()

    answer(planned.mine.alarm, CONFIRMED)

    assert Hook.select().count() == 0


def test_who_wants_another_day_is_told_to_nobody(alarm: Alarm) -> None:
    answer(alarm, RESCHEDULED)

    assert Hook.select().count() == 0


def test_who_changes_his_mind_is_told_each_time_under_another_id(alarm: Alarm, customer: Site) -> None:
    for result in (CONFIRMED, CANCELLED, CONFIRMED):
        answer(alarm, result)
        run_due()

    assert [one.target for one in customer.heard] == ["/yes?visit=17", "/no", "/yes?visit=17"]
    assert [one.headers["webhook-id"] for one in customer.heard] == [
        f"alarm:{alarm.id}:answer:{number}" for number in (1, 2, 3)
    ]


def test_who_changes_his_mind_while_nobody_hears_is_told_of_once_as_he_decided(
    alarm: Alarm, customer: Site
) -> None:
    hurry(timeout=timedelta(seconds=5))
    customer.answers = [said(503), said(200)]
    answer(alarm, CONFIRMED)
    run_due()
    answer(alarm, CANCELLED)

    run_until_settled()

    assert [one.target for one in customer.heard] == ["/yes?visit=17", "/no"]
    assert [hook.status for hook in Hook.select().order_by(Hook.id)] == ["expired", "sent"]


def test_what_may_have_been_heard_is_not_said_again_after_a_change_of_mind(
    alarm: Alarm, customer: Site, jump: Jump
) -> None:
    hurry()
    customer.answers = [None, said(200)]
    answer(alarm, CONFIRMED)
    run_due()
    answer(alarm, CANCELLED)
    jump(60)

    run_until_settled()

    assert [one.target for one in customer.heard] == ["/yes?visit=17", "/no"]
    assert [hook.status for hook in Hook.select().order_by(Hook.id)] == ["failed", "sent"]


@holds("§5.16 hook: retried")
def test_a_system_that_is_down_is_told_again_the_same_under_the_same_id(
    alarm: Alarm, planned: Planned, customer: Site
) -> None:
    hurry(timeout=timedelta(seconds=5))
    customer.answers = [said(503), said(404), said(302, Location=customer.url("/elsewhere")), said(200)]
    answer(alarm, CONFIRMED)

    run_until_settled()

    assert len(customer.heard) == 4
    assert {(one.target, one.body, one.headers["webhook-id"]) for one in customer.heard} == {
        ("/yes?visit=17", customer.heard[0].body, f"alarm:{alarm.id}:answer:1")
    }
    for one in customer.heard:
        assert checked(one, planned.mine.manager.id)
    assert [attempt.outcome for attempt in Hook.get().attempts] == ["unavailable"] * 3 + ["accepted"]


def test_who_wants_to_hear_nothing_more_is_not_told_again(alarm: Alarm, customer: Site) -> None:
    customer.answers = [said(410)]
    answer(alarm, CONFIRMED)

    run_until_settled()

    assert len(customer.heard) == 1
    assert (Hook.get().status, Hook.get().cause) == (
        "failed",
        "webhook said 410: it wants to hear nothing more",
    )


def test_a_system_that_stays_away_is_given_up_after_a_day(alarm: Alarm, customer: Site, jump: Jump) -> None:
    customer.answers = [said(503)]
    answer(alarm, CONFIRMED)
    run_due()
    jump(25 * 3600)

    run_due()

    assert len(customer.heard) == 1
    assert Hook.get().status == "expired"


def test_a_system_that_says_nothing_may_hear_it_twice_but_knows_it_by_its_id(
    alarm: Alarm, customer: Site, jump: Jump
) -> None:
    hurry()
    customer.answers = [None, said(200)]
    answer(alarm, CONFIRMED)
    run_due()
    assert [attempt.outcome for attempt in Hook.get().attempts] == ["unclear"]
    jump(60)

    run_until_settled()

    assert len({one.headers["webhook-id"] for one in customer.heard}) == 1
    assert (len(customer.heard), Hook.get().status) == (2, "sent")


@pytest.mark.parametrize(
    ("point", "times"),
    [
        ("begin.before_commit", 1), ("begin.after_commit", 1), ("carrier.before_request", 1),
        ("carrier.after_request", 2), ("settle.before_commit", 2), ("settle.after_commit", 1),
    ],
)  # fmt: skip
def test_a_worker_that_dies_anywhere_leaves_nobody_untold(
    alarm: Alarm, customer: Site, jump: Jump, point: str, times: int
) -> None:
    """It was asked already, and cannot say so: better twice, under one id, than never."""
    answer(alarm, CONFIRMED)
    die_at(point)
    jump(60)

    hints.expire_leases()
    hints.hint_again("hooks", timedelta())
    run_due()

    assert len(customer.heard) == times
    assert {one.headers["webhook-id"] for one in customer.heard} == {f"alarm:{alarm.id}:answer:1"}
    assert Hook.get().status == "sent"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:{port}/", "https://localhost:{port}/", "https://[::1]:{port}/"]
)
def test_by_default_nobody_knocks_at_our_own_doors(alarm: Alarm, customer: Site, url: str) -> None:
    settings.use(replace(settings.current(), private_hooks=False))
    asked_for(alarm, customer, url_confirm=url.format(port=customer.port))
    answer(alarm, CONFIRMED)

    run_due()

    assert customer.connections == 0
    assert Hook.get().status == "failed"
    assert [attempt.outcome for attempt in Hook.get().attempts] == ["rejected"]


def test_by_default_no_name_leads_to_our_own_doors(
    alarm: Alarm, customer: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine's own resolver, as an evil name server would answer it."""
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *more, **named: real("127.0.0.1" if host == "evil.example" else host, *more, **named),
    )
    settings.use(replace(settings.current(), private_hooks=False))
    asked_for(alarm, customer, url_confirm=f"https://evil.example:{customer.port}/")
    answer(alarm, CONFIRMED)

    run_due()

    assert customer.connections == 0
    assert Hook.get().status == "failed"
    assert "evil" not in Hook.get().cause


@pytest.mark.parametrize("field", ["url_confirm", "url_cancel"])
@pytest.mark.parametrize(
    "url",
    [
        "http://clinic.example.com/", "https://localhost/", "https://10.0.0.1/", "https://[::ffff:10.0.0.1]/",
        "https://u:p@clinic.example.com/", "https://clinic.example.com:22/", "javascript:alert(1)", "yes",
        "https://169.254.169.254/latest/meta-data", "https://2130706433/",
    ],
)  # fmt: skip
def test_what_would_never_be_asked_is_not_written_down(planned: Planned, field: str, url: str) -> None:
    path = f"alarm/{planned.mine.alarm.id}/"
    for refused in (
        planned.patch(path, {field: url}),
        planned.post("alarm/", {"event": planned.mine.event.id, field: url}),
    ):
        assert refused.status_code == 400
        assert set(refused.json) == {field}


def test_what_may_be_asked_is_written_down_as_it_is(planned: Planned) -> None:
    path, url = f"alarm/{planned.mine.alarm.id}/", "https://clinic.example.com:8443/yes?visit=17&x=%20"

    for value in (url, "", None):
        assert planned.patch(path, {"url_confirm": value}).json["url_confirm"] == value


def test_a_laptop_may_tell_itself(planned: Planned, customer: Site) -> None:
    told_to = customer.url("/yes")

    answered = planned.patch(f"alarm/{planned.mine.alarm.id}/", {"url_confirm": told_to})

    assert answered.json["url_confirm"] == told_to


def test_another_secret_key_gives_everybody_another_secret(planned: Planned) -> None:
    before = answering.secret_of(1)

    settings.use(replace(settings.current(), secret_key="another"))

    assert answering.secret_of(1) != before


def test_who_is_erased_is_told_nothing_more_and_his_address_is_forgotten(
    alarm: Alarm, planned: Planned, customer: Site
) -> None:
    answer(alarm, CONFIRMED)

    erase(Person.of(planned.mine.user.id))
    run_due()

    assert customer.heard == []
    hook = Hook.get()
    assert (hook.status, hook.url, hook.body) == ("expired", "erased", "")


def test_what_is_kept_of_what_was_told_is_json(alarm: Alarm) -> None:
    answer(alarm, CANCELLED)

    assert json.loads(Hook.get().body)["type"] == "alarm.cancelled"
