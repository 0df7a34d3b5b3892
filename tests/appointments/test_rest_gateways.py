"""Gateways, SMS gateways and templates: superusers write them, the others read what is theirs, and secrets stay so."""

from typing import Any

import pytest

from models.appointments.alarms import Alarm
from models.appointments.calendars import CalendarSetting
from models.appointments.gateways import Gateway, GatewayUser, SmsGateway
from models.appointments.templates import MailTemplate, SmsTemplate
from tests.appointments.planned import BASE, Planned
from tests.conformance import holds

GATEWAY: dict[str, Any] = {
    "name": "Second", "status": 0, "description": "For nights", "addprefix": "00", "removeprefix": "+",
    "gateways": "sofia/gateway/p/", "gateway_codecs": "PCMA", "gateway_timeouts": "10", "gateway_retries": "1",
    "originate_dial_string": "x=1", "secondused": 1, "failover": "", "addparameter": "y=2", "count_call": 3,
    "count_in_use": 4, "maximum_call": 5,
}  # fmt: skip
SMS_GATEWAY: dict[str, Any] = {
    "name": "Texts", "base_url": "https://sms.example.com/send", "settings": {"password": "hush", "n": 1},
    "recipient_keyword": "to", "content_keyword": "text", "uuid_keyword": "ref", "charge_keyword": "charge",
    "status_mapping": {"0": "Sent", "9": "No_Route"}, "status_msg_id": "id", "status_status": "st",
    "status_error_code": "err", "status_date": "at", "status_date_format": "%d.%m.%Y", "reply_content": "body",
    "reply_sender": "from", "reply_date": "on", "reply_date_format": "%H:%M",
    "success_format": "(?P<status_code>[0-9]+)",
}  # fmt: skip
SMS_TEMPLATE = {
    "label": "Visit", "template_key": "visit", "sender_phonenumber": "+15550100", "sms_text": "Come, {contact}!",
}  # fmt: skip
MAIL_TEMPLATE = {
    "label": "Visit", "template_key": "visit", "from_email": "a@b.example", "from_name": "The clinic",
    "subject": "Visit", "message_plaintext": "Come!", "message_html": "<p>Come!</p>",
}  # fmt: skip


def as_root(planned: Planned, verb: str, path: str, body: Any = None) -> Any:
    return planned.ask(verb, path, body, user="root")


def wrong(planned: Planned, path: str, body: Any, verb: str = "POST") -> set[str]:
    """The fields that a superuser is refused."""
    answer = as_root(planned, verb, path, body)
    assert answer.status_code == 400, answer.text
    return set(answer.json)


@holds(
    "gateway: url", "gateway: name", "gateway: status", "gateway: description", "gateway: addprefix",
    "gateway: removeprefix", "gateway: gateways", "gateway: gateway_codecs", "gateway: gateway_timeouts",
    "gateway: gateway_retries", "gateway: originate_dial_string", "gateway: secondused", "gateway: failover",
    "gateway: addparameter", "gateway: count_call", "gateway: count_in_use", "gateway: maximum_call",
    "gateway: created_date", "gateway: updated_date", "codes: gateway.status", "flow 1: gateways are set up",
)  # fmt: skip
def test_a_superuser_sets_a_gateway_up_and_assigns_it(planned: Planned) -> None:
    body = {**GATEWAY, "failover": planned.gateway.id, "managers": [planned.mine.manager.id]}

    made = as_root(planned, "POST", "gateway/", body)

    assert made.status_code == 201
    row = planned.get(made.json["url"].removeprefix(f"{BASE}/")).json
    assert made.json == {**row, "managers": [f"{BASE}/users/{planned.mine.manager.id}/"]}
    assert list(row) == ["url", *GATEWAY, "created_date", "updated_date"]
    assert {name: row[name] for name in GATEWAY} == {
        **GATEWAY,
        "failover": f"{BASE}/gateway/{planned.gateway.id}/",
    }
    assert planned.get("gateway/").json["count"] == 2
    assert planned.get("gateway/?status=0").json["count"] == 1


def test_the_least_of_a_gateway_is_its_name(planned: Planned) -> None:
    row = as_root(planned, "POST", "gateway/", {"name": "Least"}).json

    empty = {name: "" if isinstance(value, str) else None for name, value in GATEWAY.items()}
    assert {name: row[name] for name in GATEWAY} == {**empty, "name": "Least", "status": 1, "failover": None}
    assert row["managers"] == []


