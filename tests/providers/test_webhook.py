"""Customers' own systems are told over real lines: signed, and never at a machine that must not be asked."""

import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import standardwebhooks

from models.web_addresses import permitted
from providers.base import Hook, Place
from providers.errors import NoAnswer, ProviderError, Rejected, Unavailable
from providers.webhook import Webhook
from tests.conformance import holds
from tests.providers.mail_server import certificate
from tests.providers.site import Site, said, site

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = '{"type":"alarm.confirmed"}'
PROMPT = 5.0
SHORT = 0.3
NAME = "hooks.example"
OUTER, INNER = "127.0.0.2", "127.0.0.3"  # two machines: one that may be asked, and one that must not be


@pytest.fixture
def customer() -> Iterator[Site]:
    with site() as running:
        yield running


def names(*answers: Sequence[str]) -> Callable[[str, int], Sequence[str]]:
    """Who looks names up: one answer after the other."""
    left = list(answers)
    return lambda _host, _port: left.pop(0)


def laptop(**more: Any) -> Webhook:
    """One that asks neighbours too."""
    settings: dict[str, Any] = {
        "now": lambda: datetime.now(UTC),
        "permitted": partial(permitted, private=True),
        **more,
    }
    return Webhook(**settings)


def told(carrier: Webhook, where: Place, timeout: float = PROMPT, reference: str = "alarm:9:answer:1") -> str:
    return carrier.tell(Hook(where, BODY, SECRET), reference=reference, timeout=timeout).provider_id


def place(of: Site, host: str = "", tls: bool = False, target: str = "/yes?visit=17") -> Place:
    return Place(tls, host or of.address, of.port, target)


@holds("§5.16 hook: 1 posts to url_confirm, signed")
def test_what_is_told_is_a_post_that_its_receiver_can_check(customer: Site) -> None:
    assert told(laptop(), place(customer)) == "alarm:9:answer:1"

    (heard,) = customer.heard
    assert (heard.verb, heard.target, heard.body.decode()) == ("POST", "/yes?visit=17", BODY)
    assert heard.headers["host"] == f"127.0.0.1:{customer.port}"
    assert heard.headers["content-type"] == "application/json"
    assert heard.headers["webhook-id"] == "alarm:9:answer:1"
    assert standardwebhooks.Webhook(SECRET).verify(heard.body, heard.headers) == {"type": "alarm.confirmed"}


def test_a_signature_tells_when_it_was_made(customer: Site) -> None:
    moment = datetime(2030, 5, 6, 10, 0, tzinfo=UTC)

    told(laptop(now=lambda: moment), place(customer))

    assert customer.heard[0].headers["webhook-timestamp"] == str(int(moment.timestamp()))


def test_over_tls_the_name_is_checked_at_the_machine_that_was_looked_at(tmp_path: Path) -> None:
    server, client = certificate(tmp_path, NAME)
    with site(OUTER, tls=server) as customer:
        told(laptop(tls=client, resolve=names([OUTER])), place(customer, NAME, tls=True))

    assert customer.names == [NAME]
    assert customer.heard[0].headers["host"] == f"{NAME}:{customer.port}"


@pytest.mark.parametrize("trusted", [True, False])
def test_without_a_certificate_for_its_name_nobody_is_told(tmp_path: Path, trusted: bool) -> None:
    server, client = certificate(tmp_path, "somebody.else.example")
    tls = client if trusted else None
    with site(OUTER, tls=server) as customer, pytest.raises(Unavailable) as caught:
        told(laptop(tls=tls, resolve=names([OUTER])), place(customer, NAME, tls=True))

    assert "certificate" in str(caught.value)
    assert not isinstance(caught.value, NoAnswer)
    assert customer.heard == []


@pytest.mark.parametrize(
    "machines",
    [
        ["127.0.0.1"], ["::1"], ["::ffff:127.0.0.1"], ["::"], ["169.254.169.254"], ["10.0.0.1"], ["fd00::1"],
        ["64:ff9b::7f00:1"], ["2002:7f00:1::"], ["224.0.0.1"], ["93.184.216.34", "127.0.0.1"],
    ],
    ids=str,
)  # fmt: skip
def test_a_name_that_leads_to_a_machine_of_ours_is_refused(customer: Site, machines: list[str]) -> None:
    carrier = Webhook(now=lambda: datetime.now(UTC), permitted=permitted, resolve=names(machines))

    with pytest.raises(Rejected):
        told(carrier, place(customer, NAME))
    assert customer.connections == 0


