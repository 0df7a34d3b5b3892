"""Both webhooks of conferences: signed forms alone, each wrong one refused without effect."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

import pytest

from models import settings
from models.callrequests.meeting import JOINED
from models.receipts import Receipt
from tests.api.looking import rows
from tests.callrequests.agreeing import Jump, number
from tests.callrequests.dialling import (
    EVENT,
    FORM,
    JOIN,
    RITAS,
    ROOM,
    arranged,
    dial,
    inside,
    post,
    room_of,
    signed,
)
from tests.callrequests.members import Members
from tests.conformance import holds
from tests.conftest import SECRET
from tests.house import Client

CALL = {"Caller": "+13125550001", "CallSid": "CA1"}
REPORT = {
    "ConferenceSid": ROOM, "FriendlyName": "x", "StatusCallbackEvent": JOINED, "CallSid": RITAS, "SequenceNumber": "1",
}  # fmt: skip
FORMS = {JOIN: CALL, EVENT: REPORT}
TWILIO = "an auth token"

both = pytest.mark.parametrize("path", [JOIN, EVENT])


@pytest.fixture
def before(client: Client, members: Members, jump: Jump) -> Mapping[str, int]:
    """Rita and tom have dialled in; all the rows there are then."""
    arranged(members, jump)
    inside(client, members)
    return seen()


def seen() -> Mapping[str, int]:
    """All the rows there are, receipts too."""
    return {**rows(), "receipt": Receipt.select().count()}


@holds("D-27")
@both
@pytest.mark.parametrize("how", ["unsigned", "empty", "other key", "other url", "other fields", "no base64"])
def test_what_is_not_signed_by_the_provider_is_403(
    client: Client, before: Mapping[str, int], path: str, how: str
) -> None:
    url, fields = settings.current().api_url + path, FORMS[path].items()
    headers = {
        "unsigned": {},
        "empty": {"X-Twilio-Signature": ""},
        "other key": {"X-Twilio-Signature": signed(url, fields, "other")},
        "other url": {"X-Twilio-Signature": signed(url + "?x=1", fields)},
        "other fields": {"X-Twilio-Signature": signed(url, [*fields, ("More", "1")])},
        "no base64": {"X-Twilio-Signature": "\xe9 \xff"},
    }[how]
    sent = {"Content-Type": FORM, **headers}

    answer = client.ask("POST", path, raw=urlencode(FORMS[path]).encode(), user=None, headers=sent)

    assert (answer.status_code, list(answer.json)) == (403, ["detail"])
    assert seen() == before


@both
def test_with_neither_key_nothing_is_believed(client: Client, before: Mapping[str, int], path: str) -> None:
    settings.use(replace(settings.current(), simulator_secret=""))
    url = settings.current().api_url + path
    for key in ("", SECRET):
        signature = signed(url, FORMS[path].items(), key)
        assert post(client, path, FORMS[path], X_Twilio_Signature=signature).status_code == 403
    assert seen() == before


@both
@pytest.mark.parametrize("simulator", [SECRET, ""])
def test_the_real_provider_signs_with_the_auth_token(
    client: Client, before: Mapping[str, int], path: str, simulator: str
) -> None:
    settings.use(replace(settings.current(), twilio_auth_token=TWILIO, simulator_secret=simulator))
    url = settings.current().api_url + path
    answers = [
        post(client, path, FORMS[path], X_Twilio_Signature=signed(url, FORMS[path].items(), key)).status_code
        for key in (TWILIO, SECRET)
    ]

    assert answers == [200, 200 if simulator else 403]


@both
def test_the_url_is_the_one_that_the_provider_was_told_and_not_the_hosts(
    client: Client, before: Mapping[str, int], path: str
) -> None:
    settings.use(replace(settings.current(), api_url="https://calls.example.com/trunk"))

    theirs = post(client, path, FORMS[path], at=f"http://evil.example{path}", Host="evil.example")
    ours = post(client, path, FORMS[path], at=f"https://calls.example.com/trunk{path}", Host="10.0.0.7:8000")
    drops_the_port = post(client, path, FORMS[path], at=f"https://calls.example.com:443/trunk{path}")

    assert [answer.status_code for answer in (theirs, ours, drops_the_port)] == [403, 200, 200]


@both
@pytest.mark.parametrize("more", ["/", "?a=b", "/?a=b&c="])
def test_the_slash_and_the_query_are_part_of_what_is_signed(
    client: Client, before: Mapping[str, int], path: str, more: str
) -> None:
    url = settings.current().api_url + path

    answers = [
        post(client, path + more, FORMS[path], at=signed_url).status_code for signed_url in (url + more, url)
    ]

    assert answers == [200, 403]


@both
@pytest.mark.parametrize(
    "media", ["application/json", "text/plain", "multipart/form-data; boundary=x", "", "x"]
)
def test_what_is_no_form_is_415(client: Client, before: Mapping[str, int], path: str, media: str) -> None:
    assert post(client, path, FORMS[path], Content_Type=media).status_code == 415
    assert seen() == before


@both
@pytest.mark.parametrize("media", [FORM.upper(), f"{FORM}; charset=UTF-8"])
def test_a_forms_media_type_may_be_written_otherwise(
    client: Client, before: Mapping[str, int], path: str, media: str
) -> None:
    assert post(client, path, FORMS[path], Content_Type=media).status_code == 200


def odd(path: str, how: str) -> bytes:
    """A form of an odd kind."""
    form, name = urlencode(FORMS[path]).encode(), b"CallSid"
    return {
        "missing": form.replace(name, b"Other"),
        "empty": b"",
        "doubled": form + b"&CallSid=CA1",
        "too many fields": form + b"&a=1" * 201,
        "not utf-8": form.replace(b"CallSid=CA", b"CallSid=%FF"),
        "bare bytes": form.replace(b"CallSid=CA", b"CallSid=\xff"),
        "nul": form + b"%00",
        "too long": form + b"x" * 65,
        "1 MiB": (form + b"x" * 2**20)[: 2**20],
        "json": b'{"CallSid": "CA1"}',
    }[how]


@both
@pytest.mark.parametrize(
    "how",
    ["missing", "empty", "doubled", "too many fields", "not utf-8", "bare bytes", "nul", "too long", "1 MiB", "json"],
)  # fmt: skip
def test_a_signed_form_of_an_odd_kind_is_400_without_effect(
    client: Client, before: Mapping[str, int], path: str, how: str
) -> None:
    raw = odd(path, how)
    # CallSid comes last in one of the two, where what is added adds to its neighbour.
    raw = raw if path == JOIN else raw.replace(b"&SequenceNumber=1", b"") + b"&SequenceNumber=1"
    fields = set(parse_qsl(raw.decode("latin-1"), keep_blank_values=True, encoding="latin-1"))
    signature = signed(settings.current().api_url + path, fields, charset="latin-1")  # over its bytes
    headers = {"Content-Type": FORM, "X-Twilio-Signature": signature}

    answer = client.ask("POST", path, raw=raw, user=None, headers=headers)

    assert answer.status_code == 400
    assert seen() == before


@both
def test_more_than_a_mebibyte_is_413(client: Client, before: Mapping[str, int], path: str) -> None:
    assert post(client, path, {**FORMS[path], "x": "x" * 2**20}).status_code == 413
    assert seen() == before


@both
@pytest.mark.parametrize("verb", ["GET", "PUT", "PATCH", "DELETE"])
def test_only_posts_are_taken(client: Client, before: Mapping[str, int], path: str, verb: str) -> None:
    answer = client.ask(verb, path, user=None)

    assert (answer.status_code, answer.headers["allow"]) == (405, "POST, OPTIONS")


def test_both_are_kept_as_they_came(client: Client, members: Members, jump: Jump) -> None:
    arranged(members, jump)
    dial(client, members.rita, RITAS)
    post(client, EVENT, REPORT)

    kept = [(row.source, row.body, row.outcome) for row in Receipt.select().order_by(Receipt.id)]

    call = urlencode({"Caller": number(members.rita), "CallSid": RITAS})
    assert kept == [("conference.join", call, "done"), ("conference.event", urlencode(REPORT), "done")]


def test_a_call_that_is_replayed_on_another_route_is_not_believed(
    client: Client, members: Members, jump: Jump
) -> None:
    arranged(members, jump)
    fields = {"Caller": number(members.rita), "CallSid": RITAS}
    assert room_of(post(client, JOIN, fields)) is not None

    assert post(client, EVENT, fields, at=settings.current().api_url + JOIN).status_code == 403
