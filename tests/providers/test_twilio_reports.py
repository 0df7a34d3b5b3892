"""What a voice provider sends: signatures against vectors of its own making, and forms of every odd kind."""

import contextlib
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from providers.errors import BadReport, BadSignature
from providers.reports.twilio import (
    ENDED,
    JOINED,
    LARGEST,
    LEFT,
    MOST_FIELDS,
    InRoom,
    Joining,
    parsed,
    read_in_room,
    read_joining,
    signature,
    verified,
)

# The vectors below are Twilio's: of its documentation, and of the tests of its Python library.
KEY = "12345"
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
FIELDS = (
    ("CallSid", "CA1234567890ABCDE"), ("Digits", "1234"), ("From", "+14158675309"), ("To", "+18005551212"),
    ("Caller", "+14158675309"),
)  # fmt: skip
SIGNED = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
TWICE = (("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234"))
OTHER_CALLER = tuple((name, "+12349013030" if "14158" in value else value) for name, value in FIELDS)
WITH_PORT = {
    "https://mycompany.com:443/myapp.php?foo=1&bar=2": "kvajT1Ptam85bY51eRf/AJRuM3w=",
    "http://mycompany.com:80/myapp.php?foo=1&bar=2": "0ZXoZLH/DfblKGATFgpif+LLRf4=",
    "http://mycompany.com:1234/myapp.php?foo=1&bar=2": "Zmvh+3yNM1Phv2jhDCwEM3q5ebU=",
}
EVENT = {
    "ConferenceSid": "CF1", "FriendlyName": "call-request-7", "StatusCallbackEvent": JOINED, "CallSid": "CA1",
    "SequenceNumber": "3", "Timestamp": "Tue, 01 Dec 2020 19:25:00 +0000",
}  # fmt: skip
CALL = {"Caller": "+13125550123", "CallSid": "CA1"}


def body(fields: Any = FIELDS) -> bytes:
    return urlencode(fields).encode()


def form(fields: Any) -> Any:
    return parsed(body(fields))


@pytest.mark.parametrize(
    ("url", "fields", "expected"),
    [(URL, FIELDS, SIGNED), (URL, OTHER_CALLER, "0/KCTR6DLpKmkAf8muzZqo1nDgQ="),
     (URL, TWICE, "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
     *((url, FIELDS, expected) for url, expected in WITH_PORT.items())],
)  # fmt: skip
def test_a_signature_is_as_the_provider_makes_it(url: str, fields: Any, expected: str) -> None:
    assert signature(url, fields, KEY) == expected
    assert signature(url, reversed(fields), KEY) == expected


@pytest.mark.parametrize(
    ("told", "signed_as"),
    [("https://mycompany.com", "https://mycompany.com:443"), ("https://mycompany.com:443", "https://mycompany.com"),
     ("https://mycompany.com:1234", "https://mycompany.com"), ("http://mycompany.com", "http://mycompany.com:80"),
     ("http://mycompany.com:1234", "http://mycompany.com:1234"), ("https://[::1]:8000", "https://[::1]")],
)  # fmt: skip
def test_the_provider_may_sign_with_or_without_the_port(told: str, signed_as: str) -> None:
    given = signature(f"{signed_as}/x?a=b", FIELDS, KEY)

    assert verified(f"{told}/x?a=b", body(), given, [KEY]) == [*FIELDS]


@pytest.mark.parametrize("keys", [[KEY], ["other", KEY], [KEY, ""]])
def test_any_of_our_keys_may_have_signed(keys: list[str]) -> None:
    assert dict(verified(URL, body(), SIGNED, keys)) == dict(FIELDS)


@pytest.mark.parametrize(
    ("url", "sent", "given", "keys"),
    [(URL, body(), SIGNED, []), (URL, body(), SIGNED, [""]), (URL, body(), SIGNED, ["54321"]),
     (URL + "&x=1", body(), SIGNED, [KEY]), (URL.replace("myapp", "other"), body(), SIGNED, [KEY]),
     (URL.replace("https", "http"), body(), SIGNED, [KEY]), (URL.replace("mycompany", "yours"), body(), SIGNED, [KEY]),
     (URL, body() + b"&More=1", SIGNED, [KEY]), (URL, body(FIELDS[1:]), SIGNED, [KEY]), (URL, b"", SIGNED, [KEY]),
     (URL, body().replace(b"1234", b"1235"), SIGNED, [KEY]), (URL, body(), "", [KEY]), (URL, body(), "é\udc80", [KEY]),
     (URL, body(), SIGNED.lower(), [KEY]), (URL, body(), SIGNED + "=", [KEY]),
     (URL, body(), signature(URL, FIELDS, ""), ["", "x"])],
)  # fmt: skip
def test_whatever_is_not_signed_by_us_is_not_believed(
    url: str, sent: bytes, given: str, keys: list[str]
) -> None:
    with pytest.raises(BadSignature):
        verified(url, sent, given, keys)


@given(st.binary(max_size=60), st.text(max_size=40), st.text(max_size=8))
def test_whatever_comes_is_no_crash(sent: bytes, given: str, key: str) -> None:
    with pytest.raises(BadSignature):
        verified(URL, sent, given, [key])


@given(st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8)), max_size=8))
@example([("", "")])
def test_whatever_text_is_signed_is_verified(fields: list[tuple[str, str]]) -> None:
    sent = urlencode(fields, errors="surrogatepass").encode()
    read = parsed(sent)

    assert verified(URL, sent, signature(URL, read, KEY), [KEY]) == read


