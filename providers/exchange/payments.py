"""The exchange as a payment provider: Stripe's SetupIntents, for Stripe's public test tokens. None of it is logged."""

import secrets
import threading
from collections import OrderedDict
from typing import Any
from urllib.parse import parse_qs

import falcon

GOOD = {
    f"{kind}_{brand}"
    for kind in ("tok", "pm_card")
    for brand in ("visa", "visa_debit", "mastercard", "mastercard_debit", "mastercard_prepaid", "amex", "discover",
                  "diners", "jcb", "unionpay")
}  # fmt: skip
DECLINED = {
    "ExpiredCard": "expired_card",
    "IncorrectCvc": "incorrect_cvc",
    "ProcessingError": "processing_error",
}
ASKS_ITS_OWNER = ("tok_threeDSecure2Required", "pm_card_authenticationRequired")
MOST_REMEMBERED = 1000

Said = tuple[str, dict[str, Any]]


class SetupIntents:
    """POST /stripe/v1/setup_intents."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: OrderedDict[str, tuple[bytes, Said]] = OrderedDict()

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Confirm one with a token: it succeeds, is declined, or wants its owner's word."""
        if not req.auth:
            resp.status, resp.media = _error(falcon.HTTP_401, "You did not provide an API key.")
            return
        body, key = req.bounded_stream.read(), req.get_header("Idempotency-Key") or secrets.token_hex(8)
        with self._lock:
            sent, said = self._answers.setdefault(key, (body, _answer(body)))
            if len(self._answers) > MOST_REMEMBERED:
                self._answers.popitem(last=False)
        if sent != body:
            said = _error(
                falcon.HTTP_400, "This idempotency key came with other parameters.", type="idempotency_error"
            )
        resp.status, resp.media = said


def _answer(body: bytes) -> Said:
    form = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
    param = "payment_method" if "payment_method" in form else "payment_method_data[card][token]"
    token = form.get(param, "")
    declined, _, why = token.partition("chargeDeclined")
    if form.get("confirm") != "true" or not token:
        return _intent("requires_payment_method", None)
    if token in GOOD:
        return _intent("succeeded", f"pm_{secrets.token_hex(8)}")
    if token in ASKS_ITS_OWNER:
        return _intent("requires_action", f"pm_{secrets.token_hex(8)}")
    if declined in ("tok_", "tok_visa_", "pm_card_", "pm_card_visa_"):
        code = DECLINED.get(why, "card_declined")
        return _error(falcon.HTTP_402, "Your card was declined.", type="card_error", code=code)
    return _error(falcon.HTTP_400, "No such token.", code="resource_missing", param=param)


def _intent(status: str, method: str | None) -> Said:
    intent = {
        "id": f"seti_{secrets.token_hex(8)}",
        "object": "setup_intent",
        "status": status,
        "payment_method": method,
    }
    return falcon.HTTP_200, intent


def _error(status: str, message: str, **more: str) -> Said:
    return status, {"error": {"type": "invalid_request_error", "message": message, **more}}
