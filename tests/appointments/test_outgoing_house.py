"""Alarms that end outside: answers told to customers' own systems, and texts through their own providers, at work."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import standardwebhooks

from models import settings
from models.appointments import answering
from models.appointments.alarms import FAILURE, SMS, SUCCESS
from models.appointments.gateways import SmsGateway
from models.deliveries import Hook
from tests.appointments.clinic import PHONE, Clinic
from tests.appointments.test_alarms_house import ended
from tests.conformance import holds
from tests.house import Carrier, House, hurry, wait_for
from tests.providers.site import Site, said, site

pytestmark = [pytest.mark.pipeline]


@pytest.fixture
def outside() -> Iterator[Site]:
    """The system of a customer, or of a provider."""
    with site() as running:
        yield running


@pytest.fixture
def clinic(house: House, outside: Site) -> Clinic:
    """A clinic whose texts go through a provider of its own; on a laptop."""
    settings.use(replace(settings.current(), private_hooks=True))
    hurry(timeout=timedelta(seconds=5))
    clinic = Clinic()
    words = {"recipient_keyword": "to", "content_keyword": "text", "settings": '{"from": "{sender}"}'}
    SmsGateway.update(base_url=outside.url("/send"), **words).execute()
    return clinic


@holds(
    "§5.16 hook: 1 posts to url_confirm, signed", "§5.16 hook: 2 posts to url_cancel", "§5.16 hook: retried",
    "alarm setting: URL cancel", "alarm setting: URL confirm",
)  # fmt: skip
@pytest.mark.parametrize(("key", "path"), [("1", "/yes"), ("2", "/no")])
def test_a_key_pressed_on_the_phone_is_heard_by_the_customers_system(
    house: House, clinic: Clinic, carrier: Carrier, outside: Site, key: str, path: str
) -> None:
    outside.answers = [said(503), said(200)]
    carrier.phone(PHONE, digits=[key])

    alarm = ended(clinic.alarm(url_confirm=outside.url("/yes"), url_cancel=outside.url("/no")))
    assert (alarm.status, alarm.result) == (SUCCESS, int(key))
    wait_for(lambda: Hook.get_or_none(Hook.status == "sent"))

    first, second = outside.heard
    assert (first.target, first.body, first.headers["webhook-id"]) == (
        (second.target, second.body, second.headers["webhook-id"])
    )
    assert second.target == path
    body = standardwebhooks.Webhook(answering.secret_of(clinic.manager.id)).verify(
        second.body, second.headers
    )
    assert body["data"]["result"] == int(key)


@holds("§5.6 SMS: text, number, sender, account, gateway")
def test_a_text_goes_out_once_through_the_clinics_own_provider(
    clinic: Clinic, carrier: Carrier, outside: Site
) -> None:
    outside.answers = [said(200, b"OK")]

    alarm = ended(clinic.alarm(method=SMS))

    assert (alarm.status, alarm.cause) == (SUCCESS, None)
    (told,) = outside.heard
    assert told.query == {"from": ["900"], "to": [PHONE], "text": [f"Dear Ada, call {PHONE}."]}
    assert carrier.log("text") == []


@holds("§5.15 http: ERR and WARN")
def test_a_text_that_the_clinics_provider_refuses_fails_the_alarm(clinic: Clinic, outside: Site) -> None:
    outside.answers = [said(200, b"ERR: 105, no credit left")]

    alarm = ended(clinic.alarm(method=SMS))

    assert alarm.status == FAILURE
    assert "no credit left" in str(alarm.cause)
    assert len(outside.heard) == 1
