"""Texts of alarms through SMS gateways as administrators describe them, and mails from whom they are from."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from models import hints, settling
from models.appointments.alarms import AlarmRequest
from models.appointments.calendars import CalendarSetting
from models.appointments.callrequests import AlarmCall
from models.appointments.gateways import SmsGateway
from models.appointments.surveys.sealing import seal
from models.appointments.surveys.sections import SMS
from models.database import transaction
from models.deliveries import Mail, Ring, Text
from models.events import emit
from models.ledger import LedgerRow
from models.numbers import PhoneNumber
from models.settings import Settings
from providers.base import Sms
from providers.errors import Unavailable
from tests.appointments.planned import Planned
from tests.appointments.surveys import written
from tests.appointments.test_ring_reports import heard as line_heard
from tests.conformance import holds
from tests.house import Carrier, hurry, reroute, run_due, run_until_settled
from tests.providers.site import Site, said, site
from tests.workers.dying import die_at
from workers import gateways

pytestmark = pytest.mark.pipeline

Jump = Callable[[float], None]
TO = "+27123456789"
LONG = 600.0  # seconds: past every lease, and past the time in which a provider may still take a request


@pytest.fixture
def provider(home: Settings) -> Iterator[Site]:
    with site() as running:
        running.answers = [said(200, b"OK 4711")]
        yield running


@pytest.fixture
def gateway(provider: Site) -> SmsGateway:
    """Through which texts reach the provider."""
    return described(provider)


def described(provider: Site, **more: Any) -> SmsGateway:
    facts = {
        "name": "any", "base_url": provider.url("/http-api/send.php"), "recipient_keyword": "to",
        "content_keyword": "text", "uuid_keyword": "id", "success_format": r"OK (?P<gateway_message_id>\w+)",
        "settings": json.dumps({"login": "clinic", "secret": "sesame-open", "from": "{sender}", "flash": 0}),
        **more,
    }  # fmt: skip
    return SmsGateway.create(**facts)  # type: ignore[no-any-return]  # Peewee is untyped


def owed(gateway: SmsGateway | None, *, once: bool = False, sender: str = "900", number: int = 1) -> None:
    """A text, as an alarm asks for it."""
    with transaction():
        text = Text.create(
            reference=f"alarm:9:{number}", origin="alarm", origin_id=9, to=PhoneNumber(TO), body="Grüße",
            at_least_once=not once, sender=sender, gateway_id=gateway and gateway.id,
        )  # fmt: skip
        emit("text.requested", text_id=text.id)


def outcomes() -> list[str]:
    return [attempt.outcome for attempt in Text.get().attempts]


@holds("§5.15 http: GET with the gateway's keywords, in UTF-8", "§5.15 http: only Unsent ones are sent")
def test_a_text_goes_through_its_gateway_once(provider: Site, gateway: SmsGateway, carrier: Carrier) -> None:
    owed(gateway)

    for _ in range(2):
        run_due()

    (heard,) = provider.heard
    assert heard.target.startswith("/http-api/send.php?")
    assert heard.query == {
        "login": ["clinic"], "secret": ["sesame-open"], "from": ["900"], "flash": ["0"], "to": [TO],
        "text": ["Grüße"], "id": ["alarm:9:1"],
    }  # fmt: skip
    text = Text.get()
    assert (text.status, text.provider, text.provider_id) == ("sent", f"sms_gateway:{gateway.id}", "4711")
    assert carrier.log("text") == []


@pytest.mark.parametrize("sender", ["900", ""])
def test_a_gateway_without_an_address_leaves_texts_to_the_route(
    provider: Site, carrier: Carrier, sender: str
) -> None:
    owed(described(provider, base_url=""), sender=sender)

    run_due()

    (sent,) = carrier.log("text")
    assert (sent["to"], sent["from"], sent["body"]) == (TO, sender or "+15550100", "Grüße")
    assert provider.heard == []


def test_the_sender_that_was_asked_for_reaches_every_carrier(carrier: Carrier) -> None:
    for number, name in enumerate(("simulator", "oniondev"), 1):
        reroute("texts", name)
        owed(None, sender="+27900100200", number=number)
        run_due()

    assert [(sent["dialect"], sent["from"]) for sent in carrier.log("text")] == [
        ("simulator", "+27900100200"), ("oniondev", "+27900100200"),
    ]  # fmt: skip


def test_two_gateways_are_two_carriers(provider: Site, gateway: SmsGateway) -> None:
    with site() as second:
        second.answers = [said(200, b"OK 1")]
        other = described(second)
        for number, one in enumerate((gateway, other, gateway), 1):
            owed(one, number=number)
        run_due()

        assert [heard.query["id"] for heard in provider.heard] == [["alarm:9:1"], ["alarm:9:3"]]
        assert [heard.query["id"] for heard in second.heard] == [["alarm:9:2"]]


def test_a_gateway_that_is_changed_is_asked_as_it_is_now(provider: Site, gateway: SmsGateway) -> None:
    owed(gateway)
    run_due()
    SmsGateway.update(recipient_keyword="msisdn", settings="{}").execute()

    owed(gateway, number=2)
    run_due()

    assert provider.heard[1].query.keys() == {"msisdn", "text", "id"}


@pytest.mark.parametrize("answer", [said(503), said(429)])
def test_a_gateway_that_is_too_busy_is_asked_again(
    provider: Site, gateway: SmsGateway, answer: bytes
) -> None:
    hurry(timeout=timedelta(seconds=5))
    provider.answers = [answer, said(200, b"OK 4711")]
    owed(gateway)

    run_until_settled()

    assert outcomes() == ["unavailable", "accepted"]
    assert len({heard.target for heard in provider.heard}) == 1


@holds("§5.15 http: ERR and WARN", "§5.6 SMS: SUCCESS when accepted, FAILURE otherwise, one send")
@pytest.mark.parametrize("answer", [said(200, b"ERR: 114, no route to 27123456789"), said(403, b"who?")])
def test_a_gateway_that_refuses_fails_the_text_at_once(
    provider: Site, gateway: SmsGateway, answer: bytes
) -> None:
    provider.answers = [answer]
    owed(gateway)

    run_until_settled()

    text = Text.get()
    assert (len(provider.heard), text.status, outcomes()) == (1, "failed", ["rejected"])
    assert "123456" not in text.cause
    assert "sesame" not in text.cause


def test_an_alarm_that_got_no_answer_goes_out_again(provider: Site, gateway: SmsGateway, jump: Jump) -> None:
    hurry()
    provider.answers = [None, said(200, b"OK 4711")]
    owed(gateway)
    run_due()
    assert outcomes() == ["unclear"]
    jump(LONG)

    run_until_settled()

    assert [heard.query["id"] for heard in provider.heard] == [["alarm:9:1"]] * 2
    assert (Text.get().status, outcomes()) == ("sent", ["unavailable", "accepted"])


def test_not_before_the_provider_has_had_its_time(provider: Site, gateway: SmsGateway, jump: Jump) -> None:
    hurry()
    provider.answers = [None, said(200, b"OK 4711")]
    owed(gateway)
    run_due()
    jump(30)  # its lease is over; yet the provider might still take it

    run_due()

    assert len(provider.heard) == 1


def test_what_must_not_be_doubled_is_left_to_a_person(
    provider: Site, gateway: SmsGateway, jump: Jump
) -> None:
    hurry()
    provider.answers = [None]
    owed(gateway, once=True)
    run_due()
    jump(LONG)
    run_until_settled()

    assert (len(provider.heard), Text.get().status) == (1, "unknown")
    assert settling.settle("alarm:9:1", sent=True)
    assert Text.get().status == "sent"


@pytest.mark.parametrize(
    ("point", "times"),
    [
        ("begin.before_commit", 1), ("begin.after_commit", 1), ("carrier.before_request", 1),
        ("carrier.after_request", 2), ("settle.before_commit", 2), ("settle.after_commit", 1),
    ],
)  # fmt: skip
def test_a_worker_that_dies_anywhere_loses_no_alarm(
    provider: Site, gateway: SmsGateway, jump: Jump, point: str, times: int
) -> None:
    """Nobody can ask this provider whether it had taken it: an alarm is better heard twice than not at all."""
    owed(gateway)
    die_at(point)
    jump(LONG)

    hints.expire_leases()
    hints.hint_again("sms", timedelta())
    run_due()

    assert (len(provider.heard), Text.get().status) == (times, "sent")
    assert {heard.query["id"][0] for heard in provider.heard} == {"alarm:9:1"}


@pytest.mark.parametrize(("point", "times"), [("carrier.before_request", 0), ("carrier.after_request", 1)])
def test_a_worker_that_dies_doubles_nothing_that_must_not_be(
    provider: Site, gateway: SmsGateway, jump: Jump, point: str, times: int
) -> None:
    owed(gateway, once=True)
    die_at(point)
    jump(LONG)

    hints.expire_leases()
    run_due()

    assert (len(provider.heard), Text.get().status) == (times, "unknown")


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"settings": "{"}, "cannot be used"),
        ({"settings": "[]"}, "JSON objects"),
        ({"status_mapping": '"Sent"'}, "JSON objects"),
        ({"success_format": "("}, "success_format"),
        ({"recipient_keyword": ""}, "recipient_keyword"),
        ({"base_url": "ftp://127.0.0.1/"}, "https://"),
        ({"base_url": "http://169.254.169.254/latest"}, "public network"),
    ],
)
def test_a_gateway_that_cannot_be_used_fails_its_texts_and_says_why(
    provider: Site, wrong: dict[str, str], why: str
) -> None:
    owed(described(provider, **wrong))

    run_due()

    text = Text.get()
    assert (text.status, provider.heard) == ("failed", [])
    assert why in text.cause
    assert "sesame" not in text.cause
    assert LedgerRow.select().count() == 0


def test_a_gateway_that_is_gone_fails_its_texts(gateway: SmsGateway, carrier: Carrier) -> None:
    owed(gateway)
    SmsGateway.delete().execute()

    run_due()

    assert (Text.get().status, carrier.log("text")) == ("failed", [])
    assert "gone" in Text.get().cause


def test_nothing_is_taken_by_a_gateway_that_goes_just_before_it_is_asked(gateway: SmsGateway) -> None:
    SmsGateway.delete().execute()

    with pytest.raises(Unavailable, match="gone"):
        gateways.carrier(gateway.id).send(Sms(TO, "+15550100", "hi"), reference="text:1", timeout=1)


@pytest.mark.parametrize("gone", [True, False])
def test_a_gateway_that_goes_while_nobody_knows_whether_it_took_a_text_leaves_none_hanging(
    provider: Site, gateway: SmsGateway, carrier: Carrier, jump: Jump, gone: bool
) -> None:
    hurry()
    provider.answers = [None]
    owed(gateway)
    run_due()
    if gone:
        SmsGateway.delete().execute()
    else:
        SmsGateway.update(base_url="").execute()
    jump(LONG)

    run_until_settled()

    text = Text.get()
    assert (text.status, len(provider.heard)) == ("failed" if gone else "sent", 1)
    assert len(carrier.log("text")) == (0 if gone else 1)
    assert LedgerRow.select().count() == 0
    assert not gone or "gone" in text.cause


@pytest.mark.parametrize("status", ["queued", "sending", "unknown"])
def test_a_gateway_is_not_deleted_while_it_may_have_to_carry_a_text(
    gateway: SmsGateway, planned: Planned, status: str
) -> None:
    owed(gateway)
    Text.update(status=status).execute()
    path = f"sms-gateway/{gateway.id}/"
    answer = planned.delete(path, user="root")

    assert (answer.status_code, "wait for the texts" in answer.json["detail"]) == (409, True)
    Text.update(status="sent").execute()
    assert planned.delete(path, user="root").status_code == 204
    assert planned.delete(path, user="root").status_code == 404


@holds("§5.13 ivr: the SMS node")
def test_a_text_of_a_survey_goes_through_the_gateway_of_the_setting_from_the_number_that_called(
    provider: Site, gateway: SmsGateway, planned: Planned
) -> None:
    mine, request = planned.mine, planned.mine.request
    survey = seal(written(mine.manager, {"type": SMS, "sms_text": "Bye"}).id)
    call = AlarmCall.create(
        user=mine.manager, callerid="900", phone_number=TO, content_type="survey", object_id=survey.id,
        alarm_request_id=request.id,
    )  # fmt: skip
    AlarmRequest.update(callrequest=call).where(AlarmRequest.id == request.id).execute()
    CalendarSetting.update(sms_gateway=gateway).where(CalendarSetting.id == mine.setting.id).execute()
    about = {"origin": "alarm_request", "origin_id": request.id}
    ring = Ring.create(reference="alarm:1:1", to=PhoneNumber(TO), **about)

    line_heard(planned.client, ring, 1, "answered")
    run_due()

    (text,) = provider.heard
    assert (text.query["from"], text.query["text"]) == (["900"], ["Bye"])


@holds("§5.15 mail: from_name, FAILURE and retry")
def test_the_simulator_is_told_whom_a_mail_is_from(carrier: Carrier) -> None:
    with transaction():
        mail = Mail.create(
            reference="alarm:9:1", origin="alarm", origin_id=9, to="ann@example.org", subject="Visit", text="Tomorrow",
            sender="Praxis <praxis@clinic.example>", at_least_once=True,
        )  # fmt: skip
        emit("mail.requested", mail_id=mail.id)

    run_due()

    assert [sent["from"] for sent in carrier.log("mail")] == ["Praxis <praxis@clinic.example>"]
