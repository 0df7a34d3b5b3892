"""Each field of each route, given what it must not be: refused by name, nothing written, never our fault."""

from typing import Any

import pytest

from tests.api.calls_at_work import REPORT
from tests.api.looking import rows
from tests.conformance import holds
from tests.house import ADMIN, MENTEE, MENTOR, NUMBERS, SERVICE, Client, Staff

ABSENT = object()
NO_TEXT = [1, -1.5, 10**40, True, False, [], ["x"], {}, {"a": {"b": [1]}}]
NOTHING = [ABSENT, None, "", " ", "\u00a0\u2003\n"]
NUMBER = [
    "x", "+", "0123456789", "+0123456789", "123456", "1234567890123456", "+27 12 345 67x9", "27+123456789",
    "++27123456789", "+2712345678\u0669", "٢٧١٢٣٤٥٦٧٨٩", "\uff0b27123456789", "+27\t123456789",
    "+27123456789\n", "+27123456789;ext=1", "tel:+27123456789", "1e10", "(" * 50_000 + "27123456789",
    "27123456789" * 1000, "'; DROP TABLE contact; --", "\U0001f4de",
]  # fmt: skip

PERSON: dict[str, Any] = {
    "username": "new", "first_name": "New", "last_name": "", "email": "", "password": "battery staple",
    "contact_number": "+4915100000", "external_id": None,
}  # fmt: skip
WRONG_OF_A_PERSON: dict[str, list[Any]] = {
    "username": [
        *NO_TEXT, *NOTHING, "x" * 151, "two words", "a/b", "a\u202eb", "<b>", "a'b", "\U0001f600", "a\n",
        "a:b",
    ],
    "first_name": [*NO_TEXT, *NOTHING, "x" * 151],
    "last_name": [*NO_TEXT, None, "x" * 151],
    "email": [
        *NO_TEXT, None, " ", "x", "@", "a@", "@b.example", "a b@c.example", "a@b\n.example",
        "x" * 250 + "@b.example", "a@b@c.example", "<script>@x.example",
    ],
    "password": [*NO_TEXT, "seven77", "x" * 1001],
    "contact_number": [*NO_TEXT, *NOTHING, *NUMBER],
    "external_id": [*NO_TEXT, "x" * 2001],
}  # fmt: skip
WRONG_OF_A_MENTOR: dict[str, list[Any]] = {
    "mentee": [
        ABSENT, None, "", " ", "x", "1.0", 1.0, 1.5, -1, "-1", 0, "0", 10**19, 10**400, True, [], [1], {},
        "1 OR 1=1", "\u0661", 99,
    ],
    **{name: [*NO_TEXT, None, "x" * 2001] for name in ("profile_pic", "job_title", "motivation", "inspiration")},
}  # fmt: skip
HANDED_IN = {"sender_contact": NUMBERS[MENTEE], "recipient_contact": NUMBERS[MENTOR], "content": "hi"}
CONTENT = [*NO_TEXT, *NOTHING, "x" * 1601, "\U0001f600" * 1601]
OF_INDIA = [
    "", " ", "x", 1492690000, True, [], {}, "2017-04-20", "2017-04-20T17:32:33.593300",
    "2017-04-20 17:32:33Z", "2017-04-20 17:32:33+05:30", "2017-04-20 17:32", "2017-02-30 17:32:33",
    "2017-04-20 25:00:00", "2017-4-20 17:32:33", "20-04-2017 17:32:33", "2017-04-20 17:32:33.1234567",
    "٢٠١٧-04-20 17:32:33", "2017-04-20 17:32:60", "0001-01-01 00:00:00", "2017-04-20  17:32:33",
    "2017-04-20 17:32:33; --",
]  # fmt: skip
IDENTIFIER = [True, 1.5, [], {}, "x" * 65, 10**65, " ", "a\nb", "\u202e"]
WRONG_OF_A_REPORT: dict[str, list[Any]] = {
    "scheduledCallId": IDENTIFIER, "conversationId": IDENTIFIER, "handler": IDENTIFIER, "beneficiary": IDENTIFIER,
    "conversationStartTime": [ABSENT, None, *OF_INDIA],
    "conversationEndTime": [ABSENT, None, *OF_INDIA, "2017-04-20 17:32:33.593299"],
    "conversationSuccess": ["", "yes", "TRUE", 0, 1, 1.0, [], {}, "1"],
    "recordingUrl": [
        1, True, [], {}, "x", "ftp://example.org/a", "javascript:alert(1)", "//example.org", "http://",
        "https://x y", "https://example.org/" + "x" * 2000, "file:///etc/passwd", "http://[",
        "https://ex\u202eample.org/",
    ],
    "cdrs": [1, "x", True, {}, None, [REPORT["cdrs"][0]] * 101],
}  # fmt: skip
WRONG_OF_A_RECORD: dict[str, list[Any]] = {
    "id": [ABSENT, None, "", *IDENTIFIER],
    "startTime": [ABSENT, None, *OF_INDIA],
    "errorCause": [ABSENT, None, *NO_TEXT, "x" * 65],
}