@pytest.mark.parametrize("sent", [b"Caller=\xff&CallSid=CA1", b"Caller=%FF&CallSid=CA1"])
def test_bytes_that_are_no_text_keep_their_signature_and_are_named_as_wrong(sent: bytes) -> None:
    """Signed over the bytes, as any program in another language would."""
    given = signature(URL, [("Caller", "\udcff"), ("CallSid", "CA1")], KEY)

    with pytest.raises(BadReport) as wrong:
        read_joining(verified(URL, sent, given, [KEY]))

    assert list(wrong.value.fields) == ["Caller"]


def test_a_form_of_too_many_fields_is_not_looked_at() -> None:
    with pytest.raises(BadReport) as wrong:
        verified(URL, b"&".join([b"a=1"] * (MOST_FIELDS + 1)), "x", [KEY])

    assert list(wrong.value.fields) == ["body"]
    assert len(parsed(b"&".join([b"a=1"] * MOST_FIELDS))) == MOST_FIELDS


def test_a_call_is_read() -> None:
    assert read_joining(form({**CALL, "More": "x"})) == Joining("+13125550123", "CA1")


def test_a_callers_number_is_not_printed() -> None:
    assert "312555" not in repr(read_joining(form(CALL)))


def test_an_event_is_read() -> None:
    at = datetime(2020, 12, 1, 19, 25, tzinfo=UTC)

    assert read_in_room(form(EVENT)) == InRoom("CF1", "call-request-7", JOINED, "CA1", 3, at)


def test_what_need_not_be_there_need_not() -> None:
    bare = {name: EVENT[name] for name in ("ConferenceSid", "FriendlyName")} | {"StatusCallbackEvent": ENDED}

    assert read_in_room(form(bare)) == InRoom("CF1", "call-request-7", ENDED, "", 0, None)


@pytest.mark.parametrize("name", CALL)
@pytest.mark.parametrize("value", [None, "", "\0", "\udcff"])
def test_a_call_without_its_fields_names_them(name: str, value: str | None) -> None:
    fields = [(one, value if one == name else kept) for one, kept in CALL.items()]

    with pytest.raises(BadReport) as wrong:
        read_joining([(one, kept) for one, kept in fields if kept is not None])

    assert list(wrong.value.fields) == [name]


@pytest.mark.parametrize(
    ("name", "value"),
    [("ConferenceSid", None), ("ConferenceSid", ""), ("ConferenceSid", "x" * 65), ("ConferenceSid", "a\nb"),
     ("FriendlyName", None), ("FriendlyName", ""), ("FriendlyName", "x" * 201), ("FriendlyName", "\0"),
     ("StatusCallbackEvent", None), ("StatusCallbackEvent", " "), ("StatusCallbackEvent", "x" * 65),
     ("CallSid", None), ("CallSid", ""), ("CallSid", "x" * 65), ("CallSid", "\udcff"),
     ("SequenceNumber", "-1"), ("SequenceNumber", "1.0"), ("SequenceNumber", "one"), ("SequenceNumber", "٣"),
     ("SequenceNumber", str(LARGEST + 1)), ("SequenceNumber", "9" * 5000), ("SequenceNumber", " 1"),
     ("Timestamp", "now"), ("Timestamp", "2020-12-01T19:25:00Z"), ("Timestamp", "Tue, 32 Dec 2020 19:25:00 +0000"),
     ("Timestamp", "Fri, 31 Dec 9999 23:59:59 -0100"), ("Timestamp", "Tue, 01 Foo 2020 19:25:00 +0000"),
     ("Timestamp", "Tue, 01 Dec 2020 19:25:00 +0000" + " " * 100), ("Timestamp", "Tue, 01 Dec 2020 25:25:00 +0000"),
     ("Timestamp", "Tue, 01 Dec 2020 19:25:00 +9999")],
)  # fmt: skip
def test_an_event_that_is_wrong_in_a_field_names_it(name: str, value: str | None) -> None:
    fields = {one: kept for one, kept in {**EVENT, name: value}.items() if kept is not None}

    with pytest.raises(BadReport) as wrong:
        read_in_room([*fields.items()])

    assert list(wrong.value.fields) == [name]


@pytest.mark.parametrize("name", EVENT)
def test_a_field_that_is_there_twice_is_wrong_even_when_it_says_the_same(name: str) -> None:
    with pytest.raises(BadReport) as wrong:
        read_in_room([*EVENT.items(), (name, EVENT[name])])

    assert list(wrong.value.fields) == [name]


def test_a_field_that_nobody_reads_may_be_there_twice() -> None:
    assert read_in_room([*EVENT.items(), ("New", "1"), ("New", "2")]).sequence == 3


@pytest.mark.parametrize("event", [JOINED, LEFT])
def test_who_comes_and_goes_must_be_named(event: str) -> None:
    fields = {**EVENT, "StatusCallbackEvent": event, "CallSid": ""}

    with pytest.raises(BadReport):
        read_in_room([*fields.items()])


@given(st.lists(st.tuples(st.sampled_from([*EVENT, *CALL, "x"]), st.text(max_size=30)), max_size=12))
def test_whatever_form_is_read_or_named_as_wrong(fields: list[tuple[str, str]]) -> None:
    for read in (read_joining, read_in_room):
        with contextlib.suppress(BadReport):
            assert read([*CALL.items(), *fields])