@holds("visible: gateway by assignment")
def test_a_gateway_is_given_and_taken_but_not_from_under_a_setting(planned: Planned) -> None:
    made = as_root(planned, "POST", "gateway/", {"name": "Third"}).json["url"].removeprefix(f"{BASE}/")
    mona, fred = planned.mine.manager, planned.theirs.manager
    assert planned.get(made).status_code == 404

    given = as_root(
        planned, "PATCH", made, {"managers": [f"/rest-api/users/{mona.id}/", str(fred.id), mona.id]}
    )
    assert len(given.json["managers"]) == 2
    assert planned.get(made).status_code == 200
    assert as_root(planned, "PATCH", made, {"status": 0}).json["managers"] == given.json["managers"]
    assert (
        planned.post(
            "calendar-setting/", {**planned.new_setting, "aleg_gateway": made.split("/")[1]}
        ).status_code
        == 201
    )

    assert wrong(planned, made, {"managers": []}, "PATCH") == {"managers"}
    taken = as_root(planned, "PATCH", made, {"managers": [mona.id]})
    assert taken.json["managers"] == [f"{BASE}/users/{mona.id}/"]
    assert planned.get(made, user="fred").status_code == 404
    assert GatewayUser.select().count() == 3


def test_what_a_gateway_cannot_be(planned: Planned) -> None:
    path = f"gateway/{planned.gateway.id}/"

    assert wrong(planned, "gateway/", {}) == {"name"}
    assert wrong(planned, "gateway/", {"name": "out"}) == {"name"}
    assert wrong(planned, path, {"failover": planned.gateway.id}, "PATCH") == {"failover"}
    for managers in ([999], ["x"], "1", [None], [[]], 1, {}, [0], [2**70], list(range(1, 1002))):
        assert wrong(planned, path, {"managers": managers}, "PATCH") == {"managers"}
    long = {"name": 255, "addprefix": 60, "removeprefix": 60, "gateways": 500, "addparameter": 360}
    assert wrong(planned, "gateway/", {field: "x" * (most + 1) for field, most in long.items()}) == set(long)


@holds(
    "sms-gateway: url", "sms-gateway: name", "sms-gateway: base_url", "sms-gateway: settings",
    "sms-gateway: recipient_keyword", "sms-gateway: content_keyword", "sms-gateway: uuid_keyword",
    "sms-gateway: charge_keyword", "sms-gateway: status_mapping", "sms-gateway: status_msg_id",
    "sms-gateway: status_status", "sms-gateway: status_error_code", "sms-gateway: status_date",
    "sms-gateway: status_date_format", "sms-gateway: reply_content", "sms-gateway: reply_sender",
    "sms-gateway: reply_date", "sms-gateway: reply_date_format", "sms-gateway: success_format",
    "closed: credentials of an sms-gateway", "O-5",
)  # fmt: skip
def test_how_an_sms_gateway_is_reached_is_told_to_superusers_alone(planned: Planned) -> None:
    made = as_root(planned, "POST", "sms-gateway/", SMS_GATEWAY)
    path = made.json["url"].removeprefix(f"{BASE}/")

    assert made.status_code == 201
    assert list(made.json) == ["url", *SMS_GATEWAY]
    assert made.json == {"url": made.json["url"], **SMS_GATEWAY} == as_root(planned, "GET", path).json
    told = planned.get(path)
    assert told.json == {**made.json, "base_url": None, "settings": None}
    assert planned.get("sms-gateway/").json["results"][1] == told.json
    for text in (told.text, planned.get("sms-gateway/").text, planned.get("calendar-setting/").text):
        assert "hush" not in text
        assert "sms.example.com" not in text