def _refused(
    client: Client, verb: str, path: str, user: str, valid: dict[str, Any], wrong: dict[str, list[Any]]
) -> None:
    """Each wrong value of each field is refused by that field's name and changes nothing."""
    before = rows()
    for field, values in wrong.items():
        for value in values:
            body = {**valid, field: value}
            if value is ABSENT:
                del body[field]
            answer = client.ask(verb, path, body, user=user)
            assert (answer.status_code, list(answer.json)) == (400, [field]), (
                f"{field}: {str(value)[:60]!r} {answer.text}"
            )
            assert all(isinstance(text, str) and text for text in answer.json[field])
            assert len(answer.text) < 300, "an error does not repeat what was sent"
    assert rows() == before


@pytest.mark.parametrize("field", WRONG_OF_A_PERSON)
@holds("400 people by field")
def test_a_wrong_field_of_a_new_mentee(client: Client, staff: Staff, field: str) -> None:
    wrong = {field: WRONG_OF_A_PERSON[field] + ([ABSENT, None, ""] if field == "password" else [])}

    _refused(client, "POST", "/mentor/mentee", ADMIN, PERSON, wrong)


@pytest.mark.parametrize("field", WRONG_OF_A_PERSON)
@holds("400 people by field")
def test_a_wrong_field_of_a_changed_mentee(client: Client, staff: Staff, field: str) -> None:
    path = f"/mentor/mentee/{staff.mentee.id}"
    before = client.get(path, user=ADMIN).json

    _refused(client, "PUT", path, ADMIN, PERSON, {field: WRONG_OF_A_PERSON[field]})

    assert client.get(path, user=ADMIN).json == before


@pytest.mark.parametrize("verb", ["POST", "PUT"])
@holds("400 people by field")
def test_a_wrong_field_of_a_mentor(client: Client, staff: Staff, verb: str) -> None:
    path = "/mentor/mentor" if verb == "POST" else f"/mentor/mentor/{staff.mentor.id}"

    _refused(client, verb, path, ADMIN, {**PERSON, "mentee": staff.mentee.id}, WRONG_OF_A_MENTOR)


@holds("M-22")
def test_a_wrong_message(client: Client, staff: Staff) -> None:
    _refused(
        client, "POST", "/mentor/message/", MENTOR, {}, {"content": [v for v in CONTENT if v is not ABSENT]}
    )
    _refused(client, "POST", "/mentor/message/", MENTOR, {"content": "x"}, {"content": [ABSENT]})


def test_a_wrong_message_handed_in(client: Client, staff: Staff) -> None:
    numbers = [*NO_TEXT, *NOTHING, *NUMBER]
    wrong = {"content": CONTENT, "sender_contact": numbers, "recipient_contact": numbers}

    _refused(client, "POST", "/comms/message/", SERVICE, HANDED_IN, wrong)


@pytest.mark.parametrize("field", WRONG_OF_A_REPORT)
def test_a_wrong_field_of_a_reported_end(client: Client, call: int, field: str) -> None:
    _refused(client, "POST", "/comms/onion_dev_call_end/", SERVICE, REPORT, {field: WRONG_OF_A_REPORT[field]})