def test_a_name_that_changes_after_it_was_looked_at_leads_nowhere_else() -> None:
    """DNS rebinding: the first look-up is public, every other one leads inside."""
    asked: list[str] = []

    def rebinding(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return [OUTER] if len(asked) == 1 else [INNER]

    carrier = laptop(permitted=lambda ip: ip == OUTER, resolve=rebinding)
    with site(OUTER) as outer, site(INNER, outer.port) as inner:
        told(carrier, place(outer, NAME))
        with pytest.raises(Rejected):
            told(carrier, place(outer, NAME))

        assert asked == [NAME, NAME]
        assert (len(outer.heard), inner.connections) == (1, 0)
        assert outer.heard[0].headers["host"] == f"{NAME}:{outer.port}"


def test_the_machines_own_look_up_is_what_is_checked(customer: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The resolver of the machine itself, as an evil name server would answer it."""
    real = socket.getaddrinfo

    def evil(host: str, *more: Any, **named: Any) -> Any:
        return real("127.0.0.1" if host == NAME else host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", evil)

    with pytest.raises(Rejected):
        told(Webhook(now=lambda: datetime.now(UTC), permitted=permitted), place(customer, NAME))
    assert told(laptop(), place(customer, NAME))
    assert len(customer.heard) == 1


def test_a_machine_that_does_not_listen_is_passed_over(customer: Site) -> None:
    carrier = laptop(resolve=names([INNER, "127.0.0.1"]))

    told(carrier, place(customer, NAME))

    assert len(customer.heard) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_is_followed_to_another_place(customer: Site, status: int) -> None:
    with site() as inner:
        customer.answers = [said(status, Location=inner.url("/admin"))]

        with pytest.raises(Unavailable):
            told(laptop(), place(customer))
        assert inner.connections == 0


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, Unavailable), (404, Unavailable), (410, Rejected), (429, Unavailable), (504, Unavailable)],
)
def test_what_a_status_means(customer: Site, status: int, error: type[ProviderError]) -> None:
    customer.answers = [said(status, b"secret words")]

    with pytest.raises(error) as caught:
        told(laptop(), place(customer))
    assert not isinstance(caught.value, NoAnswer)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("answer", [None, b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 2", b"\x00" * 100_000])
def test_no_answer_that_can_be_read_is_no_answer(customer: Site, answer: bytes | None) -> None:
    customer.answers = [answer]

    with pytest.raises(NoAnswer):
        told(laptop(), place(customer), SHORT)


def test_an_answer_that_never_ends_is_not_listened_to(customer: Site) -> None:
    customer.answers = [b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 5_000_000]

    assert told(laptop(), place(customer))


@pytest.mark.parametrize("drip", [b"x", b"HTTP/1.1 100 Continue\r\n\r\n"])
def test_an_answer_in_drops_is_not_waited_for(drip: bytes) -> None:
    ending = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def dripping() -> None:
            line, _ = listener.accept()
            with line:
                while not ending.wait(0.02):
                    try:
                        line.sendall(drip)
                    except OSError:
                        return

        thread = threading.Thread(target=dripping)
        thread.start()
        begun = time.monotonic()
        with pytest.raises(NoAnswer):
            told(laptop(), Place(False, "127.0.0.1", listener.getsockname()[1], "/"), SHORT)
        took = time.monotonic() - begun
        ending.set()
        thread.join()
    assert took < SHORT + 1


def test_a_name_server_that_takes_its_time_is_not_waited_for(customer: Site) -> None:
    ending = threading.Event()

    def slow(_host: str, _port: int) -> Sequence[str]:
        ending.wait(10)
        return ["127.0.0.1"]

    with pytest.raises(Unavailable) as caught:
        told(laptop(resolve=slow), place(customer, NAME), SHORT)
    ending.set()
    assert not isinstance(caught.value, NoAnswer)
    assert customer.connections == 0


def test_a_name_that_nobody_knows_is_for_later() -> None:
    def unknown(_host: str, _port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(Unavailable) as caught:
        told(laptop(resolve=unknown), Place(True, NAME, 443, "/"))
    assert not isinstance(caught.value, NoAnswer)


@pytest.mark.parametrize("resolve", [names([]), names([INNER])], ids=["nowhere", "nobody"])
def test_a_customer_who_is_not_there_is_for_later(customer: Site, resolve: object) -> None:
    with pytest.raises(Unavailable) as caught:
        told(laptop(resolve=resolve), place(customer, NAME))
    assert not isinstance(caught.value, NoAnswer)


def test_what_came_too_late_to_be_said_is_not_said() -> None:
    """A process that was frozen while it connected: another may be at it by now."""
    with site(OUTER) as customer:

        def frozen(_machine: str) -> bool:
            time.sleep(SHORT)  # the freeze itself, not a wait for something: as long as all of it may take
            return True

        carrier = laptop(resolve=names([OUTER]), permitted=frozen)
        with pytest.raises(Unavailable) as caught:
            told(carrier, place(customer, NAME), SHORT)
        assert not isinstance(caught.value, NoAnswer)
        assert customer.heard == []


def test_nothing_that_is_secret_is_shown() -> None:
    hook = Hook(Place(True, "clinic.example", 443, "/patient/17"), BODY, SECRET)

    assert not any(word in repr(hook) for word in ("clinic", "patient", "confirmed", "whsec"))