def test_the_least_of_an_sms_gateway_is_its_name(planned: Planned) -> None:
    row = as_root(planned, "POST", "sms-gateway/", {"name": "Least"}).json

    assert (row["base_url"], row["settings"], row["status_mapping"]) == ("", {}, {})
    assert row["reply_date_format"] == row["status_date_format"] == "%Y-%m-%d %H:%M:%S"


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("base_url", ["x", "ftp://a.example", "//a.example", "http://", "http://[", "https://a b", "http://a:99999/",
                      "file:///etc/passwd", "http://a\nb", "javascript:alert(1)", None, 1.5, []]),
        ("settings", [None, "", "x", [], 1, "[]", {"a": {}}, {"a": [1]}, {"a": None}, {"a": True}, True]),
        ("content_keyword", ["", None, [], "x" * 101]),
        ("status_mapping", [None, [], {"0": "sent"}, {"0": 1}, {"0": None}, {"0": {}}, "null"]),
        ("success_format", ["(", "[", "(?P<a", "*", "x" * 501, "(?=x)", r"(x)\1", None]),
        ("name", ["", " ", None, "x" * 129]),
    ],
)  # fmt: skip
def test_what_an_sms_gateway_cannot_be(planned: Planned, field: str, values: list[Any]) -> None:
    for value in values:
        assert wrong(planned, "sms-gateway/", {**SMS_GATEWAY, field: value}) == {field}, value
    assert SmsGateway.select().count() == 1


@holds(
    "sms-template: url", "sms-template: label", "sms-template: template_key", "sms-template: sender_phonenumber",
    "sms-template: sms_text", "sms-template: created_date", "mail-template: url", "mail-template: label",
    "mail-template: template_key", "mail-template: from_email", "mail-template: from_name", "mail-template: subject",
    "mail-template: message_plaintext", "mail-template: message_html", "mail-template: created_date",
)  # fmt: skip
@pytest.mark.parametrize(
    ("name", "body", "least"),
    [
        ("sms-template", SMS_TEMPLATE, {"label", "template_key", "sms_text"}),
        ("mail-template", MAIL_TEMPLATE, {"label", "template_key", "subject"}),
    ],
)
def test_a_superuser_writes_templates_and_managers_read_them(
    planned: Planned, name: str, body: dict[str, str], least: set[str]
) -> None:
    made = as_root(planned, "POST", f"{name}/", body)

    assert made.status_code == 201
    assert list(made.json) == ["url", *body, "created_date"]
    assert {field: made.json[field] for field in body} == body
    assert planned.get(f"{name}/").json["results"] == [made.json]
    assert wrong(planned, f"{name}/", {}) == least
    assert wrong(planned, f"{name}/", body) == {"template_key"}
    assert wrong(planned, f"{name}/", dict.fromkeys(body)) == set(body)
    path = made.json["url"].removeprefix(f"{BASE}/")
    assert as_root(planned, "PATCH", path, {"label": "Other"}).json["label"] == "Other"
    assert as_root(planned, "DELETE", path).status_code == 204


def test_what_stands_in_the_head_of_a_mail_is_one_line(planned: Planned) -> None:
    for field in ("subject", "from_name"):
        for text in ("a\r\nBcc: x@y.example", "a\nb", "a\rb", "a\x00b", "a\u2028b", "a\x85b"):
            answer = as_root(planned, "POST", "mail-template/", {**MAIL_TEMPLATE, field: text})
            assert answer.status_code == 400, text
            assert answer.json.keys() <= {field, "detail"}
    assert wrong(planned, "mail-template/", {**MAIL_TEMPLATE, "from_email": "a@b.example\nBcc: c"}) == {
        "from_email"
    }
    long = {"label": 75, "template_key": 30, "from_name": 75, "subject": 200}
    assert wrong(planned, "mail-template/", {field: "x" * (most + 1) for field, most in long.items()}) == set(
        long
    )
    long = {"label": 75, "template_key": 30, "sms_text": 500, "sender_phonenumber": 75}
    assert wrong(planned, "sms-template/", {field: "x" * (most + 1) for field, most in long.items()}) == set(
        long
    )


def test_what_is_in_use_stays(planned: Planned) -> None:
    text = SmsTemplate.create(**SMS_TEMPLATE)
    mail = MailTemplate.create(**MAIL_TEMPLATE)
    Alarm.update(sms_template=text, mail_template=mail).execute()
    used = [
        f"gateway/{planned.gateway.id}/", f"sms-gateway/{planned.sms.id}/", f"sms-template/{text.id}/",
        f"mail-template/{mail.id}/",
    ]  # fmt: skip

    for path in used:
        answer = as_root(planned, "DELETE", path)
        assert (answer.status_code, list(answer.json)) == (409, ["detail"]), path
    Alarm.update(sms_template=None, mail_template=None).execute()
    CalendarSetting.update(sms_gateway=None, aleg_gateway=Gateway.create(name="new")).execute()
    for path in used:
        assert as_root(planned, "DELETE", path).status_code == 204, path