@pytest.mark.parametrize("field", WRONG_OF_A_RECORD)
def test_a_wrong_field_of_a_calls_record(client: Client, call: int, field: str) -> None:
    good = REPORT["cdrs"][0]
    for value in WRONG_OF_A_RECORD[field]:
        record = {key: (value if key == field else kept) for key, kept in good.items()}
        if value is ABSENT:
            del record[field]
        answer = client.post("/comms/onion_dev_call_end/", {**REPORT, "cdrs": [good, record]}, user=SERVICE)
        assert (answer.status_code, list(answer.json)) == (400, [f"cdrs[1].{field}"]), str(value)[:60]
    for odd in (1, None, "x", []):
        answer = client.post("/comms/onion_dev_call_end/", {**REPORT, "cdrs": [odd]}, user=SERVICE)
        assert (answer.status_code, list(answer.json)) == (400, ["cdrs[0]"])
    assert client.get(f"/comms/call/{call}/", user=SERVICE).json["status"] == "inprogress"


def test_a_report_without_anything_to_find_its_call_by(client: Client, call: int) -> None:
    body = {
        key: value
        for key, value in REPORT.items()
        if key not in ("scheduledCallId", "conversationId", "handler")
    }

    for ids in ({}, {"handler": ""}, {"scheduledCallId": None}):
        answer = client.post("/comms/onion_dev_call_end/", {**body, **ids}, user=SERVICE)
        assert (answer.status_code, list(answer.json)) == (400, ["scheduledCallId"])


def test_a_wrong_text_received(client: Client, staff: Staff) -> None:
    valid = {"mobile": "27123456789", "text": "hi"}
    wrong = {
        "mobile": [*NO_TEXT, *NOTHING, *NUMBER],
        "text": [*NO_TEXT, *NOTHING, "x" * 1601],
        "messageId": IDENTIFIER,
    }

    _refused(client, "POST", "/comms/onion_dev_message/", SERVICE, valid, wrong)


def test_several_wrong_fields_are_all_named(client: Client, staff: Staff) -> None:
    for verb, path in (("POST", "/mentor/mentor"), ("PUT", f"/mentor/mentor/{staff.mentor.id}")):
        answer = client.ask(verb, path, {"email": "x", "username": ""}, user=ADMIN)
        assert set(answer.json) - {"password"} == {
            "username",
            "first_name",
            "contact_number",
            "mentee",
            "email",
        }
    answer = client.post(
        "/comms/onion_dev_call_end/", {**REPORT, "handler": [], "cdrs": [{}], "recordingUrl": 1}, user=SERVICE
    )
    assert set(answer.json) == {
        "handler",
        "recordingUrl",
        "cdrs[0].id",
        "cdrs[0].startTime",
        "cdrs[0].errorCause",
    }


def test_of_a_key_given_twice_the_last_counts(client: Client, staff: Staff) -> None:
    answer = client.ask("POST", "/mentor/message/", raw=b'{"content": "", "content": "second"}')

    assert (answer.status_code, answer.json["content"]) == (201, "second")


@pytest.mark.parametrize(
    "hostile",
    [
        "'; DROP TABLE person; --",
        "<img src=x onerror=alert(1)>",
        "\u202eevil\u2066",
        "\U0001f469\u200d\U0001f680" * 9,
        "%s%n{0.__class__}",
        "Robert\\",
    ],
)
def test_hostile_words_are_kept_as_words(client: Client, staff: Staff, hostile: str) -> None:
    body = {**PERSON, "first_name": hostile, "last_name": hostile, "external_id": hostile, "password": ""}
    path = f"/mentor/mentee/{staff.mentee.id}"

    assert client.put(path, body, user=ADMIN).status_code == 200

    shown = client.get(path, user=ADMIN).json
    assert (shown["first_name"], shown["last_name"], shown["external_id"]) == (hostile,) * 3
    assert client.get("/mentor/mentee", user=ADMIN).json["count"] == 2
