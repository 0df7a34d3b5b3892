"""Stripe's API as we ask it: what is good, what is refused, and what nobody can say now."""

import json
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl

import pytest

from providers.errors import NoAnswer, Rejected, Unavailable
from providers.exchange import Exchange
from providers.payments import Stripe
from tests.providers.box import HTTP, Box
from tests.providers.stripe import TOKEN, Recorder, error, http, intent

PROMPT, SHORT = 5.0, 0.05


def ask(url: str, token: str = TOKEN, *, reference: str = "ref:1", timeout: float = PROMPT) -> str:
    return Stripe(url, "sk_test_1").check(token, reference=reference, timeout=timeout).provider_id


@pytest.mark.parametrize(
    "token", ["tok_visa", "tok_mastercard", "tok_amex", "pm_card_visa", "pm_card_mastercard"]
)
def test_stripes_good_test_tokens_are_good(exchange: Exchange, token: str) -> None:
    assert ask(f"{exchange.url}/stripe", token).startswith("seti_")


@pytest.mark.parametrize(
    ("token", "why"),
    [
        ("tok_chargeDeclined", "card_declined"), ("tok_visa_chargeDeclined", "card_declined"),
        ("tok_visa_chargeDeclinedInsufficientFunds", "card_declined"),
        ("tok_chargeDeclinedExpiredCard", "expired_card"), ("tok_chargeDeclinedIncorrectCvc", "incorrect_cvc"),
        ("tok_chargeDeclinedProcessingError", "processing_error"),
        ("tok_threeDSecure2Required", "authentication_required"), ("pm_card_visa_chargeDeclined", "card_declined"),
        ("tok_nobodys", "resource_missing"), ("pm_nobodys", "resource_missing"),
    ],
)  # fmt: skip
def test_what_is_refused_is_refused_with_stripes_word_for_why(
    exchange: Exchange, token: str, why: str
) -> None:
    with pytest.raises(Rejected, match=f"^{why}$"):
        ask(f"{exchange.url}/stripe", token)


def test_nothing_of_payments_stands_in_the_log(exchange: Exchange, box: Box) -> None:
    ask(f"{exchange.url}/stripe", "tok_visa")

    assert box.log() == []


def test_the_same_question_is_one_and_another_one_under_its_name_is_told_so(exchange: Exchange) -> None:
    url = f"{exchange.url}/stripe"
    first = ask(url, "tok_visa", reference="ref:7")

    assert ask(url, "tok_visa", reference="ref:7") == first
    assert ask(url, "tok_visa", reference="ref:8") != first
    with pytest.raises(Unavailable):  # our own fault, and not the customer's card
        ask(url, "tok_amex", reference="ref:7")


def test_who_asks_without_a_key_is_told_so(exchange: Exchange) -> None:
    with pytest.raises(Unavailable, match="STRIPE_KEY"):
        Stripe(f"{exchange.url}/stripe", "").check("tok_visa", reference="ref:1", timeout=PROMPT)


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    recorder = Recorder()
    yield recorder
    recorder.stop()


@pytest.mark.parametrize(
    ("token", "form"),
    [
        (TOKEN, {"payment_method_data[type]": "card", "payment_method_data[card][token]": TOKEN}),
        ("pm_1N3T00", {"payment_method": "pm_1N3T00"}),
        ("ctoken_1N3T00", {"confirmation_token": "ctoken_1N3T00"}),
    ],
)
def test_it_is_asked_as_stripe_documents_it(recorder: Recorder, token: str, form: dict[str, str]) -> None:
    ask(recorder.url, token)

    (posted,) = recorder.heard
    assert posted.path == "/v1/setup_intents"
    assert posted.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert posted.headers["Idempotency-Key"] == "ref:1"
    assert posted.headers["Authorization"] == "Basic c2tfdGVzdF8xOg=="  # the key as the name, and no password
    assert dict(parse_qsl(posted.body.decode())) == {
        "confirm": "true", "usage": "off_session", "payment_method_types[]": "card", **form
    }  # fmt: skip


@pytest.mark.parametrize(
    "answer",
    [
        error(402, type="card_error", code="card_declined"), error(402), error(400, type="card_error", code="odd"),
        error(400, type="invalid_request_error", code="resource_missing", param="payment_method"),
        error(400, type="invalid_request_error", code="token_already_used"),
        error(400, type="invalid_request_error", param="payment_method_data[card][token]"),
        intent(id="seti_1", status="requires_action"), intent(id="seti_1", status="requires_payment_method"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_card_is_refused(answer: bytes, answering: Callable[[bytes], str]) -> None:
    with pytest.raises(Rejected) as caught:
        ask(answering(answer))
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    "answer",
    [
        error(400, type="invalid_request_error", code="parameter_unknown", param="usage"), error(401), error(403),
        error(400, type="invalid_request_error", param="payment_method_types"), error(404), error(409), error(429),
        error(500), error(503), http(301), http(400, b"rubbish"), http(400, b'{"error": "text"}'), http(422),
    ],
)  # fmt: skip
def test_what_is_about_us_or_the_moment_is_for_later(
    answer: bytes, answering: Callable[[bytes], str]
) -> None:
    with pytest.raises(Unavailable) as caught:
        ask(answering(answer))
    assert not isinstance(caught.value, NoAnswer)
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    "answer",
    [
        http(502), http(504), b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{",
        http(200), http(200, b"rubbish"), http(200, b"[1]"), http(200, b"\xff" * 100_000),
        intent(id="seti_1"), intent(status="succeeded"), intent(id="seti_1", status="processing"),
        intent(id="", status="succeeded"), intent(id=["x"], status="succeeded"), intent(id="seti_1", status=None),
    ],
    ids=lambda answer: repr(answer[:24]),
)  # fmt: skip
def test_what_cannot_be_read_is_no_answer(answer: bytes, answering: Callable[[bytes], str]) -> None:
    with pytest.raises(NoAnswer) as caught:
        ask(answering(answer))
    assert TOKEN not in str(caught.value)


def test_a_provider_that_hangs_is_waited_for_so_long_and_no_longer(answering: Callable[[None], str]) -> None:
    with pytest.raises(NoAnswer):
        ask(answering(None), timeout=SHORT)


def test_a_provider_that_is_not_there_is_unavailable(free_port: int) -> None:
    with pytest.raises(Unavailable) as caught:
        ask(f"http://127.0.0.1:{free_port}")
    assert not isinstance(caught.value, NoAnswer)


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe", b"confirm=true", b"confirm=true&payment_method=", b"=" * 1000]
)
def test_the_exchange_takes_any_form(exchange: Exchange, body: bytes) -> None:
    answer = HTTP.request(
        "POST", f"{exchange.url}/stripe/v1/setup_intents", body=body, headers={"Authorization": "Bearer x"}
    )

    assert (answer.status, json.loads(answer.data)["status"]) == (200, "requires_payment_method")
