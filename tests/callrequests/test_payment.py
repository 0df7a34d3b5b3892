"""`/api/v1/accounts/payment-method`: the payment provider says whether somebody can pay, while he waits."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from api.callrequests import payments
from models import database, logs, settings
from models.people.accounts import Account
from models.settings import Settings
from providers.exchange import Exchange
from tests.api.looking import rows, statements
from tests.callrequests.members import Member, Members, member
from tests.conformance import holds
from tests.house import Client, wait_for
from tests.providers.stripe import TOKEN, Recorder, error, good, http

PLACE = "accounts/payment-method"


@pytest.fixture
def poor(client: Client) -> Member:
    """Somebody who has not shown yet that he can pay."""
    return member(client, "Paul", "Poor", payment_verified=False)


@pytest.fixture
def stripe(home: Settings) -> Iterator[Recorder]:
    """A Stripe that says yes."""
    recorder = Recorder()
    settings.use(replace(settings.current(), stripe_url=recorder.url, stripe_key="sk_test_1"))
    yield recorder
    recorder.stop()


@holds("POST /api/v1/accounts/payment-method", "D-28")
def test_a_good_payment_method_makes_the_profile_verified(exchange: Exchange, poor: Member) -> None:
    was = poor.get("accounts/profile").json

    answer = poor.post(PLACE, {"token": "tok_visa"})

    assert (answer.status_code, was["payment_verified"]) == (200, False)
    assert answer.json == {**was, "payment_verified": True, "updated": answer.json["updated"]}
    assert answer.json["updated"] > was["updated"]
    assert poor.get("accounts/profile").json == answer.json


@holds("§10.2 refused is 400", "D-28")
@pytest.mark.parametrize("token", ["tok_chargeDeclined", "tok_visa_chargeDeclinedLostCard", "tok_nobodys"])
def test_what_the_provider_refuses_is_400_on_the_token(
    exchange: Exchange, poor: Member, members: Members, token: str
) -> None:
    answers = [poor.post(PLACE, {"token": token}), members.rita.post(PLACE, {"token": token})]

    assert [(answer.status_code, *answer.json) for answer in answers] == [(400, "token")] * 2
    assert "lost" not in answers[0].text  # whom a stolen card is shown by is not told that it is known to be
    assert poor.fresh.payment_verified is False
    assert members.rita.fresh.payment_verified is True


@pytest.mark.parametrize(
    "token",
    [None, "", " ", 7, True, ["tok"], {}, "tok visa", "tok_visa\n", "é", "x" * 256, "tok&confirm=false", "\r\nX:y"],
)  # fmt: skip
def test_what_is_no_token_is_400_and_nobody_is_asked(stripe: Recorder, poor: Member, token: Any) -> None:
    answers = [poor.post(PLACE, {"token": token}), poor.post(PLACE, {})]

    assert [(answer.status_code, *answer.json) for answer in answers] == [(400, "token")] * 2
    assert stripe.heard == []


@pytest.mark.parametrize(
    "answer", [http(500), http(502), http(429), http(401), b"", b"rubbish", http(200, b"rubbish")]
)
def test_a_provider_that_cannot_say_is_503_with_a_time_to_wait(
    stripe: Recorder, poor: Member, answer: bytes
) -> None:
    stripe.answers = lambda: answer

    refused = poor.post(PLACE, {"token": TOKEN})

    assert (refused.status_code, list(refused.json)) == (503, ["detail"])
    assert int(refused.headers["retry-after"]) > 0
    assert poor.fresh.payment_verified is False
    stripe.answers = good
    assert poor.post(PLACE, {"token": TOKEN}).status_code == 200


def test_a_provider_that_is_not_there_is_503(stripe: Recorder, poor: Member) -> None:
    stripe.stop()

    assert poor.post(PLACE, {"token": TOKEN}).status_code == 503


def test_a_provider_that_hangs_is_503_and_holds_only_some_of_the_threads(
    stripe: Recorder, poor: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended, most = threading.Event(), max(1, settings.current().web_threads // 2)
    stripe.answers = lambda: http(200) if ended.wait(10) else http(500)
    monkeypatch.setattr(payments, "PATIENCE", 1.5)
    monkeypatch.setattr(payments, "QUEUE", 0.05)
    answers: list[int] = []

    def pay(number: int) -> None:
        answers.append(poor.post(PLACE, {"token": f"tok_{number}"}).status_code)
        database.close()

    asking = [threading.Thread(target=pay, args=(number,)) for number in range(most)]
    for thread in asking:
        thread.start()
    wait_for(lambda: len(stripe.heard) == most)
    crowded = poor.post(PLACE, {"token": "tok_late"})
    for thread in asking:
        thread.join()
    ended.set()

    assert (crowded.status_code, "Many are asking" in crowded.json["detail"]) == (503, True)
    assert answers == [503] * most
    assert len(stripe.heard) == most
    assert not [one for one in stripe.heard if b"tok_late" in one.body]


def test_whoever_tries_card_after_card_is_stopped_and_nobody_else(
    stripe: Recorder, poor: Member, members: Members
) -> None:
    most = settings.current().failures_per_account
    stripe.answers = lambda: error(402, type="card_error", code="card_declined")
    codes = [poor.post(PLACE, {"token": f"tok_{number}"}).status_code for number in range(most)]
    stripe.answers = good

    stopped = poor.post(PLACE, {"token": TOKEN})

    assert codes == [400] * most
    assert (stopped.status_code, int(stopped.headers["retry-after"]) > 0) == (429, True)
    assert len(stripe.heard) == most
    assert members.eve.post(PLACE, {"token": TOKEN}).status_code == 200


def test_what_is_good_and_what_nobody_could_say_does_not_count(stripe: Recorder, poor: Member) -> None:
    most = settings.current().failures_per_account
    for said in (good(), http(503)):
        stripe.answers = lambda said=said: said
        codes = {poor.post(PLACE, {"token": TOKEN}).status_code for _ in range(most + 1)}
        assert codes <= {200, 503}


def test_without_a_provider_the_operator_is_told_what_to_set(poor: Member) -> None:
    settings.use(replace(settings.current(), broker_url="amqp://nobody"))

    refused = poor.post(PLACE, {"token": TOKEN})

    assert (refused.status_code, "STRIPE_URL" in refused.json["detail"]) == (503, True)


def test_the_same_token_of_the_same_account_is_one_question(
    stripe: Recorder, poor: Member, members: Members
) -> None:
    for who, token in ((poor, TOKEN), (poor, TOKEN), (poor, "tok_other"), (members.eve, TOKEN)):
        assert who.post(PLACE, {"token": token}).status_code == 200

    first, again, other, anothers = [posted.headers["Idempotency-Key"] for posted in stripe.heard]
    assert first == again
    assert len({first, other, anothers}) == 3
    assert poor.id not in first


def test_nothing_is_locked_while_the_provider_thinks(
    stripe: Recorder, poor: Member, members: Members
) -> None:
    def write() -> bytes:
        for who in (poor, members.rita):
            Account.update(profile_image="https://example.org/x.png").where(
                Account.id == who.account.id
            ).execute()
        database.close()
        return good()

    stripe.answers = write

    answer = poor.post(PLACE, {"token": TOKEN})

    assert (answer.status_code, answer.json["profile_image"]) == (200, "https://example.org/x.png")


@pytest.mark.parametrize("said", [good(), error(402, type="card_error", code="card_declined"), error(500)])
def test_the_token_is_neither_kept_nor_logged(
    stripe: Recorder, poor: Member, capsys: pytest.CaptureFixture[str], said: bytes
) -> None:
    settings.use(replace(settings.current(), log_level="DEBUG"))
    logs.configure("tests")
    stripe.answers = lambda: said

    answer = poor.post(PLACE, {"token": TOKEN})

    told = capsys.readouterr()
    assert "payment." in told.out + told.err or answer.status_code == 200
    assert TOKEN not in told.out + told.err + answer.text
    tables = [table for table in rows() if table != "schema_migration"]
    held = [str(database.db.obj.execute_sql(f'SELECT * FROM "{table}"').fetchall()) for table in tables]
    assert TOKEN not in "".join(held)


def test_it_takes_as_many_statements_the_second_time(stripe: Recorder, poor: Member) -> None:
    counted = []
    for _ in range(3):
        with statements() as run:
            poor.post(PLACE, {"token": TOKEN})
        counted.append(len(run))

    assert counted[1:] == [counted[1]] * 2
    assert counted[1] <= 12
