"""Texts through whatever provider takes them by one GET: asked in its own words, and its answers read as told."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from providers.base import Place, Sms
from providers.errors import NoAnswer, ProviderError, Rejected, Unavailable
from providers.http_sms import HttpSms, Manners
from tests.conformance import holds
from tests.providers.site import Site, said, site

TO, SHOWN = "+919887654321", "+918000000000"
TEXT = Sms(TO, SHOWN, "Grüße & Küsse: नमस्ते? 50% 👋\n=1+1")
LOGIN = {"user": "clinic", "password": "sesame-open-wide", "from": "{sender}"}
WORDS = Manners("dest", "text", "id")
PROMPT, SHORT = 5.0, 0.3


@pytest.fixture
def gateway() -> Iterator[Site]:
    with site() as running:
        running.answers = [said(200, b"OK: 4711")]
        yield running


def carrier(gateway: Site, manners: Manners = WORDS, target: str = "/send", **fields: str) -> HttpSms:
    place = Place(False, gateway.address, gateway.port, target)
    return HttpSms("sms_gateway:7", place, LOGIN | fields, manners)


def send(gateway: Site, *, text: Sms = TEXT, timeout: float = PROMPT, **more: Any) -> str:
    receipt = carrier(gateway, **more).send(text, reference="alarm:9:1", timeout=timeout)
    return receipt.provider_id


def reading(success: str, **statuses: str) -> Manners:
    codes = {code.removeprefix("_"): meaning for code, meaning in statuses.items()}
    return Manners("dest", "text", "id", success, codes)


@holds("§5.15 http: GET with the gateway's keywords, in UTF-8")
def test_a_text_is_one_get_in_the_providers_words(gateway: Site) -> None:
    assert send(gateway) == "alarm:9:1"

    (heard,) = gateway.heard
    assert (heard.verb, heard.body) == ("GET", b"")
    assert heard.target.startswith("/send?")
    assert heard.query == {
        "user": ["clinic"], "password": ["sesame-open-wide"], "from": [SHOWN], "dest": [TO], "text": [TEXT.body],
        "id": ["alarm:9:1"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("target", "begins"), [("/send?api=2", "/send?api=2&"), ("/send?", "/send?user="), ("/", "/?user=")]
)
def test_an_address_may_have_a_query_of_its_own(gateway: Site, target: str, begins: str) -> None:
    send(gateway, target=target)

    assert gateway.heard[0].target.startswith(begins)


def test_what_there_is_no_word_for_is_not_sent(gateway: Site) -> None:
    send(gateway, text=Sms(TO, "", "hi"), manners=Manners("dest", "text"))

    assert set(gateway.heard[0].query) == {"user", "password", "dest", "text"}


def test_nothing_in_a_text_becomes_another_field(gateway: Site) -> None:
    send(gateway, text=Sms(TO, SHOWN, "x&dest=+1&user=eve#\r\nX: y"))

    assert gateway.heard[0].query["dest"] == [TO]
    assert gateway.heard[0].query["user"] == ["clinic"]
    assert "x" not in gateway.heard[0].headers


@holds("§5.15 http: ERR and WARN")
@pytest.mark.parametrize(
    "answer", ["ERR: 105, Invalid Destination Address", "WARN: low credit", "ERR", "  ERR: x"]
)
def test_a_no_in_a_yes_is_a_no(gateway: Site, answer: str) -> None:
    gateway.answers = [said(200, answer.encode())]

    with pytest.raises(Rejected) as caught:
        send(gateway)
    assert answer.partition(": ")[2] in str(caught.value)


OK = r"(?P<status_code>\w+)[:|] ?(?P<status_message>[^|]*)\|?(?P<gateway_message_id>\w*)"


@holds("§5.15 http: success_format and status_mapping", "codes: SMS message status")
@pytest.mark.parametrize(
    ("answer", "id"), [("0: queued|abc123", "abc123"), ("1|done", "alarm:9:1"), ("0: |" + "9" * 80, "alarm:9:1")]
)  # fmt: skip
def test_an_answer_is_read_by_its_pattern(gateway: Site, answer: str, id: str) -> None:
    gateway.answers = [said(200, answer.encode())]

    assert send(gateway, manners=reading(OK, _0="Sent", _1="Delivered")) == id


@holds("§5.15 http: success_format and status_mapping", "codes: SMS message status")
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("2: bad number|", Rejected), ("3: no way there|", Rejected), ("4: who are you|", Rejected),
        ("77: never heard of|", Rejected), ("5: too busy|", Unavailable), ("<html>Login</html>", Rejected),
    ],
)  # fmt: skip
def test_what_is_not_said_to_be_taken_is_not(gateway: Site, answer: str, error: type[ProviderError]) -> None:
    gateway.answers = [said(200, answer.encode())]
    manners = reading(OK, _0="Sent", _2="Failed", _3="No_Route", _4="Unauthorized", _5="Unsent")

    with pytest.raises(error) as caught:
        send(gateway, manners=manners)
    assert not isinstance(caught.value, NoAnswer)


@pytest.mark.parametrize("pattern", [r"(x+x+)+y", r"(x|x)*y", r"x*x*x*x*x*x*x*x*y"])
def test_no_answer_keeps_a_pattern_busy(gateway: Site, pattern: str) -> None:
    """One that goes back and tries again would take longer than the sun lasts."""
    gateway.answers = [said(200, b"x" * 4000)]

    with pytest.raises(Rejected, match="does not know"):
        send(gateway, manners=reading(pattern))


def test_a_pattern_need_not_tell_a_status(gateway: Site) -> None:
    assert send(gateway, manners=reading(r"OK: (?P<gateway_message_id>\d+)")) == "4711"


@holds("§5.15 http: a network error is Failed")
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (said(400), Rejected), (said(403), Rejected), (said(404), Rejected), (said(301, Location="/"), Unavailable),
        (said(429), Unavailable), (said(500), Unavailable), (said(503), Unavailable), (said(502), NoAnswer),
        (said(504), NoAnswer), (b"", NoAnswer), (b"SSH-2.0-OpenSSH\r\n", NoAnswer), (None, NoAnswer),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nOK", NoAnswer),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nOK", NoAnswer),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nOK", NoAnswer),
    ],
)  # fmt: skip
def test_what_befalls_a_request(gateway: Site, answer: bytes | None, error: type[ProviderError]) -> None:
    gateway.answers = [answer]

    with pytest.raises(error) as caught:
        send(gateway, timeout=SHORT if answer is None else PROMPT)
    assert type(caught.value) is error


def test_a_provider_that_is_not_there_has_not_taken_it(gateway: Site) -> None:
    gateway.stop()

    with pytest.raises(Unavailable) as caught:
        send(gateway)
    assert not isinstance(caught.value, NoAnswer)


def test_nobody_is_followed_to_another_place(gateway: Site) -> None:
    with site() as other:
        gateway.answers = [said(302, Location=other.url())]
        with pytest.raises(Unavailable):
            send(gateway)
        assert other.connections == 0


def test_a_long_answer_is_read_to_its_beginning(gateway: Site) -> None:
    gateway.answers = [b"HTTP/1.1 200 OK\r\n\r\nERR: no\n" + b"x" * 5_000_000]
    begun = time.monotonic()

    with pytest.raises(Rejected):
        send(gateway)
    assert time.monotonic() - begun < PROMPT


@pytest.mark.parametrize("status", [200, 400, 500])
def test_what_a_provider_repeats_is_not_told_again(gateway: Site, status: int) -> None:
    """Neither credentials, nor who gets what."""
    echo = f"ERR: login sesame-open-wide failed, {TO} did not get {TEXT.body} (from {SHOWN}, clinic)"
    gateway.answers = [said(status, echo.encode())]

    with pytest.raises(ProviderError) as caught:
        send(gateway)
    said_so = f"{caught.value} {caught.value!r} {caught.value.__cause__}"
    assert not any(word in said_so for word in ("sesame", TO[4:], "Küsse", SHOWN[4:], "clinic"))


@pytest.mark.parametrize("status", [200, 404])
def test_an_address_that_a_provider_repeats_is_not_told_again(gateway: Site, status: int) -> None:
    send(gateway, password="öpen+sesame & more/")
    asked = gateway.heard[0].target.partition("?")[2].split("&")
    for part in asked:
        gateway.answers = [said(status, f"ERR: no route to {part} here".encode())]

        with pytest.raises(ProviderError) as caught:
            send(gateway, password="öpen+sesame & more/")
        name, _, value = part.partition("=")
        assert value not in str(caught.value), name


def test_how_it_is_asked_is_not_shown(gateway: Site) -> None:
    assert "sesame" not in repr(carrier(gateway)) + repr(vars(carrier(gateway))["_place"])


@pytest.mark.parametrize(
    "manners",
    [
        Manners("", "text"),
        Manners("dest", ""),
        *(Manners("dest", "text", "", pattern) for pattern in ("(", "(?=x)", r"(x)\1", "\ud800")),
    ],
)
def test_a_provider_whose_words_are_not_known_is_not_asked(gateway: Site, manners: Manners) -> None:
    with pytest.raises(ValueError, match=r"keyword|success_format"):
        carrier(gateway, manners)
