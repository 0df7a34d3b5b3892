"""Mail over SMTP, from the ledger to a real server: whatever it does, a letter is there once, or somebody is told."""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from models import settings
from models.database import transaction
from models.deliveries import Mail
from models.events import emit
from models.ledger import LedgerRow
from models.settings import Settings
from tests.house import hurry, reroute, run_due
from tests.providers.mail_server import HUNG_UP, MailServer, mail_server
from workers import carriers

FILE = ["a.bin", "application/octet-stream", base64.b64encode(bytes(6 * 2**20)).decode()]


@pytest.fixture(scope="module")
def standing() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def server(standing: MailServer, home: Settings) -> MailServer:
    """A mail server that carries all mail, but does not wait long."""
    settings.use(
        replace(settings.current(), smtp_url=standing.url(), mail_from="T <calls@trunkline.example>")
    )
    hurry(timeout=timedelta(seconds=20))
    reroute("mails", "smtp")
    return standing.fresh()


def _owed(reference: str = "N1:7", **more: Any) -> int:
    with transaction():
        mail = Mail.create(
            reference=reference, origin="callrequest", origin_id=7, to="ann@example.org", subject="Hi", text="Hello",
            **more,
        )  # fmt: skip
        emit("mail.requested", mail_id=mail.id)
    return int(mail.id)


def _mail() -> Mail:
    mail: Mail = Mail.get()
    return mail


def test_a_letter_goes_out_once_and_is_known_by_its_message_id(server: MailServer) -> None:
    _owed(
        html="<p>Hello</p>",
        attachments=json.dumps([["a.txt", "text/plain", "aGk="]]),
        unsubscribe="https://x.example/u",
    )

    run_due()

    (letter,) = server.letters
    assert (_mail().status, _mail().provider, _mail().provider_id) == (
        "sent",
        "smtp",
        "<N1.7@trunkline.example>",
    )
    assert (letter["Message-ID"], letter["List-Unsubscribe"]) == (
        "<N1.7@trunkline.example>",
        "<https://x.example/u>",
    )


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "END"])
def test_later_is_tried_again_until_it_arrives_once(
    server: MailServer, jump: Callable[[float], None], step: str
) -> None:
    server.answers[step] = "451 greylisted"
    _owed()
    run_due()
    assert (_mail().status, server.taken) == ("sending", [])
    server.answers.clear()

    jump(3600)
    run_due()

    assert (_mail().status, len(server.taken), LedgerRow.select().count()) == ("sent", 1, 0)


def test_no_fails_at_once_with_its_cause_and_without_the_address(server: MailServer) -> None:
    server.answers["RCPT"] = "550 5.1.1 <ann@example.org>: no such user"
    _owed()

    run_due()

    assert (_mail().status, LedgerRow.select().count()) == ("failed", 0)
    assert "550" in str(_mail().cause)
    assert "no such user" in str(_mail().cause)
    assert "ann@" not in str(_mail().cause)


def test_who_died_in_the_midst_of_a_letter_gets_it_once_when_he_is_back(
    server: MailServer, jump: Callable[[float], None]
) -> None:
    server.answers["DATA"] = HUNG_UP
    _owed(attachments=json.dumps([FILE]))
    run_due()
    assert _mail().status == "sending"
    server.answers.clear()

    jump(3600)
    run_due()

    assert (_mail().status, len(server.taken)) == ("sent", 1)


def test_who_died_after_a_letter_is_not_sent_a_second_one(
    server: MailServer, jump: Callable[[float], None]
) -> None:
    server.answers["END"] = HUNG_UP
    _owed()
    run_due()
    server.answers.clear()

    jump(7200)
    run_due()

    assert (_mail().status, len(server.taken), LedgerRow.select().count()) == ("unknown", 1, 0)


def test_what_is_better_read_twice_goes_out_again_under_the_same_message_id(
    server: MailServer, jump: Callable[[float], None]
) -> None:
    server.answers["END"] = HUNG_UP
    _owed(at_least_once=True)
    run_due()
    server.answers.clear()

    jump(600)
    run_due()
    jump(1200)
    run_due()

    assert (_mail().status, LedgerRow.select().count()) == ("sent", 0)
    assert [letter["Message-ID"] for letter in server.letters] == ["<N1.7@trunkline.example>"] * 2


def test_a_login_that_is_refused_fails_no_letter(home: Settings, jump: Callable[[float], None]) -> None:
    with mail_server(password="s3cret") as strict:
        settings.use(replace(settings.current(), smtp_url=strict.url(login="trunk:wrong")))
        reroute("mails", "smtp")
        _owed()
        run_due()
        assert _mail().status == "sending"

        settings.use(replace(settings.current(), smtp_url=strict.url(login="trunk:s3cret")))
        jump(3600)
        run_due()

        assert (_mail().status, len(strict.taken)) == ("sent", 1)


def test_without_a_mail_server_it_is_said_what_to_set(home: Settings) -> None:
    with pytest.raises(LookupError, match="SMTP_URL"):
        carriers.named("smtp")
